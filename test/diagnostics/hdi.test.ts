import { describe, expect, it } from 'vitest';
import { hdi } from '../../diagnostics/index.ts';
import { normalQuantile } from '../../src/special/distributions.ts';

describe('hdi', () => {
  it('finds the dense end of an exponential: from the smallest draw to the 90% quantile', () => {
    const draws = Array.from({ length: 1000 }, (_, i) => -Math.log(1 - (i + 0.5) / 1000));
    const { lower, upper } = hdi([draws], 0.9);
    expect(lower).toBe(draws[0]);
    expect(upper).toBe(draws[900]);
  });

  it('is central for a symmetric peak', () => {
    const draws = Array.from({ length: 999 }, (_, i) => normalQuantile((i + 1) / 1000));
    const { lower, upper } = hdi([draws], 0.8);
    // 799 of the 998 steps, floor(0.8 * 999): an odd number cannot be central to the draw, so one spacing of slack.
    expect(Math.abs(lower + upper)).toBeLessThan(0.01);
    expect(Math.abs(upper - normalQuantile(0.9))).toBeLessThan(0.01);
  });

  it('is one draw at probability 0 and the whole range at 1, whatever the order of the draws', () => {
    expect(hdi([[5, 1, 4]], 0)).toEqual({ lower: 1, upper: 1 });
    expect(
      hdi(
        [
          [5, 1],
          [9, 4],
        ],
        1,
      ),
    ).toEqual({ lower: 1, upper: 9 });
  });

  it('has 90% by default, as every interval', () => {
    const draws = Array.from({ length: 500 }, (_, i) => i * i);
    expect(hdi([draws])).toEqual(hdi([draws], 0.9));
    expect(hdi([draws])).toEqual({ lower: 0, upper: 450 ** 2 });
  });

  it('is NaN when a draw is infinite', () => {
    expect(hdi([[1, 2, Number.POSITIVE_INFINITY]])).toEqual({ lower: Number.NaN, upper: Number.NaN });
  });
});
