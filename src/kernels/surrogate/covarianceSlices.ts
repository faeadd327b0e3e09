import type { Design } from '../../design/design.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import type { Coordinates } from '../../products/coordinates.ts';
import { slice } from '../../proposals/slice.ts';
import type { Rng } from '../../random/rng.ts';
import { type FactorCovariance, factorCovariance } from '../crossed/factorCovariance.ts';

/** The covariances of all factors with their relative factors, sigma = 1, moved one coordinate at a time. */
export interface CovarianceSlices {
  readonly covariances: readonly FactorCovariance[];
  /** By group term, q x q: the relative factor in working coordinates, and its inverse. */
  readonly Lambda: readonly Float64Array[];
  readonly inverse: readonly Float64Array[];
  /** Brings those of factor g to its coordinates. */
  refresh(g: number): void;
  /**
   * A slice step along every coordinate of factor g, in order or in reverse, for the density exp(log prior + rest);
   * `rest` reads `Lambda` alone.
   */
  move(g: number, rest: () => number, reverse: boolean, rng: Rng): void;
}

/** The covariances of a design; allocates nothing in its calls. */
export function covarianceSlices(
  { groupTerms }: Design,
  { groups }: MovingPriors,
  { groups: maps }: Coordinates,
): CovarianceSlices {
  const covariances = groupTerms.map((term, f) => factorCovariance(term, groups[f]!, maps[f]!));
  const Lambda = groupTerms.map(({ q }) => new Float64Array(q * q));
  const inverse = groupTerms.map(({ q }) => new Float64Array(q * q));
  let f = 0;
  let coordinate = 0;
  let given: () => number = () => 0;
  const along = (value: number): number => {
    const own = covariances[f]!;
    own.coordinates[coordinate] = value;
    const height = own.logPrior();
    if (height === -Infinity) return height;
    own.factor(1, Lambda[f]!);
    return height + given();
  };
  const refresh = (g: number): void => {
    covariances[g]!.logPrior();
    covariances[g]!.factor(1, Lambda[g]!);
    covariances[g]!.inverse(inverse[g]!);
  };
  return {
    covariances,
    Lambda,
    inverse,
    refresh,
    move(g, rest, reverse, rng) {
      f = g;
      given = rest;
      const { coordinates: at, widths } = covariances[g]!;
      for (let k = 0; k < at.length; k += 1) {
        coordinate = reverse ? at.length - 1 - k : k;
        at[coordinate] = slice(along, at[coordinate]!, widths[coordinate]!, rng);
      }
      refresh(g);
    },
  };
}
