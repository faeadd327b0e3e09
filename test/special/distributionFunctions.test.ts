import normalCdf from '@stdlib/stats/base/dists/normal/cdf/lib/index.js';
import tCdf from '@stdlib/stats/base/dists/t/cdf/lib/index.js';
import tQuantile from '@stdlib/stats/base/dists/t/quantile/lib/index.js';
import { describe, expect, it } from 'vitest';
import { normalQuantile, studentQuantile, studentTwoSided } from '../../src/special/distributionFunctions.ts';

const dfs = [0.3, 1, 1.5, 2, 3.7, 5, 10, 33.3, 100, 1000, 10_000];

// Both sides lose about log10(df) digits to the cancellation of log-gammas: 1e-10 holds to df = 1e4.
const close = (a: number, b: number): void => expect(Math.abs(a / b - 1)).toBeLessThan(1e-10);

describe('distribution functions', () => {
  it("the tails and quantiles of Student's t are those of @stdlib", () => {
    for (const df of dfs) {
      for (const t of [0.001, 0.1, 0.5, 1, 1.96, 2.5, 5, 10]) close(studentTwoSided(-t, df), 2 * tCdf(-t, df));
      for (const p of [0.51, 0.6, 0.74, 0.76, 0.9, 0.975, 0.9995]) {
        close(studentQuantile(p, df), tQuantile(p, df));
        expect(studentQuantile(1 - p, df)).toBeCloseTo(-studentQuantile(p, df), 9);
      }
    }
  });

  it('a t with infinite degrees of freedom is the normal', () => {
    for (const t of [0.001, 0.5, 1.96, 8]) close(studentTwoSided(t, Number.POSITIVE_INFINITY), 2 * normalCdf(-t, 0, 1));
    expect(studentQuantile(0.975, Number.POSITIVE_INFINITY)).toBe(normalQuantile(0.975));
    // R: print(qnorm(1e-10), digits = 16)
    close(normalQuantile(1e-10), -6.361340902404056);
  });

  it('the median of a t is zero and its certain quantiles are infinite', () => {
    expect(studentQuantile(0.5, 7)).toBe(0);
    expect(studentQuantile(1, 7)).toBe(Number.POSITIVE_INFINITY);
    expect(studentQuantile(0, 7)).toBe(Number.NEGATIVE_INFINITY);
  });
});
