import { describe, expect, it } from 'vitest';
import { slice } from '../../src/proposals/slice.ts';
import { createRng } from '../../src/random/rng.ts';

describe('slice', () => {
  it.each([0.05, 1, 40])('leaves a skewed density invariant whatever the first bracket: width %d', (width) => {
    // x = log of a Gamma(3) variate; its mean is digamma(3), its variance trigamma(3).
    const rng = createRng([21]);
    const count = 40_000;
    let sum = 0;
    let squares = 0;
    let stays = 0;
    for (let i = 0; i < count; i += 1) {
      // From an exact draw, one transition: the draw after it is exact again.
      const from = Math.log(rng.gamma(3, 1));
      const x = slice((t) => 3 * t - Math.exp(t), from, width, rng);
      if (x === from) stays += 1;
      sum += x;
      squares += x * x;
    }
    expect(stays).toBe(0);
    const mean = sum / count;
    const variance = squares / count - mean * mean;
    // Four standard errors of a mean and (with the kurtosis of 3.9) of a variance of independent draws.
    expect(Math.abs(mean - 0.9227843350984671)).toBeLessThan(4 * Math.sqrt(0.3949 / count));
    expect(Math.abs(variance / 0.3949340668482264 - 1)).toBeLessThan(4 * Math.sqrt(2.9 / count));
  });

  it('stays where it is, and ends, when rounding leaves nothing above the level but the point itself', () => {
    for (const x of [1, -3, 1e6]) {
      const rng = { ...createRng([22]), exponential: () => 0 };
      expect(slice((t) => -((t - x) ** 2) - (t === x ? 0 : 1), x, 1, rng)).toBe(x);
    }
  });

  it('takes a bracket that nothing ends as it is', () => {
    const rng = createRng([23]);
    const x = slice(() => 0, 5, 1, rng);
    expect(Math.abs(x - 5)).toBeLessThan(10_002);
  });
});
