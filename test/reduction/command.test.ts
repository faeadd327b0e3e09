import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { radon } from '../../src/datasets/index.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { run } from '../cli/testIo.ts';
import { columnsOf, type Database, duckdb } from './duckdb.ts';

const folder = mkdtempSync(join(tmpdir(), 'reduction-'));
const path = (name: string) => join(folder, name);
const formula = 'log_radon ~ floor * log_uranium + (1 + floor | county)';
const whole = maximumLikelihood(formula, radon);
let db: Database;

beforeAll(async () => {
  db = await duckdb();
  await db.table('radon', columnsOf(radon));
  await db.run(`COPY radon TO '${path('radon.parquet')}' (FORMAT parquet)`);
  await db.run(`COPY radon TO '${path('radon.csv')}' (HEADER)`);
  await db.run(`ATTACH '${path('homes.duckdb')}' AS homes`);
  await db.run('CREATE TABLE homes.main."the ""homes""" AS SELECT * FROM radon');
  await db.run('DETACH homes');
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const ml = async (data: string, more: readonly string[] = []) => {
  const outcome = await run(['ml', formula, '--data', data, ...more, '--json']);
  return { ...outcome, deviance: outcome.status === 0 ? JSON.parse(outcome.stdout).deviance : null };
};

it.each([
  ['a database', () => `duckdb:${path('homes.duckdb')}?table=${encodeURIComponent('the "homes"')}`],
  ['its schema', () => `duckdb:${path('homes.duckdb')}?schema=main&table=${encodeURIComponent('the "homes"')}`],
  ['Parquet', () => `duckdb:${path('radon.parquet')}`],
  ['Parquet files by *', () => `duckdb:${path('*.parquet')}`],
  ['CSV', () => `duckdb:${path('radon.csv')}`],
])('--data duckdb: reads %s', async (_what, data) => {
  const { status, deviance, stderr } = await ml(data());
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(Math.abs(deviance - whole.deviance)).toBeLessThan(1e-10 * whole.deviance);
});

it('fit --data duckdb: writes a fit file with the statements, which summary reads', async () => {
  const argv = ['fit', formula, '--data', `duckdb:${path('radon.parquet')}`, '--out', 'fit.json'];
  const { status, written, stdout } = await run([
    ...argv,
    '--chains',
    '2',
    '--warmup',
    '200',
    '--iterations',
    '400',
    '--seed',
    '1',
  ]);
  expect([0, 3]).toContain(status);
  expect(stdout).toContain('919 rows (reduced in a database to ');
  const file = written.get('fit.json')!;
  expect(JSON.parse(file).partial_pooling.data.reduced.statements.at(-1)).toContain("read_parquet('");
  expect((await run(['summary', 'fit.json'], { 'fit.json': file })).stdout).toContain('beta[floor]');
  expect((await run(['predict', 'fit.json'], { 'fit.json': file })).stderr).toContain('need the rows of the data');
});

it('sql prints a statement whose result is the data of --reduced', async () => {
  const { stdout, status } = await run(['sql', formula, '--dialect', 'duckdb', '--table', 'radon']);
  expect(status).toBe(0);
  const [check, cells] = stdout.split(';\n').map((text) => text.replace(/^--.*$/gm, '').trim());
  expect((await db.query(check!))[0]).toMatchObject({ total: 919n, n: 919n });
  await db.run(`COPY (${cells}) TO '${path('cells.csv')}' (HEADER)`);
  const { readFileSync } = await import('node:fs');
  const text = readFileSync(path('cells.csv'), 'utf8');
  for (const csv of [text, text.replace(/^.*$/m, (head) => head.toUpperCase())]) {
    const outcome = await run(['ml', formula, '--reduced', 'cells.csv', '--json'], { 'cells.csv': csv });
    expect(outcome.stderr).toBe('');
    expect(Math.abs(JSON.parse(outcome.stdout).deviance - whole.deviance)).toBeLessThan(1e-10 * whole.deviance);
  }
  // A program that kept what it read as doubles has lost the last digits, and says 1.2e+27.
  const rounded = text.replace(/\b\d{20,}\b/g, (digits) => String(Number(digits)));
  const outcome = await run(['ml', formula, '--reduced', 'cells.csv'], { 'cells.csv': rounded });
  expect(outcome.status).toBe(2);
  expect(outcome.stderr).toContain('keep all digits of the result');
});

it('sql takes a negative binomial model whose shape is known', async () => {
  const model = ['floor ~ log_uranium + (1 | county)', '--family', 'negbinomial', '--shape', '2'];
  const { status, stdout, stderr } = await run(['sql', ...model, '--dialect', 'duckdb', '--table', 'radon']);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toContain('GROUP BY');
});

it('wrong addresses, tables and options are answered with a sentence', async () => {
  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['duckdb:', [], 'names no file'],
    [`duckdb:${path('homes.duckdb')}`, [], '?table=NAME'],
    [`duckdb:${path('none.duckdb')}?table=a`, [], 'the database is not opened'],
    [`duckdb:${path('homes.duckdb')}?table=none`, [], 'the database failed'],
    [`duckdb:${path('none.parquet')}`, [], 'the database failed'],
    ['postgres://localhost/homes', [], '?table=NAME'],
    ['postgres://127.0.0.1:1/homes?table=a', [], 'the database is not opened'],
    [`duckdb:${path('radon.csv')}`, ['--groups', 'county=c.csv'], 'join the table'],
    [`duckdb:${path('radon.csv')}`, ['--na', '.'], '--na is for files'],
  ];
  const read = await run(['describe', '--data', `duckdb:${path('radon.csv')}`]);
  expect(read).toMatchObject({ status: 2, stderr: expect.stringContaining('are described with a model') });
  for (const [data, more, said] of wrong) {
    const { status, stderr } = await ml(data, more);
    expect([data, status]).toEqual([data, 2]);
    expect(stderr).toContain(said);
  }
});

it('a database is read and never written', async () => {
  await ml(`duckdb:${path('homes.duckdb')}?table=${encodeURIComponent('the "homes"')}`);
  const instance = await DuckDBInstance.create(path('homes.duckdb'), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  expect((await connection.runAndReadAll('SELECT COUNT(*) AS n FROM "the ""homes"""')).getRowObjectsJS()).toEqual([
    { n: 919n },
  ]);
  connection.closeSync();
  instance.closeSync();
});
