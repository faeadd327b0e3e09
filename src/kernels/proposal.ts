import type { Rng } from '../random/rng.ts';

/** An independence proposal: it owns its workspace and allocates nothing. */
export interface Proposal {
  /** Draws a point into `out`. */
  draw(rng: Rng, out: Float64Array): void;
  /** Log density at a point, up to one constant. */
  logDensity(x: Float64Array): number;
}
