import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { ReducedValue } from './reducedTable.ts';

/** Runs a statement and gives its rows as objects, column by name. */
export type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** A query function with what it gives checked. */
export interface Asking {
  columns(statement: string): Promise<Record<string, readonly ReducedValue[]>>;
  row(statement: string): Promise<Record<string, ReducedValue>>;
  /** The first row as the driver gives it, names in their own case; nothing in it where there is none. */
  first(statement: string): Promise<Readonly<Record<string, unknown>>>;
  /** The same where the row has names of types. */
  types(statement: string): Promise<Record<string, ReducedValue>>;
  number(statement: string, name: string): Promise<number>;
}

/**
 * Names in lower case: some engines return aliases in upper case. Throws ModelError `query` with the words of the
 * engine, or for rows that are none.
 */
export function askingOf(query: Query): Asking {
  const columns = async (statement: string): Promise<Record<string, readonly ReducedValue[]>> => {
    const rows = await answer(query, statement);
    const names = Object.keys(rows[0] ?? {});
    return Object.fromEntries(
      names.map((name) => [name.toLowerCase(), rows.map((row) => plainValue(row[name], name))] as const),
    );
  };
  const row = async (statement: string): Promise<Record<string, ReducedValue>> => {
    const found = await columns(statement);
    if (Object.values(found)[0]?.length !== 1) throw failed('gave no single row where one is due');
    return Object.fromEntries(Object.entries(found).map(([name, values]) => [name, values[0]!]));
  };
  const first = async (statement: string) => (await answer(query, statement))[0] ?? {};
  return { columns, row, first, types: row, number: async (statement, name) => Number((await row(statement))[name]) };
}

async function answer(query: Query, statement: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  let rows: unknown;
  try {
    rows = await query(statement);
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw failed(`failed: ${quote(error instanceof Error ? error.message : String(error))}`);
  }
  const isRow = (value: unknown): value is Readonly<Record<string, unknown>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (Array.isArray(rows) && rows.every(isRow)) return rows;
  throw failed(`gave ${quote(rows)}; query must give a list of objects, one for each row`);
}

/** Numbers, text and null as they are; big integers as decimal text. */
function plainValue(value: unknown, name: string): ReducedValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint')
    return value <= 9007199254740991n && value >= -9007199254740991n ? Number(value) : String(value);
  if (typeof value === 'number' || typeof value === 'string') return value;
  // Classes of drivers for large numbers (Big, BigQueryInt, Decimal) print their digits.
  const text = typeof value === 'object' ? String(value) : '';
  if (/^-?\d+(\.\d+)?$/.test(text)) return text;
  throw failed(`gave ${quote(value)} in ${quote(name)}; numbers, big integers, text and null are read`);
}

function failed(sentence: string): ModelError {
  return new ModelError('query', 'query', `the database ${sentence}`);
}
