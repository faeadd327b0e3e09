import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { duckdb } from '../reduction/duckdb.ts';
import { run } from './testIo.ts';

const folder = mkdtempSync(join(tmpdir(), 'partial-pooling-parquet-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const db = await duckdb();
await db.run(`CREATE TABLE t AS SELECT
  sin(i)::DOUBLE AS y, CASE WHEN i % 7 = 0 THEN NULL ELSE (i % 5)::INTEGER END AS x, 'gr"ü,p' || (i % 6) AS g,
  9007199254740992 + i AS id, (i % 4)::BIGINT AS k, i % 2 = 0 AS b, (i * 0.25)::DECIMAL(8, 2) AS d,
  DATE '2024-01-01' + i::INTEGER AS day, [i, 2] AS list
  FROM range(240) r(i)`);

/** The table as a file of DuckDB's, with its options. */
async function written(name: string, options: string): Promise<Uint8Array> {
  await db.run(`COPY t TO '${join(folder, name)}' (${options})`);
  return readFileSync(join(folder, name));
}

const csv = await written('t.csv', 'FORMAT csv, HEADER');

describe('a Parquet file', () => {
  it.each([
    ['snappy', 'COMPRESSION snappy'],
    ['gzip', 'COMPRESSION gzip, ROW_GROUP_SIZE 64'],
    ['nothing', 'COMPRESSION uncompressed, PARQUET_VERSION v2'],
  ])('packed by %s is the table that it is as CSV', async (_, how) => {
    const files = { 't.parquet': await written('t.parquet', `FORMAT parquet, ${how}`), 't.csv': csv };
    const account = async (path: string) =>
      JSON.parse((await run(['describe', '--data', path, '--json'], files)).stdout);
    const [found, expected] = [await account('t.parquet'), await account('t.csv')];
    const kinds = (of: { columns: { name: string }[] }) =>
      of.columns.filter(({ name }) => !/^(b|day|list)$/.test(name));
    expect(found.rows).toBe(240);
    expect(kinds(found)).toEqual(kinds(expected));
    const document = async (path: string) => {
      const argv = ['ml', 'y ~ x * d + b + (1 | g) + (1 | id)', '--data', path, '--missing', 'drop', '--json'];
      return (await run(argv, files)).stdout;
    };
    expect(await document('t.parquet')).toBe((await document('t.csv')).replaceAll('btrue', 'bTRUE'));
  });

  it('is refused where it is damaged, in another place, or a column in use is of no use', async () => {
    const bytes = await written('t.parquet', 'FORMAT parquet');
    const said = async (argv: string[], file: Uint8Array) =>
      (await run([...argv], { 't.parquet': file, t: file, 'd.csv': csv })).stderr;
    const model = ['ml', 'y ~ day + (1 | g)', '--data'];
    expect(await said([...model, 't.parquet'], bytes)).toMatch(/column "day" holds a date in row 1/);
    expect(await said([...model, 't'], bytes)).toMatch(/t is a Parquet file; .*ends in \.parquet/);
    for (const damaged of [bytes.subarray(0, 500), bytes.subarray(300)]) {
      expect(await said(['describe', '--data', 't.parquet'], damaged)).toMatch(
        /t\.parquet cannot be read as a Parquet/,
      );
    }
  });
});
