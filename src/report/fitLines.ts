import { displayWidth } from './table.ts';
import { wrapLine } from './wrapLine.ts';

/** The line of dashes below the titles of a table, as `table` writes it. */
const RULE = /^-+(?: {2}-+)+$/;

interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * The lines of a text within `width` columns of a terminal: sentences are broken between words, and of a table that is
 * wider the columns that do not fit follow below, those that tell its rows apart repeated before each part, as R prints
 * them.
 */
export function fitLines(text: string, width: number): string[] {
  const lines = text.split('\n');
  const out: string[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const rule = lines[i + 1];
    if (rule === undefined || !RULE.test(rule)) {
      out.push(...wrapLine(lines[i]!, width));
      continue;
    }
    const spans = spansOf(rule);
    let end = i + 2;
    while (end < lines.length && lines[end] !== '' && cellsOf(lines[end]!, spans) !== null) end += 1;
    const rows = lines.slice(i, end);
    if (displayWidth(rule) <= width) out.push(...rows);
    else {
      const drawn = parts(spans, keysOf(rows.slice(2), spans, width), width);
      out.push(...drawn.flatMap((part, k) => [...(k > 0 ? [''] : []), ...rowsOf(rows, spans, part)]));
    }
    i = end - 1;
  }
  return out;
}

/** Where the columns of a table stand, in columns of a terminal. */
function spansOf(rule: string): Span[] {
  return [...rule.matchAll(/-+/g)].map(({ index, 0: dashes }) => ({ from: index, to: index + dashes.length }));
}

/** How many columns tell the rows apart, the first ones, where another has room beside them; else one. */
function keysOf(rows: readonly string[], spans: readonly Span[], width: number): number {
  const cells = rows.map((row) => cellsOf(row, spans)!);
  const widest = (from: number): number => Math.max(...spans.slice(from).map(({ from: left, to }) => to - left));
  for (let k = 1; k < spans.length; k += 1) {
    if (spans[k - 1]!.to + 2 + widest(k) > width) return 1;
    if (new Set(cells.map((row) => row.slice(0, k).join('\0'))).size === rows.length) return k;
  }
  return 1;
}

/** Which columns each part has: the `keys` first, and as many others as fit, one at least. */
function parts(spans: readonly Span[], keys: number, width: number): number[][] {
  const first = Array.from({ length: keys }, (_, c) => c);
  const found: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (let c = keys; c < spans.length; c += 1) {
    const needed = 2 + spans[c]!.to - spans[c]!.from;
    used += needed;
    if (used > width) {
      found.push([...first]);
      used = spans[keys - 1]!.to + needed;
    }
    found.at(-1)!.push(c);
  }
  return found;
}

function rowsOf(rows: readonly string[], spans: readonly Span[], part: readonly number[]): string[] {
  return rows.map((row) => {
    const cells = cellsOf(row, spans)!;
    return part
      .map((c) => cells[c]!)
      .join('  ')
      .trimEnd();
  });
}

/** The cells of a line with their spaces; null where a letter stands between two columns, so that it is no row. */
function cellsOf(line: string, spans: readonly Span[]): string[] | null {
  const cells = spans.map(() => '');
  let at = 0;
  let c = 0;
  for (const character of line) {
    while (c < spans.length && at >= spans[c]!.to && displayWidth(character) > 0) c += 1;
    if (c < spans.length && at >= spans[c]!.from) cells[c] += character;
    else if (character !== ' ' && displayWidth(character) > 0) return null;
    at += displayWidth(character);
  }
  return cells.map((cell, k) => cell + ' '.repeat(Math.max(0, spans[k]!.to - spans[k]!.from - displayWidth(cell))));
}
