import type { Frame, Table } from '../../data/frame.ts';
import { numberScanner } from '../../data/numberScanner.ts';
import { usableColumns } from '../../data/toFrame.ts';
import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';
import type { ReadOptions } from './readOptions.ts';

/** Whether a text that begins so is JSON, and not a table with such a header. */
export function isJson(head: string): boolean {
  return /^\ufeff?\s*(?:\[\s*(?:\{|\])|\{\s*(?:"[^"\\]*(?:\\.[^"\\]*)*"\s*:|\}))/.test(head);
}

/**
 * The table of a JSON text: an array of row objects, an object of columns, or one row object per line (NDJSON). Whole
 * numbers beyond 2^53 stay what they are: a column with one that a double does not hold is text. `na`, `text` and
 * `number` are as in `parseCsv`. Throws ModelError `json` with what is wrong, of NDJSON with the line.
 */
export function jsonRows(text: string, where: string, options: ReadOptions): Frame {
  const given = parseTable(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, where);
  const columns = Array.isArray(given) ? columnsOf(given, where) : Object.entries(given as object);
  return columnsFrame(columns, where, options);
}

/** The table of columns of values, `na`, `text` and `number` as in `parseCsv`. */
export function columnsFrame(
  columns: readonly (readonly [string, unknown])[],
  where: string,
  options: ReadOptions,
): Frame {
  const table = new Map(columns.map(([name, values]) => [name, asOptions(name, values, options, where)]));
  // Entries, as a column may be called __proto__.
  return usableColumns(Object.fromEntries(table) as Table, where);
}

/** Whether a text that begins so is one row object per line. */
export function isNdjson(head: string): boolean {
  const end = head.search(/[\r\n]/);
  if (end < 0 || !/^\ufeff?\s*\{/.test(head)) return false;
  try {
    const first: unknown = JSON.parse(head.slice(0, end).replace(/^\ufeff/, ''));
    return !Object.values(first as object).some(Array.isArray);
  } catch {
    return false;
  }
}

/** The table of NDJSON in pieces, whose length has no limit. Throws as `jsonRows` does. */
export function ndjsonRows(pieces: Iterable<string>, where: string, options: ReadOptions): Frame {
  return columnsFrame(columnsOf(rowsOf(pieces, where), where), where, options);
}

function* rowsOf(pieces: Iterable<string>, where: string): Generator<unknown> {
  let number = 0;
  for (const line of linesOf(pieces)) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      yield parse(line);
    } catch (error) {
      throw notJson(`${where}, line ${number}`, error);
    }
  }
}

/** The lines of a text in pieces; LF, CRLF and CR end one. */
function* linesOf(pieces: Iterable<string>): Generator<string> {
  let rest = '';
  let first = true;
  for (const piece of pieces) {
    const text = rest + (first ? piece.replace(/^\ufeff/, '') : piece);
    first = false;
    // A CR that ends a piece may be half of a line's end.
    const whole = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.slice(0, whole).split(/\r\n|\n|\r/);
    rest = `${lines.pop() ?? ''}${text.slice(whole)}`;
    yield* lines;
  }
  yield* rest.split(/\r\n|\n|\r/);
}

function parseTable(text: string, where: string): unknown {
  try {
    const whole = parse(text);
    const isRow =
      typeof whole === 'object' && whole !== null && !Array.isArray(whole) && !Object.values(whole).some(Array.isArray);
    return isRow ? [whole] : whole;
  } catch (error) {
    if (!text.trimStart().startsWith('{')) throw notJson(where, error);
  }
  return text.split(/\r\n|\n|\r/).flatMap((line, i) => {
    if (line.trim() === '') return [];
    try {
      return [parse(line)];
    } catch (error) {
      throw notJson(`${where}, line ${i + 1}`, error);
    }
  });
}

function notJson(place: string, error: unknown): ModelError {
  const said = error instanceof Error ? error.message : String(error);
  return new ModelError('json', place, `${place}: not JSON (${said.slice(0, 120).replace(/\s+/g, ' ')})`);
}

/** A key that no other program writes. */
const BIG = '\u0000integer';

/** Texts and numbers, each whole, so that digits in a text are none. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const WHOLE = /^-?\d{16,}$/;

/** JSON.parse, but whole numbers of 16 digits or more become big integers: doubles would merge them. */
function parse(text: string): unknown {
  const marked = text.replace(TOKENS, (token) =>
    WHOLE.test(token) ? `{"${JSON.stringify(BIG).slice(1, -1)}":"${token}"}` : token,
  );
  if (marked === text) return JSON.parse(text);
  return JSON.parse(marked, (_, value: unknown) => {
    const isBig = typeof value === 'object' && value !== null && Object.hasOwn(value, BIG);
    return isBig ? BigInt((value as Record<string, string>)[BIG]!) : value;
  });
}

function columnsOf(rows: Iterable<unknown>, where: string): [string, unknown[]][] {
  const columns = new Map<string, unknown[]>();
  let n = 0;
  for (const row of rows) {
    n += 1;
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new ModelError('json', where, `${where}: row ${n} is ${quote(row)}; accepted is an array of row objects`);
    }
    for (const [name, value] of Object.entries(row)) {
      const column = columns.get(name) ?? [];
      if (column.length === 0) columns.set(name, column);
      while (column.length < n - 1) column.push(null);
      column.push(value);
    }
  }
  for (const column of columns.values()) while (column.length < n) column.push(null);
  return [...columns];
}

/** The values of a column as the options have them: codes missing, numbers as texts or texts as numbers. */
function asOptions(
  name: string,
  values: unknown,
  { na = [], text = [], number = [] }: ReadOptions,
  where: string,
): unknown {
  if (!Array.isArray(values)) return values;
  const codes = new Set(na.map((code) => code.trim()));
  const scanner = numberScanner({ decimal: '.', thousands: '' });
  return values.map((value: unknown, i) => {
    if ((typeof value === 'string' || typeof value === 'number') && codes.has(String(value).trim())) return null;
    if (text.includes(name) && (typeof value === 'number' || typeof value === 'bigint')) return String(value);
    if (number.includes(name) && typeof value === 'string') {
      if (value.trim() === '') return null;
      if (scanner.scan(value.trim())) return scanner.value;
      throw new ModelError(
        'not-a-number',
        where,
        `${where}: column ${quote(name)} is ${quote(value)} in row ${i + 1} and was to be numbers`,
      );
    }
    if (number.includes(name) && typeof value === 'bigint') return Number(value);
    return value;
  });
}
