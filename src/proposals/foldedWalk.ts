import type { Rng } from '../random/rng.ts';

/**
 * A random-walk step: out := from + W z, z ~ N(0, scale^2 I), W (d x d) lower triangular, the first `folded`
 * coordinates folded at 0. Symmetric, as the folded walk is as likely from x to |y| as back. `z` is workspace of length
 * d. Allocates nothing.
 */
export function foldedWalk(
  from: Float64Array,
  walk: Float64Array,
  folded: number,
  scale: number,
  rng: Rng,
  z: Float64Array,
  out: Float64Array,
): void {
  const d = z.length;
  for (let i = 0; i < d; i += 1) z[i] = scale * rng.normal();
  for (let i = 0; i < d; i += 1) {
    let sum = from[i]!;
    for (let k = 0; k <= i; k += 1) sum += walk[i * d + k]! * z[k]!;
    out[i] = i < folded ? Math.abs(sum) : sum;
  }
}
