import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { createRng } from '../../src/random/rng.ts';
import type { Query } from '../../src/reduction/asking.ts';
import { fromReduced, type StatementResult } from '../../src/reduction/fromReduced.ts';
import { reduce } from '../../src/reduction/reduce.ts';
import { reductionSql } from '../../src/reduction/reductionSql.ts';
import { faultOf } from '../faultOf.ts';
import { type Database, duckdb } from './duckdb.ts';

let db: Database;
beforeAll(async () => {
  db = await duckdb();
});
afterAll(() => db.close());

const duck = (from: string) => ({ query: db.query, dialect: 'duckdb', from }) as const;

describe('published data, read by DuckDB from CSV', () => {
  it.each([
    ['insteval_sub.csv', 'y ~ service + lectage + (1 + service | dept)'],
    ['insteval_sub.csv', 'y ~ service * studage + (1 | dept) + (1 | lectage)'],
    ['pastes.csv', 'strength ~ 1 + (1 | batch / cask)'],
    ['penicillin.csv', 'diameter ~ 1 + (1 | plate) + (1 | sample)'],
    ['exam.csv', 'normexam ~ standLRT * sex + (1 + standLRT | school)'],
    ['hsb.csv', 'mathach ~ ses * sector + (1 + ses | school)'],
  ])('%s: %s', async (file, text) => {
    const path = fileURLToPath(new URL(`../fixtures/data/${file}`, import.meta.url));
    const rows = parseCsv(readFileSync(path, 'utf8'), file);
    const trustedFrom = `read_csv('${path.replaceAll("'", "''")}')`;
    const table = await reduce(text, { query: db.query, dialect: 'duckdb', trustedFrom });
    const [whole, cells] = [maximumLikelihood(text, { rows }), maximumLikelihood(text, fromReduced(text, table))];
    expect(table.observations).toBe(rows.n);
    expect(Math.abs(cells.deviance - whole.deviance)).toBeLessThan(1e-10 * Math.abs(whole.deviance));
  });
});

const formula = 'y ~ x * z + (1 + x | g)';
const fill = (name: string, n: number, y: string) =>
  db.run(
    `CREATE TABLE ${name} AS SELECT i % 50 AS g, 1990 + (i * 31 % 97) / 10 AS x, (i * 7919 % 1009) / 7 AS z, ${y} AS y FROM range(${n}) t(i)`,
  );
const NOISE = '((i * 104729) % 9973) / 9973 + ((i * 15485863) % 8191) / 8191';

describe('the bits of a reduced table', () => {
  it('are the same with one thread and with several, in any order of the rows, and by shards added up', async () => {
    await fill('whole', 300_000, `sin(i % 50) + ${NOISE}`);
    await db.run('CREATE TABLE shuffled AS SELECT * FROM whole ORDER BY hash(y * x + z)');
    const cells = async (given: Parameters<typeof reduce>[1]) => {
      const { rows } = fromReduced(formula, await reduce(formula, given));
      return { columns: [...rows.columns], counts: rows.reduced!.counts, moments: rows.reduced!.moments };
    };
    const reference = await cells(duck('whole'));
    await db.run('SET threads = 1');
    expect(await cells(duck('whole'))).toEqual(reference);
    await db.run('SET threads = 4');
    expect(await cells(duck('shuffled'))).toEqual(reference);
    // A sum of doubles is not: of these rows in another order it has other bits.
    const sum = async (from: string) => (await db.query(`SELECT SUM(y * x) AS s FROM ${from}`))[0]!['s'];
    await db.run('SET threads = 1');
    expect(await sum('whole')).not.toBe(await sum('shuffled'));
    const query = [0, 1, 2].map(
      (shard): Query =>
        (sql) =>
          db.query(sql.replaceAll('"whole"', `(SELECT * FROM whole WHERE CAST(z AS INTEGER) % 3 = ${shard})`)),
    );
    expect(await cells({ dialect: 'duckdb', from: 'whole', query })).toEqual(reference);
  });
});

describe('digits', () => {
  it('are kept where groups lie a million sds apart, and where the response sits on a large level', async () => {
    const random = createRng([8]);
    for (const [k, [apart, level]] of [
      [1e6, 0],
      [1e3, 1e6],
      [0, 1e8],
    ].entries()) {
      const n = 4000;
      const data = {
        g: Array.from({ length: n }, (_, i) => `g${i % 20}`),
        x: Array.from({ length: n }, (_, i) => 2000 + (i % 11) - 5),
        y: Array.from({ length: n }, (_, i) => level! + apart! * Math.sin(i % 20) + 0.1 * (i % 11) + random.normal()),
      };
      await db.table(`apart${k}`, data);
      const text = 'y ~ x + (1 | g)';
      const cells = maximumLikelihood(text, fromReduced(text, await reduce(text, duck(`apart${k}`))));
      const whole = maximumLikelihood(text, data);
      expect(Math.abs(cells.deviance - whole.deviance)).toBeLessThan(1e-8 * whole.deviance);
      expect(cells.sigma! / whole.sigma!).toBeCloseTo(1, 7);
    }
  });

  it('are as many with 31 bits, which many rows are taken with, and narrow groups are taken again with 45', async () => {
    await fill('many', 2_100_000, `sin(i % 50) + ${NOISE}`);
    const short = await reduce(formula, duck('many'));
    expect(short.cells['bits']![0]).toBe(31);
    // The statement for other engines, with 45 bits and scales of its own.
    const sql = reductionSql(formula, { dialect: 'duckdb', from: 'many' });
    const rows = await db.query(sql.cells);
    const result: StatementResult = Object.fromEntries(
      Object.keys(rows[0]!).map((name) => [
        name,
        rows.map((row) => (typeof row[name] === 'bigint' ? String(row[name]) : (row[name] as number))),
      ]),
    );
    expect(result['bits']![0]).toBe(45);
    const [a, b] = [fromReduced(formula, short), fromReduced(formula, result)].map((data) =>
      maximumLikelihood(formula, data),
    );
    expect(a!.bic).toBe(a!.deviance + 8 * Math.log(2_100_000));
    expect(Math.abs(a!.deviance - b!.deviance)).toBeLessThan(1e-9 * b!.deviance);
    expect(faultOf(() => fromReduced(formula, { ...result, n: result['n']!.map(() => '1') })).code).toBe(
      'reduced-table',
    );

    await fill('narrow', 2_100_000, `1e6 * sin(i % 50) + ${NOISE}`);
    const narrow = await reduce(formula, duck('narrow'));
    expect(narrow.cells['bits']![0]).toBe(45);
    expect(narrow.statements.filter((statement) => statement.includes('SUM(t0)')).length).toBe(1);
  }, 120_000);
});

it('a declared predictor of groups is carried, and one that varies within a group is refused', async () => {
  await db.run(
    'CREATE TABLE towns AS SELECT i % 30 AS g, (i % 30) * 0.3 AS w, i % 7 AS v, i % 7 + sin(i * i) AS y FROM range(900) t(i)',
  );
  const ask = async (text: string, carried: readonly string[]) => {
    const sql = reductionSql(text, { dialect: 'duckdb', from: 'towns', carried });
    const rows = await db.query(sql.cells);
    const columns = Object.fromEntries(
      Object.keys(rows[0]!).map((name) => [name, rows.map((row) => String(row[name]))]),
    );
    return fromReduced(text, columns, { carried });
  };
  const text = 'y ~ w + v + (1 | g)';
  const rows = await db.query('SELECT CAST(g AS DOUBLE) AS g, w, CAST(v AS DOUBLE) AS v, y FROM towns');
  const whole = maximumLikelihood(text, { rows });
  for (const carried of [[], ['w']]) {
    const data = await ask(text, carried);
    expect(maximumLikelihood(text, data).deviance).toBeCloseTo(whole.deviance, 7);
  }
  const fault = await ask(text, ['v']).then(
    () => null,
    (error: Error) => error.message,
  );
  expect(fault).toMatch(/^level-2 predictor v varies within a group \(0 to 6 in one cell\)/);
});
