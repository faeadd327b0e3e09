import { describe, expect, it } from 'vitest';
import type { FormulaOptions } from '../../../src/formula/formula.ts';
import { intervals } from '../../../src/likelihood/inference/intervals.ts';
import { likelihoodRatio } from '../../../src/likelihood/inference/likelihoodRatio.ts';
import { satterthwaite } from '../../../src/likelihood/inference/satterthwaite.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { simulateResiduals } from '../../../src/likelihood/structured/simulateResiduals.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { maximumLikelihoodText } from '../../../src/report/text.ts';
import { compare } from '../../../src/summary/comparison/compare.ts';
import { coef } from '../../../src/summary/estimates.ts';
import { jointCovariance } from '../../../src/summary/jointCovariance.ts';
import { varianceFunction } from '../../../src/summary/variance/varianceFunction.ts';
import { faultOf } from '../../faultOf.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { madeRows } from './structuredData.ts';

const orthodont = fixtureFrame('orthodont');
const TEXT = 'distance ~ age * Sex + (1 | Subject)';
const AR1: FormulaOptions = { residual: 'ar1(age | Subject)' };
const fitted = maximumLikelihood(TEXT, orthodont, { ...AR1, method: 'ML' });
const plain = maximumLikelihood(TEXT, orthodont, { method: 'ML' });

describe('a fit with a residual structure', () => {
  it('counts its parameters, and says what they are', () => {
    expect(fitted.df).toBe(plain.df + 1);
    expect(fitted.residual!.structure).toBe('ar1(age | Subject)');
    expect(fitted.residual!.parameters.map(({ name }) => name)).toEqual(['phi']);
    expect(fitted.identified).toBe(true);
    const text = maximumLikelihoodText(fitted);
    expect(text).toContain('ar1(age | Subject)');
    expect(text).toMatch(/phi +-0\.0649/);
  });

  it('with compound symmetry is the varying intercept that it equals', () => {
    const cs = maximumLikelihood('distance ~ age * Sex', orthodont, { residual: 'cs(Subject)', method: 'ML' });
    expect(cs.logLik).toBeCloseTo(plain.logLik, 8);
    const tau2 = plain.groups[0]!.Sigma[0]!;
    expect(cs.residual!.parameters[0]!.estimate).toBeCloseTo(tau2 / (tau2 + plain.sigma! ** 2), 5);
    const dfs = (fit: typeof plain) => satterthwaite(fit, [Float64Array.of(0, 1, 0, 0), Float64Array.of(1, 0, 0, 0)]);
    dfs(cs).forEach((df, k) => {
      // Hessians by differences with steps of 1e-4.
      expect(Math.abs(df / dfs(plain)[k]! - 1)).toBeLessThan(1e-3);
    });
  });

  it('with equal sds is the fit without terms of sigma', () => {
    const { columns, n } = madeRows(12, 4, 5);
    const doubled = Object.fromEntries(Object.entries(columns).map(([name, list]) => [name, [...list, ...list]]));
    doubled.kind = Array.from({ length: 2 * n }, (_, i) => (i < n ? 'a' : 'b'));
    doubled.group = doubled.group!.map((g, i) => (i < n ? g : `${g}b`));
    const one = maximumLikelihood('y ~ x + (1 | group)', doubled, { method: 'ML' });
    const two = maximumLikelihood('y ~ x + (1 | group)', doubled, { method: 'ML', sigma: '~ kind' });
    expect(two.residual!.parameters[0]!.estimate).toBeCloseTo(0, 6);
    expect(two.logLik).toBeCloseTo(one.logLik, 8);
    expect(two.sigma).toBeCloseTo(one.sigma!, 6);
  });

  it('gives the conditional sds that the dense formula gives', () => {
    // Without a structure to speak of (phi = 0) the joint covariance is that of the plain model.
    const zero = {
      ...fitted,
      ...plain,
      residual: { ...fitted.residual!, coordinates: Float64Array.of(0), unit: plain.sigma! },
    };
    const [one, other] = [jointCovariance({ ...zero, design: fitted.design }), jointCovariance(plain)];
    const x = Float64Array.of(1, 8, 1, 8);
    expect(one.combinationSd(0, 3, 0, x)).toBeCloseTo(other.combinationSd(0, 3, 0, x), 9);
    expect(coef(fitted).Subject).toHaveLength(27);
  });

  it('tests the structure by a likelihood ratio, and refuses models that are not nested', () => {
    const ratio = likelihoodRatio(fitted, plain);
    expect(ratio.df).toBe(1);
    expect(ratio.chiSquare).toBeCloseTo(2 * (fitted.logLik - plain.logLik), 9);
    const sex = maximumLikelihood(TEXT, orthodont, { sigma: '~ Sex + age', method: 'ML' });
    const fault = faultOf(() => likelihoodRatio(fitted, sex));
    expect(fault.code).toBe('not-nested');
    expect(fault.message).toContain('ar1 within Subject');
  });

  it('has bootstrap intervals', () => {
    const boot = intervals(fitted, { method: 'bootstrap', simulations: 20, seed: 3 });
    const phi = boot.find(({ parameter }) => parameter === 'phi')!;
    expect(phi.lower!).toBeLessThan(phi.upper!);
  });

  it('says in a sentence what it has no answer to', () => {
    const fault = faultOf(() => varianceFunction(fitted, 'age'));
    expect(fault.code).toBe('not-supported');
    expect(fault.message).toContain(
      'the residuals of distance have the structure ar1 within Subject, and varianceFunction accepts',
    );
  });

  it('is not set beside draws of other residuals', () => {
    const draws = sampleSync(TEXT, orthodont, { chains: 1, warmup: 20, iterations: 20, seed: 1 });
    expect(faultOf(() => compare(draws, fitted)).message).toContain('compare fits of the same residuals');
  });
});

describe('what cannot be told apart', () => {
  const { columns } = madeRows(9, 4, 7);
  const pairs = {
    y: [1, 2, 4, 3, 5, 7, 6, 2, 3, 4],
    g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e'],
    t: [0, 1, 0, 1, 0, 1, 0, 1, 0, 1],
  };
  it.each([
    ['y ~ x + (1 | group)', 'cs(group)', 'make all rows of a group equally correlated'],
    ['y ~ x + (1 | group)', 'toeplitz(time | group)', 'a correlation for each number of steps'],
    ['y ~ x + (1 | group)', 'unstructured(time | group)', 'a covariance for each pair of occasions'],
    ['y ~ x + (0 + time | group)', 'unstructured(time | group)', '"time" that varies by "group"'],
  ])('%s beside %s', (text, residual, sentence) => {
    const fault = faultOf(() => maximumLikelihood(text, columns, { residual }));
    expect(fault.code).toBe('not-identified');
    expect(fault.message).toContain(sentence);
  });

  it('ar1 of groups of two beside a varying intercept', () => {
    const fault = faultOf(() => maximumLikelihood('y ~ 1 + (1 | g)', pairs, { residual: 'ar1(t | g)' }));
    expect(fault.message).toContain('no group has more than two rows, all one gap apart');
    const alone = maximumLikelihood('y ~ 1', pairs, { residual: 'ar1(t | g)' });
    const cs = maximumLikelihood('y ~ 1', pairs, { residual: 'cs(g)' });
    expect(alone.logLik).toBeCloseTo(cs.logLik, 8);
  });

  it('a residual sd that goes to 0', () => {
    const exact = {
      ...pairs,
      k: ['p', 'p', 'p', 'p', 'p', 'p', 'q', 'q', 'p', 'p'],
      x: [0, 0, 0, 0, 0, 0, 1, 2, 0, 0],
    };
    const fault = faultOf(() => maximumLikelihood('y ~ k + x', exact, { sigma: '~ k', method: 'ML' }));
    expect(fault.code).toBe('residual-scale');
    expect(fault.message).toContain('leave kq out of sigma');
    // REML takes nothing of these two rows, which two coefficients fit.
    const reml = maximumLikelihood('y ~ k + x', exact, { sigma: '~ k' });
    expect(reml.identified).toBe(false);
    expect(reml.unidentified[0]!.parameters).toEqual(['delta[kq]']);
  });

  it('a correlation at the end of its range', () => {
    const opposed = { ...pairs, y: pairs.y.map((_, i) => (i % 2 === 0 ? 1 : -1) * (1 + (i >> 1)) + 0.001 * i * i) };
    const fit = maximumLikelihood('y ~ 1', opposed, { residual: 'cs(g)' });
    expect(fit.residual!.parameters[0]!.estimate).toBeLessThan(-0.99);
    expect(fit.boundary.every((sentence) => sentence.includes('rho is estimated as -1'))).toBe(true);
  });
});

describe('simulateResiduals', () => {
  it.each(['ar1(age | Subject)', 'cs(Subject)', 'toeplitz(age | Subject)', 'unstructured(age | Subject)'])(
    '%s',
    (residual) => {
      const fit = maximumLikelihood('distance ~ age * Sex', orthodont, { residual, sigma: '~ Sex' });
      const { n, residual: columns } = fit.design;
      const groups = columns!.groups!;
      const ages = orthodont.columns.get('age')!.values as Float64Array;
      const age = (i: number) => (ages[i]! - 8) / 2;
      const rng = createRng([7]);
      const [draws, T] = [800, 4];
      const sums = new Float64Array(T * T);
      for (let s = 0; s < draws; s++) {
        const e = simulateResiduals(fit.design, fit.residual!, rng);
        for (let i = 0; i < n; i++) {
          for (let k = 0; k < n; k++) {
            if (groups.index[i] !== groups.index[k] || columns!.sigma!.W[i] !== 0) continue;
            sums[age(i) * T + age(k)]! += (e[i]! * e[k]!) / (11 * draws);
          }
        }
      }
      const { sigma, residual: found } = fit;
      const sds = Array.from({ length: T }, (_, t) => found!.sds[t]?.estimate ?? sigma!);
      const rho = (s: number, t: number): number => {
        const values = found!.parameters.map(({ estimate }) => estimate);
        if (s === t) return 1;
        if (residual.startsWith('ar1')) return values[0]! ** (t - s);
        if (residual.startsWith('cs')) return values[0]!;
        if (residual.startsWith('toeplitz')) return values[t - s - 1]!;
        return found!.parameters.find(({ name }) => name === `rho[${8 + 2 * s},${8 + 2 * t}]`)!.estimate;
      };
      for (let s = 0; s < T; s++) {
        for (let t = s; t < T; t++) {
          const expected = sds[s]! * sds[t]! * rho(s, t);
          // Standard error of a mean of products of 8 800 pairs, at most; five of them over 10 entries.
          const error = (sds[s]! * sds[t]! * Math.sqrt(2)) / Math.sqrt(11 * draws);
          expect(Math.abs(sums[s * T + t]! - expected)).toBeLessThan(5 * error);
        }
      }
    },
  );
});
