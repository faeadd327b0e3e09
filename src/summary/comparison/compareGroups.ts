import type { Design, GroupTerm } from '../../design/design.ts';
import { familyOf } from '../../families/familyOf.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import { checkFit } from '../../input/checkFit.ts';
import { fittedValues } from '../../likelihood/fittedValues.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { drawSummary } from '../drawSummary.ts';
import { groupDraws } from '../groupDraws.ts';
import { factorPosition } from '../modelFit.ts';
import { groupPrecision, rowPrecision } from '../pooling/groupPrecision.ts';
import { groupSizes } from '../pooling/groupSizes.ts';
import { informationAt } from '../pooling/rowInformation.ts';
import { shrinkageWeights } from '../pooling/shrinkage.ts';
import { shrinkageWeight } from '../pooling/shrinkageWeight.ts';
import type { ExternalFit } from './externalFit.ts';
import { type LikelihoodEstimates, likelihoodEstimates } from './likelihoodEstimates.ts';

/** One deviation u_jk under both engines. */
export interface GroupComparisonRow {
  readonly level: string;
  readonly term: string;
  /** Rows of the group; in a logit or probit model its trials, as in `shrinkage`. */
  readonly n: number;
  /** Conditional mode (BLUP) of the likelihood fit; null where it has none. */
  readonly blup: number | null;
  readonly posteriorMean: number;
  readonly posteriorSd: number;
  /** (posteriorMean - blup) / posteriorSd. */
  readonly difference: number | null;
  /** Shrinkage weight, conditional over prior variance (see `shrinkage`), at the estimates, and its posterior mean. */
  readonly shrinkageWeightMl: number | null;
  readonly shrinkageWeight: number;
}

/**
 * Group by group: the BLUP of an ML or REML fit, ours or from outside, beside the posterior mean of the same deviation,
 * and the shrinkage weights of both. Throws `unknown-factor`, and `different-data` for a fit of our own to other data
 * (see `likelihoodEstimates`).
 */
export function compareGroups(
  fit: Fit,
  other: MaximumLikelihoodFit | ExternalFit,
  factor: string,
): { readonly factor: string; readonly method: string; readonly rows: readonly GroupComparisonRow[] } {
  checkFit('compareGroups', fit, 'mcmc');
  const { design } = fit;
  const f = factorPosition(design, factor);
  const term = design.groupTerms[f]!;
  const estimates = likelihoodEstimates(design, other);
  const { method, groups, sigma } = estimates;
  const { tau, corr, modes } = groups[f]!;
  const noScale = design.response.standardErrors !== null || familyOf(design).sigma === null;
  const omega = information(design, estimates);
  const complete = omega !== null && tau.every((value) => value !== null) && (sigma !== null || noScale);
  const theirs = design.residual
    ? sameResiduals(term, other, factor)
    : complete
      ? shrinkageWeight(term, groupPrecision(term, omega), {
          tau: tau.map((value) => [value ?? 0]),
          corr: corr.map((value) => [value ?? Number.NaN]),
          sigma: noScale || sigma === null ? null : [sigma],
        })
      : null;
  const ours = shrinkageWeights(fit, f);
  const draws = groupDraws(fit, f);
  const sizes = groupSizes(design, term);
  const rows = term.levels.flatMap((level, j) =>
    term.labels.map((label, k): GroupComparisonRow => {
      const at = j * term.q + k;
      const { mean, sd } = drawSummary(draws.u(j, k), []);
      const blup = modes[at]!;
      return {
        level,
        term: label,
        n: sizes[j]!,
        blup,
        posteriorMean: mean,
        posteriorSd: sd,
        difference: blup === null ? null : (mean - blup) / sd,
        shrinkageWeightMl: theirs ? theirs[at]! : null,
        shrinkageWeight: ours[at]!,
      };
    }),
  );
  return { factor, method, rows };
}

/**
 * The weights of a fit of our own with residuals of a structure, which estimates from outside do not tell; null where
 * its groups stand in another order.
 */
function sameResiduals(
  { levels, labels }: GroupTerm,
  other: MaximumLikelihoodFit | ExternalFit,
  factor: string,
): Float64Array | null {
  if (other.kind === 'external') return null;
  const f = factorPosition(other.design, factor);
  const term = other.design.groupTerms[f]!;
  const alike = term.levels.join() === levels.join() && term.labels.join() === labels.join();
  return alike ? shrinkageWeights(other, f) : null;
}

/**
 * What each row tells of its linear predictor at the estimates (`rowInformation`); null where an estimate that it needs
 * is not known.
 */
function information(design: Design, estimates: LikelihoodEstimates): Float64Array | null {
  const { beta, groups, thresholds } = estimates;
  if (familyOf(design).sigma !== null) return rowPrecision(design);
  const known = (values: readonly (number | null)[]): Float64Array =>
    Float64Array.from(values, (value) => value ?? Number.NaN);
  const coefficients = known(beta.map((row) => row?.estimate ?? null));
  const modes = groups.map((group) => known(group.modes));
  if ([coefficients, ...modes].some((values) => values.some(Number.isNaN))) return null;
  const parameter = estimatedParameter(design);
  const own = parameter === 'shape' || parameter === 'precision' ? estimates[parameter] : null;
  if (parameter !== null && own === null) return null;
  const cuts = known(thresholds.map((row) => row?.estimate ?? null));
  if (cuts.some(Number.isNaN)) return null;
  return informationAt(design, fittedValues(design, coefficients, modes), own ?? undefined, cuts);
}
