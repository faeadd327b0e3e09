import type { Fit } from '../mcmc/fit.ts';
import { groupCovariance, groupVariances } from './groupCovariance.ts';
import { drawCount } from './groupDraws.ts';

/** Distinct rows whose draws are held at a time. */
const HELD = 256;

/** In every draw, over the group terms: sum of z' Sigma_f z, and of z' Sigma_f dz. */
export interface Spread {
  readonly variance: Float64Array;
  readonly change: Float64Array;
}

/**
 * The spread at rows of Z, z and dz one array per group term (dz may be empty); rows that come again are not summed
 * anew.
 */
export function spreadDraws(fit: Fit): (z: readonly Float64Array[], dz?: readonly Float64Array[]) => Spread {
  const known = new Map<string, Spread>();
  const S = drawCount(fit);
  return (z, dz = []) => {
    const key = [...z, ...dz].map((values) => values.join(',')).join(';');
    const held = known.get(key);
    if (held) return held;
    const variance = new Float64Array(S);
    const change = new Float64Array(S);
    z.forEach((values, f) => {
      groupVariances(fit, f, values).forEach((value, s) => {
        variance[s]! += value;
      });
      const step = dz[f];
      if (step?.some((value) => value !== 0))
        groupCovariance(fit, f, values, step).forEach((value, s) => {
          change[s]! += value;
        });
    });
    if (known.size >= HELD) known.clear();
    known.set(key, { variance, change });
    return { variance, change };
  };
}
