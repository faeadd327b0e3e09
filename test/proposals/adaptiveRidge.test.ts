import { describe, expect, it } from 'vitest';
import { toTheEnd } from '../../src/pausing.ts';
import { adaptiveProposal } from '../../src/proposals/adaptiveProposal.ts';
import { createRng } from '../../src/random/rng.ts';

describe('an adapted proposal of a density that is not a number somewhere', () => {
  it('takes that for no density', () => {
    const logDensity = (x: Float64Array): number => (x[0]! < -0.5 ? Number.NaN : -0.5 * (x[0]! ** 2 + x[1]! ** 2));
    const { proposal, efficiency, walk } = toTheEnd(
      adaptiveProposal(logDensity, [new Float64Array(2)], 0, createRng([45])),
    );
    expect(efficiency).toBeGreaterThan(0.5);
    expect(walk.every(Number.isFinite)).toBe(true);
    // Beyond the edge there is next to nothing of it.
    expect(proposal.logDensity(Float64Array.of(-2, 0))).toBeLessThan(proposal.logDensity(Float64Array.of(1, 0)) - 2);
  });
});

describe('an adapted proposal on a ridge', () => {
  it.each([0.9, 0.999, 0.99999])('begins with the curvature there, correlations included: %d', (r) => {
    const logDensity = (x: Float64Array): number => {
      const [a, b, c] = [x[0]!, x[1]!, x[2]! - 5];
      return -(a * a - 2 * r * a * b + b * b) / (2 * (1 - r * r)) - (c * c) / 2;
    };
    const { efficiency } = toTheEnd(adaptiveProposal(logDensity, [Float64Array.of(0, 0, 5)], 0, createRng([44])));
    // As of any normal density; from the curvature of each coordinate by itself a few hundredths at the sharpest.
    expect(efficiency).toBeGreaterThan(0.8);
  });
});
