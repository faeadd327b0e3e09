import { describe, expect, it } from 'vitest';
import { essMean, mcseMean, mcseMedian, mcseQuantile, mcseSd } from '../../diagnostics/index.ts';
import { expectAgreement, referenceChains } from './referenceDraws.ts';
import { autoregressiveChains } from './seededDraws.ts';

describe('Monte Carlo standard errors', () => {
  it('agree with posterior to 1e-10 wherever posterior is finite, and are NaN where it is NA', () => {
    expectAgreement('mcse_mean', mcseMean, ['len3']);
    expectAgreement('mcse_sd', mcseSd, ['len3', 'tinyscale']);
    expectAgreement('mcse_median', mcseMedian, ['len3']);
    expectAgreement('mcse_q05', (chains) => mcseQuantile(chains, 0.05), ['len3']);
    expectAgreement('mcse_q95', (chains) => mcseQuantile(chains, 0.95), ['len3']);
  });

  it('scale with the draws, however small they are', () => {
    const tiny = referenceChains('tinyscale');
    const scaled = tiny.map((chain) => chain.map((x) => x * 2 ** 33));
    expect(mcseSd(tiny) * 2 ** 33).toBeCloseTo(mcseSd(scaled), 10);
    expect(mcseMean(tiny) * 2 ** 33).toBeCloseTo(mcseMean(scaled), 10);
  });

  it('are NaN for two values equally frequent, whose squared deviations do not vary', () => {
    const two = Array.from({ length: 40 }, (_, i) => ((i * 7) % 4 < 2 ? 0.1 : 0.3));
    expect(mcseSd([two, two])).toBeNaN();
  });

  it('cover the truth: means of replicated runs scatter by about the reported error', () => {
    const replicates = Array.from({ length: 200 }, (_, r) => autoregressiveChains(1000 + r, 2, 200, 0.6));
    const z2 = replicates.map((chains) => {
      const mean = chains.flat().reduce((sum, x) => sum + x, 0) / 400;
      return (mean / mcseMean(chains)) ** 2;
    });
    const average = z2.reduce((sum, x) => sum + x, 0) / 200;
    // The mean of 200 chi-square(1) has sd 0.1; four of those, and the error is itself estimated.
    expect(Math.abs(average - 1)).toBeLessThan(0.4);
    expect(essMean(replicates[0]!)).toBeGreaterThan(0);
  });
});
