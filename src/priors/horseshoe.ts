import type { MixturePrior } from './mixturePrior.ts';
import type { CoefficientPriors } from './priors.ts';

/** The numbers of a regularised horseshoe. */
export type HorseshoePrior = Extract<MixturePrior, { readonly distribution: 'horseshoe' }>;

/** A horseshoe and the columns that share its tau and c. */
export interface Horseshoe {
  readonly prior: HorseshoePrior;
  readonly columns: readonly number[];
}

/**
 * The least sd of a coefficient, as a share of the slab's scale: one of the millionth of the largest effects is 0 to
 * all that data can say, while variances that differ by more than 16 digits would leave none to the others.
 */
const LEAST_SHARE = 1e-6;

/**
 * The variance of a coefficient with the regularised horseshoe: 1 / (1 / (tau lambda)^2 + 1 / c^2), c^2 the slab's
 * variance (Piironen & Vehtari 2017, equation 2.8), and a millionth of the slab's scale, squared, beside.
 */
export function horseshoeVariance({ slabScale }: HorseshoePrior, tauLambda: number, c2: number): number {
  const square = tauLambda * tauLambda;
  const least = LEAST_SHARE * slabScale;
  return (square * c2) / (square + c2) + least * least;
}

/** The horseshoes among the priors of coefficients: columns that have theirs from one node share it. */
export function horseshoes({ mixtures, source }: CoefficientPriors): Horseshoe[] {
  const found = new Map<string, { prior: HorseshoePrior; columns: number[] }>();
  mixtures?.forEach((prior, k) => {
    if (prior?.distribution !== 'horseshoe') return;
    const known = found.get(source[k]!);
    if (known) known.columns.push(k);
    else found.set(source[k]!, { prior, columns: [k] });
  });
  return [...found.values()];
}
