import type { Design, GroupTerm } from '../design/design.ts';
import { observations } from '../design/observations.ts';
import { ModelError } from '../errors.ts';
import { familyOf, kindOf } from '../families/familyOf.ts';
import { type ResponseKind, unknownKind } from '../families/responseKind.ts';
import { rowSizes } from '../products/rowSizes.ts';
import { separation } from '../products/separation.ts';
import { solveCombinations } from './coefficientCombinations.ts';
import { checkEqualResponses } from './equalResponses.ts';
import type { Priors, ScalePrior } from './priors.ts';
import { centreLine } from './thresholdPrior.ts';

/**
 * Refuses priors under which the posterior would have no finite integral.
 *
 * As tau grows the likelihood with u and beta integrated out falls like tau^-(J - m), J the groups that have rows and m
 * the flat level-2 coefficients of that column; a prior p(tau) ~ tau^k is proper in the right tail only where J - m > k
 * + 1: a flat sd needs J > m + 1, a flat variance J > m + 2 (Gelman 2006, section 2.2). At tau = 0 the likelihood is
 * positive, so p(tau) ~ 1/tau never is. As sigma grows the likelihood falls like sigma^-(n - p) with p flat
 * coefficients.
 *
 * Student-t rows are normal ones given their mixing variables, so that the same holds of them (Fernandez & Steel 2000,
 * theorem 1), every prior of nu being proper; what it does not hold for is in `checkEqualResponses`.
 *
 * In a logit or probit model a group tells of tau_k only when its rows are not all predicted by the sign of its column
 * k (for an intercept: it has both successes and failures); another's likelihood tends to a constant as tau grows, so
 * that J counts the former. Flat coefficients need data that they do not separate (`separation`), whatever the groups:
 * u and tau, having proper priors, do not follow beta to infinity.
 */
export function checkPropriety(design: Design, priors: Priors): void {
  const flat = (column: number): boolean => column >= 0 && priors.beta.sd[column] === Infinity;
  design.groupTerms.forEach((term, t) => {
    term.blocks.forEach((block, b) => {
      const prior = priors.groups[t]![b]!;
      if (prior.kind !== 'separation') return;
      prior.tau.forEach((tau, i) => {
        const k = block.start + i;
        let m = 0;
        for (let l = 0; l < term.level2.m; l += 1) if (flat(term.level2.columns[k * term.level2.m + l]!)) m += 1;
        const name = `tau_${term.factor}[${term.labels[k]}]`;
        const power = improperPower(tau);
        if (power === null) return;
        const J = groupsThatTell(design, term, k);
        const which = tellingGroups(kindOf(design));
        if (power <= -1) {
          throw new ModelError(
            'improper-posterior',
            name,
            `${name} has a prior proportional to tau^${power}, which has no finite integral at 0 whatever the data; give it half_t(3, scale)`,
          );
        }
        if (J - m <= power + 1) {
          throw new ModelError(
            'improper-posterior',
            name,
            `${name} has a prior ${power === 0 ? 'flat on the sd' : `proportional to tau^${power}`} and ${J} groups ${which} for ${m} flat level-2 coefficients; ` +
              `the posterior is proper only with more than ${m + power + 1} such groups: give it half_t(3, scale)`,
          );
        }
      });
    });
  });
  checkSeparation(design, priors);
  checkEqualResponses(design, priors);
  if (priors.sigma) {
    const p = priors.beta.sd.reduce((sum, sd) => sum + (sd === Infinity ? 1 : 0), 0);
    const power = improperPower(priors.sigma) ?? -2;
    const n = observations(design);
    if (n - p <= power + 1) {
      throw new ModelError(
        'improper-posterior',
        'sigma',
        `${n} rows and ${p} flat coefficients leave the posterior of sigma without a finite integral; give sigma or beta a proper prior`,
      );
    }
  }
}

/** The groups that bound the likelihood, in words. */
function tellingGroups(kind: ResponseKind): string {
  switch (kind) {
    case 'numbers':
      return 'with rows';
    case 'successes':
      return 'that have both outcomes';
    case 'counts':
      return 'that have a count above 0';
    case 'ordered':
      return 'that have more than the lowest or the highest level';
    default:
      return unknownKind(kind);
  }
}

/** `certainAt` of every row, length n. */
function certainRows(design: Design): Int8Array {
  const { certainAt } = familyOf(design);
  const size = rowSizes(design);
  return Int8Array.from(design.response.y, (value, i) => certainAt(value, size[i]!));
}

/** How many groups bound the likelihood as the sd of their column k grows. */
function groupsThatTell(design: Design, { J, index, Z, q }: GroupTerm, k: number): number {
  const certain = certainRows(design);
  const upward = new Uint8Array(J);
  const downward = new Uint8Array(J);
  for (let i = 0; i < design.n; i += 1) {
    const z = Z[i * q + k]!;
    if (z === 0) continue;
    if (certain[i]! >= 0) (z > 0 ? upward : downward)[index[i]!] = 1;
    if (certain[i]! <= 0) (z > 0 ? downward : upward)[index[i]!] = 1;
  }
  return upward.reduce((sum, up, j) => sum + up * downward[j]!, 0);
}

/**
 * Throws `separation` where the coefficients with flat priors separate the successes of a logit or probit model from
 * its failures.
 */
function checkSeparation(design: Design, { beta, threshold }: Priors): void {
  const { n, p, X, columns, response } = design;
  const certain = certainRows(design);
  if (certain.every((side) => side === 0)) return;
  const flat = Array.from(beta.sd.keys()).filter((k) => beta.sd[k] === Infinity);
  const width = flat.length;
  const chosen = new Float64Array(n * width);
  const direction = new Float64Array(p);
  for (let a = 0; a < width; a += 1) {
    // What moves while the combinations with proper priors stay: where the intercept's holds eta at the centre of the
    // columns, a slope moves eta about it.
    direction.fill(0);
    direction[flat[a]!] = 1;
    solveCombinations(beta.combinations, direction);
    // Thresholds at the centre of the columns move with it.
    const line = threshold ? centreLine(threshold.about, direction) : 0;
    for (let i = 0; i < n; i += 1) {
      let eta = 0 - line;
      for (let k = 0; k < p; k += 1) if (direction[k] !== 0) eta += direction[k]! * X[i * p + k]!;
      chosen[i * width + a] = eta;
    }
  }
  const found = separation({ n, p: width, X: chosen, certain });
  if (found === null) return;
  const moved = found.columns.map((a) => columns[flat[a]!]!.label);
  const slopes = moved.filter((label) => label !== 'Intercept');
  const labels = slopes.length > 0 ? slopes : moved;
  const more = labels.length > 5 ? ` and ${labels.length - 5} more` : '';
  const predictors = `${labels.slice(0, 5).join(', ')}${more} ${labels.length > 1 ? 'predict' : 'predicts'}`;
  const extent = found.kind === 'complete' ? 'every response' : 'some of the responses';
  const message =
    `response ${response.label}: ${predictors} ${extent} without error (${found.kind === 'complete' ? 'complete' : 'quasi-complete'} separation), so that under ` +
    `flat priors the posterior has no finite integral; give beta[${labels[0]}] a proper prior such as normal(0, 2.5), or leave it to its default`;
  throw new ModelError('separation', `beta[${labels[0]}]`, message);
}

/** The k of p(tau) ~ tau^k for a prior without a finite integral; null for a proper one. */
function improperPower(prior: ScalePrior): number | null {
  if (prior.distribution === 'flat') return 0;
  if (prior.distribution === 'inverseGamma' && prior.scale === 0) return -2 * prior.shape - 1;
  return null;
}
