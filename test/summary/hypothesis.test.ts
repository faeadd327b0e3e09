import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../src/data/frame.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { inverse } from '../../src/linalg/smallMatrix.ts';
import { hypothesisText } from '../../src/report/hypothesisText.ts';
import { contrast } from '../../src/summary/comparison/contrast.ts';
import { type HypothesisRow, hypothesis } from '../../src/summary/comparison/hypothesis.ts';
import { coef } from '../../src/summary/estimates.ts';
import { run } from '../cli/testIo.ts';
import { faultOf } from '../faultOf.ts';
import { data } from '../likelihood/goldenData.ts';
import { drawOf, syntheticFit } from './syntheticFit.ts';

const truth = JSON.parse(
  readFileSync(new URL('../fixtures/summary/questions.json', import.meta.url), 'utf8'),
) as Record<string, readonly number[]>;

const graph = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');
const { rows: radon } = data('radon_arm') as { rows: Frame };
const counties = (radon.columns.get('county')!.values as readonly string[]).map((name) =>
  name === 'AITKIN' ? 'ST. [LOUIS], N' : name,
);
const fit = syntheticFit(graph, {
  rows: { n: radon.n, columns: new Map(radon.columns).set('county', { kind: 'text', values: counties }) },
});
const S = fit.draws.chains * fit.draws.iterations;
const at = (variable: string, position = 0) => Array.from({ length: S }, (_, s) => drawOf(fit, variable, position, s));
const mean = (values: readonly number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
const labels = fit.design.columns.map(({ label }) => label);
const beta = (label: string) => at('beta', labels.indexOf(label));

const sentence = (action: () => unknown): string => {
  const { code, message } = faultOf(action);
  return `${code}: ${message}`;
};

describe('hypothesis of draws', () => {
  it('is the expression draw by draw', () => {
    const tau = at('tau_county', 0);
    const sigma = at('sigma');
    const ratio = tau.map((value, s) => value / sigma[s]!);
    const row = hypothesis(fit, 'tau_county[Intercept] / sigma', { draws: true });
    expect(Array.from(row.draws!)).toEqual(ratio);
    expect(row.estimate).toBeCloseTo(mean(ratio), 12);
    expect(row.se).toBeCloseTo(Math.sqrt(mean(ratio.map((v) => (v - mean(ratio)) ** 2)) * (S / (S - 1))), 12);
    expect([row.probability, row.pValue, row.df, row.level]).toEqual([null, null, null, 0.9]);
    const squared = hypothesis(fit, 'tau_county[floor]^2', { draws: true }).draws!;
    expect(squared[7]).toBeCloseTo(at('tau_county', 1)[7]! ** 2, 12);
    expect(hypothesis(fit, 'exp(floor)').estimate).toBeCloseTo(mean(beta('floor').map(Math.exp)), 10);
  });

  it('has the share of draws in which a comparison holds', () => {
    const floor = beta('floor');
    expect(hypothesis(fit, 'floor < 0').probability).toBe(floor.filter((v) => v < 0).length / S);
    expect(hypothesis(fit, 'floor >= 0').probability).toBe(floor.filter((v) => v >= 0).length / S);
    expect(hypothesis(fit, 'floor > floor').probability).toBe(0);
    expect(hypothesis(fit, 'floor <= beta[floor]').probability).toBe(1);
    expect(hypothesis(fit, 'floor < 0').estimate).toBeCloseTo(mean(floor), 12);
    expect(hypothesis(fit, '0.25 < floor').estimate).toBeCloseTo(0.25 - mean(floor), 12);
  });

  it('knows the coefficients of groups, whose names have spaces and commas', () => {
    const county = fit.design.groupTerms[0]!;
    const j = county.levels.indexOf('ST. [LOUIS], N');
    const { W, m, columns } = county.level2;
    const b = Array.from({ length: S }, (_, s) => {
      let sum = drawOf(fit, 'u_county', j * 2 + 1, s);
      for (let l = 0; l < m; l++) sum += W[j * m + l]! * drawOf(fit, 'beta', columns[m + l]!, s);
      return sum;
    });
    const found = hypothesis(fit, 'b_county[ST. [LOUIS], N,floor] - u_county[ST. [LOUIS], N,floor]', {
      draws: true,
    }).draws!;
    found.forEach((value, s) => {
      expect(value).toBeCloseTo(b[s]! - drawOf(fit, 'u_county', j * 2 + 1, s), 10);
    });
    expect(hypothesis(fit, `\`b_county[${county.levels[j]},floor]\``).estimate).toBeCloseTo(mean(b), 10);
  });

  it('takes the parts of an interaction in any order', () => {
    const one = hypothesis(fit, 'floor:log_uranium').estimate;
    expect(hypothesis(fit, 'log_uranium:floor').estimate).toBe(one);
    expect(one).toBe(hypothesis(fit, 'beta[floor:log_uranium]').estimate);
  });

  it.each([
    ['flor < 0', /unknown-variable: the fit has no quantity "flor"; the nearest are "floor"/],
    ['b_county[ANOKE, floor]', /no quantity "b_county\[ANOKE, floor\]"; the nearest are "b_county\[ANOKA,floor\]"/],
    ['tau_county[floor', /formula-syntax: hypothesis: the bracket that begins here has no closing \]/],
    ['floor = 0', /an equality of continuous quantities has probability 0/],
    ['floor < 0 < 1', /expected an operator or the end of the expression, found </],
    ['log(floor)', /not-finite: log\(floor\) is NaN in draw \d+ \(floor = -/],
    ['process(floor)', /there is no function process; accepted: I, log, log2, log10, log1p, sqrt, exp/],
    ['1 < 2', /reads no quantity of the fit/],
    ['', /expected a column, a number or a call/],
  ])('%s is answered in a sentence', (text, expected) => {
    expect(sentence(() => hypothesis(fit, text))).toMatch(expected);
  });

  it('is a text', () => {
    const row = hypothesis(fit, 'floor < 0');
    expect(hypothesisText([row]).split('\n')[2]).toMatch(/^floor < 0 .* 0\.\d{4}$/);
  });
});

describe('hypothesis of a likelihood fit', () => {
  const sleep = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));

  it('is the delta method of car 3.1', () => {
    for (const [text, name] of [
      ['Days / Intercept', 'Days/b0'],
      ['exp(Days / 10)', 'exp(Days/10)'],
      ['Intercept + 3 * Days', 'b0 + 3*Days'],
    ] as const) {
      const row = hypothesis(sleep, text);
      const [estimate, se] = truth[`delta ${name}`]!;
      // lme4's optimum is within 1e-6 of ours, relatively.
      expect(Math.abs(row.estimate / estimate! - 1)).toBeLessThan(1e-5);
      expect(Math.abs(row.se! / se! - 1)).toBeLessThan(1e-5);
    }
  });

  it('of what is linear is the contrast', () => {
    const row = hypothesis(sleep, 'Intercept + 3 * Days > 300', { level: 0.95 });
    const wald = contrast(sleep, 'Intercept + 3 * Days = 300', { level: 0.95 });
    // The gradient comes from differences: eps / 1e-4 relatively.
    expect(row.se).toBeCloseTo(wald.se, 8);
    expect(row.df).toBeCloseTo(wald.df!, 5);
    expect(row.pValue).toBeCloseTo(wald.pValue!, 8);
    expect([row.lower! + 300, row.upper! + 300]).toEqual([
      expect.closeTo(wald.lower, 6),
      expect.closeTo(wald.upper, 6),
    ]);
  });

  it('of group coefficients has their prediction errors, as the inverse of the mixed model equations has', () => {
    const rows = coef(sleep)['Subject']!;
    const row = hypothesis(sleep, 'b_Subject[308,Days]');
    const own = rows.find(({ level, term }) => level === '308' && term === 'Days')!;
    expect([row.estimate, row.se]).toEqual([expect.closeTo(own.estimate, 10), expect.closeTo(own.sd, 8)]);
    const { design, groups, sigma } = sleep;
    const { J, q, index, Z } = design.groupTerms[0]!;
    const size = J * q + 2;
    const C = new Float64Array(size * size);
    const D = inverse(groups[0]!.Sigma, q)!;
    for (let i = 0; i < design.n; i++) {
      const r = new Float64Array(size);
      for (let k = 0; k < q; k++) r[index[i]! * q + k] = Z[i * q + k]!;
      for (let k = 0; k < 2; k++) r[J * q + k] = design.X[i * 2 + k]!;
      for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) C[a * size + b]! += (r[a]! * r[b]!) / sigma! ** 2;
    }
    for (let j = 0; j < J; j++)
      for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) C[(j * q + a) * size + j * q + b]! += D[a * q + b]!;
    const V = inverse(C, size)!;
    const g = new Float64Array(size);
    const { levels } = design.groupTerms[0]!;
    g[levels.indexOf('308') * q + 1] = 1;
    g[levels.indexOf('309') * q + 1] = -1;
    let variance = 0;
    for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) variance += g[a]! * g[b]! * V[a * size + b]!;
    const difference = hypothesis(sleep, 'b_Subject[308,Days] > b_Subject[309,Days]');
    expect(difference.se! / Math.sqrt(variance)).toBeCloseTo(1, 8);
    expect(difference.df).toBe(Number.POSITIVE_INFINITY);
  });

  it('of sds has an estimate, and says why it has no standard error', () => {
    const row = hypothesis(sleep, 'tau_Subject[Days] / sigma');
    expect(row.estimate).toBeCloseTo(sleep.groups[0]!.tau[1]! / sleep.sigma!, 12);
    expect([row.se, row.lower, row.df]).toEqual([null, null, null]);
    expect(row.reason).toMatch(/^the estimates of sds and correlations are skewed/);
  });
});

describe('the command hypothesis', () => {
  const csv = `y,x,g\n${[1, 2, 4, 3, 5, 4, 8, 7, 9].map((y, i) => `${y},${i % 3},${'abc'[Math.floor(i / 3)]}`).join('\n')}\n`;
  const fitted = run(
    'fit,y ~ x + (1 | g),--data,d.csv,--chains,2,--warmup,50,--iterations,50,--seed,1,--out,fit.json'.split(','),
    { 'd.csv': csv },
  );

  it('prints a row for each expression, and the same in JSON', async () => {
    const files = { 'fit.json': (await fitted).written.get('fit.json')! };
    const argv = ['hypothesis', 'fit.json', 'x > 0', 'tau_g[Intercept] / sigma', '--level', '0.8'];
    const text = await run(argv, files);
    expect([text.status, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/^hypothesis .*probability\n.*\nx > 0 .*\ntau_g\[Intercept\] \/ sigma .* -\n$/);
    const json = JSON.parse((await run([...argv, '--json'], files)).stdout) as HypothesisRow[];
    const rows = argv.slice(2, 4).map((asked) => hypothesis(fromJson(files['fit.json']), asked, { level: 0.8 }));
    expect(json).toEqual(rows);
  });

  it('answers a wrong name with status 2', async () => {
    const files = { 'fit.json': (await fitted).written.get('fit.json')! };
    const { status, stderr } = await run(['hypothesis', 'fit.json', 'z > 0'], files);
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^.*the fit has no quantity "z"; the nearest are /)]);
  });
});
