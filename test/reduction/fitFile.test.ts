import { afterAll, beforeAll, expect, it } from 'vitest';
import { radon, sleepstudy } from '../../src/datasets/index.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { describe, extendSync, leaveOneOut, plan, predict, sampleSync, summarize } from '../../src/index.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { fromReduced } from '../../src/reduction/fromReduced.ts';
import { reduce } from '../../src/reduction/reduce.ts';
import { faultOf } from '../faultOf.ts';
import { columnsOf, type Database, duckdb } from './duckdb.ts';

let db: Database;
beforeAll(async () => {
  db = await duckdb();
  await db.table('radon', columnsOf(radon));
  await db.table('sleepstudy', columnsOf(sleepstudy));
});
afterAll(() => db.close());

const data = async () => {
  const text = 'log(Reaction) ~ poly(Days, 2) + (1 + scale(Days) | Subject)';
  const table = await reduce(text, { query: db.query, dialect: 'duckdb', from: 'sleepstudy' });
  return { text, table, rows: fromReduced(text, table) };
};

it('a fit file holds the reduced rows, the statements and the number of rows, and reads back to the same fit', async () => {
  const { text, table, rows } = await data();
  expect(describe(plan(text, rows))).toContain('Subject: J = 18 groups of 10 rows');
  const fit = sampleSync(text, rows, { chains: 2, warmup: 100, iterations: 100, seed: 1 });
  const file = toJson(fit, { times: false });
  const stored = JSON.parse(file).partial_pooling.data.reduced;
  expect(stored.observations).toBe(180);
  expect(stored.statements).toEqual(table.statements);
  const back = fromJson(file);
  expect(toJson(back, { times: false })).toBe(file);
  expect(summarize(back)).toEqual(summarize(fit));
  // The chains go on from the file as they would have gone on: what is in it is all that they need.
  const [a, b] = [extendSync(fit, 50), extendSync(back, 50)];
  expect(b.draws.values).toEqual(a.draws.values);
  // A reduced table kept as JSON is the same data.
  const kept = fromReduced(text, JSON.parse(JSON.stringify(table)));
  expect(maximumLikelihood(text, kept).deviance).toBe(maximumLikelihood(text, rows).deviance);
  expect(fromJson(toJson(fit, { data: false }), kept).draws.values).toEqual(fit.draws.values);
});

it('new rows are predicted from reduced data as from rows', async () => {
  const { text, rows } = await data();
  const options = { chains: 1, warmup: 200, iterations: 200, seed: 1 } as const;
  const newdata = { Days: [0, 3.5, 12], Subject: ['308', '335', '999'] };
  const [a, b] = [sampleSync(text, sleepstudy, options), sampleSync(text, rows, options)];
  expect(b.design.encoding).toEqual(JSON.parse(JSON.stringify(a.design.encoding), close));
  const [one, other] = [predict(a, newdata), predict(b, newdata)];
  for (const [i, row] of one.rows.entries())
    expect(Math.abs((row.mean as number) - (other.rows[i]!.mean as number))).toBeLessThan(0.1);
});

function close(_key: string, value: unknown): unknown {
  return typeof value === 'number'
    ? expect.closeTo(value, Math.max(0, 9 - Math.ceil(Math.log10(1 + Math.abs(value)))))
    : value;
}

it('what needs rows says so in one sentence', async () => {
  const { text, rows } = await data();
  const fit = sampleSync(text, rows, { chains: 2, warmup: 100, iterations: 100, seed: 1 });
  const ml = maximumLikelihood(text, rows);
  for (const ask of [() => predict(fit), () => leaveOneOut(fit), () => ml.residuals, () => ml.fitted]) {
    const fault = faultOf(ask);
    expect(fault.code).toBe('needs-rows');
    expect(fault.message).toMatch(
      /^[a-z].* need the rows of the data, and of the 180 rows .* alone; fit the rows, or a sample of them$/,
    );
  }
});

it('reduced rows are for the model that they were reduced for, and for what has the same columns', async () => {
  const { rows } = await data();
  const refused: readonly (readonly [string, string])[] = [
    ['log(Reaction) ~ Days + I(Days^2) + (1 | Subject)', 'I(Days^2)'],
    ['log(Reaction) ~ log(Days + 1) + (1 | Subject)', 'log(Days + 1)'],
    ['log(Reaction) ~ factor(Days) + (1 | Subject)', 'factor(Days)'],
    ['log(Reaction) ~ 1 + (1 | Days)', 'Days'],
    ['log(Reaction) | weights(Days) ~ 1 + (1 | Subject)', 'the weight'],
    ['log(Reaction) | se(Days) ~ 1 + (1 | Subject)', 'the standard error'],
    ['exp(log(Reaction)) ~ Days + (1 | Subject)', 'exp(log(Reaction))'],
    ['log(Reaction) ~ poly(Days, 3) + (1 | Subject)', 'Days * Days * Days'],
    ['log(Reaction) ~ Days:poly(Days, 2) + (1 | Subject)', 'Days * Days * Days'],
  ];
  for (const [text, what] of refused) {
    const fault = faultOf(() => maximumLikelihood(text, rows));
    expect([text, fault.code]).toEqual([text, 'reduced-model']);
    expect(fault.message).toContain(what);
  }
  expect(faultOf(() => maximumLikelihood('Reaction ~ Days + (1 | Subject)', rows)).code).toBe('unknown-column');
  for (const text of [
    'log(Reaction) ~ Days + (1 | Subject)',
    'Days ~ log(Reaction) + (1 | Subject)',
    'log(Reaction) ~ 1',
  ]) {
    const whole = maximumLikelihood(text, sleepstudy).deviance;
    expect(maximumLikelihood(text, rows).deviance).toBeCloseTo(whole, 6);
  }
});
