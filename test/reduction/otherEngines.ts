/**
 * `npm run engines -- FOLDER`: the statements of the dialects that the tests do not run, by engines and parsers that are
 * installed in FOLDER when they are wanted (700 MB):
 *   mkdir FOLDER && cd FOLDER && npm init -y && npm install chdb dt-sql-parser node-sql-parser
 * ClickHouse (chdb) runs them and has to give the cells of DuckDB to the last bit; the grammar of Spark (dt-sql-parser)
 * and those of BigQuery and Snowflake (node-sql-parser) read what is printed for them, which nothing here runs. What is
 * not installed is said. Ends with status 1 where something does not hold.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { hsb, radon, sleepstudy, voters } from '../../src/datasets/index.ts';
import type { FamilyName } from '../../src/families/family.ts';
import type { Query } from '../../src/reduction/asking.ts';
import { type DialectName, dialect } from '../../src/reduction/dialect.ts';
import { reduce } from '../../src/reduction/reduce.ts';
import { reductionSql } from '../../src/reduction/reductionSql.ts';
import { columnsOf, duckdb } from './duckdb.ts';

type Columns = Record<string, (number | string)[]>;
interface Case {
  readonly table: string;
  readonly formula: string;
  readonly family?: FamilyName;
  /** Text predictors. */
  readonly text?: readonly string[];
}

const hostile: Columns = {
  'y"; DROP TABLE t; --': Array.from({ length: 96 }, (_, i) => Math.sin(i * i) + (i % 8)),
  "in'come \\ $1": Array.from({ length: 96 }, (_, i) => Math.cos(i * 3)),
  '数, "ß"': Array.from(
    { length: 96 },
    (_, i) => ["'; DROP TABLE t; --", 'x\\', '', '"', '`', '$1', 'NULL', 'a\nb'][i % 8]!,
  ),
};
const TABLES: Readonly<Record<string, Columns>> = {
  radon: columnsOf(radon),
  sleepstudy: columnsOf(sleepstudy),
  hsb: columnsOf(hsb),
  voters: { ...columnsOf(voters), none: (columnsOf(voters)['n'] as number[]).map((n, i) => (n + i) % 5) },
  'a `table"; DROP TABLE t; --': hostile,
};
const CASES: readonly Case[] = [
  { table: 'radon', formula: 'log_radon ~ floor * log_uranium + (1 + floor | county)' },
  { table: 'sleepstudy', formula: 'Reaction ~ poly(Days, 2) + (1 + scale(Days) | Subject)' },
  { table: 'sleepstudy', formula: 'Reaction ~ factor(Days) + offset(Days) + (1 | Subject)' },
  { table: 'hsb', formula: 'mathach ~ within(ses, school) * sector + (1 + ses || school)', text: ['sector'] },
  { table: 'voters', formula: 'yes | trials(n) ~ income + (1 + income | state)', family: 'binomialLogit' },
  { table: 'voters', formula: 'none ~ income + (1 | state)', family: 'poisson' },
  {
    table: 'a `table"; DROP TABLE t; --',
    formula: '`y"; DROP TABLE t; --` ~ `in\'come \\\\ $1` + (1 | `数, "ß"`)',
  },
];

const folder = resolve(process.argv[2] ?? '.');
const installed = createRequire(join(folder, 'package.json'));
let failures = 0;

report('ClickHouse', await clickhouse());
report('Spark', await read('spark', 'dt-sql-parser', sparkFault));
report('BigQuery', await read('bigquery', 'node-sql-parser', parserFault));
report('Snowflake', await read('snowflake', 'node-sql-parser', parserFault));
process.exitCode = failures > 0 ? 1 : 0;

function report(name: string, faults: readonly string[] | string): void {
  if (typeof faults === 'string') console.log(`${name}: ${faults}`);
  else console.log(`${name}: ${CASES.length} models, ${faults.length} faults\n${faults.join('\n')}`.trimEnd());
  if (typeof faults !== 'string') failures += faults.length;
}

/** Faults of ClickHouse's cells beside DuckDB's, or why there are none. */
async function clickhouse(): Promise<string[] | string> {
  type Session = { query(sql: string, format?: string): string; cleanup(): void };
  const chdb = found<{ Session: new (path: string) => Session }>('chdb');
  if (typeof chdb === 'string') return chdb;
  const place = mkdtempSync(join(tmpdir(), 'chdb-'));
  const session = new chdb.Session(place);
  const duck = await duckdb();
  const { identifier } = dialect('clickhouse');
  const query: Query = async (sql) => {
    const settings = 'output_format_json_quote_64bit_integers = 1, enable_positional_arguments = 0';
    const lines = session.query(`${sql} SETTINGS ${settings}`, 'JSONEachRow').split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  session.query('CREATE DATABASE d ENGINE = Atomic');
  session.query('USE d');
  for (const [name, data] of Object.entries(TABLES)) {
    await duck.table(name, data);
    const names = Object.keys(data);
    const type = (own: string) => `Nullable(${typeof data[own]![0] === 'string' ? 'String' : 'Float64'})`;
    const kinds = names.map((own) => `${identifier(own)} ${type(own)}`).join(', ');
    session.query(`CREATE TABLE ${identifier(name)} (${kinds}) ENGINE = Memory`);
    const rows = data[names[0]!]!.map((_, i) => Object.fromEntries(names.map((own) => [own, data[own]![i]])));
    const body = rows.map((row) => JSON.stringify(row)).join('\n');
    session.query(`INSERT INTO ${identifier(name)} FORMAT JSONEachRow ${body}`);
  }
  const faults: string[] = [];
  for (const { table, formula, ...options } of CASES) {
    try {
      const [a, b] = [
        await reduce(formula, { query: duck.query, dialect: 'duckdb', from: table, ...options }),
        await reduce(formula, { query, dialect: 'clickhouse', from: table, ...options }),
      ];
      if (JSON.stringify(cellsInOrder(a.cells)) !== JSON.stringify(cellsInOrder(b.cells))) {
        faults.push(`  ${formula}: other cells than DuckDB's`);
      }
    } catch (error) {
      faults.push(`  ${formula}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  session.cleanup();
  duck.close();
  rmSync(place, { recursive: true, force: true });
  return faults;
}

/** Cells as texts, in one order whatever the engine's. */
function cellsInOrder(cells: Readonly<Record<string, ArrayLike<unknown>>>): string[] {
  const names = Object.keys(cells).sort();
  const n = cells[names[0]!]!.length;
  return Array.from({ length: n }, (_, i) =>
    names.map((name) => `${name}=${String(cells[name]![i])}`).join(' '),
  ).sort();
}

type Fault = (parser: unknown, sql: string, name: DialectName) => string | null;

/** Faults that a parser finds in what is printed for a dialect, or why there is none. */
async function read(name: DialectName, from: string, fault: Fault): Promise<string[] | string> {
  const parser = await bundled(from);
  if (typeof parser === 'string') return parser;
  // A parser that takes anything would show nothing.
  if (fault(parser, 'SELECT a FROM t WHERE GROUP BY', name) === null) return ['  the parser takes what is no SQL'];
  return CASES.flatMap(({ table, formula, ...options }) => {
    const { check, cells } = reductionSql(formula, { dialect: name, from: table, ...options });
    return [check, cells].flatMap((sql) => {
      const said = fault(parser, sql, name);
      return said === null ? [] : [`  ${formula}: ${said}`];
    });
  });
}

function sparkFault(parser: unknown, sql: string): string | null {
  const { SparkSQL } = parser as { SparkSQL: new () => { validate(sql: string): { message: string }[] } };
  return new SparkSQL().validate(sql)[0]?.message ?? null;
}

/** What the parser does not have and BigQuery has: a type, and marks in quoted names. */
function parserFault(parser: unknown, sql: string, name: DialectName): string | null {
  if (name === 'bigquery' && sql.includes('DROP TABLE')) return null;
  const known = name === 'bigquery' ? sql.replaceAll('BIGNUMERIC', 'NUMERIC') : sql;
  const module = parser as { Parser?: new () => Astify; default?: { Parser: new () => Astify } };
  const { Parser } = module.default ?? (module as { Parser: new () => Astify });
  try {
    new Parser().astify(known, { database: name });
    return null;
  } catch (error) {
    return (error as Error).message.slice(0, 200);
  }
}

interface Astify {
  astify(sql: string, options: { database: string }): unknown;
}

function found<T>(name: string): T | string {
  try {
    return installed(name) as T;
  } catch (error) {
    return `not run: ${name} is not installed in ${folder} (${(error as { code?: string }).code})`;
  }
}

/** A package made one module, as some of them are written for bundlers alone. */
async function bundled(name: string): Promise<unknown> {
  const place = mkdtempSync(join(tmpdir(), 'parser-'));
  try {
    installed.resolve(name);
    const { outputFiles } = await build({
      stdin: { contents: `import * as all from '${name}'; export default all;`, resolveDir: folder },
      ...{ bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'silent' },
    });
    writeFileSync(join(place, 'parser.mjs'), outputFiles[0]!.text);
    return ((await import(pathToFileURL(join(place, 'parser.mjs')).href)) as { default: unknown }).default;
  } catch (error) {
    return `not run: ${name} is not installed in ${folder} (${(error as { code?: string }).code ?? String(error)})`;
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
