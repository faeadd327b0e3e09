import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';
import type { Query } from '../../reduction/asking.ts';
import type { ReduceOptions } from '../../reduction/reduce.ts';
import { usageError } from '../parseArguments.ts';

/** An open table: how it is asked, and what ends it. */
export interface OpenTable {
  readonly source: Pick<ReduceOptions, 'query' | 'dialect' | 'from' | 'trustedFrom'>;
  close(): Promise<void> | void;
}

/** Whether the data of a command line stay where they are: `duckdb:FILE`, `postgres://HOST/DATABASE`. */
export function isDatabase(path: string): boolean {
  return /^(?:duckdb:|postgres(?:ql)?:\/\/)/i.test(path);
}

/**
 * Opens `duckdb:FILE?table=homes` (a database, read only), `duckdb:FILE.parquet` or `duckdb:FILE.csv` (also of many
 * files, by *), or `postgres://USER@HOST/DATABASE?table=homes`, where `schema=` may stand beside `table=`. The driver
 * is a package that the user installs. Throws ModelError `driver` where it is not there, `database` with the words of
 * the engine where nothing is opened, and `usage`.
 */
export async function openTable(path: string): Promise<OpenTable> {
  return /^duckdb:/i.test(path) ? openDuckdb(path.slice('duckdb:'.length)) : openPostgres(path);
}

async function openDuckdb(path: string): Promise<OpenTable> {
  const mark = path.lastIndexOf('?');
  const file = mark < 0 ? path : path.slice(0, mark);
  const from = tableOf(new URLSearchParams(mark < 0 ? '' : path.slice(mark + 1)));
  const reader = /\.parquet$/i.test(file)
    ? 'read_parquet'
    : /\.(?:csv|tsv|txt)(?:\.gz|\.zst)?$/i.test(file)
      ? 'read_csv'
      : null;
  if (file === '')
    throw usageError(
      'data',
      '--data duckdb: names no file; accepted is duckdb:FILE?table=NAME, duckdb:FILE.parquet or duckdb:FILE.csv',
    );
  if (reader === null && from === null) {
    throw usageError(
      'data',
      `--data: ${quote(`duckdb:${file}`)} is a database of many tables; name one of them, as in duckdb:FILE?table=NAME`,
    );
  }
  const { DuckDBInstance } = await driver(() => import('@duckdb/node-api'), '@duckdb/node-api');
  return opening(async () => {
    const whole = reader === null || from !== null;
    const instance = await DuckDBInstance.create(whole ? file : ':memory:', whole ? { access_mode: 'READ_ONLY' } : {});
    const connection = await instance.connect();
    // Groups come in any order: what keeps the order of rows would keep them in memory.
    await connection.run('SET preserve_insertion_order = false');
    const query: Query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS();
    const files = `${reader}('${file.replaceAll("'", "''")}')`;
    return {
      source: { query, dialect: 'duckdb', ...(from === null ? { trustedFrom: files } : { from }) },
      close() {
        connection.closeSync();
        instance.closeSync();
      },
    };
  });
}

async function openPostgres(path: string): Promise<OpenTable> {
  const url = URL.canParse(path) ? new URL(path) : null;
  const from = url && tableOf(url.searchParams);
  if (url === null || from === null) {
    throw usageError(
      'data',
      '--data postgres: accepted is postgres://USER@HOST/DATABASE?table=NAME, where schema=NAME may stand beside it',
    );
  }
  url.searchParams.delete('table');
  url.searchParams.delete('schema');
  const { default: pg } = await driver(() => import('pg'), 'pg');
  return opening(async () => {
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    // All statements see the table as it was at the first.
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const query: Query = async (sql) => (await client.query<Record<string, unknown>>(sql)).rows;
    return { source: { query, dialect: 'postgres', from }, close: () => client.end() };
  });
}

/** The table that a query of an address names, as the parts of its name; null where it names none. */
function tableOf(query: URLSearchParams): readonly string[] | null {
  const [schema, table] = [query.get('schema'), query.get('table')];
  if (table === null || table === '') return null;
  return schema === null ? [table] : [schema, table];
}

async function driver<T>(load: () => Promise<T>, name: string): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new ModelError(
      'driver',
      'data',
      `--data: this database is read by the package ${name}, which is not installed; install it beside this one: npm install ${name}`,
    );
  }
}

async function opening(open: () => Promise<OpenTable>): Promise<OpenTable> {
  try {
    return await open();
  } catch (error) {
    const said = error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
    throw new ModelError('database', 'data', `--data: the database is not opened: ${quote(said)}`);
  }
}
