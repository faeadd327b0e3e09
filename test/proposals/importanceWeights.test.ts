import { describe, expect, it } from 'vitest';
import { importanceWeights } from '../../src/proposals/importanceWeights.ts';

describe('importance weights', () => {
  it('stand to each other as the densities do, whatever is added to their logarithms', () => {
    const logs = Float64Array.from([Math.log(1), Math.log(4), Math.log(2), -Infinity], (value) => value - 2000);
    const { weights, sum, effective } = importanceWeights(logs);
    const byHand = [0.25, 1, 0.5, 0];
    // Logarithms near -2000 carry an error of 2e-13.
    for (const [n, weight] of weights.entries()) expect(Math.abs(weight - byHand[n]!)).toBeLessThan(1e-12);
    expect(sum).toBeCloseTo(1.75, 11);
    expect(effective).toBeCloseTo(1.75 ** 2 / (1 + 0.25 + 0.0625), 11);
  });

  it('are as many effective points as there are where all are equal, and are tempered by a power', () => {
    expect(importanceWeights(new Float64Array(7).fill(-3)).effective).toBe(7);
    expect(importanceWeights(Float64Array.of(0, Math.log(16)), 0.5).weights[0]).toBeCloseTo(0.25, 14);
  });
});
