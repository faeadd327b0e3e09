import { describe, expect, it } from 'vitest';
import {
  essBasic,
  essBulk,
  essMean,
  essMedian,
  essQuantile,
  essSd,
  essTail,
  splitChains,
} from '../../diagnostics/index.ts';
import { naiveEss } from '../oracle/naiveDiagnostics.ts';
import { expectAgreement, referenceAnswer, referenceChains } from './referenceDraws.ts';
import { autoregressiveChains } from './seededDraws.ts';

describe('effective sample sizes', () => {
  it('agree with posterior to 1e-10 wherever posterior is finite, and are NaN where it is NA', () => {
    expectAgreement('ess_basic', essBasic, ['len3']);
    expectAgreement('ess_basic_nosplit', (chains) => essBasic(chains, { split: false }));
    expectAgreement('ess_bulk', essBulk, ['len3', 'with_inf']);
    expectAgreement('ess_tail', essTail, ['len3', 'binary']);
    expectAgreement('ess_mean', essMean, ['len3']);
    expectAgreement('ess_sd', essSd, ['len3']);
    expectAgreement('ess_median', essMedian, ['len3']);
    expectAgreement('ess_q05', (chains) => essQuantile(chains, 0.05), ['len3']);
    expectAgreement('ess_q95', (chains) => essQuantile(chains, 0.95), ['len3']);
  });

  it('agree with a version written from the paper in one piece, all lags computed directly', () => {
    for (const [seed, rho, n] of [
      [61, 0, 40],
      [62, 0.9, 200],
      [63, 0.99, 300],
      [64, -0.6, 100],
      [65, 0.5, 12],
    ] as const) {
      const chains = autoregressiveChains(seed, 3, n, rho);
      const want = naiveEss(splitChains(chains).map((half) => [...half]));
      expect(Math.abs(essMean(chains) / want - 1)).toBeLessThan(1e-11); // rounding of two ways to sum the same terms
    }
  });

  it('come near S (1 - rho) / (1 + rho) for autoregressions', () => {
    for (const [seed, rho] of [
      [66, 0.5],
      [67, 0.8],
      [68, -0.4],
    ] as const) {
      const ratio = essMean(autoregressiveChains(seed, 4, 20_000, rho)) / ((80_000 * (1 - rho)) / (1 + rho));
      // The estimated autocorrelation time has a relative error of about sqrt(4 lags / S), 3% at most here; four of
      // those.
      expect(Math.abs(ratio - 1)).toBeLessThan(0.12);
    }
  });

  it('take the other tail where the indicator of one quantile does not vary', () => {
    const binary = referenceChains('binary');
    expect(essQuantile(binary, 0.95)).toBeNaN();
    expect(essTail(binary)).toBe(essQuantile(binary, 0.05));
    expect(essTail(binary)).toBeCloseTo(referenceAnswer('binary', 'ess_q05') as number, 6);
    const nearlyOne = autoregressiveChains(69, 2, 100).map((chain) => chain.map((x) => (x < -2.2 ? 0 : 1)));
    expect(essTail(nearlyOne)).toBeNaN();
    expect(essBulk(nearlyOne)).toBeGreaterThan(0);
  });

  it('are NaN where posterior 1.4.0 answers by accident: three draws, and draws with an infinity', () => {
    for (const measure of [essBasic, essBulk, essTail, essMean, essSd, essMedian]) {
      expect(measure(referenceChains('len3'))).toBeNaN();
      expect(measure(referenceChains('with_inf'))).toBeNaN();
    }
  });

  it('are NaN below six draws per chain and a number from six on', () => {
    const chains = autoregressiveChains(70, 3, 6);
    for (const measure of [essBasic, essBulk, essTail, essMean, essSd, essMedian]) {
      expect(measure(chains)).toBeGreaterThan(0);
      for (const n of [1, 3, 4, 5]) expect(measure(chains.map((chain) => chain.slice(0, n)))).toBeNaN();
    }
  });

  it('are NaN for a constant, and for |x - mean| that varies by rounding only', () => {
    for (const measure of [essBasic, essBulk, essTail, essMean, essSd, essMedian]) {
      expect(measure([new Array(30).fill(0.1), new Array(30).fill(0.1)])).toBeNaN();
    }
    const two = Array.from({ length: 40 }, (_, i) => ((i * 7) % 4 < 2 ? 0.1 : 0.3));
    expect(essSd([two, two])).toBeNaN();
  });

  it('do not exceed S log10 S, which antithetic chains would', () => {
    expect(essMean(autoregressiveChains(73, 2, 100, -0.95))).toBeCloseTo(200 * Math.log10(200), 10);
  });

  it('follow posterior where draws alternate so strictly that the first pair of lags is not positive: S / 2', () => {
    const alternating = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : -1) + 1e-6 * Math.cos(i * i));
    expect(essMean([alternating, alternating])).toBe(100); // posterior 1.4.0: 100
  });

  it('do not depend on what was computed before', () => {
    const small = autoregressiveChains(71, 2, 30, 0.9);
    const large = autoregressiveChains(72, 4, 500, 0.99);
    const alone = essBulk(small);
    essBulk(large);
    expect(essBulk(small)).toBe(alone);
  });
});
