import { describe, expect, it } from 'vitest';
import { gammaCdf } from './gammaCdf.ts';

describe('the gamma cdf of the tests', () => {
  it('meets closed forms and reference values at small and large shapes', () => {
    expect(gammaCdf(1.7, 1, 2)).toBeCloseTo(1 - Math.exp(-3.4), 13);
    expect(gammaCdf(4, 3, 1)).toBeCloseTo(1 - Math.exp(-4) * 13, 13);
    // scipy 1.17.1: scipy.stats.gamma.cdf(3000, 3000), (3100, 3000), (0.01, 0.05).
    expect(gammaCdf(3000, 3000, 1)).toBeCloseTo(0.5024278898940543, 10);
    expect(gammaCdf(3100, 3000, 1)).toBeCloseTo(0.9649999863009537, 10);
    expect(gammaCdf(0.01, 0.05, 1)).toBeCloseTo(0.8155598057412847, 12);
  });
});
