import { describe, expect, it } from 'vitest';
import { autocorrelation } from '../../diagnostics/autocorrelation.ts';
import { autocovariance, FIRST_LAGS, meanAutocovariance } from '../../diagnostics/autocovariance.ts';
import { chainMean } from '../../diagnostics/moments.ts';
import { naiveAutocovariance } from '../oracle/naiveDiagnostics.ts';
import { referenceAnswer, referenceChains, referenceNames } from './referenceDraws.ts';
import { autoregressiveChains } from './seededDraws.ts';

describe('autocovariance', () => {
  it('is the O(N^2) definition at every lag, for lengths around powers of two', () => {
    for (const n of [1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 100, 257]) {
      const x = autoregressiveChains(11, 1, n, 0.7)[0]!;
      const naive = naiveAutocovariance(x);
      autocovariance(x).forEach((value, lag) => {
        expect(Math.abs(value - naive[lag]!)).toBeLessThan(1e-13); // rounding; the values are of order 1
      });
    }
  });

  it("agrees with posterior's first six lags on every finite reference chain, relative to the variance", () => {
    for (const name of referenceNames.filter((each) => !each.startsWith('with_'))) {
      const want = referenceAnswer(name, 'autocov_chain1_first6') as readonly number[];
      const got = autocovariance(referenceChains(name)[0]!);
      want.forEach((value, lag) => {
        expect(Math.abs(got[lag]! - value), `${name}, lag ${lag}`).toBeLessThanOrEqual(1e-12 * Math.abs(want[0]!));
      });
    }
  });

  it('is zero for a constant series and NaN for one with a NaN or an infinity', () => {
    expect([...autocovariance([0.1, 0.1, 0.1])]).toEqual([0, 0, 0]);
    expect([...autocovariance([1, Number.NaN, 2])].every(Number.isNaN)).toBe(true);
    expect([...autocovariance([1, Number.POSITIVE_INFINITY, 2])].every(Number.isNaN)).toBe(true);
  });

  it('has the same first lags by sums as by Fourier transform, for odd and even numbers of chains', () => {
    for (const [chainCount, drawCount] of [
      [1, 5],
      [3, 17],
      [4, 64],
      [5, 40],
    ] as const) {
      const values = Float64Array.from(autoregressiveChains(12, chainCount, drawCount, 0.5).flat());
      const means = Array.from({ length: chainCount }, (_, c) => chainMean(values, c * drawCount, drawCount));
      const gamma = meanAutocovariance({ values, chainCount, drawCount }, means);
      const all = gamma.all().slice();
      for (let k = 0; 4 * k < FIRST_LAGS; k++) {
        const first = gamma.first(k);
        for (let lag = 4 * k; lag < 4 * k + 4; lag++) {
          expect(Math.abs(first[lag]! - (lag < drawCount ? all[lag]! : 0))).toBeLessThan(1e-13);
        }
      }
    }
  });
});

describe('autocorrelation', () => {
  it('starts at 1 and divides the autocovariances by the variance', () => {
    const x = [1, 2, 4, 3, 5];
    const gamma = naiveAutocovariance(x);
    autocorrelation(x).forEach((value, lag) => {
      expect(value).toBeCloseTo(gamma[lag]! / gamma[0]!, 14);
    });
    expect(autocorrelation(x)[0]).toBe(1);
  });

  it('is NaN for a constant series', () => {
    expect([...autocorrelation([2, 2, 2])].every(Number.isNaN)).toBe(true);
  });
});
