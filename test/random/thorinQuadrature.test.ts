import { describe, expect, it } from 'vitest';
import { INTERVALS, thorinQuadrature } from '../../src/random/thorinQuadrature.ts';

describe("the quadrature of the Pólya-Gamma law's gamma convolution", () => {
  it.each([1, 2, 3])('has the sums of squares and cubes of 1 / (2 k - 1)^2 at z = 0: %i nodes', (m) => {
    const { nodes, weights } = thorinQuadrature(m);
    const moment = (power: number): number => {
      let sum = 0;
      for (let i = INTERVALS * m; i < (INTERVALS + 1) * m; i++) sum += weights[i]! * nodes[i]! ** power;
      return sum;
    };
    // pi^4 / 96 and pi^6 / 960; the atom for all beyond sixty is right to 1e-9 of them.
    expect(Math.abs(moment(2) / (Math.PI ** 4 / 96) - 1)).toBeLessThan(1e-8);
    expect(Math.abs(moment(3) / (Math.PI ** 6 / 960) - 1)).toBeLessThan(1e-8);
  });
});
