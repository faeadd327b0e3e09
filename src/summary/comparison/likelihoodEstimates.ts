import { correlationPairs } from '../../design/correlationPairs.ts';
import type { Design, GroupTerm } from '../../design/design.ts';
import { rowsText } from '../../design/observations.ts';
import { responseDifference } from '../../design/responseDifference.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { thresholdLabels } from '../../families/thresholdLabels.ts';
import { graphParts, residualText } from '../../graph/formulaText.ts';
import { quote } from '../../input/quote.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { type ExternalFit, likelihoodDocument } from './externalFit.ts';

/** Maximum likelihood estimates in the order of a design; null where the other fit has none. */
export interface LikelihoodEstimates {
  readonly method: string;
  /** Length p. */
  readonly beta: readonly ({ readonly estimate: number; readonly se: number | null } | null)[];
  readonly sigma: number | null;
  /** The shape of negative binomial counts. */
  readonly shape: number | null;
  /** The precision of beta-binomial chances. */
  readonly precision: number | null;
  /** In the order of the thresholds; empty where there are none. */
  readonly thresholds: readonly ({ readonly estimate: number; readonly se: number | null } | null)[];
  /** The correlations of residuals and the changes of log sigma, by name; empty where there are none. */
  readonly residual: ReadonlyMap<string, number>;
  /** In the order of the group terms. */
  readonly groups: readonly GroupLikelihoodEstimates[];
}

export interface GroupLikelihoodEstimates {
  /** Length q. */
  readonly tau: readonly (number | null)[];
  /** One per correlation pair; null too where it is not defined, an sd being 0. */
  readonly corr: readonly (number | null)[];
  /** Conditional modes of u, J x q. */
  readonly modes: readonly (number | null)[];
}

/**
 * Matches the estimates of another fit, ours or from outside, to a design by label. The parts of an interaction and of
 * a nested factor may stand in another order (lme4 writes `class:school` for `school/class`, and its levels likewise),
 * and several bars of one factor may be numbered as lme4 does (`county`, `county.1`). Throws `not-a-fit` for anything
 * else, and `different-data` for a fit of our own to other rows, another response, link, trials, weights, standard
 * errors or offset: no comparison of parameters could tell why they part. Normal rows beside Student-t ones are
 * compared.
 */
export function likelihoodEstimates(design: Design, other: MaximumLikelihoodFit | ExternalFit): LikelihoodEstimates {
  const given: unknown = other?.kind;
  if (given !== 'external' && given !== 'maximumLikelihood') {
    const message = `estimates to compare with: expected what maximumLikelihood or externalFit gives, not ${quote(other)}`;
    throw new ModelError('not-a-fit', 'estimates', message);
  }
  if (other.kind === 'maximumLikelihood') {
    checkSameResponse(design, other.design);
    checkSameResiduals(design, other.design);
  }
  const source = other.kind === 'external' ? other : likelihoodDocument(other);
  const coefficients = new Map(source.fixef.map((row) => [sortedParts(row.term), row]));
  return {
    method: source.method,
    beta: design.columns.map(({ label }) => {
      const row = coefficients.get(sortedParts(label));
      return row === undefined ? null : { estimate: row.estimate, se: row.se };
    }),
    sigma: source.sigma,
    residual: new Map(
      other.kind === 'external' || !other.residual
        ? []
        : [...other.residual.parameters, ...other.residual.sds.slice(1)].map(({ name, estimate }) => [name, estimate]),
    ),
    shape: source.shape,
    precision: source.precision,
    thresholds: thresholdLabels(design.response.levels ?? []).map((label) => {
      return source.thresholds.find(({ threshold }) => threshold === label) ?? null;
    }),
    groups: design.groupTerms.map((term) => groupEstimates(term, source)),
  };
}

function checkSameResponse(design: Design, other: Design): void {
  const [a, b] = [design.response, other.response];
  const normal = kindOf(design) === 'numbers' && kindOf(other) === 'numbers';
  const differ = responseDifference(design, other).filter((part) => part !== 'family' || !normal);
  if (differ.length === 0) return;
  const families = a.family === b.family ? '' : ` (${a.family} and ${b.family})`;
  const message = `the draws are of ${a.label} (${rowsText(design)}), the estimates of ${b.label} (${rowsText(other)}), and they differ in ${differ.join(', ')}${families}; compare fits of one response to the same rows, written the same way`;
  throw new ModelError('different-data', b.label, message);
}

/**
 * Throws `not-supported` where residuals are modelled in two ways: sds and coefficients then part for that reason,
 * and no other could be told.
 */
function checkSameResiduals(design: Design, other: Design): void {
  const text = ({ graph }: Design): string => {
    const { residual, sigmaTerms } = graphParts(graph).response;
    const sds = sigmaTerms ? ` with sds by ${sigmaTerms.join(' + ')}` : '';
    return `${residual ? residualText(residual) : 'independent'}${sds}`;
  };
  if (text(design) === text(other)) return;
  const message = `the draws are of residuals that are ${text(design)}, the estimates of residuals that are ${text(other)}; compare fits of the same residuals`;
  throw new ModelError('not-supported', other.response.label, message);
}

function groupEstimates(term: GroupTerm, source: ExternalFit): GroupLikelihoodEstimates {
  const { labels, levels, factor } = term;
  const tau = new Map<string, number>();
  const corr = new Map<string, number>();
  for (const row of source.varCorr) {
    if (row.term1 === null || !sameFactor(row.factor, factor)) continue;
    if (row.term2 === null && row.sd !== null) tau.set(row.term1, row.sd);
    if (row.term2 !== null && row.corr !== null) {
      corr.set(pairKey(row.term1, row.term2), row.corr);
      corr.set(pairKey(row.term2, row.term1), row.corr);
    }
  }
  const modes = new Map<string, number>();
  for (const [name, rows] of Object.entries(source.ranef ?? {})) {
    if (!sameFactor(name, factor)) continue;
    const reversed = name.includes(':') && name.replace(/\.\d+$/, '') !== factor;
    for (const { level, term: label, mode } of rows) {
      modes.set(pairKey(reversed ? level.split(':').reverse().join(':') : level, label), mode);
    }
  }
  return {
    tau: labels.map((label) => tau.get(label) ?? null),
    corr: correlationPairs(term.blocks).map(
      ({ first, second }) => corr.get(pairKey(labels[first]!, labels[second]!)) ?? null,
    ),
    modes: levels.flatMap((level) => labels.map((label) => modes.get(pairKey(level, label)) ?? null)),
  };
}

function sameFactor(given: string, factor: string): boolean {
  const name = given.replace(/\.\d+$/, '');
  return given === factor || name === factor || name.split(':').reverse().join(':') === factor;
}

function sortedParts(label: string): string {
  return label.split(':').sort().join(':');
}

function pairKey(a: string, b: string): string {
  return JSON.stringify([a, b]);
}
