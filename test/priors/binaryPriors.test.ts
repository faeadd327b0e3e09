import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { flat, halfT, inverseGamma, normal } from '../../src/graph/priors.ts';
import type { Priors } from '../../src/priors/priors.ts';
import { resolvePriors } from '../../src/priors/resolvePriors.ts';
import { responseSpread } from '../../src/priors/responseSpread.ts';
import { faultOf } from '../faultOf.ts';

const rows = {
  vote: [1, 0, 1, 1, 0, 0, 1, 0],
  income: [3, 1, 5, 4, 2, 2, 1, 6],
  urban: ['y', 'n', 'y', 'n', 'n', 'y', 'y', 'n'],
  state: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'],
};

function priorsOf(text: string, options: FormulaOptions = {}, data: ModelData = { rows }): Priors {
  return resolvePriors(buildDesign(formula(text, { family: 'binomial', ...options }), data));
}

const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
const sd = (x: readonly number[]): number =>
  Math.sqrt(x.reduce((sum, value) => sum + (value - mean(x)) ** 2, 0) / (x.length - 1));

describe('default priors of a logit or probit model', () => {
  it.each(['binomial', 'probit'] as const)(
    'are normal on slopes by the sd of their column, wide on the centred intercept: %s',
    (family) => {
      const { beta, sigma, groups } = priorsOf('vote ~ income + urban + (1 + income | state)', { family });
      const urban = rows.urban.map((value) => (value === 'y' ? 1 : 0));
      const expected = [10, 2.5 / sd(rows.income), 2.5 / sd(urban)];
      for (const [k, value] of beta.sd.entries()) expect(value).toBeCloseTo(expected[k]!, 13);
      for (const [k, value] of [1, mean(rows.income), mean(urban)].entries()) {
        expect(beta.combinations![k]).toBeCloseTo(value, 14);
      }
      expect([...beta.combinations!.subarray(3)]).toEqual([0, 1, 0, 0, 0, 1]);
      expect([...beta.mean]).toEqual([0, 0, 0]);
      expect([...beta.source]).toEqual(['default', 'default', 'default']);
      expect(sigma).toBeNull();
      // The sd of the slope for a column of sd 1/2, as a balanced 0/1 column has it; the sd of the intercept is that at
      // the mean.
      const half = Math.sqrt(rows.income.reduce((sum, x) => sum + (x - mean(rows.income)) ** 2, 0) / 8);
      const prior = groups[0]![0]!;
      expect(prior).toMatchObject({ kind: 'separation', eta: 1 });
      if (prior.kind !== 'separation') throw new Error('no separation');
      expect(prior.tau[0]).toEqual({ distribution: 'halfT', df: 3, scale: 2.5 });
      expect(prior.tau[1]).toMatchObject({ distribution: 'halfT', df: 3 });
      expect((prior.tau[1] as { scale: number }).scale).toBeCloseTo(2.5 / (2 * half), 13);
      expect([...prior.about!]).toEqual([1, -mean(rows.income), 0, 1]);
    },
  );

  it('are the same for 0/1 rows, for rows with counting weights and for counted successes', () => {
    const long = priorsOf('y ~ x', {}, { rows: { y: [1, 1, 0, 0, 1, 0], x: [2, 2, 2, 5, 5, 9] } }).beta;
    const weighted = priorsOf(
      'y | weights(w) ~ x',
      {},
      { rows: { y: [1, 0, 0, 1, 0], x: [2, 2, 5, 5, 9], w: [2, 1, 1, 1, 1] } },
    ).beta;
    const counted = priorsOf('y | trials(n) ~ x', {}, { rows: { y: [2, 1, 0], x: [2, 5, 9], n: [3, 2, 1] } }).beta;
    for (const other of [weighted, counted]) {
      for (const [k, value] of other.sd.entries()) expect(value).toBeCloseTo(long.sd[k]!, 13);
      for (const [k, value] of other.combinations!.entries()) expect(value).toBeCloseTo(long.combinations![k]!, 13);
    }
  });

  it('have the intercept at minus the mean of the offset over the trials, so that a constant in the offset moves it alone', () => {
    const counted = { y: [2, 1, 0], n: [3, 2, 1], x: [2, 5, 9], o: [30, 31, 35] };
    const { beta } = priorsOf('y | trials(n) ~ x + offset(o)', {}, { rows: counted });
    const without = priorsOf('y | trials(n) ~ x', {}, { rows: counted }).beta;
    expect(beta.mean[0]).toBeCloseTo(-(3 * 30 + 2 * 31 + 35) / 6, 13);
    expect(beta.mean[1]).toBe(0);
    expect([...without.mean]).toEqual([0, 0]);
    expect([beta.sd, beta.combinations]).toEqual([without.sd, without.combinations]);
    const given = priorsOf('y | trials(n) ~ x + offset(o)', { priors: { beta: normal(0, 1) } }, { rows: counted }).beta;
    expect([...given.mean]).toEqual([0, 0]);
    expect([...priorsOf('y | trials(n) ~ 0 + x + offset(o)', {}, { rows: counted }).beta.mean]).toEqual([0]);
  });

  it('do not change with the unit or the origin of a column, but for the scale', () => {
    const shifted = { ...rows, income: rows.income.map((value) => 1000 * value + 2e6) };
    const { beta } = priorsOf('vote ~ income', {}, { rows: shifted });
    expect(beta.sd[1]! * 1000).toBeCloseTo(2.5 / sd(rows.income), 9);
    expect(beta.combinations![1]).toBeCloseTo(1000 * mean(rows.income) + 2e6, 6);
  });

  it('have no centring without an intercept, and a wide prior on a constant column there', () => {
    const { beta } = priorsOf('vote ~ 0 + income', {});
    expect(beta.combinations).toBeNull();
    const constant = priorsOf('vote ~ 0 + c', {}, { rows: { ...rows, c: rows.vote.map(() => 4) } }).beta;
    expect([...constant.sd]).toEqual([2.5]);
  });

  it('hold the intercept at 0 of the columns where the user gives its prior, and leave slopes of the user as they are', () => {
    const all = priorsOf('vote ~ income', { priors: { beta: normal(1, 2) } }).beta;
    expect([...all.mean, ...all.sd]).toEqual([1, 1, 2, 2]);
    expect(all.combinations).toBeNull();
    const one = priorsOf('vote ~ income', { priors: { 'beta[Intercept]': normal(1, 2) } }).beta;
    expect([one.mean[0], one.sd[0], one.combinations]).toEqual([1, 2, null]);
    const slope = priorsOf('vote ~ income', { priors: { 'beta[income]': normal(1, 2) } }).beta;
    expect([slope.mean[1], slope.sd[1], slope.sd[0]]).toEqual([1, 2, 10]);
    expect(slope.combinations![1]).toBe(mean(rows.income));
    const gamma = priorsOf('vote ~ 1 + (1 | state)', {
      level2: { state: '~ 1' },
      priors: { gamma_state: normal(0, 3) },
    });
    expect([gamma.beta.sd[0], gamma.beta.combinations]).toEqual([3, null]);
  });

  it('leave a gaussian model as it was: flat coefficients and the spread of the response', () => {
    const gaussian = buildDesign(formula('vote ~ income'), { rows });
    const { beta, sigma } = resolvePriors(gaussian);
    expect([...beta.sd]).toEqual([Infinity, Infinity]);
    expect(beta.combinations).toBeNull();
    expect(sigma).toEqual({ distribution: 'halfT', df: 3, scale: 2.5 * responseSpread(gaussian) });
    expect(responseSpread(buildDesign(formula('vote ~ income', { family: 'probit' }), { rows }))).toBe(1);
  });
});

describe('flat priors of a logit or probit model', () => {
  const flatBeta = { priors: { beta: flat() } };

  it('are accepted where successes and failures overlap', () => {
    expect([...priorsOf('vote ~ income', flatBeta).beta.sd]).toEqual([Infinity, Infinity]);
    expect([...priorsOf('vote ~ income', { ...flatBeta, family: 'probit' }).beta.sd]).toEqual([Infinity, Infinity]);
  });

  it('are refused under complete separation, with the reason and the prior to add', () => {
    const parted = { ...rows, income: rows.vote.map((value, i) => (value === 1 ? 10 + i : i)) };
    const fault = faultOf(() => priorsOf('vote ~ income', flatBeta, { rows: parted }));
    expect(fault.code).toBe('separation');
    expect(fault.where).toBe('beta[income]');
    expect(fault.message).toBe(
      'response vote: income predicts every response without error (complete separation), so that under flat priors the posterior ' +
        'has no finite integral; give beta[income] a proper prior such as normal(0, 2.5), or leave it to its default',
    );
    expect(priorsOf('vote ~ income', { priors: { beta: normal(0, 5) } }, { rows: parted }).beta.sd[1]).toBe(5);
    expect(priorsOf('vote ~ income', {}, { rows: parted }).beta.sd[1]).toBeLessThan(1);
  });

  it('are refused where the dummy of a state predicts its votes, and named by it', () => {
    const data = { rows: { vote: [1, 0, 1, 0, 1, 1, 1], state: ['a', 'a', 'b', 'b', 'c', 'c', 'c'] } };
    const fault = faultOf(() => priorsOf('vote ~ state', flatBeta, data));
    expect(fault.message).toContain('statec predicts some of the responses without error (quasi-complete separation)');
    expect(faultOf(() => priorsOf('vote ~ 0 + state', flatBeta, data)).where).toBe('beta[statec]');
    // Only the flat coefficients count: with a proper prior on the separating one the rest may be flat.
    expect(() =>
      priorsOf('vote ~ state', { priors: { beta: flat(), 'beta[statec]': normal(0, 2.5) } }, data),
    ).not.toThrow();
  });

  it('are refused for an intercept alone where all vote alike', () => {
    const fault = faultOf(() => priorsOf('vote ~ 1', flatBeta, { rows: { vote: [1, 1, 1] } }));
    expect(fault.message).toContain('Intercept predicts every response without error');
  });

  it('of a slope whose intercept has its default are judged about the centre of the columns', () => {
    // All are successes beyond x = 0: 0 + slope x separates, but about the mean of x both signs occur among the
    // successes.
    const data = { rows: { vote: [1, 1, 1, 1], x: [1, 2, 3, 4] } };
    expect(() => priorsOf('vote ~ x', { priors: { 'beta[x]': flat() } }, data)).not.toThrow();
    const fault = faultOf(() => priorsOf('vote ~ x', { priors: { beta: normal(0, 5), 'beta[x]': flat() } }, data));
    expect(fault.code).toBe('separation');
  });

  it('of tau need groups that have both outcomes', () => {
    const text = 'vote ~ income + (1 | state)';
    const mixed = { ...rows, vote: [1, 0, 1, 0, 1, 0, 1, 0] };
    const options = { priors: { tau_state: flat() } };
    expect(priorsOf(text, options, { rows: mixed }).groups[0]![0]).toMatchObject({ tau: [{ distribution: 'flat' }] });
    const alike = { ...rows, vote: [1, 0, 1, 1, 0, 0, 1, 1] };
    const fault = faultOf(() => priorsOf(text, options, { rows: alike }));
    expect(fault.code).toBe('improper-posterior');
    expect(fault.message).toContain('1 groups that have both outcomes for 0 flat level-2 coefficients');
    expect(() => priorsOf(text, { priors: { tau_state: inverseGamma(0, 0) } }, { rows: mixed })).toThrow('tau^-1');
    expect(() => priorsOf(text, { priors: { tau_state: halfT(3, 1) } }, { rows: alike })).not.toThrow();
  });
});
