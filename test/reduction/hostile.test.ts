import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { createRng } from '../../src/random/rng.ts';
import type { Query } from '../../src/reduction/asking.ts';
import { fromReduced } from '../../src/reduction/fromReduced.ts';
import { reduce } from '../../src/reduction/reduce.ts';
import { reductionSql } from '../../src/reduction/reductionSql.ts';
import { type Database, duckdb } from './duckdb.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from './engines.ts';

/** Names and levels that are SQL, escapes, quotes of every dialect, and letters beyond ASCII. */
const NAMES = ['y"; DROP TABLE t; --', "in'come \\ $1", 'g`; SELECT 1; --', '数, "ß"', 'SELECT'] as const;
const [Y, X, G, Z, K] = NAMES;
const TABLE = 'a "table"; DROP TABLE t; --';
const LEVELS = ["'; DROP TABLE t; --", 'x\\', 'ß', 'ẞ', '', ' ', '"', '`', '$1', 'NULL', 'a\nb', "\\' OR 1=1 --"];
const tick = (name: string) => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
const FORMULA = `${tick(Y)} ~ ${tick(X)} * ${tick(K)} + I(${tick(Z)}^2) + (1 + ${tick(X)} | ${tick(G)})`;

const random = createRng([3]);
const rows = Array.from({ length: 600 }, (_, i) => {
  const j = i % LEVELS.length;
  const x = random.normal();
  return {
    g: LEVELS[j]!,
    x,
    z: random.uniform(),
    k: i % 2 === 0 ? "o'k" : 'not"',
    y: j / 3 + x * (1 + (j % 3) / 4) + random.normal(),
  };
});
const data = {
  [Y]: rows.map(({ y }) => y),
  [X]: rows.map(({ x }) => x),
  [G]: rows.map(({ g }) => g),
  [Z]: rows.map(({ z }) => z),
  [K]: rows.map(({ k }) => k),
};

async function faultOf(promise: Promise<unknown>): Promise<ModelError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ModelError) return error;
  throw new Error(`no ModelError: ${String(error)}`);
}

let db: Database;
beforeAll(async () => {
  db = await duckdb();
  await db.table(TABLE, data);
  await db.table('t', { a: [1, 2] });
});
afterAll(() => db.close());
const duck = (from: string) => ({ query: db.query, dialect: 'duckdb', from }) as const;

describe('hostile names and levels', () => {
  it('are names and levels, in DuckDB', async () => {
    const table = await reduce(FORMULA, duck(TABLE));
    const [cells, whole] = [maximumLikelihood(FORMULA, fromReduced(FORMULA, table)), maximumLikelihood(FORMULA, data)];
    expect(Math.abs(cells.deviance - whole.deviance)).toBeLessThan(1e-9 * whole.deviance);
    expect(cells.design.groupTerms[0]!.levels).toEqual(whole.design.groupTerms[0]!.levels);
    expect(await db.query('SELECT COUNT(*) AS n FROM t')).toEqual([{ n: 2n }]);
    // No level stands in a statement.
    for (const statement of table.statements)
      for (const level of ['ẞ', 'not"', 'OR 1=1']) expect(statement).not.toContain(level);
  });

  it('are refused where no statement could hold them', async () => {
    for (const name of ['', 'a\0b', '\ud800']) {
      expect((await faultOf(reduce('y ~ 1 + (1 | g)', duck(name)))).code).toBe('sql-name');
    }
  });

  it('stand quoted in every dialect, and nothing of them outside of the quotes', () => {
    const quoted = {
      duckdb: /"(?:[^"]|"")*"/g,
      postgres: /"(?:[^"]|"")*"/g,
      snowflake: /"(?:[^"]|"")*"/g,
      spark: /`(?:[^`]|``)*`/g,
      clickhouse: /`(?:[^`\\]|\\.)*`/g,
      bigquery: /`(?:[^`\\]|\\.)*`/g,
    };
    for (const [dialect, pattern] of Object.entries(quoted)) {
      const sql = reductionSql(FORMULA, { dialect: dialect as 'duckdb', from: ['s', TABLE], text: [K] });
      for (const text of [sql.check, sql.cells]) {
        // NaN is the one text of ours, of engines that have no function for it.
        const rest = text.replace(pattern, '').replaceAll("'NaN'", '');
        expect([dialect, rest.match(/DROP|--|;|\$|'|"|`|\\|数/)?.[0] ?? null]).toEqual([dialect, null]);
        // Of every name as many as the same with names of letters.
        const plain = reductionSql('y ~ x * k + I(z^2) + (1 + x | g)', {
          dialect: dialect as 'duckdb',
          from: ['s', 't'],
          text: ['k'],
        });
        const same = text === sql.check ? plain.check : plain.cells;
        expect(rest).toBe(same.replace(pattern, '').replaceAll("'NaN'", ''));
      }
    }
  });
});

describe('values that are no numbers', () => {
  const y = [1, 2.5, null, Number.NaN, 3, 1.5, 2, 4];
  const g = ['a', 'a', 'b', 'b', 'b', 'c', '', null];
  const complete = { y: [1, 2.5, 3, 1.5, 2], g: ['a', 'a', 'b', 'c', ''] };
  const formula = 'y ~ 1 + (1 | g)';

  it('NULL and NaN are missing: an error that counts them, or left out; the empty text is a level', async () => {
    await db.table('holes', { y, g });
    const fault = await faultOf(reduce(formula, duck('holes')));
    expect([fault.code, fault.message]).toEqual([
      'missing-values',
      `3 of the 8 rows have missing values ("y" in 2, "g" in 1); fill them in, or pass missing: 'drop' (--missing drop) to leave these rows out`,
    ]);
    const table = await reduce(formula, { ...duck('holes'), missing: 'drop' });
    expect([table.observations, table.dropped]).toEqual([5, 3]);
    const [cells, whole] = [
      maximumLikelihood(formula, fromReduced(formula, table)),
      maximumLikelihood(formula, complete),
    ];
    expect(cells.deviance).toBeCloseTo(whole.deviance, 8);
    expect(cells.design.groupTerms[0]!.levels).toEqual(['', 'a', 'b', 'c']);
    expect(cells.design.dropped).toBe(3);
  });

  it('the same of distinct rows', async () => {
    await db.table('answers', { y: [0, 1, null, 1, 0, 1, 0, 1], g });
    const options = { family: 'binomial' } as const;
    expect((await faultOf(reduce(formula, { ...duck('answers'), ...options }))).message).toContain(
      '2 of the 8 rows have missing values ("y" in 1, "g" in 1)',
    );
    const table = await reduce(formula, { ...duck('answers'), ...options, missing: 'drop' });
    expect([table.observations, table.dropped, table.cells['n']]).toEqual([6, 2, expect.anything()]);
  });

  it('infinities are refused, whether in a column or computed', async () => {
    await db.table('infinite', { y: [1, 2, Infinity, -Infinity], x: [0, 1, 2, 3], g: ['a', 'a', 'b', 'b'] });
    const fault = await faultOf(reduce(formula, { ...duck('infinite'), missing: 'drop' }));
    expect([fault.code, fault.message]).toEqual([
      'infinite-value',
      'column "y" is infinite in 2 of the 4 rows; every value must be finite or missing',
    ]);
    await db.table('large', { y: [1, 2, 3, 4], x: [0, 1, 2, 1000], g: ['a', 'a', 'b', 'b'] });
    expect((await faultOf(reduce('y ~ exp(x) + (1 | g)', duck('large')))).message).toMatch(
      /exp\(x\) is not finite in 1 of the 4 rows|the database failed/,
    );
    expect((await faultOf(reduce('y ~ log(x) + (1 | g)', duck('large')))).message).toMatch(
      /log\(x\) is not finite in 1 of the 4 rows|the database failed: ".*logarithm of zero/,
    );
  });

  it('a table without rows, and a column that is not there, have a sentence', async () => {
    await db.run('CREATE TABLE empty (y DOUBLE, g VARCHAR)');
    expect((await faultOf(reduce(formula, duck('empty')))).message).toContain('the table has no rows');
    expect((await faultOf(reduce('y ~ nix + (1 | g)', duck('holes')))).message).toBe(
      'there is no column "nix" in the table; it has "y", "g"',
    );
    expect((await faultOf(reduce(formula, duck('no such table')))).code).toBe('query');
  });

  it('whole numbers beyond the digits of a double are no levels', async () => {
    await db.run('CREATE TABLE ids AS SELECT 9007199254740993 + i // 4 AS g, i * 1.5 AS y FROM range(40) t(i)');
    expect(
      (await faultOf(reduce(formula, duck('ids')).then((table) => fromReduced(formula, table)))).message,
    ).toContain('give it as text');
    const table = await reduce(formula, { ...duck('ids'), text: ['g'] });
    expect(maximumLikelihood(formula, fromReduced(formula, table)).design.groupTerms[0]!.J).toBe(10);
  });
});

describe('a database that does not keep still', () => {
  const formula = 'y ~ x + (1 | g)';
  const fill = (name: string) =>
    db.run(`CREATE TABLE ${name} AS SELECT i % 7 AS g, i * 0.25 AS x, sin(i) + i % 7 AS y FROM range(400) t(i)`);

  it('is refused where the number of rows changed between the statements, or the values left their range', async () => {
    await fill('growing');
    const changing = (change: string): Query => {
      let asked = 0;
      return async (sql) => {
        const answer = await db.query(sql);
        if (/AS lo0\b/.test(sql) && asked++ === 0) await db.run(change);
        return answer;
      };
    };
    const grown = await faultOf(
      reduce(formula, { ...duck('growing'), query: changing('INSERT INTO growing VALUES (1, 2, 3)') }),
    );
    expect([grown.code, grown.message]).toEqual([
      'changed-table',
      'the table changed between the statements: 400 rows in the first, 401 in the last; reduce a table at rest, or inside one transaction that sees one snapshot',
    ]);
    const moved = reduce(formula, { ...duck('growing'), query: changing('UPDATE growing SET y = y + 30') });
    expect((await faultOf(moved.then((table) => fromReduced(formula, table)))).message).toContain(
      'the table changed between the statements',
    );
  });

  it('ends a statement with the words of the engine, and what is no answer is named', async () => {
    await fill('still');
    let asked = 0;
    const killed: Query = async (sql) => {
      if (asked++ > 1) throw new Error('canceling statement due to user request');
      return db.query(sql);
    };
    expect((await faultOf(reduce(formula, { ...duck('still'), query: killed }))).message).toBe(
      'the database failed: "canceling statement due to user request"',
    );
    for (const answer of [null, 'text', [1], { rows: [] }]) {
      expect((await faultOf(reduce(formula, { ...duck('still'), query: async () => answer as never }))).code).toBe(
        'query',
      );
    }
  });
});

const found = postgresPrograms();
if ('why' in found) console.log(`PostgreSQL is not tested: ${found.why}`);
describe.skipIf('why' in found)('PostgreSQL', () => {
  let server: PostgresServer;
  let connection: Awaited<ReturnType<PostgresServer['connect']>>;
  const id = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const create = async (
    table: string,
    columns: Readonly<Record<string, readonly (number | string | null)[]>>,
    part = (_i: number) => true,
  ) => {
    const names = Object.keys(columns);
    const kinds = names.map((name) =>
      columns[name]!.some((value) => typeof value === 'string') ? 'text' : 'double precision',
    );
    const { client } = connection;
    await client.query(`CREATE TABLE ${id(table)} (${names.map((name, k) => `${id(name)} ${kinds[k]}`).join(', ')})`);
    const chosen = columns[names[0]!]!.map((_, i) => i).filter(part);
    const lists = names.map((name) => chosen.map((i) => columns[name]![i]));
    const unnested = kinds.map((kind, k) => `$${k + 1}::${kind}[]`).join(', ');
    await client.query(`INSERT INTO ${id(table)} SELECT * FROM unnest(${unnested})`, lists);
  };
  const postgres = (from: string) => ({ query: connection.query, dialect: 'postgres', from }) as const;

  beforeAll(async () => {
    if ('why' in found) return;
    server = await startPostgres(found.bin);
    connection = await server.connect();
    await create(TABLE, data);
  }, 60_000);
  afterAll(() => server?.stop());

  it('gives the cells of DuckDB to the last bit, hostile names and levels included', async () => {
    const [a, b] = [await reduce(FORMULA, duck(TABLE)), await reduce(FORMULA, postgres(TABLE))];
    expect(sorted(fromReduced(FORMULA, b))).toEqual(sorted(fromReduced(FORMULA, a)));
  });

  it('gives the same cells in parallel, and by three shards added up', async () => {
    await connection.client.query(
      'SET max_parallel_workers_per_gather = 2; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0',
    );
    const parallel = await reduce(FORMULA, postgres(TABLE));
    const parts = [0, 1, 2].map((shard) => (i: number) => i % 3 === shard);
    for (const [shard, part] of parts.entries()) await create(`shard${shard}`, data, part);
    const query = parts.map(
      (_, shard): Query =>
        async (sql) =>
          connection.query(sql.replaceAll(id('rows of it'), id(`shard${shard}`))),
    );
    const shards = await reduce(FORMULA, { dialect: 'postgres', from: 'rows of it', query });
    expect(sorted(fromReduced(FORMULA, shards))).toEqual(sorted(fromReduced(FORMULA, parallel)));
  });

  it('counts what is missing and infinite as DuckDB does', async () => {
    const holes = { y: [1, 2.5, null, Number.NaN, 3, 1.5, 2, 4], g: ['a', 'a', 'b', 'b', 'b', 'c', '', null] };
    await create('holes', holes);
    const fault = await faultOf(reduce('y ~ 1 + (1 | g)', postgres('holes')));
    expect(fault.message).toContain('3 of the 8 rows have missing values ("y" in 2, "g" in 1)');
    await create('infinite', { y: [1, 2, Infinity, -Infinity], g: ['a', 'a', 'b', 'b'] });
    expect((await faultOf(reduce('y ~ 1 + (1 | g)', postgres('infinite')))).message).toContain(
      '"y" is infinite in 2 of the 4 rows',
    );
  });

  it('a query that is killed ends in a sentence', async () => {
    const victim = await server.connect();
    const { rows: own } = await victim.client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const query: Query = async (sql) => {
      const answer = victim.query(
        /SUM\(t0\)/.test(sql) ? sql.replace(' FROM (', ', MIN(pg_sleep(30)::text) AS slept FROM (') : sql,
      );
      // It may fail before it is awaited below.
      answer.catch(() => {});
      if (/SUM\(t0\)/.test(sql)) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        await connection.client.query('SELECT pg_cancel_backend($1)', [own[0]!.pid]);
      }
      return answer;
    };
    expect((await faultOf(reduce(FORMULA, { ...postgres(TABLE), query }))).message).toBe(
      'the database failed: "canceling statement due to user request"',
    );
  });
});

/** The rows by value, so that frames are compared to the last bit. */
function sorted({ rows: frame }: ReturnType<typeof fromReduced>) {
  return { columns: [...frame.columns], counts: frame.reduced!.counts, moments: frame.reduced!.moments };
}
