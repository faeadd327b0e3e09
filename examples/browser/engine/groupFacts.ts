import { type ModelFit, type ShrinkageRow, shrinkage } from '../../../src/index.ts';

/** What pooling did to the groups of one factor, kept for as long as the fit is. */
export interface GroupFacts {
  readonly fit: ModelFit;
  readonly factor: string;
  readonly rows: readonly ShrinkageRow[];
  /** Labels of what varies. */
  readonly terms: readonly string[];
  readonly noun: readonly [one: string, many: string];
  readonly scale: Scale;
}

/** What a coefficient is measured in. */
export type Scale = 'response' | 'log odds' | 'probit' | 'log rate';

const SCALES: Readonly<Record<string, Scale>> = {
  binomialLogit: 'log odds',
  bernoulliProbit: 'probit',
  poisson: 'log rate',
};

/** The facts of a factor, or of the first that the model has; null where nothing varies by group. */
export function groupFacts(fit: ModelFit, wanted: string | null, noun: readonly [string, string]): GroupFacts | null {
  const { groupTerms, response } = fit.design;
  const term = groupTerms.find(({ factor }) => factor === wanted) ?? groupTerms[0];
  if (!term) return null;
  return {
    fit,
    factor: term.factor,
    rows: shrinkage(fit, term.factor).rows,
    terms: term.labels,
    noun,
    scale: SCALES[response.family] ?? 'response',
  };
}

/** A standard deviation that goes with the interval of a row. */
export const sdOf = ({ q5, q95 }: ShrinkageRow): number => (q95 - q5) / 3.29;
