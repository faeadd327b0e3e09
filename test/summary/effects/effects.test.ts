import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { quantile } from '../../../diagnostics/quantile.ts';
import { exp } from '../../../src/elementary.ts';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import type { EffectsOptions } from '../../../src/summary/effects/effectOptions.ts';
import { effects } from '../../../src/summary/effects/effects.ts';
import { margins } from '../../../src/summary/effects/margins.ts';
import { marginalCovariance } from '../../../src/summary/variance/marginalCovariance.ts';
import { rSquared } from '../../../src/summary/variance/rSquared.ts';
import { varianceFunction } from '../../../src/summary/variance/varianceFunction.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../../likelihood/goldenData.ts';
import { syntheticFit } from '../syntheticFit.ts';
import { etaOf, MODELS, madeFit, type Row } from './oracleData.ts';

type Model = (typeof MODELS)[number];
type Groups = NonNullable<EffectsOptions['groups']>;

/** Nodes of the trapezoidal rule for a standard normal, whose error is below 1e-12 for what is smooth. */
const NODES = Array.from({ length: 161 }, (_, k) => -8 + k / 10);
const TOTAL = NODES.reduce((sum, z) => sum + Math.exp(-0.5 * z * z), 0);

/** The mean of a row in draw s, in the groups asked for. */
function meanOf({ inverse }: Model, at: ReturnType<typeof etaOf>, row: Row, groups: Groups): number {
  const line = at.line(row);
  if (groups === 'population') return inverse(line);
  if (groups === 'average') return inverse(line + at.deviation(row.g, row.x));
  const sd = Math.sqrt(at.variance(row.x));
  // exp(sd z) is largest about z = sd, round which the nodes stand there.
  const shift = inverse === exp ? sd : 0;
  return NODES.reduce((sum, z) => {
    const at = z + shift;
    return sum + (Math.exp(-0.5 * at * at) / TOTAL) * inverse(line + sd * at);
  }, 0);
}

/** The weighted mean over rows of what each has. */
function over(model: Model, rows: readonly Row[], value: (row: Row) => number): number {
  const total = rows.reduce((sum, row) => sum + model.count(row), 0);
  return rows.reduce((sum, row) => sum + (model.count(row) / total) * model.exposure(row) * value(row), 0);
}

const derivative = (f: (h: number) => number, h = 2e-3): number =>
  (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);

interface Case {
  readonly title: string;
  readonly variable: 'x' | 'f' | 'w' | 'level2';
  readonly options: EffectsOptions;
  /** The rows of answer a, and what is taken of one. */
  readonly rows: (all: readonly Row[], a: number) => readonly Row[];
  readonly value: (mean: (row: Row) => number, row: Row, a: number) => number;
}

const all = (rows: readonly Row[]) => rows;
const CASES: readonly Case[] = [
  {
    title: 'slopes of a predictor that varies',
    variable: 'x',
    options: {},
    rows: all,
    value: (mean, row) => derivative((h) => mean({ ...row, x: row.x + h })),
  },
  {
    title: 'slopes through a logarithm',
    variable: 'w',
    options: {},
    rows: all,
    value: (mean, row) => derivative((h) => mean({ ...row, w: row.w + h }), 1e-3 * row.w),
  },
  {
    title: 'slopes of a level-2 predictor',
    variable: 'level2',
    options: {},
    rows: all,
    value: (mean, row) => derivative((h) => mean({ ...row, level2: row.level2 + h })),
  },
  {
    title: 'comparisons of a factor with its reference level',
    variable: 'f',
    options: {},
    rows: all,
    value: (mean, row, a) => mean({ ...row, f: 'BC'[a]! }) - mean({ ...row, f: 'A' }),
  },
  {
    title: 'comparisons between two values, by a factor and at a value',
    variable: 'x',
    options: { change: [-1, 0.5], by: 'f', at: { w: 2 } },
    rows: (rows, a) => rows.filter(({ f }) => f === 'ABC'[a]),
    value: (mean, row) => mean({ ...row, w: 2, x: 0.5 }) - mean({ ...row, w: 2, x: -1 }),
  },
  {
    title: 'comparisons by a change, by group',
    variable: 'x',
    options: { of: 'comparisons', change: 2, by: 'g' },
    rows: (rows, a) => rows.filter(({ g }) => g === [...new Set(rows.map((row) => row.g))].sort()[a]),
    value: (mean, row) => mean({ ...row, x: row.x + 2 }) - mean(row),
  },
  {
    title: 'predictions at values',
    variable: 'x',
    options: { of: 'predictions', at: { x: [-1, 2] } },
    rows: all,
    value: (mean, row, a) => mean({ ...row, x: [-1, 2][a]! }),
  },
];

describe.each(MODELS)('effects of draws, $family', (model) => {
  const { fit, rows } = madeFit(model);
  const S = fit.draws.chains * fit.draws.iterations;

  it.each(CASES)('are those of a slow sum in every draw: $title', ({ variable, options, rows: taken, value }) => {
    for (const groups of ['population', 'average', 'new'] as const) {
      const found = effects(fit, variable, { ...options, groups, draws: true });
      found.rows.forEach((row, a) => {
        const own = Float64Array.from({ length: S }, (_, s) => {
          const at = etaOf(fit, s);
          return over(model, taken(rows, a), (each) => value((other) => meanOf(model, at, other, groups), each, a));
        });
        const size = Math.max(...own.map(Math.abs), 1e-3);
        // Differences of the oracle and of the columns, 1e-9; the logistic mixture, 1e-7 of a slope of order 1.
        const near = (groups === 'new' && model.family === 'binomial' ? 1e-6 : 2e-8) * Math.max(1, size);
        own.forEach((expected, s) => {
          expect(Math.abs(found.draws![a * S + s]! - expected)).toBeLessThan(near);
        });
        const [lower, upper] = quantile([own], [0.05, 0.95]);
        expect(Math.abs(row.lower! - lower!)).toBeLessThan(near);
        expect(Math.abs(row.upper! - upper!)).toBeLessThan(near);
        expect(Math.abs(row.estimate! - own.reduce((sum, v) => sum + v, 0) / S)).toBeLessThan(near);
      });
    }
  });
});

describe('a reference row', () => {
  const model = MODELS[2]!;
  const { fit, rows } = madeFit(model);
  const S = fit.draws.chains * fit.draws.iterations;
  const total = rows.reduce((sum, { n }) => sum + n, 0);
  const mean = (of: (row: Row) => number) => rows.reduce((sum, row) => sum + (row.n / total) * of(row), 0);
  const share = new Map<string, number>();
  for (const { g, n } of rows) share.set(g, (share.get(g) ?? 0) + n / total);

  it('stands at means and the most frequent level, in every group by its share of the rows', () => {
    const found = effects(fit, 'x', { over: 'grid', of: 'predictions', at: { x: 1.5 }, draws: true });
    const row = { ...rows[0]!, x: 1.5, w: mean(({ w }) => w), level2: mean(({ level2 }) => level2), f: 'A' };
    for (let s = 0; s < S; s++) {
      const at = etaOf(fit, s);
      let expected = 0;
      for (const [g, weight] of share) expected += weight * meanOf(model, at, { ...row, g }, 'average');
      expect(found.draws![s]).toBeCloseTo(expected, 12);
    }
    expect(found.rows[0]).toMatchObject({ at: { x: 1.5 }, contrast: null, n: 70, reason: null });
  });

  it('of each group has that group alone and its level-2 predictor', () => {
    const found = effects(fit, 'x', { over: 'grid', of: 'predictions', at: { x: 0, f: 'B' }, by: 'g', draws: true });
    found.rows.forEach((answer, a) => {
      const own = rows.filter(({ g }) => g === answer.at['g']);
      const size = own.reduce((sum, { n }) => sum + n, 0);
      const w = own.reduce((sum, row) => sum + (row.n / size) * row.w, 0);
      for (let s = 0; s < S; s++) {
        const expected = meanOf(model, etaOf(fit, s), { ...own[0]!, f: 'B', x: 0, w }, 'average');
        expect(found.draws![a * S + s]).toBeCloseTo(expected, 12);
      }
    });
    expect(found.rows.map(({ at }) => at['g'])).toEqual([...new Set(rows.map(({ g }) => g))].sort());
  });
});

describe('an identity link', () => {
  const graph = formula('Reaction ~ Days + (1 + Days | Subject)');
  const ml = maximumLikelihood(graph, data('sleepstudy'), { method: 'REML' });

  it('has the coefficient as its slope, with its standard error and degrees of freedom', () => {
    const [row] = effects(ml, 'Days', { groups: 'population' }).rows;
    expect(row!.estimate).toBeCloseTo(ml.fixef.estimates[1]!, 11);
    expect(row!.se).toBeCloseTo(ml.fixef.standardErrors[1]!, 11);
    // 18 subjects: Satterthwaite's 17.
    expect(row!.df).toBeCloseTo(17, 2);
    expect(effects(ml, 'Days', { groups: 'new' }).rows).toEqual([row]);
    const of = (change: number) => effects(ml, 'Days', { change, groups: 'population' }).rows[0]!.estimate!;
    expect(of(3)).toBeCloseTo(3 * ml.fixef.estimates[1]!, 10);
  });

  it('has the coefficients of groups as slopes by group, with the prediction error of each', () => {
    const rows = effects(ml, 'Days', { by: 'Subject' }).rows;
    const { modes, levels } = ml.groups[0]!;
    rows.forEach(({ estimate, at }, j) => {
      expect(String(at['Subject'])).toBe(levels[j]);
      expect(estimate).toBeCloseTo(ml.fixef.estimates[1]! + modes[2 * j + 1]!, 9);
    });
  });

  it('has draws of the coefficient as draws of the slope', () => {
    const fit = syntheticFit(graph, data('sleepstudy'));
    const found = effects(fit, 'Days', { groups: 'population', draws: true });
    const S = fit.draws.chains * fit.draws.iterations;
    const { offset } = fit.draws.variables.find(({ name }) => name === 'beta')!;
    found.draws!.forEach((value, s) => {
      expect(value).toBeCloseTo(fit.draws.values[(offset + 1) * S + s]!, 12);
    });
  });
});

interface Golden {
  readonly [name: string]: Readonly<Record<Groups, { readonly estimate: number; readonly se: number | null }>>;
}
const golden = JSON.parse(
  readFileSync(new URL('../../fixtures/summary/effects.json', import.meta.url), 'utf8'),
) as Golden;
const LME4: readonly (readonly [string, string, string, string, EffectsOptions])[] = [
  ['votersIncome', 'voters_sim', 'y ~ income * avgincome + (1 + income | state)', 'income', {}],
  ['contraceptionUrban', 'contraception', 'use ~ age + urban + (1 + urban | district)', 'urban', {}],
  ['contraceptionAge', 'contraception', 'use ~ age + urban + (1 + urban | district)', 'age', {}],
  ['probitUrban', 'contraception', 'use ~ age + urban + (1 | district)', 'urban', {}],
  ['chileAge', 'chile_yn', 'y ~ sex + agez + I(agez^2) + linc + (1 | region)', 'agez', {}],
  ['chileSex', 'chile_yn', 'y ~ sex + agez + I(agez^2) + linc + (1 | region)', 'sex', {}],
  ['countsSize', 'cbpp', 'incidence ~ size + (1 | herd)', 'size', {}],
];
const familyOfCase = (name: string) =>
  name.startsWith('probit')
    ? ('probit' as const)
    : name.startsWith('counts')
      ? ('poisson' as const)
      : ('binomial' as const);

describe('effects of Laplace fits are those of lme4', () => {
  const fits = new Map<string, ReturnType<typeof maximumLikelihood>>();
  it.each(LME4)('%s', (name, file, text, variable, options) => {
    const key = `${text} ${familyOfCase(name)}`;
    const ml = fits.get(key) ?? maximumLikelihood(formula(text, { family: familyOfCase(name) }), data(file));
    fits.set(key, ml);
    for (const groups of ['population', 'average', 'new'] as const) {
      const { estimate, se } = golden[name]![groups];
      const [row] = effects(ml, variable, { ...options, groups }).rows;
      const counts = name.startsWith('counts');
      // lme4 stops its search where its deviance is right to about 1e-6, which is 1e-3 of a standard error; of the counts its
      // coefficients are 4e-3 of one from ours.
      expect(Math.abs(row!.estimate! - estimate)).toBeLessThan((counts ? 4e-3 : 1e-3) * row!.se!);
      // Its covariance comes from a Hessian by differences; of the counts the se of size is 1.8% from ours.
      if (se !== null) expect(Math.abs(row!.se! / se - 1)).toBeLessThan(counts ? 2.5e-2 : 5e-3);
    }
  });

  it('of income on the vote, the figure of the voters: .0426 (.0356 to .0496)', () => {
    const ml = fits.get('y ~ income * avgincome + (1 + income | state) binomial')!;
    const [row] = effects(ml, 'income', { level: 0.95 }).rows;
    expect(row!.estimate).toBeCloseTo(0.0426, 4);
    // The published interval is of draws: its ends have a Monte Carlo error of about .0002.
    expect(Math.abs(row!.lower! - 0.0356)).toBeLessThan(3e-4);
    expect(Math.abs(row!.upper! - 0.0496)).toBeLessThan(3e-4);
  });
});

describe('invariants', () => {
  it('counts are answered as the 0/1 rows that they are made of', () => {
    const { rows } = madeFit(MODELS[2]!);
    const apart = rows.flatMap((row) => Array.from({ length: row.n }, (_, k) => ({ ...row, y: k < row.y ? 1 : 0 })));
    const one = maximumLikelihood(formula('y | trials(n) ~ x + (1 | g)', { family: 'binomial' }), { rows });
    const other = maximumLikelihood(formula('y ~ x + (1 | g)', { family: 'binomial' }), { rows: apart });
    for (const groups of ['average', 'population', 'new'] as const) {
      const [a, b] = [one, other].map((fit) => effects(fit, 'x', { groups }).rows[0]!);
      expect(a!.estimate).toBeCloseTo(b!.estimate!, 6);
      expect(a!.se).toBeCloseTo(b!.se!, 6);
      expect([a!.n, b!.n]).toEqual([rows.length, apart.length]);
    }
  });

  it('effects of draws thinned for many points are near those of all, and a note says so', () => {
    const rows = Array.from({ length: 3000 }, (_, i) => ({ x: i / 1500 - 1, g: `g${i % 300}`, y: i % 2 }));
    const fit = syntheticFit(formula('y ~ x + (1 | g)', { family: 'binomial' }), { rows }, { iterations: 3000 });
    const found = effects(fit, 'x', { draws: true });
    expect(found.notes).toEqual(['5000 of the 6000 draws were used, at equal distances, for 3000 different points']);
    expect(found.draws!.length).toBe(5000);
  });
});

describe('faults', () => {
  const { fit } = madeFit(MODELS[2]!);
  const sentence = (call: () => unknown) => {
    const { code, message } = faultOf(call);
    return `${code}: ${message}`;
  };
  it('are one sentence', () => {
    expect(sentence(() => effects(fit, 'X'))).toMatchInlineSnapshot(
      `"unknown-predictor: effects: the model has no predictor "X"; of predictors it has x, f, w, level2"`,
    );
    expect(sentence(() => effects(fit, 'g'))).toMatchInlineSnapshot(
      `"unknown-predictor: effects: "g" only names groups, which coef, groupRanks and compareGroups are about; of predictors it has x, f, w, level2"`,
    );
    expect(sentence(() => effects(fit, 'x', { by: 'h' }))).toMatchInlineSnapshot(
      `"unknown-column: column "h" is not in the rows of the fit (x, w, f, g, level2, n, y); nearest names: "x", "w", "f""`,
    );
    expect(sentence(() => effects(fit, 'f', { of: 'slopes' }))).toMatchInlineSnapshot(
      `"option: of: got "slopes"; accepted is 'comparisons' or 'predictions' of the factor f, which has no slope"`,
    );
    expect(sentence(() => effects(fit, 'f', { change: ['A', 'D'] }))).toMatchInlineSnapshot(
      `"unknown-level: change: f got "D"; its levels are "A", "B", "C""`,
    );
    expect(sentence(() => effects(fit, 'x', { change: 0 }))).toMatchInlineSnapshot(
      `"option: change: got 0; accepted is a finite number other than 0 to add to x, or [from, to]"`,
    );
    expect(sentence(() => effects(fit, 'x', { at: { f: 'D' } }))).toMatchInlineSnapshot(
      `"unknown-level: at: f got "D"; its levels are "A", "B", "C""`,
    );
    expect(sentence(() => effects(fit, 'x', { at: { q: 1 } }))).toMatchInlineSnapshot(
      `"unknown-predictor: at: the model has no predictor "q"; of predictors it has x, f, w, level2"`,
    );
    expect(sentence(() => effects(fit, 'x', { kind: 'rate' }))).toMatchInlineSnapshot(
      `"no-rate: kind: 'rate' is of counts, and the response is binomialLogit"`,
    );
    expect(sentence(() => effects(fit, 'x', { groups: 'all' as never }))).toMatchInlineSnapshot(
      `"option: groups: got "all"; accepted is 'population', 'average' or 'new'"`,
    );
    expect(sentence(() => effects(fit, 'f', { at: { f: 'B' } }))).toMatchInlineSnapshot(
      `"option: at: f is what is compared; say its values by change, [from, to]"`,
    );
  });

  it('of an ordered response are told by every question', () => {
    const rows = Array.from({ length: 40 }, (_, i) => ({ x: i / 20 - 1, g: `g${i % 4}`, y: 'abc'[(i * 7) % 3]! }));
    const ordered = syntheticFit(formula('y ~ x + (1 | g)', { family: 'ordinal' }), { rows }, { iterations: 2 });
    const code = (call: () => unknown) => faultOf(call).code;
    expect(sentence(() => effects(ordered, 'x'))).toMatchInlineSnapshot(
      `"not-supported: effects: the response is ordinal, whose levels have no mean; predict gives the probability of each level"`,
    );
    expect(
      [
        () => margins(ordered, 'x'),
        () => rSquared(ordered),
        () => varianceFunction(ordered, 'x'),
        () => marginalCovariance(ordered, 'g', 'g0'),
      ].map(code),
    ).toEqual(['not-supported', 'not-supported', 'not-supported', 'not-supported']);
  });

  it('of a fit that keeps summaries only: the groups of the data need draws, the others do not', () => {
    const rows = Array.from({ length: 60 }, (_, i) => ({ x: i / 30 - 1, g: `g${i % 6}`, y: (i * 7) % 2 }));
    const kept = sampleSync(
      formula('y ~ x + (1 | g)', { family: 'binomial' }),
      { rows },
      {
        warmup: 50,
        iterations: 50,
        chains: 1,
        seed: 1,
        keep: { u_g: 'summary' },
      },
    );
    expect(sentence(() => effects(kept, 'x'))).toMatchInlineSnapshot(
      `"draws-not-kept: this needs the draws of u_g, of which this fit keeps a summary; sample again with its draws kept, or thinned if they are too many"`,
    );
    expect(effects(kept, 'x', { groups: 'new' }).rows[0]!.reason).toBeNull();
    expect(effects(kept, 'x', { groups: 'population' }).rows[0]!.reason).toBeNull();
  });
});
