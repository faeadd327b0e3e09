import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { KERNEL_RULES } from '../../src/kernels/kernelRules.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { plotCurves } from '../../src/plots/pictures/groups/plotCurves.ts';
import { createRng } from '../../src/random/rng.ts';
import { fromReduced } from '../../src/reduction/fromReduced.ts';
import { reduce } from '../../src/reduction/reduce.ts';
import { dataSection } from '../../src/report/html/dataSection.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { draws } from '../../src/summary/draws.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { type Database, duckdb } from './duckdb.ts';

let db: Database;
const survey = simulated();

/** Answers of 3000 people in 40 states: of two levels, successes among trials, counts in exposures, ordered levels. */
function simulated() {
  const random = createRng([20]);
  const u = Array.from({ length: 40 }, () => 0.6 * random.normal());
  const people = Array.from({ length: 3000 }, (_, i) => {
    const state = i % 40;
    const sex = i % 3 === 0 ? 'm' : 'f';
    const age = 1 + (Math.floor(i / 40) % 5);
    const eta = -0.5 + u[state]! + 0.3 * age - (sex === 'm' ? 0.4 : 0);
    const trials = 1 + (i % 4);
    const hit = () => (random.uniform() < 1 / (1 + Math.exp(-eta + 1)) ? 1 : 0);
    const latent = eta + random.normal();
    return {
      state: `s${state}`,
      sex,
      age,
      yes: hit(),
      vote: hit() === 1,
      trials,
      count: Array.from({ length: trials }, hit).reduce<number>((a, b) => a + b, 0),
      events: Math.floor(Math.exp(0.5 * eta) + 2 * random.uniform()),
      months: 1 + (i % 3),
      grade: latent < 0 ? 'a' : latent < 1 ? 'b' : 'c',
      w: 1 + (i % 2),
    };
  });
  const names = Object.keys(people[0]!) as (keyof (typeof people)[0])[];
  return Object.fromEntries(names.map((name) => [name, people.map((row) => row[name])])) as Record<
    string,
    (number | string | boolean)[]
  >;
}

beforeAll(async () => {
  db = await duckdb();
  await db.table('survey', survey);
});
afterAll(() => db.close());

const reduced = async (text: string) =>
  fromReduced(text, await reduce(text, { query: db.query, dialect: 'duckdb', from: 'survey' }));

const MODELS = [
  'yes ~ sex + age + (1 | state), family = binomial',
  'vote ~ sex * scale(age) + (1 + sex | state), family = binomial',
  'vote ~ sex + poly(age, 2) + (1 | state), family = probit',
  'count | trials(trials) ~ sex + within(age, state) + (1 | state), family = binomial',
  'yes | weights(w) ~ sex + (1 | state), family = binomial',
  'events | exposure(months) ~ sex + age + (1 | state), family = poisson',
  'events ~ sex + offset(log(months)) + (1 | state), family = poisson',
];

const parts = (text: string) => {
  const [formula, family] = text.split(', family = ') as [string, 'binomial'];
  return { formula, family };
};

describe('a model of answers fitted to distinct rows and their number', () => {
  it.each(MODELS)('is that of the rows: %s', async (text) => {
    const { formula, family } = parts(text);
    const table = await reduce(formula, { query: db.query, dialect: 'duckdb', from: 'survey', family });
    const data = fromReduced(formula, table, { family });
    const rows = maximumLikelihood(formula, survey, { family });
    const cells = maximumLikelihood(formula, data, { family });
    expect(cells.design.n).toBeLessThan(3000);
    expect(table.observations).toBe(3000);
    // The optimum is found to about 1e-7 of its sds, the deviance to the square of that.
    expect(Math.abs(cells.deviance - rows.deviance)).toBeLessThan(1e-9 * rows.deviance);
    expect(cells.bic).toBeCloseTo(rows.bic, 4);
    rows.fixef.estimates.forEach((estimate, k) => {
      expect(Math.abs(cells.fixef.estimates[k]! - estimate)).toBeLessThan(1e-4 * rows.fixef.standardErrors[k]!);
    });
  });

  it('has the priors and the posterior of the rows', async () => {
    const formula = 'yes ~ sex + scale(age) + (1 | state)';
    const table = await reduce(formula, { query: db.query, dialect: 'duckdb', from: 'survey', family: 'binomial' });
    const options = { family: 'binomial', chains: 2, warmup: 300, iterations: 700, seed: 5 } as const;
    const rows = sampleSync(formula, survey, options);
    const cells = sampleSync(formula, fromReduced(formula, table, { family: 'binomial' }), options);
    expect(Array.from(cells.priors.beta.sd, (sd, k) => sd / rows.priors.beta.sd[k]!)).toEqual([
      expect.closeTo(1, 9),
      expect.closeTo(1, 9),
      expect.closeTo(1, 9),
    ]);
    for (const name of ['beta[sexm]', 'tau_state[Intercept]']) {
      const [a, b] = [draws(rows, name), draws(cells, name)].map(moments);
      // Two chains of some 400 effective draws each: their means differ by less than 5 of their errors.
      expect(Math.abs(a!.mean - b!.mean)).toBeLessThan(5 * a!.sd * Math.sqrt(2 / 400));
    }
  });
});

function moments(chains: readonly Float64Array[]): { mean: number; sd: number } {
  const draws = Float64Array.from(chains.flatMap((chain) => [...chain]));
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const square = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(square / draws.length) };
}

describe('the posterior of a Gaussian model of cells', () => {
  const formula = 'events ~ sex * age + (1 + age | state)';
  const options = { chains: 2, warmup: 200, iterations: 300, seed: 3 } as const;

  it.each(['marginal', 'gibbs'])('is that of the rows, by %s', async (kernels) => {
    const rows = sampleSync(formula, survey, { ...options, kernels });
    const cells = sampleSync(formula, await reduced(formula), { ...options, kernels });
    expect(cells.sampling.rule).toBe(rows.sampling.rule);
    expect([...cells.priors.beta.sd]).toEqual([...rows.priors.beta.sd]);
    for (const name of ['beta[age]', 'beta[sexm]', 'sigma', 'tau_state[Intercept]', 'tau_state[age]']) {
      const [a, b] = [draws(rows, name), draws(cells, name)].map(moments);
      // Some 200 effective draws of the slowest.
      expect(Math.abs(a!.mean - b!.mean)).toBeLessThan(5 * a!.sd * Math.sqrt(2 / 200));
      expect(b!.sd / a!.sd).toBeGreaterThan(0.7);
      expect(b!.sd / a!.sd).toBeLessThan(1.4);
    }
  });

  const crossed = 'events ~ sex * age + (1 | state) + (1 | trials)';
  const applying = KERNEL_RULES.map(({ name }) => name).filter((kernels) => {
    try {
      return plan(crossed, survey, { kernels }).rule === kernels;
    } catch (error) {
      if (error instanceof ModelError && error.code === 'kernels-do-not-apply') return false;
      throw error;
    }
  });

  it.each(applying)('of crossed factors is that of the rows, by %s', async (kernels) => {
    expect(applying).toEqual(['marginal', 'crossed', 'gibbs']);
    const own = { ...options, iterations: 1000, kernels };
    const data = await reduced(crossed);
    const [rows, cells] = [sampleSync(crossed, survey, own), sampleSync(crossed, data, own)];
    // A cell of many rows is a few: to count those would be another sigma.
    expect(cells.design.n).toBeLessThan(0.6 * rows.design.n);
    for (const name of ['beta[age]', 'beta[sexm]', 'sigma', 'tau_state[Intercept]', 'tau_trials[Intercept]']) {
      const [a, b] = [draws(rows, name), draws(cells, name)].map(moments);
      // Some 300 effective draws of the slowest.
      expect(Math.abs(a!.mean - b!.mean), name).toBeLessThan(5 * a!.sd * Math.sqrt(2 / 300));
      expect(b!.sd / a!.sd, name).toBeGreaterThan(0.7);
      expect(b!.sd / a!.sd, name).toBeLessThan(1.4);
    }
  });

  it('is told of by as many rows as the data have, and its curves stand where theirs do', async () => {
    const text = 'events ~ age * months + (1 | state)';
    // Of 28 states the rows of one month alone: the cells are of unequal size.
    const uneven = `FROM survey WHERE months = 1 OR state < 's2'`;
    await db.run(`CREATE TABLE uneven AS SELECT * ${uneven}`);
    const data = fromReduced(text, await reduce(text, { query: db.query, dialect: 'duckdb', from: 'uneven' }));
    const whole = await db.query(`SELECT events, age, months, state ${uneven}`);
    const [rows, cells] = [sampleSync(text, whole, options), sampleSync(text, data, options)];
    const groups = /state<\/bdi>: 40 groups of 25 to 75 rows, half of them of at most 25/;
    for (const fit of [rows, cells]) expect(dataSection(fit)).toMatch(groups);
    const line = (fit: typeof rows, level: string | null) => {
      const own = plotCurves(fit, { x: 'age', factor: 'state', groups: ['s3'] }).rows.filter(
        (row) => row['level'] === level,
      );
      const [first, last] = [own[0]!, own.at(-1)!].map((row) => [Number(row['age']), Number(row['mean'])] as const);
      const slope = (last![1] - first![1]) / (last![0] - first![0]);
      return [slope, first![1] + slope * (3 - first![0])];
    };
    // The draws are those of the rows up to rounding, which decides on few steps.
    for (const level of [null, 's3']) {
      line(rows, level).forEach((value, k) => {
        expect(line(cells, level)[k]!).toBeCloseTo(value, 2);
      });
    }
    const varying = 'events ~ months + (1 + months | state)';
    const few = fromReduced(varying, await reduce(varying, { query: db.query, dialect: 'duckdb', from: 'uneven' }));
    const reasons = [whole, few].map((each) =>
      shrinkage(maximumLikelihood(varying, each), 'state').rows.map(({ reason }) => reason),
    );
    expect(reasons[1]).toEqual(reasons[0]);
    expect(reasons[0]).toContain('the 25 rows of s20 cannot tell months from Intercept');
  });

  it('answers what needs no rows as the rows do', async () => {
    const data = await reduced(formula);
    const [rows, cells] = [maximumLikelihood(formula, survey), maximumLikelihood(formula, data)];
    const [a, b] = [shrinkage(rows, 'state').rows, shrinkage(cells, 'state').rows];
    expect(b.map(({ level, term }) => [level, term])).toEqual(a.map(({ level, term }) => [level, term]));
    for (const [i, row] of a.entries()) {
      expect(b[i]!.n).toBe(row.n);
      expect(b[i]!.noPooling).toBeCloseTo(row.noPooling!, 6);
      expect(b[i]!.partialPooling).toBeCloseTo(row.partialPooling!, 4);
      expect(b[i]!.completePooling).toBeCloseTo(row.completePooling!, 8);
    }
    const fit = sampleSync(formula, data, options);
    expect(compare(fit, cells)).toBeTruthy();
  });
});
