import type { MarginalTarget } from './marginalTarget.ts';

/**
 * log p(phi | y) up to a constant, sigma integrated out as the target does; -Infinity outside the support and where
 * it is not finite.
 */
export function marginalDensity(target: MarginalTarget): (phi: Float64Array) => number {
  return (phi) => {
    for (let k = 0; k < target.q; k += 1) if (!(phi[k]! > 0)) return -Infinity;
    const value = target.at(phi) ? target.logMarginal() : -Infinity;
    // Next to a correlation of 1 an LKJ prior that favours it overflows: no such point is one of the posterior.
    return value < Infinity ? value : -Infinity;
  };
}
