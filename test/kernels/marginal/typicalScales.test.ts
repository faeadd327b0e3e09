import { describe, expect, it } from 'vitest';
import { typicalScales } from '../../../src/kernels/marginal/typicalScales.ts';
import { handDesign } from '../../oracle/handDesign.ts';

describe('typical scales', () => {
  it('are where a group of average precision tells as much as the group level: tau^2 / sigma^2 = J / sum w z^2', () => {
    const index = [0, 0, 1, 2, 2, 2];
    const Z = [-1, 0.5, 2, 1, -2, 3].map((x) => [1, x, 0]);
    const design = handDesign({
      y: index,
      X: index.map(() => [1]),
      groups: [
        { factor: 'g', J: 3, index, Z },
        { factor: 'h', J: 2, index: [0, 1, 0, 1, 0, 1], Z: index.map(() => [4]) },
      ],
    });
    const weights = Float64Array.of(1, 2, 1, 0.5, 1, 2);
    const scales = typicalScales(design, weights);
    // Sums of w z^2: 7.5, then 1 + 0.5 + 4 + 0.5 + 4 + 18 = 28, a column of zeros, and 16 * 7.5.
    const ratios = [3 / 7.5, 3 / 28, 1, 2 / 120];
    expect(scales.length).toBe(4);
    // The scale is that of sqrt(tau / sigma), the fourth root.
    scales.forEach((x, k) => {
      expect(x ** 4).toBeCloseTo(ratios[k]!, 14);
    });
  });
});
