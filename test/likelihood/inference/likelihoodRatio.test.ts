import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../../src/data/frame.ts';
import type { FamilySpelling } from '../../../src/families/family.ts';
import { formula } from '../../../src/formula/formula.ts';
import { likelihoodRatio } from '../../../src/likelihood/inference/likelihoodRatio.ts';
import { type MaximumLikelihoodOptions, maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { createRng } from '../../../src/random/rng.ts';
import { chiSquareUpper } from '../../../src/special/distributionFunctions.ts';
import { betaCdf } from '../../../src/special/distributions.ts';
import { data, golden } from '../goldenData.ts';

interface Gold {
  readonly chisq: number;
  readonly df: number;
  readonly p: number;
  readonly mixture: number | null;
  readonly exact?: number;
}

const gold = golden<Record<string, Gold>>('ratio_mixtures');
const ml = (text: string, from: ModelData, options: MaximumLikelihoodOptions = { method: 'ML' }) =>
  maximumLikelihood(formula(text), from, options);
const sleep = (text: string) => ml(`Reaction ~ ${text}`, data('sleepstudy'));

describe('a likelihood ratio beside lme4 and the mixtures of Stram & Lee', () => {
  it.each([
    ['intercept_against_none', 'Days', 'Days + (1 | Subject)', [0, 1]],
    ['slope_against_intercept', 'Days + (1 | Subject)', 'Days + (1 + Days | Subject)', [1, 2]],
    ['uncorrelated_slope', 'Days + (1 | Subject)', 'Days + (1 + Days || Subject)', [0, 1]],
    ['correlation', 'Days + (1 + Days || Subject)', 'Days + (1 + Days | Subject)', null],
    ['slope_and_line', '1 + (1 | Subject)', 'Days + (1 + Days | Subject)', [2, 3]],
    ['slope_and_intercept_against_none', 'Days', 'Days + (1 + Days | Subject)', null],
  ])('%s', (key, small, large, df) => {
    const { chisq, df: naive, p, mixture } = gold[key]!;
    const test = likelihoodRatio(sleep(small), sleep(large));
    expect(Math.abs(test.chiSquare / chisq - 1)).toBeLessThan(1e-6);
    expect(test.df).toBe(naive);
    expect(Math.abs(test.pValue / p - 1)).toBeLessThan(1e-5);
    expect(test.mixture?.df ?? null).toEqual(df);
    if (mixture !== null) expect(Math.abs(test.mixture!.pValue / mixture - 1)).toBeLessThan(1e-5);
  });

  it('of a second factor, and by REML', () => {
    const pen = (text: string) => ml(`diameter ~ 1 + ${text}`, data('penicillin'));
    const second = likelihoodRatio(pen('(1 | plate)'), pen('(1 | plate) + (1 | sample)'));
    expect(Math.abs(second.mixture!.pValue / gold['second_factor']!.mixture! - 1)).toBeLessThan(1e-5);
    const dye = (text: string) => ml(text, data('dyestuff'), { method: 'REML' });
    const reml = likelihoodRatio(dye('Yield ~ 1'), dye('Yield ~ 1 + (1 | Batch)'));
    expect(reml.method).toBe('REML');
    expect(reml.mixture!.pValue).toBeCloseTo(gold['dyestuff_reml']!.mixture!, 7);
  });

  it('says nothing of a boundary where only a correlation is 0, and says it where an sd is', () => {
    const correlation = likelihoodRatio(sleep('Days + (1 + Days || Subject)'), sleep('Days + (1 + Days | Subject)'));
    expect(correlation.note).toBeUndefined();
    const slope = likelihoodRatio(sleep('Days + (1 | Subject)'), sleep('Days + (1 + Days | Subject)'));
    expect(slope.note).toMatch(/an sd of the larger one at its boundary 0.*half chi-square with 1, half with 2/);
    const both = likelihoodRatio(sleep('Days'), sleep('Days + (1 + Days | Subject)'));
    expect(both.note).toMatch(/2 sds of the larger one at their boundary 0.*simulations/);
  });

  it('gives no mixture where the smaller model is itself on its boundary', () => {
    // Dyestuff2 has no variance between batches (Bates, Maechler, Bolker & Walker 2015).
    const rows = data('dyestuff2');
    const column = rows.rows as { n: number; columns: ReadonlyMap<string, { values: ArrayLike<number | string> }> };
    const half = Array.from({ length: column.n }, (_, i) => (i % 5) - 2);
    const table = Object.fromEntries([...column.columns].map(([name, { values }]) => [name, Array.from(values)]));
    const more = { rows: { ...table, half } as Record<string, (number | string)[]> };
    const test = likelihoodRatio(
      ml('Yield ~ half + (1 | Batch)', more),
      ml('Yield ~ half + (1 + half || Batch)', more),
    );
    expect(test.mixture).toBeNull();
    expect(test.note).toMatch(/itself estimated on its boundary/);
    const fixed = likelihoodRatio(ml('Yield ~ 1 + (1 | Batch)', more), ml('Yield ~ half + (1 | Batch)', more));
    expect(fixed.note).toBeUndefined();
  });
});

describe('generated neighbours: the mixture follows from what is added', () => {
  const rng = createRng([41]);
  const n = 240;
  const g = Array.from({ length: n }, (_, i) => `g${i % 24}`);
  const h = Array.from({ length: n }, (_, i) => `h${Math.floor(i / 24) % 10}`);
  const [x, z, w] = Array.from({ length: 3 }, () => Array.from({ length: n }, () => rng.normal())) as [
    number[],
    number[],
    number[],
  ];
  const at = (k: number) => Array.from({ length: 24 }, () => k * rng.normal());
  const [a, b, c, d] = [at(1), at(0.8), at(0.7), at(0.6)] as [number[], number[], number[], number[]];
  const y = x.map((_, i) => a[i % 24]! + b[i % 24]! * x[i]! + c[i % 24]! * z[i]! + d[i % 24]! * w[i]! + rng.normal());
  const rows = { y, x, z, w, g, h };
  // Each covariance by its blocks; what is nested in it with one column less, and how many covariances come with that
  // column.
  it.each([
    ['(1 + x | g)', '(1 + x + z | g)', 2],
    ['(1 + x + z | g)', '(1 + x + z + w | g)', 3],
    ['(1 + x || g)', '(1 + x + z || g)', 0],
    ['(1 + x || g)', '(1 + x + z | g)', 3],
    ['(1 + x | g)', '(1 + x | g) + (0 + z | g)', 0],
    ['(1 + x | g)', '(1 + x | g) + (1 | h)', 0],
    ['(0 + x | g)', '(1 + x | g)', 1],
  ])('%s in %s', (small, large, covariances) => {
    const test = likelihoodRatio(ml(`y ~ x + z + w + ${small}`, { rows }), ml(`y ~ x + z + w + ${large}`, { rows }));
    expect(test.df).toBe(covariances + 1);
    expect(test.mixture!.df).toEqual([covariances, covariances + 1]);
    const half = covariances === 0 ? (test.chiSquare < 1e-6 ? 1 : 0) : chiSquareUpper(test.chiSquare, covariances);
    expect(test.mixture!.pValue).toBeCloseTo((half + chiSquareUpper(test.chiSquare, covariances + 1)) / 2, 12);
    expect(test.mixture!.pValue).toBeLessThanOrEqual(test.pValue);
  });

  it.each([
    ['(1 + x || g)', '(1 + x | g)'],
    ['(1 + x + z || g)', '(1 + x + z | g)'],
    ['(1 + x | g) + (0 + z | g)', '(1 + x + z | g)'],
  ])('%s in %s differ in correlations alone', (small, large) => {
    const test = likelihoodRatio(ml(`y ~ x + z + w + ${small}`, { rows }), ml(`y ~ x + z + w + ${large}`, { rows }));
    expect(test.mixture).toBeNull();
    expect(test.note).toBeUndefined();
  });
});

describe('a bootstrap of a likelihood ratio', () => {
  it('agrees with the F test, which is the exact REML likelihood-ratio test of a balanced one-way layout', () => {
    // 4 groups of 5: the F statistic is monotone in the ratio, so that P(ratio >= observed) = P(F_3,16 >= f) where f >
    // 1.
    const rng = createRng([5]);
    const effects = [0.6, -0.2, -0.7, 0.4];
    const y = Array.from({ length: 20 }, (_, i) => effects[Math.floor(i / 5)]! + rng.normal());
    const g = Array.from({ length: 20 }, (_, i) => `g${Math.floor(i / 5)}`);
    const means = effects.map((_, j) => y.slice(5 * j, 5 * j + 5).reduce((sum, v) => sum + v, 0) / 5);
    const mean = means.reduce((sum, m) => sum + m, 0) / 4;
    const between = (5 * means.reduce((sum, m) => sum + (m - mean) ** 2, 0)) / 3;
    const within = y.reduce((sum, v, i) => sum + (v - means[Math.floor(i / 5)]!) ** 2, 0) / 16;
    const f = between / within;
    expect(f).toBeGreaterThan(1);
    const exact = betaCdf(16 / (16 + 3 * f), 8, 1.5);
    const modelOf = (text: string) => ml(text, { rows: { y, g } }, { method: 'REML' });
    const { bootstrap, mixture } = likelihoodRatio(modelOf('y ~ 1'), modelOf('y ~ 1 + (1 | g)'), {
      simulations: 1500,
      seed: 8,
    });
    expect(bootstrap!.simulations).toBe(1500);
    // Four Monte Carlo standard errors at the exact value; the mixture, which needs many groups, is further away.
    const tolerance = 4 * Math.sqrt((exact * (1 - exact)) / 1500);
    expect(Math.abs(bootstrap!.pValue - exact)).toBeLessThan(tolerance);
    expect(bootstrap!.mcse).toBeCloseTo(Math.sqrt((bootstrap!.pValue * (1 - bootstrap!.pValue)) / 1500), 12);
    expect(mixture!.pValue).toBeGreaterThan(exact);
  });

  it('is made of equal draws by equal seeds, needs a seed, and is not made unasked', () => {
    const small = ml('Yield ~ 1', data('dyestuff'));
    const large = ml('Yield ~ 1 + (1 | Batch)', data('dyestuff'));
    const one = likelihoodRatio(small, large, { simulations: 20, seed: 3 });
    expect(likelihoodRatio(small, large, { simulations: 20, seed: 3 })).toEqual(one);
    expect(likelihoodRatio(small, large).bootstrap).toBeUndefined();
    expect(() => likelihoodRatio(small, large, { simulations: 20 })).toThrow(/seed/);
    expect(() => likelihoodRatio(small, large, { simulations: 0, seed: 1 })).toThrow(/simulations/);
  });
});

describe('fits that do not say the same of the same rows', () => {
  const n = 40;
  const g = Array.from({ length: n }, (_, i) => `g${i % 8}`);
  const x = Array.from({ length: n }, (_, i) => Math.sin(i));
  const v = Array.from({ length: n }, (_, i) => 1 + (i % 3));
  const s = Array.from({ length: n }, (_, i) => 3 + ((i * 7) % 5) + (i % 8 > 4 ? 2 : 0));
  const m = Array.from({ length: n }, () => 20);
  const k = Array.from({ length: n }, (_, i) => 20 + (i % 2));
  const b = s.map((value) => (value > 5 ? 1 : 0));
  const rows = { g, x, v, s, m, k, b };
  const modelOf = (text: string, family?: FamilySpelling) =>
    maximumLikelihood(
      formula(text, family === undefined ? {} : { family }),
      { rows },
      family === undefined ? { method: 'ML' } : {},
    );
  it.each([
    ['family', modelOf('b ~ 1 + (1 | g)', 'probit'), modelOf('b ~ x + (1 | g)', 'binomial')],
    ['trials', modelOf('s | trials(m) ~ 1 + (1 | g)', 'binomial'), modelOf('s | trials(k) ~ x + (1 | g)', 'binomial')],
    ['weights', modelOf('s | weights(v) ~ 1 + (1 | g)'), modelOf('s ~ x + (1 | g)')],
    ['offset', modelOf('s ~ 1 + offset(v) + (1 | g)'), modelOf('s ~ x + (1 | g)')],
    ['standard errors', modelOf('s | se(v) ~ 1 + (1 | g)'), modelOf('s ~ x + (1 | g)')],
    ['response', modelOf('log(s) ~ 1 + (1 | g)'), modelOf('s ~ x + (1 | g)')],
  ])('are refused for their %s', (part, small, large) => {
    expect(() => likelihoodRatio(small, large)).toThrow(new RegExp(`differ in .*${part}`));
    expect(() => likelihoodRatio(large, small)).toThrow(/not-nested|differ in/);
  });
});
