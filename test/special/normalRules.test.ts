import { describe, expect, it } from 'vitest';
import { gaussHermite } from '../../src/special/gaussHermite.ts';
import { normalRules } from '../../src/special/normalRules.ts';

describe('the Gauss-Hermite rules written out', () => {
  it.each([4, 6, 8, 12] as const)('are the computed one of %i points', (points) => {
    const { nodes, weights } = normalRules[points];
    const computed = gaussHermite(points);
    expect(nodes.length).toBe(points / 2);
    nodes.forEach((z, k) => {
      expect(Math.abs(computed.nodes[points / 2 + k]! / z - 1)).toBeLessThan(3e-15);
      const weight = (computed.weights[points / 2 + k]! * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
      // The table has 16 decimals, which leaves a small weight fewer digits.
      expect(Math.abs(weight - weights[k]!)).toBeLessThan(5e-16 + 1e-15 * weight);
    });
  });

  it.each([4, 6, 8, 12] as const)('give the even moments of a normal, 1, 3, 15, ..., by %i points', (points) => {
    const { nodes, weights } = normalRules[points];
    let moment = 1;
    for (let degree = 0; degree < 2 * points; degree += 2) {
      const sum = nodes.reduce((total, z, k) => total + 2 * weights[k]! * z ** degree, 0);
      expect(Math.abs(sum / moment - 1)).toBeLessThan(1e-12);
      moment *= degree + 1;
    }
  });
});
