import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { type MarginsOptions, margins } from '../../../src/summary/effects/margins.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../../likelihood/goldenData.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';
import { etaOf, MODELS, madeFit } from './oracleData.ts';

interface GoldenMeans {
  readonly levels: readonly string[];
  readonly estimate: readonly number[];
  readonly se: readonly number[];
  readonly contrast: readonly string[] | string;
  readonly difference: readonly number[] | number;
  readonly differenceSe: readonly number[] | number;
}
interface Pairs {
  readonly contrast: readonly string[];
  readonly estimate: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly p: readonly number[];
}
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/summary/margins.json', import.meta.url), 'utf8'),
) as Readonly<Record<'sectorSex' | 'sector' | 'livchLinear' | 'livchMean', GoldenMeans>> &
  Readonly<Record<'tukey' | 'holm' | 'bonferroni' | 'none', Pairs>> & {
    readonly chickwts: readonly Readonly<Record<string, string | number>>[];
  };

describe('margins of likelihood fits', () => {
  const school = maximumLikelihood(formula('mathach ~ ses * sector + sex + (1 | school)'), data('hsb40'), {
    method: 'REML',
  });
  const use = maximumLikelihood(
    formula('use ~ age + urban * livch + (1 | district)', { family: 'binomial' }),
    data('contraception'),
  );
  const cases: [
    keyof typeof golden & ('sectorSex' | 'sector' | 'livchLinear' | 'livchMean'),
    MaximumLikelihoodFit,
    string[],
    MarginsOptions,
  ][] = [
    ['sectorSex', school, ['sector', 'sex'], {}],
    ['sector', school, ['sector'], {}],
    ['livchLinear', use, ['livch'], { kind: 'linear' }],
    ['livchMean', use, ['livch'], {}],
  ];
  it.each(cases)('are those of lme4 and a grid: %s', (name, fit, factors, options) => {
    const own = golden[name];
    const { means, differences } = margins(fit, factors, options);
    const at = (values: readonly number[] | number, k: number): number =>
      typeof values === 'number' ? values : values[k]!;
    expect(means.length).toBe(own.levels.length);
    for (const { levels, estimate, se } of means) {
      const k = own.levels.indexOf(factors.map((factor) => levels[factor]).join(' '));
      // lme4's optimum of the logit model is right to about 1e-3 of a standard error, its covariance to 1e-3 of itself.
      expect(Math.abs(estimate! - own.estimate[k]!)).toBeLessThan(1e-3 * se!);
      expect(Math.abs(se! / own.se[k]! - 1)).toBeLessThan(5e-3);
    }
    const contrasts = typeof own.contrast === 'string' ? [own.contrast] : own.contrast;
    for (const { contrast, estimate, se } of differences) {
      const turned = contrast.split(' - ').reverse().join(' - ');
      const k = contrasts.findIndex((text) => text === contrast || text === turned);
      const sign = contrasts[k] === contrast ? 1 : -1;
      expect(Math.abs(sign * estimate! - at(own.difference, k))).toBeLessThan(1e-3 * se!);
      expect(Math.abs(se! / at(own.differenceSe, k) - 1)).toBeLessThan(5e-3);
    }
  });

  it('of a regression without groups are adjusted as TukeyHSD and pairwise.t.test do', () => {
    const feed = maximumLikelihood(formula('weight ~ feed'), { rows: golden.chickwts }, { method: 'REML' });
    for (const adjust of ['tukey', 'holm', 'bonferroni', 'none'] as const) {
      const { differences } = margins(feed, 'feed', adjust === 'tukey' ? {} : { adjust });
      const own = golden[adjust];
      expect(differences.length).toBe(own.contrast.length);
      for (const row of differences) {
        const k = own.contrast.indexOf(row.contrast.replace(' - ', '-'));
        expect(k).toBeGreaterThanOrEqual(0);
        expect(row.df).toBeCloseTo(65, 3);
        // R's studentized range has an error of about 1e-7.
        expect(Math.abs(row.pValue! - own.p[k]!)).toBeLessThan(2e-6);
        if (adjust !== 'tukey') continue;
        expect(row.estimate).toBeCloseTo(own.estimate[k]!, 8);
        expect(Math.abs(row.lower! - own.lower[k]!)).toBeLessThan(0.01);
        expect(Math.abs(row.upper! - own.upper[k]!)).toBeLessThan(0.01);
      }
    }
  });

  it('within the levels of another factor are adjusted within each', () => {
    const { differences, means } = margins(use, 'livch', { by: 'urban', kind: 'linear' });
    expect(means.length).toBe(8);
    expect(differences.length).toBe(12);
    const alone = margins(use, 'livch', { at: { urban: 'Y' }, kind: 'linear' });
    expect(differences.filter(({ by }) => by['urban'] === 'Y').map(({ pValue }) => pValue)).toEqual(
      alone.differences.map(({ pValue }) => expect.closeTo(pValue!, 12)),
    );
  });
});

describe('margins of draws', () => {
  const model = MODELS[2]!;
  const { fit, rows } = madeFit(model);
  const S = fit.draws.chains * fit.draws.iterations;
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  const mean = (of: (row: (typeof rows)[number]) => number) =>
    rows.reduce((sum, row) => sum + (row.n / total) * of(row), 0);
  const row = { ...rows[0]!, x: mean(({ x }) => x), w: mean(({ w }) => w), level2: mean(({ level2 }) => level2) };

  it('are those of every draw, and nothing is adjusted', () => {
    const found = margins(fit, 'f');
    const values = ['A', 'B', 'C'].map((f) =>
      Array.from({ length: S }, (_, s) => model.inverse(etaOf(fit, s).line({ ...row, f }))),
    );
    const average = (all: readonly number[]) => all.reduce((sum, value) => sum + value, 0) / S;
    expect(found.adjust).toBeNull();
    found.means.forEach(({ estimate }, k) => {
      expect(estimate).toBeCloseTo(average(values[k]!), 12);
    });
    const [, last] = found.differences;
    expect(last!.contrast).toBe('C - A');
    expect(last!.estimate).toBeCloseTo(average(values[2]!.map((value, s) => value - values[0]![s]!)), 12);
    expect(last!.probability).toBe(values[2]!.filter((value, s) => value > values[0]![s]!).length / S);
  });

  it('over the groups of the data take each by its share of the rows', () => {
    const found = margins(fit, 'f', { groups: 'average' });
    const expected = mean(({ g }) => {
      let sum = 0;
      for (let s = 0; s < S; s++) {
        const at = etaOf(fit, s);
        sum += model.inverse(at.line({ ...row, f: 'A' }) + at.deviation(g, row.x)) / S;
      }
      return sum;
    });
    expect(found.means[0]!.estimate).toBeCloseTo(expected, 12);
  });

  it('go through no groups where none is averaged over, however many there are', () => {
    const wide = Array.from({ length: 700 }, (_, i) => ({
      a: `a${i % 22}`,
      b: `b${i % 21}`,
      c: `c${i % 23}`,
      g: `g${i}`,
      y: Math.sin(i * i),
    }));
    const many = syntheticFit(formula('y ~ a + b + c + (1 | g)'), { rows: wide }, { iterations: 4 });
    const alone = syntheticFit(formula('y ~ a + b + c'), { rows: wide }, { iterations: 4 });
    const { means } = margins(many, 'a', { kind: 'linear' });
    const { means: others } = margins(alone, 'a', { kind: 'linear' });
    expect([means.length, others.length]).toEqual([22, 22]);
    // Every other factor counts alike, so that the mean is that of its coefficients, the reference's being 0.
    const S = 8;
    const draws = Array.from({ length: S }, (_, s) => {
      const [b, c] = [22, 42].map((from, k) => {
        let sum = 0;
        for (let i = from; i < from + 20 + 2 * k; i++) sum += drawOf(many, 'beta', i, s) / (21 + 2 * k);
        return sum;
      });
      return drawOf(many, 'beta', 0, s) + drawOf(many, 'beta', 1, s) + b! + c!;
    });
    expect(means[1]!.estimate).toBeCloseTo(
      draws.reduce((sum, value) => sum + value / S, 0),
      10,
    );
    expect(faultOf(() => margins(many, 'a', { groups: 'average' })).message).toBe(
      'margins: the reference grid would have 10626 combinations of levels, times 700 combinations of groups, and at most 5000000 are gone through; hold some factors by at',
    );
  });

  it('have faults of one sentence', () => {
    const sentence = (call: () => unknown) => {
      const { code, message } = faultOf(call);
      return `${code}: ${message}`;
    };
    expect(sentence(() => margins(fit, 'q'))).toMatchInlineSnapshot(
      `"unknown-predictor: margins: the model has no predictor "q"; of predictors it has x, f, w, level2"`,
    );
    expect(sentence(() => margins(fit, []))).toMatchInlineSnapshot(
      `"unknown-predictor: margins: expected a factor, as "sector", or a list of them, not an empty list"`,
    );
    expect(sentence(() => margins(fit, 'w'))).toMatchInlineSnapshot(
      `"option: margins: w is a column of 70 different numbers, and margins are of factors; effects has its slopes and predictions"`,
    );
    expect(sentence(() => margins(fit, 'f', { by: 'f' }))).toMatchInlineSnapshot(
      `"option: factors: got "f"; accepted is each factor once, among the factors or in by"`,
    );
    expect(sentence(() => margins(fit, 'f', { at: { f: 'A' } }))).toMatchInlineSnapshot(
      `"option: at: got "f"; accepted is one value for each column, of columns whose margins are not asked for"`,
    );
    expect(sentence(() => margins(fit, 'f', { at: { x: [1, 2] as never } }))).toMatchInlineSnapshot(
      `"option: at: got an object; accepted is one value for each column, of columns whose margins are not asked for"`,
    );
    expect(sentence(() => margins(fit, 'f', { adjust: 'holm' }))).toMatchInlineSnapshot(
      `"not-supported: adjust: draws are not adjusted for multiplicity, and "holm" is of a maximum likelihood fit; leave it out"`,
    );
  });
});

describe('an empty cell', () => {
  it('leaves a mean that is not estimable, with the reason, and the others', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({
      a: 'pq'[i % 2]!,
      b: i % 2 === 1 ? 'uv'[Math.floor(i / 2) % 2]! : 'u',
      g: `g${i % 5}`,
      y: Math.sin(i * i),
    }));
    const ml = maximumLikelihood(formula('y ~ a * b + (1 | g)'), { rows }, { rankDeficient: 'drop' });
    const { means } = margins(ml, ['a', 'b']);
    const empty = means.find(({ levels }) => levels['a'] === 'p' && levels['b'] === 'v')!;
    expect(empty.estimate).toBeNull();
    expect(empty.reason).toMatchInlineSnapshot(
      `"not estimable: in the fit aq:bv depends on bv, and here not (no row has a "p" with b "v")"`,
    );
    expect(means.filter(({ reason }) => reason === null).length).toBe(3);
  });
});
