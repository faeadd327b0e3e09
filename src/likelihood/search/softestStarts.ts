import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import type { Minimum } from './optimize.ts';

/** Second derivatives below this say little over a unit of a search coordinate, where columns have mean square 1. */
const SOFT = 1;

/** How many directions are looked along, and how far, in 1 / sqrt(curvature). */
const DIRECTIONS = 4;
const STEPS = [3, -3, 6, -6];

/**
 * Where to search again about a minimum of covariances and other coordinates together: along the eigenvectors of its
 * Hessian in which the criterion is soft, beyond the bowl that the Hessian tells of. Where rows are predicted nearly
 * with certainty the likelihood has several maxima, one for each set of levels that the sds make certain, and valleys
 * lead from one to another. None where every direction is well determined.
 */
export function softestStarts({ x, hessian }: Minimum): Float64Array[] {
  const d = x.length;
  const { values, vectors } = symmetricEigen(hessian, d);
  const soft = Array.from(values.keys()).filter((k) => values[k]! > 0 && values[k]! < SOFT);
  return soft
    .slice(0, DIRECTIONS)
    .flatMap((k) =>
      STEPS.map((step) => x.map((value, i) => value + (step / Math.sqrt(values[k]!)) * vectors[i * d + k]!)),
    );
}
