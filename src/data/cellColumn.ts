import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { Column, SameNumber } from './frame.ts';
import { type NumberMarks, numberScanner, printed, UNLIKE } from './numberScanner.ts';

/** A column as it is read, cell by cell. */
export interface CellColumn {
  /** Takes the next cell, which stands on a line (1-based) of the file. */
  add(cell: string, line: number): void;
  /** The column, or the error that its use throws. */
  finish(): Column | ModelError;
}

export interface CellOptions extends NumberMarks {
  /** Texts (beside the empty one) that are missing. */
  readonly missing: ReadonlySet<string>;
  /** What the column is; by its cells unless given. */
  readonly kind?: 'number' | 'text';
}

/**
 * A column read from cells. It is numbers as long as every cell that is not missing is one, else the texts of all
 * cells: numbers are kept as a double and how it was written, from which their text follows, so that a column of
 * numbers takes nine bytes a cell. A whole number that does not print back (`007`, digits beyond 2^53) makes it text,
 * as it is an id that the double would merge with another.
 *
 * The error of a column names file and line: numbers that are infinite, cells of `kind: 'number'` that are none, and
 * U+FFFD, which stands for bytes that were not read by their encoding. Blanks about a cell do not count, but a text
 * keeps them.
 */
export function cellColumn(name: string, where: string, options: CellOptions): CellColumn {
  const { missing, kind, decimal } = options;
  const scanner = numberScanner(options);
  const starts = new Set(Array.from(missing, (text) => text.charCodeAt(0)));
  const pool = new Map<string, string>();
  /** Texts of numbers by row, where the value does not tell them. */
  const unlike = new Map<number, string>();
  let n = 0;
  let values = new Float64Array(16);
  let written = new Uint8Array(0);
  let texts: (string | null)[] | null = kind === 'text' ? [] : null;
  let fault: ModelError | null = null;
  let infinite: ModelError | null = null;

  const fail = (code: string, line: number, sentence: string): ModelError =>
    new ModelError(code, where, `${where}, line ${line}: column ${quote(name)} ${sentence}`);

  /** The text on its own: a part of a long text keeps all of it in memory. */
  function own(cell: string, line: number): string {
    const known = pool.get(cell);
    if (known !== undefined) return known;
    const copy = cell.length < 13 ? cell : ` ${cell}`.slice(1);
    if (pool.size < IDS) pool.set(copy, copy);
    if (fault === null && cell.includes('\ufffd'))
      fault = fail('csv-encoding', line, `is ${quote(cell)}, ${UNREADABLE}`);
    return copy;
  }

  function addNumber(cell: string, trimmed: string, line: number): void {
    if (n === values.length) values = grown(values, new Float64Array(2 * n));
    values[n] = scanner.value;
    const how = trimmed === cell ? scanner.written : UNLIKE;
    if (how > 0) {
      if (written.length < values.length) written = grown(written, new Uint8Array(values.length));
      written[n] = how;
      if (how === UNLIKE && kind !== 'number') unlike.set(n, cell.length < 13 ? cell : ` ${cell}`.slice(1));
    }
    if (infinite === null && Math.abs(scanner.value) === Number.POSITIVE_INFINITY) {
      infinite = fail('infinite-value', line, `is ${trimmed.slice(0, 40)}; numbers must be finite`);
    }
  }

  function turnToText(): (string | null)[] {
    const made: (string | null)[] = [];
    for (let i = 0; i < n; i += 1) {
      const value = values[i]!;
      made.push(Number.isNaN(value) ? null : (unlike.get(i) ?? own(printed(value, written[i] ?? 0, decimal), 0)));
    }
    unlike.clear();
    values = new Float64Array(0);
    return made;
  }

  function textOf(i: number): string {
    return unlike.get(i)?.trim() ?? printed(values[i]!, written[i] ?? 0, decimal);
  }

  /**
   * The first two cells that are one number written in two ways; columns of very many numbers are no ids, and are not
   * searched to their end.
   */
  function sameNumber(): SameNumber | null {
    if (written.length === 0) return null;
    const rows = new Map<number, number>();
    for (let i = 0; i < n && rows.size < IDS; i += 1) {
      const value = values[i]!;
      const before = rows.get(value);
      if (before === undefined) rows.set(value, i);
      else if (!Number.isNaN(value) && (written[i] !== written[before] || written[i] === UNLIKE)) {
        const texts = [textOf(before), textOf(i)] as const;
        if (texts[0] !== texts[1]) return { texts, rows: [before, i] };
      }
    }
    return null;
  }

  return {
    add(cell, line) {
      const trimmed = isPadded(cell) ? cell.trim() : cell;
      const isMissing = trimmed === '' || (starts.has(trimmed.charCodeAt(0)) && missing.has(trimmed));
      if (texts === null && !isMissing) {
        const isNumber = scanner.scan(trimmed);
        if (kind === 'number' && !isNumber) {
          fault ??= fail('not-a-number', line, `is ${quote(cell)} and was to be numbers; ${MISSING_HINT}`);
          scanner.value = Number.NaN;
          scanner.written = 0;
          addNumber(cell, cell, line);
        } else if (isNumber && (kind === 'number' || !scanner.identifier)) addNumber(cell, trimmed, line);
        else texts = turnToText();
      } else if (texts === null) {
        if (n === values.length) values = grown(values, new Float64Array(2 * n));
        values[n] = Number.NaN;
      }
      texts?.push(isMissing ? null : own(cell, line));
      n += 1;
    },
    finish() {
      if (fault !== null) return fault;
      if (texts !== null) return { kind: 'text', values: texts, ...(kind === 'text' ? { declared: true } : {}) };
      if (infinite !== null) return infinite;
      const same = kind === 'number' ? null : sameNumber();
      return { kind: 'number', values: values.slice(0, n), ...(same === null ? {} : { sameNumber: same }) };
    },
  };
}

/** So many different numbers may be the ids of groups. */
const IDS = 20_000;

/** What is to be said of a text that was not read by its encoding. */
export const UNREADABLE =
  "which holds U+FFFD, the sign for bytes that are not UTF-8; read the file by its own encoding (--encoding latin1, in a program new TextDecoder('latin1'))";
const MISSING_HINT = "a text that stands for a missing value is named by na (--na '.,N/A')";

function grown<T extends Float64Array | Uint8Array>(old: T, longer: T): T {
  longer.set(old);
  return longer;
}

/** Whether there may be blanks about a text, of whatever kind `trim` removes. */
function isPadded(cell: string): boolean {
  const [first, last] = [cell.charCodeAt(0), cell.charCodeAt(cell.length - 1)];
  return first <= 32 || last <= 32 || first > 127 || last > 127;
}
