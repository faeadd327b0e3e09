import stdBetaQuantile from '@stdlib/stats/base/dists/beta/quantile';
import stdChiSquareCdf from '@stdlib/stats/base/dists/chisquare/cdf';
import { describe, expect, it } from 'vitest';
import { betaCdf, betaQuantile, chiSquareUpperTail, normalQuantile } from '../../src/special/distributions.ts';
import { normalSampleBand } from '../../src/special/normalSampleBand.ts';
import { normalCdf } from '../../src/special/normalTail.ts';
import { orderedCoverage } from '../oracle/orderedCoverage.ts';

const close = (got: number, want: number, relative: number) =>
  expect(Math.abs(got - want), `${got} for ${want}`).toBeLessThanOrEqual(relative * Math.abs(want));

describe('normalQuantile', () => {
  it("is R's qnorm in the centre and both tails", () => {
    // options(digits = 17); qnorm(c(1e-300, 1e-20, 1e-6, 0.01, 0.074, 0.3, 0.5, 0.6, 0.95))
    const known: [number, number][] = [
      [1e-300, -37.0470962993612],
      [1e-20, -9.262340089798405],
      [1e-6, -4.753424308822899],
      [0.01, -2.3263478740408408],
      [0.074, -1.4466320671589785],
      [0.3, -0.5244005127080407],
      [0.6, 0.2533471031357998],
      [0.95, 1.6448536269514715],
    ];
    for (const [p, z] of known) close(normalQuantile(p), z, 1e-15);
    expect(normalQuantile(0.5)).toBe(0);
  });

  it('is infinite at 0 and 1 and NaN outside', () => {
    expect([0, 1, -0.1, 1.1, Number.NaN].map(normalQuantile)).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
      Number.NaN,
      Number.NaN,
    ]);
  });
});

describe('betaQuantile', () => {
  it('inverts betaCdf and agrees with @stdlib from tiny to large parameters', () => {
    for (const a of [0.5, 1, 3.7, 40, 800, 4000]) {
      for (const b of [0.5, 2, 25.3, 300, 4000]) {
        for (const p of [0.01, 0.1586553, 0.5, 0.8413447]) {
          const x = betaQuantile(p, a, b);
          close(betaCdf(x, a, b), p, 1e-10);
          close(x, stdBetaQuantile(p, a, b), 1e-9);
        }
      }
    }
  });

  it('has the closed forms of Beta(a, 1) and Beta(1, b)', () => {
    close(betaQuantile(0.3, 5, 1), 0.3 ** 0.2, 1e-13);
    close(betaQuantile(0.3, 1, 5), 1 - 0.7 ** 0.2, 1e-13);
    expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3), betaQuantile(Number.NaN, 2, 3)]).toEqual([0, 1, Number.NaN]);
  });
});

describe('chiSquareUpperTail', () => {
  it('is exp(-x/2) for two degrees of freedom and agrees with @stdlib for others', () => {
    for (const x of [0.1, 1, 3, 10, 60]) {
      close(chiSquareUpperTail(x, 2), Math.exp(-x / 2), 1e-13);
      for (const df of [1, 5, 19, 57, 200]) {
        expect(Math.abs(chiSquareUpperTail(x, df) - (1 - stdChiSquareCdf(x, df)))).toBeLessThan(1e-12);
      }
    }
    expect(chiSquareUpperTail(0, 3)).toBe(1);
    expect(chiSquareUpperTail(Number.NaN, 3)).toBeNaN();
  });
});

describe('normalSampleBand', () => {
  // Between the numbers of values whose level is known the level is up to 2% off, the coverage .001.
  it.each([1, 4, 12, 50, 200])('holds all of %i ordered values with probability .95', (n) => {
    const band = normalSampleBand(n);
    const bounds = Array.from({ length: n }, (_, i) => band.at(i).map(normalCdf));
    const coverage = orderedCoverage(
      bounds.map(([low]) => low!),
      bounds.map(([, high]) => high!),
    );
    expect(Math.abs(coverage - 0.95)).toBeLessThan(0.0015);
  });

  it('is the same from both ends, and tells of a value what its bounds do', () => {
    for (const n of [1, 2, 41, 500, 20_000]) {
      const band = normalSampleBand(n);
      for (const i of [0, 1, Math.floor(n / 3), Math.floor(n / 2), n - 1].filter((i) => i >= 0 && i < n)) {
        const [low, high] = band.at(i);
        const [mirroredLow, mirroredHigh] = band.at(n - 1 - i);
        expect(low).toBeCloseTo(-mirroredHigh, 10);
        expect(high).toBeCloseTo(-mirroredLow, 10);
        const width = high - low;
        const told = [low - width, low - 0.01 * width, low + 0.01 * width, (low + high) / 2, high + 0.01 * width];
        expect(told.map((value) => band.holds(i, value))).toEqual([false, false, true, true, false]);
      }
    }
  });

  it('is narrow at the ends: a largest value 5 sds out is outside of 1000', () => {
    const band = normalSampleBand(1000);
    expect(band.holds(999, 5)).toBe(false);
    expect(band.holds(999, 3.2)).toBe(true);
  });
});
