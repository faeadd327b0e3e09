import { expect } from 'vitest';
import type { Family } from '../../src/families/family.ts';

/**
 * The derivatives of a family's log-likelihood at y = 7, size 2, against central differences of the one below: their
 * error is h^2 and what rounding leaves over h, so many decimals.
 */
export function expectDerivatives(family: Family, etas: readonly number[], decimals: number): void {
  const [at, above, below] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  const h = 1e-5;
  for (const eta of etas) {
    family.derivatives(7, 2, eta, 1, at);
    family.derivatives(7, 2, eta + h, 1, above);
    family.derivatives(7, 2, eta - h, 1, below);
    expect((above[0]! - below[0]!) / (2 * h)).toBeCloseTo(at[1]!, decimals);
    // The second derivative is written with its sign changed.
    expect((below[1]! - above[1]!) / (2 * h)).toBeCloseTo(at[2]!, decimals);
    expect((below[2]! - above[2]!) / (2 * h)).toBeCloseTo(at[3]!, decimals);
  }
}
