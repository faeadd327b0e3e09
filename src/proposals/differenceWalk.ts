import { exp, log } from '../elementary.ts';
import type { Rng } from '../random/rng.ts';

/** Logs of the smallest and of the largest step, relative to 2.38 / sqrt(2 d). */
const SMALLEST = -4;
const LARGEST = 0.5;
/** Share of the steps that go all the way to where the other point's mode may be, and of those along one coordinate. */
const WHOLE = 0.1;
const SINGLE = 0.3;

/**
 * A step from `from` to `out`; gives log f(from) - log f(out) of the density f under which it is as likely forth as
 * back. Allocates nothing.
 */
export type DifferenceWalk = (from: Float64Array, rng: Rng, out: Float64Array) => number;

/**
 * Walks along the difference of two points of a cloud (N x d) picked at random, z := z + size (a - b), z_k = log x_k of
 * the first `positive` coordinates and x_k of the others (differential evolution with a fixed archive: ter Braak &
 * Vrugt 2008). The cloud does not move, so that a step is as likely as the one back; it follows a ridge however narrow
 * and bent that the cloud lies on, and leads from mode to mode. In x it is so under f = 1 / prod x_k.
 */
export function differenceWalk(cloud: Float64Array, d: number, positive: number): DifferenceWalk {
  const N = cloud.length / d;
  const usual = 2.38 / Math.sqrt(2 * d);
  return (from, rng, out) => {
    const a = Math.floor(N * rng.uniform()) * d;
    const b = Math.floor(N * rng.uniform()) * d;
    const kind = rng.uniform();
    const size = kind < WHOLE ? 1 : usual * exp(SMALLEST + (LARGEST - SMALLEST) * rng.uniform());
    const single = kind > 1 - SINGLE ? Math.floor(d * rng.uniform()) : -1;
    let shift = 0;
    for (let k = 0; k < d; k += 1) {
      const moved = single < 0 || single === k ? size * (cloud[a + k]! - cloud[b + k]!) : 0;
      if (k < positive) {
        out[k] = exp(log(from[k]!) + moved);
        shift += moved;
      } else out[k] = from[k]! + moved;
    }
    return shift;
  };
}
