import { DuckDBInstance } from '@duckdb/node-api';
import type { Query } from '../../src/reduction/asking.ts';

/** A database in memory. */
export interface Database {
  readonly query: Query;
  /** Makes a table of columns by name, numbers or text. */
  table(name: string, columns: Readonly<Record<string, readonly (number | string | boolean | null)[]>>): Promise<void>;
  run(sql: string): Promise<void>;
  close(): void;
}

export async function duckdb(threads = 2): Promise<Database> {
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
  const connection = await instance.connect();
  const id = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const run = async (sql: string) => {
    await connection.run(sql);
  };
  return {
    query: async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJS(),
    run,
    async table(name, columns) {
      const names = Object.keys(columns);
      const typeOf = (values: readonly unknown[]) => {
        const kind = typeof values.find((value) => value !== null);
        return kind === 'string' ? 'VARCHAR' : kind === 'boolean' ? 'BOOLEAN' : 'DOUBLE';
      };
      await run(`CREATE TABLE ${id(name)} (${names.map((own) => `${id(own)} ${typeOf(columns[own]!)}`).join(', ')})`);
      const n = columns[names[0]!]!.length;
      const appender = await connection.createAppender(name);
      for (let i = 0; i < n; i++) {
        for (const own of names) {
          const value = columns[own]![i]!;
          if (value === null) appender.appendNull();
          else if (typeof value === 'string') appender.appendVarchar(value);
          else if (typeof value === 'boolean') appender.appendBoolean(value);
          else appender.appendDouble(value);
        }
        appender.endRow();
      }
      appender.closeSync();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

/** The columns of a data set as lists. */
export function columnsOf(data: object): Record<string, (number | string)[]> {
  return Object.fromEntries(
    Object.entries(data).map(([name, values]) => [name, Array.from(values as ArrayLike<number | string>)]),
  );
}
