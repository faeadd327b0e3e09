import type { Column } from './frame.ts';
import { numberScanner } from './numberScanner.ts';

/** What a text column of numbers holds. */
export interface NumbersInText {
  /** Cells that are not missing. */
  readonly given: number;
  /** Of those, the ones that are numbers. */
  readonly numbers: number;
  /** The first row with a number that has other marks (1,234 or 1,5); -1 where there is none. */
  readonly marked: number;
  /** The texts that are no numbers, each with its rows (0-based), in order of appearance. */
  readonly others: ReadonlyMap<string, readonly number[]>;
  /** The first row with a number that does not print back (007); -1 where there is none. */
  readonly identifier: number;
}

/**
 * What a column holds that is text although most of its cells are numbers, unless the caller said it is text; else
 * null.
 */
export function numbersInText(column: Column): NumbersInText | null {
  if (column.kind === 'number' || column.declared) return null;
  const scanner = numberScanner({ decimal: '.', thousands: '' });
  const others = new Map<string, number[]>();
  let [given, numbers, identifier, marked] = [0, 0, -1, -1];
  column.values.forEach((value, i) => {
    if (value === null) return;
    given += 1;
    const cell = value.trim();
    if (scanner.scan(cell)) {
      numbers += 1;
      if (scanner.identifier && identifier < 0) identifier = i;
      return;
    }
    if (OTHER_MARKS.test(cell)) {
      numbers += 1;
      if (marked < 0) marked = i;
      return;
    }
    const rows = others.get(cell);
    if (rows === undefined) others.set(cell, [i]);
    else rows.push(i);
  });
  return 2 * numbers > given ? { given, numbers, others, identifier, marked } : null;
}

/** Groups of three digits by any usual mark, or a decimal comma. */
const OTHER_MARKS = /^[+-]?(?:\d{1,3}(?:[,.' \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d*,\d+(?:[eE][+-]?\d+)?)$/u;

/** Texts that programs write for a missing value. */
const MISSING_CODES =
  /^(?:|[.?*-]+|#?n\/?a|#?null!?|<na>|nan|none|nil|missing|unknown|#(?:n\/a|value!|div\/0!|ref!|num!|name\?))$/iu;

/** Whether a text is one that programs write for a missing value. */
export function isMissingCode(text: string): boolean {
  return MISSING_CODES.test(text);
}
