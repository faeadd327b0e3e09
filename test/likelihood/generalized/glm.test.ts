import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { ModelError } from '../../../src/errors.ts';
import { formula } from '../../../src/formula/formula.ts';
import { glm } from '../../../src/likelihood/generalized/glm.ts';
import { noPoolingGlm } from '../../../src/likelihood/generalized/noPoolingGlm.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { cells } from '../../../src/products/cells.ts';
import { cellRows, familyRows } from '../../../src/products/familyRows.ts';
import { handDesign } from '../../oracle/handDesign.ts';
import { data, golden } from '../goldenData.ts';

interface GlmFit {
  readonly link: 'logit' | 'probit';
  readonly names: readonly string[];
  readonly est: readonly number[];
  readonly vcov: readonly (readonly number[])[];
  readonly se: readonly number[];
  readonly logLik: number;
  readonly aic: number;
  readonly bic: number;
}

const { fits } = golden<{ fits: Record<string, GlmFit> }>('glm');
const binomial = { family: 'binomialLogit' } as const;

const POOLED: readonly (readonly [string, string, string])[] = [
  ['cbpp_pool', 'cbpp', 'incidence | trials(size) ~ factor(period)'],
  ['contraception_pool', 'contraception', 'use ~ age + urban + livch'],
  ['contraception_pool_probit', 'contraception', 'use ~ age + urban + livch'],
  ['chile_pool', 'chile_yn', 'y ~ sex + agez + factor(education, ref = "P") + linc'],
  ['chile_nopool', 'chile_yn', 'y ~ sex + agez + factor(education, ref = "P") + linc + region - 1'],
  ['ces_pool', 'ces11', 'abortion ~ gender + factor(importance, ref = "not") + urban'],
  ['voters_pool', 'voters_sim', 'y ~ income * avgincome'],
];

describe('complete pooling', () => {
  it.each(POOLED)('%s has the numbers of glm', (key, file, text) => {
    const gold = fits[key]!;
    const family = gold.link === 'probit' ? 'bernoulliProbit' : 'binomialLogit';
    const fit = maximumLikelihood(formula(text, { family }), data(file));
    const { labels, estimates, vcov } = fit.fixef;
    const p = labels.length;
    const at = gold.names.map((name) => labels.indexOf(name.replace('(Intercept)', 'Intercept')));
    expect(new Set(at).size).toBe(p);
    gold.est.forEach((value, k) => {
      expect(Math.abs(estimates[at[k]!]! - value)).toBeLessThan(1e-9);
      gold.vcov[k]!.forEach((entry, l) => {
        const size = Math.sqrt(gold.vcov[k]![k]! * gold.vcov[l]![l]!);
        // glm's covariance has the weights of the iteration before the last.
        expect(Math.abs(vcov[at[k]! * p + at[l]!]! - entry)).toBeLessThan(1e-6 * size);
      });
    });
    expect(Math.abs(fit.logLik - gold.logLik)).toBeLessThan(1e-8);
    expect(Math.abs(fit.aic - gold.aic)).toBeLessThan(1e-8);
    expect(Math.abs(fit.bic - gold.bic)).toBeLessThan(1e-8);
    expect(fit.groups).toEqual([]);
    expect(fit.convergence.converged).toBe(true);
  });

  it('gives rows and their merged cells the same fit and log-likelihood', () => {
    const design = buildDesign(formula('y ~ income * avgincome', binomial), data('voters_sim'));
    const rows = glm(design, familyRows(design));
    const merged = cells(design);
    expect(merged.design.n).toBeLessThan(300);
    const fit = glm(merged.design, cellRows(design, merged));
    expect(Math.abs(fit.logLik - rows.logLik)).toBeLessThan(1e-8);
    fit.beta.forEach((value, k) => {
      expect(Math.abs(value - rows.beta[k]!)).toBeLessThan(1e-10);
    });
  });
});

describe('separation', () => {
  const x = [-3, -2, -1.5, -1, 1, 1.5, 2, 3];
  const cases: readonly (readonly [
    string,
    readonly number[],
    readonly (readonly number[])[],
    readonly number[] | null,
  ])[] = [
    ['complete', [0, 0, 0, 0, 1, 1, 1, 1], x.map((v) => [1, v]), [1]],
    ['quasi-complete: a cell of successes alone', [1, 1, 1, 0, 1, 0, 1, 0], x.map((v) => [1, v < -1.2 ? 1 : 0]), [1]],
    ['all successes', x.map(() => 1), x.map((v) => [1, v]), [0]],
    ['none: one observation on the wrong side', [0, 0, 0, 1, 0, 1, 1, 1], x.map((v) => [1, v]), null],
  ];
  it.each(cases)('%s is told', (_, y, X, expected) => {
    const design = handDesign({ y, X, family: 'binomialLogit' });
    const { separated, converged, vcov } = glm(design, familyRows(design));
    if (expected === null) {
      expect(separated).toBe(null);
      expect(converged).toBe(true);
    } else {
      for (const column of expected) expect(separated!.columns).toContain(column);
      expect(vcov.every(Number.isNaN)).toBe(true);
    }
    const probit = handDesign({ y, X, family: 'bernoulliProbit' });
    expect(glm(probit, familyRows(probit)).separated === null).toBe(expected === null);
  });

  it('by a nearly separating column is a fit, however large its estimate', () => {
    // 10 000 failures and 1 success below 0; 10 000 successes above: log(1e4) apart, and it exists.
    const design = handDesign({
      y: [1, 10000],
      trials: [10001, 10001],
      X: [
        [1, 0],
        [1, 1],
      ],
      family: 'binomialLogit',
    });
    const fit = glm(design, familyRows(design));
    expect(fit.separated).toBe(null);
    expect(Math.abs(fit.beta[0]! + Math.log(10000))).toBeLessThan(1e-9);
    expect(Math.abs(fit.beta[1]! - 2 * Math.log(10000))).toBeLessThan(1e-9);
  });

  it.each([1e-8, 1, 1e8])('names the columns of the direction whatever their units: %d', (unit) => {
    const design = handDesign({
      y: x.map((v) => (v > 1.2 ? 1 : 0)),
      X: x.map((v, i) => [1, unit * v, Math.cos(5 * i) * 1e-7]),
      family: 'binomialLogit',
    });
    const { separated } = glm(design, familyRows(design));
    expect(separated!.columns.slice(0, 2)).toEqual([0, 1]);
  });

  it('is told where an offset has settled the search before it began', () => {
    const design = handDesign({ y: [1, 1, 1], X: [[1], [1], [1]], offset: [40, 41, 40], family: 'binomialLogit' });
    expect(glm(design, familyRows(design)).separated).toEqual({ columns: [0], rows: [0, 1, 2] });
  });

  it('of a mixed count by no column: a count between 0 and its trials holds every direction that moves it', () => {
    const design = handDesign({
      y: [0, 3, 6],
      trials: [6, 6, 6],
      X: [
        [1, -1],
        [1, 0],
        [1, 1],
      ],
      family: 'binomialLogit',
    });
    expect(glm(design, familyRows(design)).separated).toEqual({ columns: [1], rows: [0, 2] });
    const held = handDesign({
      y: [1, 3, 6],
      trials: [6, 6, 6],
      X: [
        [1, -1],
        [1, 0],
        [1, 1],
      ],
      family: 'binomialLogit',
    });
    expect(glm(held, familyRows(held)).separated).toBe(null);
  });

  it('stops maximumLikelihood with one sentence that names the columns, with and without group terms', () => {
    const rows = { y: [0, 0, 0, 0, 1, 1, 1, 1], x, g: ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'] };
    for (const text of ['y ~ x', 'y ~ x + (1 | g)']) {
      const fit = () => maximumLikelihood(formula(text, binomial), { rows });
      expect(fit).toThrow(ModelError);
      expect(fit).toThrow(/^y: x separates its successes from its failures, .*no maximum likelihood estimate/);
    }
  });
});

describe('no pooling', () => {
  it('has the estimates of a glm for each state, and no estimate where a state is separated', () => {
    const gold = fits['voters_nopool']!;
    const design = buildDesign(formula('y ~ income * avgincome + (1 + income | state)', binomial), data('voters_sim'));
    const zero = { beta: new Float64Array(design.p), u: [new Float64Array(100)] };
    // avgincome is constant within states, so that it belongs to the level-2 line and is not subtracted.
    const rows = noPoolingGlm(design, 0, zero);
    expect(rows.length).toBe(100);
    const { levels, index } = design.groupTerms[0]!;
    let estimated = 0;
    for (const { level, term, n, estimate, se, reason } of rows) {
      const j = levels.indexOf(level);
      expect(n).toBe(index.reduce((count, group) => count + (group === j ? 1 : 0), 0));
      const k = gold.names.indexOf(term === 'Intercept' ? `state${level}` : `state${level}:income`);
      // glm's diverging estimates: standard errors in the hundreds and beyond.
      if (gold.se[k]! > 100) {
        expect(estimate).toBe(null);
        expect(se).toBe(null);
        expect(reason).toMatch(/^separated/);
      } else if (estimate !== null) {
        estimated++;
        expect(Math.abs(estimate - gold.est[k]!)).toBeLessThan(1e-7 * Math.max(1, Math.abs(estimate)));
        expect(Math.abs(se! / gold.se[k]! - 1)).toBeLessThan(1e-6);
        expect(reason).toBe(null);
      }
    }
    expect(estimated).toBe(gold.se.filter((se) => se <= 100).length);
  });

  it('tells separated groups from those whose rows cannot tell two columns apart', () => {
    const gold = golden<{ fits: Record<string, Record<string, { est: number[]; se: number[] }>> }>('glm').fits;
    const design = buildDesign(formula('use ~ urban + (1 + urban | district)', binomial), data('contraception'));
    const rows = noPoolingGlm(design, 0, { beta: new Float64Array(2), u: [new Float64Array(120)] });
    const at = (level: string, term: string) => rows.find((row) => row.level === level && row.term === term)!;
    for (const [level, { est, se }] of Object.entries(gold['contraception_nopool']!)) {
      est.forEach((value, k) => {
        const row = at(level, k === 0 ? 'Intercept' : 'urbanY');
        // All rows of these districts are urban: R's y ~ 1 has an estimate, the two columns cannot be told apart.
        if (['3', '53', '55'].includes(level)) {
          expect(row.reason).toBe(`the rows of ${level} cannot tell Intercept from urbanY`);
        } else if (Math.abs(value) > 12) {
          expect(row.estimate).toBe(null);
          expect(row.reason).toMatch(/^separated: /);
        } else {
          expect(Math.abs(row.estimate! - value)).toBeLessThan(1e-9);
          expect(Math.abs(row.se! / se[k]! - 1)).toBeLessThan(1e-6);
        }
      });
      if (est.length === 1) expect(at(level, 'urbanY').estimate).toBe(null);
    }
    expect(at('2', 'urbanY').reason).toBe('urbanY is 0 in all rows of 2');
    expect(at('11', 'Intercept').reason).toBe('separated: none of its 21 outcomes is a success');
    expect(at('8', 'urbanY').reason).toMatch(/^separated: urbanY tells successes from failures in \d+ of 37 rows$/);
    expect(at('8', 'Intercept').estimate).not.toBe(null);
  });

  it('names every column that separates the rows of a group', () => {
    const x = [-1, -1, 1, 1, -1, -1, 1, 1];
    const z = [-1, 1, -1, 1, -1, 1, -1, 1];
    // In group a successes are where x + z > 0, in group b where x > 0.
    const rows = { y: [0, 0, 0, 1, 0, 0, 1, 1], x, z, g: [...'aaaabbbb'] };
    const design = buildDesign(formula('y ~ x + z + (0 + x + z | g)', binomial), { rows });
    const point = { beta: [0, 0, 0], u: [new Float64Array(4)] };
    const reasons = (level: string) =>
      noPoolingGlm(design, 0, point)
        .filter((row) => row.level === level)
        .map(({ reason }) => reason);
    expect(reasons('b')[0]).toMatch(/^separated: x tells successes from failures in (all|4 of 4) rows$/);
    const [first] = reasons('a');
    expect(first).toMatch(/^separated: x and z tell successes from failures in \w+( of 4)? rows$/);
  });

  it('takes each row with its own offset', () => {
    const o = [0.5, -1, 2, 0, 1, -2, 0.25, -0.5];
    const rows = { y: [1, 0, 1, 0, 0, 1, 1, 0], o, g: ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'b'] };
    const design = buildDesign(formula('y ~ offset(o) + (1 | g)', binomial), { rows });
    for (const { level, estimate } of noPoolingGlm(design, 0, { beta: [0], u: [new Float64Array(2)] })) {
      // The score of the group at its own estimate: zero.
      let score = 0;
      rows.y.forEach((y, i) => {
        if (rows.g[i] === level) score += y - 1 / (1 + Math.exp(-estimate! - o[i]!));
      });
      expect(Math.abs(score)).toBeLessThan(1e-8);
    }
  });

  it('takes what does not vary by the factor as known', () => {
    const design = buildDesign(formula('y ~ income * avgincome + (1 | state)', binomial), data('voters_sim'));
    const beta = Float64Array.of(9, 0.2, 9, -0.1);
    const rows = noPoolingGlm(design, 0, { beta, u: [new Float64Array(50)] });
    // The score of state j at its own estimate, income and its product at beta: zero.
    const { n, X, response, groupTerms } = design;
    const score = new Float64Array(50);
    for (let i = 0; i < n; i++) {
      const j = groupTerms[0]!.index[i]!;
      const own = rows[j]!.estimate ?? 0;
      const eta = own + X[i * 4 + 1]! * beta[1]! + X[i * 4 + 3]! * beta[3]!;
      score[j]! += response.y[i]! - 1 / (1 + Math.exp(-eta));
    }
    rows.forEach(({ estimate }, j) => {
      if (estimate !== null) expect(Math.abs(score[j]!)).toBeLessThan(1e-8);
    });
  });
});
