import type { LevelProducts } from '../../products/levelProducts.ts';
import { createRng } from '../../random/rng.ts';
import { PROBES } from './probeVectors.ts';

/**
 * The diagonal blocks of M^-1, J x q x q by factor, from solutions of M x = z for probes of +1 and -1 in one coordinate
 * of one factor: the mean of z_j x_j has entry (j, j) as its expectation, and errs by the entries between levels of the
 * same factor, which are small. The level's own precision is in it exactly. Of a factor of few levels each is solved
 * for.
 */
export function levelVariances(A: LevelProducts, solve: (b: Float64Array) => boolean): Float64Array[] {
  const x = new Float64Array(A.size);
  return A.groups.map(({ J, q }, f) => {
    const out = new Float64Array(J * q * q);
    const add = (signs: ArrayLike<number>, a: number, weight: number): void => {
      x.fill(0);
      for (let j = 0; j < J; j++) x[A.offsets[f]! + j * q + a] = signs[j]!;
      if (!solve(x)) x.fill(Number.NaN);
      for (let j = 0; j < J; j++) {
        for (let b = 0; b < q; b++) {
          const share = (weight * signs[j]! * x[A.offsets[f]! + j * q + b]!) / 2;
          out[(j * q + a) * q + b] = out[(j * q + a) * q + b]! + share;
          out[(j * q + b) * q + a] = out[(j * q + b) * q + a]! + share;
        }
      }
    };
    const few = J <= PROBES;
    for (let k = 0; k < (few ? J : PROBES); k++) {
      const rng = createRng([PROBES, f, k, 1]);
      const signs = Float64Array.from({ length: J }, (_, j) => (few ? Number(j === k) : rng.uniform() < 0.5 ? -1 : 1));
      for (let a = 0; a < q; a++) add(signs, a, few ? 1 : 1 / PROBES);
    }
    return out;
  });
}
