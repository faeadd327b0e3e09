import { cholesky, choleskySolve } from '../linalg/cholesky.ts';
import { type CoordinateMap, toUser } from './coordinates.ts';

/** Where normal priors hold coefficients: means and sds (p each, on the user's scale; Infinity is a flat prior). */
export interface HeldAt {
  readonly mean: Float64Array;
  readonly sd: Float64Array;
}

/** A reference further from a prior's mean than so many of its sds is brought to it. */
const FAR = 1e4;

/**
 * Brings the coefficients x (p, working coordinates, in place) to the means of those priors that they are far from in
 * units of the priors' sds; gives whether there are any. About a reference that is s sds from a prior's mean the
 * residual sum of squares is a difference of two numbers of size s^2, so that it has lost s^2 of its 1e16 steps: a
 * coefficient held at 1 by an sd of 1e-9 would leave a residual sd of rounding alone. The means are reached by the
 * least change of x, which in working coordinates (columns orthogonal, of one size) fits the rows best.
 */
export function holdReference(map: CoordinateMap, { mean, sd }: HeldAt, x: Float64Array): boolean {
  const { k: p, T } = map;
  const at = x.slice();
  toUser(map, at);
  const held = Array.from(mean, (_, k) => k).filter((k) => Math.abs(at[k]! - mean[k]!) > FAR * sd[k]!);
  const m = held.length;
  if (m === 0) return false;
  const gram = new Float64Array(m * m);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b < m; b++) {
      for (let l = 0; l < p; l++) gram[a * m + b]! += T[held[a]! * p + l]! * T[held[b]! * p + l]!;
    }
  }
  if (!cholesky(gram, m)) return false;
  const missing = new Float64Array(m);
  // The second round takes back what the first one rounds.
  for (let round = 0; round < 2; round++) {
    at.set(x);
    toUser(map, at);
    for (let a = 0; a < m; a++) missing[a] = mean[held[a]!]! - at[held[a]!]!;
    choleskySolve(gram, m, missing);
    for (let a = 0; a < m; a++) for (let l = 0; l < p; l++) x[l]! += T[held[a]! * p + l]! * missing[a]!;
  }
  return true;
}
