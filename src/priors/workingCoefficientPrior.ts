import { toWorking } from '../products/coordinates.ts';
import type { CrossProducts } from '../products/crossProducts.ts';
import { solveCombinations } from './coefficientCombinations.ts';
import type { CoefficientPriors } from './priors.ts';

/** The normal prior of beta in working coordinates about the reference fit: precision p x p (0 = flat), mean p. */
export interface WorkingCoefficientPrior {
  readonly precision: Float64Array;
  readonly mean: Float64Array;
  readonly flat: boolean;
  /**
   * Of scale mixtures of normals: brings `precision`, in place, to the variances of the last coefficients (of all, or
   * of those after the thresholds), or back to those of the priors that stand in (null). Null where every prior is
   * normal or flat, and nothing ever changes.
   */
  readonly setVariances: ((variance: Float64Array | null) => void) | null;
}

/**
 * The normal prior of beta in working coordinates, its mean about the reference fit: precision (B T)' D (B T) with D =
 * diag(1 / sd^2), beta = T beta~ and B the map from beta to what has independent priors. B T is formed first: there the
 * means cancel, so that a column far from 0 costs no digits.
 */
export function workingCoefficientPrior(
  products: Pick<CrossProducts, 'p' | 'reference' | 'borderOffsets' | 'groups' | 'coordinates'>,
  prior: CoefficientPriors,
): WorkingCoefficientPrior {
  const { p, reference, borderOffsets, groups, coordinates } = products;
  const { T } = coordinates.beta;
  const B = prior.combinations ?? null;
  const precision = new Float64Array(p * p);
  const mean = Float64Array.from(prior.mean);
  solveCombinations(B, mean);
  const rows = Float64Array.from(T);
  for (let k = 0; k < p; k += 1) {
    for (let l = 0; B && l < p; l += 1) {
      const weight = B[k * p + l]!;
      if (l === k || weight === 0) continue;
      for (let a = l; a < p; a += 1) rows[k * p + a] = rows[k * p + a]! + weight * T[l * p + a]!;
    }
  }
  const fill = (variance: Float64Array | null): void => {
    const first = variance ? p - variance.length : p;
    precision.fill(0);
    for (let k = 0; k < p; k += 1) {
      const D = 1 / (k < first ? prior.sd[k]! * prior.sd[k]! : variance![k - first]!);
      if (D === 0) continue;
      for (let a = 0; a < p; a += 1) {
        const weight = D * rows[k * p + a]!;
        if (weight === 0) continue;
        for (let b = 0; b < p; b += 1) precision[a * p + b] = precision[a * p + b]! + weight * rows[k * p + b]!;
      }
    }
  };
  fill(null);
  toWorking(coordinates.beta, mean);
  for (let k = 0; k < p; k += 1) mean[k] = mean[k]! - reference[borderOffsets[groups.length]! + k]!;
  return {
    precision,
    mean,
    flat: prior.sd.every((sd) => sd === Infinity),
    setVariances: prior.mixtures ? fill : null,
  };
}
