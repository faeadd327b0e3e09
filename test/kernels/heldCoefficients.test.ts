import { describe, expect, it } from 'vitest';
import {
  type Fit,
  type FormulaOptions,
  formula,
  normal,
  type Prior,
  type SummaryRow,
  sampleSync,
  summarize,
} from '../../src/index.ts';
import { createRng } from '../../src/random/rng.ts';

/**
 * A coefficient that its prior holds at a value, however sharply, is a known offset: the rest of the posterior is that
 * of the response less the column times the value. The priors here are 1e6 and more times as sharp as the data.
 */
const HELD = -1;
const rng = createRng([51]);
const n = 60;
const x = Array.from({ length: n }, () => 20 + rng.normal());
const g = x.map((_, i) => `g${i % 6}`);
const h = x.map((_, i) => `h${(7 * i) % 5}`);
const time = x.map((_, i) => Math.floor(i / 6));
const shift = Array.from({ length: 6 }, () => rng.normal());
const eta = x.map((value, i) => 1.5 * (value - 20) + shift[i % 6]!);
const noise = eta.map(() => rng.normal());
const numbers = eta.map((value, i) => value + noise[i]!);
const successes = eta.map((value) => Number(rng.uniform() < 1 / (1 + Math.exp(-value))));

interface Case {
  readonly name: string;
  readonly kernels: string;
  readonly terms: string;
  readonly options: FormulaOptions;
  readonly y: readonly number[];
  readonly parameters: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: 'one factor, marginal',
    kernels: 'marginal',
    terms: '(1 | g)',
    options: {},
    y: numbers,
    parameters: ['sigma', 'tau_g[Intercept]'],
  },
  {
    name: 'two factors, marginal',
    kernels: 'marginal',
    terms: '(1 | g) + (1 | h)',
    options: {},
    y: numbers,
    parameters: ['sigma', 'tau_g[Intercept]'],
  },
  { name: 'gibbs', kernels: 'gibbs', terms: '(1 | g)', options: {}, y: numbers, parameters: ['sigma'] },
  {
    name: 'Student-t',
    kernels: 'auto',
    terms: '(1 | g)',
    options: { family: 'student', nu: 5 },
    y: numbers,
    parameters: ['sigma'],
  },
  {
    name: 'ar1',
    kernels: 'auto',
    terms: '(1 | h)',
    options: { residual: 'ar1(time | g)' },
    y: numbers,
    parameters: ['sigma'],
  },
  {
    name: 'logit, whitened',
    kernels: 'whitened',
    terms: '(1 | g)',
    options: { family: 'binomial' },
    y: successes,
    parameters: ['tau_g[Intercept]'],
  },
  {
    name: 'logit, polyaGamma',
    kernels: 'polyaGamma',
    terms: '(1 | g)',
    options: { family: 'binomial' },
    y: successes,
    parameters: ['tau_g[Intercept]'],
  },
  {
    name: 'probit, albertChib',
    kernels: 'albertChib',
    terms: '(1 | g)',
    options: { family: 'probit' },
    y: successes,
    parameters: ['tau_g[Intercept]'],
  },
];

function rowsOf(fit: Fit): ReadonlyMap<string, SummaryRow> {
  return new Map(summarize(fit).map((row) => [row.variable, row]));
}

describe('a coefficient that its prior holds', () => {
  it.each(cases)('is an offset: $name', ({ kernels, terms, options, y, parameters }) => {
    const model = (prior: Prior) =>
      formula(`y ~ offset(o) + x + ${terms}`, { ...options, priors: { 'beta[x]': prior } });
    const fitted = (prior: Prior, offset: number): Fit =>
      sampleSync(
        model(prior),
        { rows: { y, x, g, h, time, o: x.map((value) => offset * value) } },
        { kernels, chains: 2, warmup: 300, iterations: 1000, seed: 4 },
      );
    // The offset, and the coefficient held at 0 by a prior as sharp as the data are not.
    const known = rowsOf(fitted(normal(0, 1e-6), HELD));
    for (const sd of [1e-8, 1e-13]) {
      const found = rowsOf(fitted(normal(HELD, sd), 0));
      for (const name of parameters) {
        const [a, b] = [known.get(name)!, found.get(name)!];
        expect(Math.abs(a.mean - b.mean), `${name}, sd ${sd}`).toBeLessThan(4.5 * Math.hypot(a.mcseMean, b.mcseMean));
      }
    }
  });
});
