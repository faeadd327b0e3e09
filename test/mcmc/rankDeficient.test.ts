import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it, test } from 'vitest';
import { mcseMean } from '../../diagnostics/mcse.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { flat, halfNormal, normal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { contrast } from '../../src/summary/comparison/contrast.ts';
import { fixef } from '../../src/summary/estimates.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const bcg = { rows: fixtureFrame('bcg') };
const meta = 'yi | se(sei) ~ acat * era + (1 | trial)';
const short = { chains: 2, warmup: 30, iterations: 40, seed: 4 };

const labels = ({ design }: Pick<Fit, 'design'>): string[] => design.columns.map(({ label }) => label);

const message = (run: () => unknown): string => faultOf(run).message;

/**
 * Means and sds of beta ~ N(0, sd^2) under y ~ N(X beta, se^2 + tau^2), tau half-normal, by summing over a grid of tau.
 */
function exactMeta(fit: Fit, sd: number, tauSd: number): { mean: number[]; sd: number[] } {
  const { n, p, X, response } = fit.design;
  const x = Matrix.from1DArray(n, p, [...X]);
  const y = Matrix.columnVector([...response.y]);
  const points = Array.from({ length: 1500 }, (_, i) => {
    const tau = ((i + 0.5) / 1500) * 8 * tauSd;
    const variance = Array.from(response.standardErrors!, (se) => se * se + tau * tau);
    const weighted = Matrix.diag(variance.map((v) => 1 / v)).mmul(x);
    const precision = x
      .transpose()
      .mmul(weighted)
      .add(Matrix.eye(p).mul(1 / sd ** 2));
    const covariance = new CholeskyDecomposition(precision).solve(Matrix.eye(p));
    const mean = covariance.mmul(weighted.transpose().mmul(y));
    const marginal = x
      .mmul(x.transpose())
      .mul(sd ** 2)
      .add(Matrix.diag(variance));
    const factor = new CholeskyDecomposition(marginal);
    const quadratic = y.transpose().mmul(factor.solve(y)).get(0, 0);
    const logDet = 2 * factor.lowerTriangularMatrix.diagonal().reduce((sum, value) => sum + Math.log(value), 0);
    const log = -0.5 * (logDet + quadratic + (tau / tauSd) ** 2);
    return { log, mean: mean.to1DArray(), variance: covariance.diagonal() };
  });
  const top = Math.max(...points.map(({ log }) => log));
  const total = points.reduce((sum, { log }) => sum + Math.exp(log - top), 0);
  const average = (value: (point: (typeof points)[number]) => number): number =>
    points.reduce((sum, point) => sum + (Math.exp(point.log - top) / total) * value(point), 0);
  const mean = Array.from({ length: p }, (_, k) => average((point) => point.mean[k]!));
  return {
    mean,
    sd: mean.map((m, k) => Math.sqrt(average((point) => point.variance[k]! + (point.mean[k]! - m) ** 2))),
  };
}

/** Each mean, and each mean square about the exact mean, within 4.5 Monte Carlo standard errors. */
function expectMoments(fit: Fit, exact: { readonly mean: readonly number[]; readonly sd: readonly number[] }): void {
  exact.mean.forEach((mean, k) => {
    const chains = scalarChains(fit.draws, k);
    const squares = chains.map((chain) => chain.map((value) => (value - mean) ** 2));
    const pooled = (values: readonly Float64Array[]): number =>
      values.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0) / (values.length * values[0]!.length);
    expect(Math.abs(pooled(chains) - mean)).toBeLessThan(4.5 * mcseMean(chains));
    expect(Math.abs(pooled(squares) - exact.sd[k]! ** 2)).toBeLessThan(4.5 * mcseMean(squares));
  });
}

describe('a deficient design under proper priors', () => {
  const proper = { beta: normal(0, 1.5), tau_trial: halfNormal(0.5) };

  it.each(['auto', 'gibbs'])('is sampled whole, %s: the posterior is the exact one', (kernels) => {
    const fit = sampleSync(formula(meta, { priors: proper }), bcg, {
      chains: 4,
      warmup: 500,
      iterations: 2000,
      seed: 11,
      kernels,
    });
    expect(labels(fit)).toContain('acatlow:eramid');
    expect(fit.design.deficiency!.leftOut).toBe(false);
    expect(fixef(fit, { leftOut: true })).toEqual(fixef(fit));
    expectMoments(fit, exactMeta(fit, 1.5, 0.5));
  });

  it.each([
    ['gaussian', 'auto'],
    ['gaussian', 'gibbs'],
    ['student', 'auto'],
    ['binomial', 'whitened'],
    ['binomial', 'polyaGamma'],
    ['probit', 'albertChib'],
  ] as const)('%s, %s: the posterior of a column that is 0 is its prior', (family, kernels) => {
    const text = 'response ~ factor(x1) * factor(x2) + (1 | id)';
    const data = { rows: fixtureFrame('emmeans_344') };
    const graph = formula(text, { family, priors: { beta: normal(0.5, 2) } });
    const fit = sampleSync(graph, data, { chains: 4, warmup: 200, iterations: 500, seed: 5, kernels });
    const at = labels(fit).indexOf('x13:x21');
    const chains = scalarChains(fit.draws, at);
    const squares = chains.map((chain) => chain.map((value) => (value - 0.5) ** 2));
    const mean = (values: readonly Float64Array[]): number =>
      values.reduce((sum, chain) => sum + chain.reduce((a, b) => a + b, 0), 0) / 2000;
    expect(Math.abs(mean(chains) - 0.5)).toBeLessThan(4.5 * mcseMean(chains));
    expect(Math.abs(mean(squares) - 4)).toBeLessThan(4.5 * mcseMean(squares));
    for (const { mean: m, sd } of predict(fit, { x1: [3], x2: [1], id: [1] }).rows) {
      expect(Number.isFinite(m)).toBe(true);
      expect(sd).toBeGreaterThan(0);
    }
    expect(shrinkage(fit, 'id').rows.every(({ completePooling }) => Number.isFinite(completePooling))).toBe(true);
  });

  it.each([
    ['gaussian', 'auto'],
    ['gaussian', 'gibbs'],
    ['binomial', 'whitened'],
    ['binomial', 'polyaGamma'],
    ['probit', 'albertChib'],
  ] as const)('%s, %s: two columns that are one share its posterior', (family, kernels) => {
    const frame = fixtureFrame('cbpp');
    const size = frame.columns.get('size')!.values as Float64Array;
    const y = family === 'gaussian' ? size : size.map((value) => (value > 14 ? 1 : 0));
    const rows = {
      y,
      x: Float64Array.from({ length: frame.n }, (_, i) => Math.sin(i)),
      g: [...frame.columns.get('herd')!.values],
    };
    const options = { chains: 4, warmup: 200, iterations: 750, seed: 21, kernels };
    const priors = { 'beta[Intercept]': normal(0, 5), tau_g: halfNormal(1) };
    // x and 2 x with b1, b2 ~ normal(0, 1): b1 + 2 b2 ~ normal(0, sqrt(5)).
    const two = sampleSync(
      formula('y ~ x + I(2 * x) + (1 | g)', {
        family,
        priors: { ...priors, 'beta[x]': normal(0, 1), 'beta[I(2 * x)]': normal(0, 1) },
      }),
      { rows },
      options,
    );
    const one = sampleSync(
      formula('y ~ x + (1 | g)', { family, priors: { ...priors, 'beta[x]': normal(0, Math.sqrt(5)) } }),
      { rows },
      options,
    );
    const sums = scalarChains(two.draws, 1).map((chain, c) =>
      chain.map((b, s) => b + 2 * scalarChains(two.draws, 2)[c]![s]!),
    );
    const slopes = scalarChains(one.draws, 1);
    for (const power of [1, 2]) {
      const [a, b] = [sums, slopes].map((chains) => chains.map((chain) => chain.map((value) => value ** power)));
      const mean = (chains: readonly Float64Array[]): number =>
        chains.reduce((sum, chain) => sum + chain.reduce((x, z) => x + z, 0), 0) / 3000;
      expect(Math.abs(mean(a!) - mean(b!))).toBeLessThan(4.5 * Math.hypot(mcseMean(a!), mcseMean(b!)));
    }
  });

  it('needs no more priors than make the others independent', () => {
    const one = plan(formula(meta, { priors: { 'beta[acatlow:eramid]': normal(0, 1) } }), bcg);
    expect(one.design.p).toBe(6);
    // The prior of eramid does not help: the dependence is of acatlow, acatlow:eralate and acatlow:eramid.
    const other = plan(formula(meta, { priors: { 'beta[eramid]': normal(0, 1) } }), bcg);
    expect(other.design.p).toBe(5);
    expect(other.design.deficiency!.leftOut).toBe(true);
  });

  it('is left out when that is asked for, and a prior of what is left out is refused', () => {
    const graph = formula(meta, { priors: { beta: normal(0, 1) } });
    expect(plan(graph, bcg, { rankDeficient: 'drop' }).design.p).toBe(5);
    const own = formula(meta, { priors: { 'beta[acatlow:eramid]': normal(0, 1) } });
    expect(message(() => plan(own, bcg, { rankDeficient: 'drop' }))).toBe(
      'there is a prior for beta[acatlow:eramid], which is left out: acatlow:eramid depends on acatlow, acatlow:eralate; ' +
        "take the prior away, or sample without rankDeficient: 'drop'",
    );
    expect(plan(formula(meta, { priors: { beta: flat() } }), bcg).design.p).toBe(5);
  });

  it('is compared with the likelihood of the columns that are independent', () => {
    const fit = sampleSync(formula(meta, { priors: proper }), bcg, short);
    const rows = compare(fit, maximumLikelihood(formula(meta), bcg)).rows;
    expect(rows.find(({ parameter }) => parameter === 'beta[acatlow:eramid]')).toMatchObject({
      ml: null,
      mlSe: null,
      difference: null,
    });
    expect(rows.find(({ parameter }) => parameter === 'beta[acatlow]')!.ml).toBeCloseTo(1.06723478, 4);
  });

  it('has a prior predictive distribution of all coefficients', () => {
    const { design, parameters } = simulatePrior(formula(meta, { priors: proper }), bcg, { draws: 20 });
    expect(design.p).toBe(6);
    expect(parameters.values.every(Number.isFinite)).toBe(true);
  });
});

describe('a deficient design under flat priors', () => {
  const fit = sampleSync(formula(meta), bcg, short);

  it('is sampled without the columns of empty cells, which are null with the reason', () => {
    expect(labels(fit)).toEqual(['Intercept', 'acatlow', 'eralate', 'eramid', 'acatlow:eralate']);
    expect(fixef(fit, { leftOut: true })[5]).toEqual({
      term: 'acatlow:eramid',
      estimate: null,
      se: null,
      reason: 'left out: acatlow:eramid depends on acatlow, acatlow:eralate',
    });
  });

  it('with other dependent columns is an error, unless they are to be left out', () => {
    const rows = { y: [1, 3, 2, 5, 4, 6], x: [1, 2, 3, 4, 5, 7], g: ['a', 'a', 'b', 'b', 'c', 'c'] };
    const graph = formula('y ~ x + I(2 * x) + (1 | g)');
    expect(message(() => sampleSync(graph, { rows }, short))).toContain("or pass rankDeficient: 'drop'");
    const dropped = sampleSync(graph, { rows }, { ...short, rankDeficient: 'drop' });
    const plain = sampleSync(formula('y ~ x + (1 | g)'), { rows }, short);
    expect(dropped.draws.values).toEqual(plain.draws.values);
    expect(predict(dropped, { x: [3], g: ['a'] }).rows[0]!['mean']).toBe(
      predict(plain, { x: [3], g: ['a'] }).rows[0]!['mean'],
    );
    expect(message(() => sampleSync(graph, { rows }, { rankDeficient: 'keep' as 'drop' }))).toContain('rankDeficient');
    expect(message(() => simulatePrior(graph, { rows }))).toContain('rank');
  });

  it('predicts the cells that occur and says of the others that they are not estimable', () => {
    const newdata = { acat: ['low', 'low', 'high'], era: ['early', 'late', 'mid'], trial: [1, 2, 3] };
    const { rows } = predict(fit, newdata);
    expect(rows[0]).toEqual({
      acat: 'low',
      era: 'early',
      trial: 1,
      mean: null,
      sd: null,
      q5: null,
      q50: null,
      q95: null,
      reason:
        'not estimable: in the fit acatlow:eramid depends on acatlow, acatlow:eralate, and here not (no row has acat "low" with era "early")',
    });
    expect(rows[1]).toMatchObject({ reason: null });
    expect(Number.isFinite(rows[1]!['mean'])).toBe(true);
    const known = { acat: ['low', 'high'], era: ['late', 'mid'], trial: [2, 3] };
    expect(predict(fit, known).rows.map(({ mean }) => mean)).toEqual(rows.slice(1).map(({ mean }) => mean));
    expect(Object.keys(predict(fit, known).rows[0]!)).not.toContain('reason');
    expect(predict(fit).rows.every(({ mean }) => Number.isFinite(mean))).toBe(true);
    expect(message(() => predict(fit, newdata, { draws: true }))).toContain(
      'row 1 of newdata has no draws: not estimable',
    );
  });

  it('poststratifies the parts whose cells occur', () => {
    const cells = {
      acat: ['low', 'low', 'high', 'high'],
      era: ['early', 'late', 'mid', 'late'],
      trial: [1, 1, 1, 1],
      N: [5, 5, 5, 5],
    };
    const { rows } = poststratify(fit, cells, { by: 'acat' });
    expect(rows.map(({ acat, mean }) => [acat, mean === null])).toEqual([
      ['high', false],
      ['low', true],
    ]);
    expect(rows[1]!['reason']).toMatch(/^row 1 of cells: not estimable/u);
    expect(message(() => poststratify(fit, cells, { draws: true }))).toContain('row 1 of cells has no draws');
    // Nobody is in the cell: it need not be estimable.
    const empty = poststratify(fit, { ...cells, N: [0, 5, 5, 5] }, { by: 'acat', draws: true });
    expect(empty.rows.every(({ mean }) => Number.isFinite(mean))).toBe(true);
    expect(empty.draws!.every(Number.isFinite)).toBe(true);
  });

  it('has contrasts of what the rows determine', () => {
    const row = contrast(fit, 'acatlow + acatlow:eralate');
    const beta = fixef(fit);
    expect(row.estimate).toBeCloseTo(beta[1]!.estimate + beta[4]!.estimate, 12);
    expect(message(() => contrast(fit, 'acatlow'))).toContain('is not estimable');
    expect(message(() => contrast(fit, 'acatlow:eramid'))).toContain('is not estimable');
  });
});

describe('the fit file of a deficient design', () => {
  const aliased = formula('yi | se(sei) ~ ablat + I(ablat / 2) + acat * era');
  const fits: readonly [string, () => Fit][] = [
    ['left out, empty cells', () => sampleSync(formula(meta), bcg, short)],
    ['left out, asked for', () => sampleSync(aliased, bcg, { ...short, rankDeficient: 'drop' })],
    ['whole', () => sampleSync(formula(meta, { priors: { beta: normal(0, 1) } }), bcg, short)],
    [
      'left out under proper priors',
      () => sampleSync(formula(meta, { priors: { beta: normal(0, 1) } }), bcg, { ...short, rankDeficient: 'drop' }),
    ],
  ];

  test.each(fits)('%s: reads back to the same columns, goes on and is written the same', (_, make) => {
    const fit = make();
    const read = fromJson(toJson(fit));
    expect(read.design.deficiency).toEqual(fit.design.deficiency);
    expect(labels(read)).toEqual(labels(fit));
    expect(read.draws.values).toEqual(fit.draws.values);
    expect(toJson(read)).toBe(toJson(fit));
    expect(extendSync(read, 8).draws.values).toEqual(extendSync(fit, 8).draws.values);
    expect(fromJson(toJson(fit, { data: false }), bcg).draws.values).toEqual(fit.draws.values);
  });

  test.each<[string, unknown, RegExp]>([
    [
      'other columns',
      { leftOut: true, dependent: [{ term: 'eramid', reason: '' }], cells: [] },
      /partial_pooling\.rank is not what/,
    ],
    ['none', undefined, /partial_pooling\.rank is not what/],
    ['no list', { leftOut: true, dependent: 'eramid' }, /rank\.dependent/],
    ['no flag', { leftOut: 1, dependent: [] }, /rank\.leftOut is neither true nor false/],
    ['no object', 3, /partial_pooling\.rank/],
  ])('with %s under rank is refused', (_, value, says) => {
    const root = JSON.parse(toJson(fits[0]![1]())) as { partial_pooling: Record<string, unknown> };
    if (value === undefined) delete root.partial_pooling['rank'];
    else root.partial_pooling['rank'] = value;
    expect(message(() => fromJson(JSON.stringify(root)))).toMatch(says);
  });

  it('has no such key where X is of full rank', () => {
    const text = toJson(sampleSync(formula('yi | se(sei) ~ ablat'), bcg, short));
    expect(text).not.toContain('"rank"');
  });
});
