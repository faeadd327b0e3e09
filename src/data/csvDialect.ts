import { ModelError } from '../errors.ts';
import type { CsvOptions } from './csvOptions.ts';
import { csvRecords } from './csvRecords.ts';
import { withoutMarks } from './numberScanner.ts';

/** How a text is delimited and its numbers are written, and where its header begins. */
export interface CsvDialect {
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  /** How many characters stand before the header. */
  readonly offset: number;
  /** The line (1-based) of the header. */
  readonly line: number;
  /** How many comment lines stand before it. */
  readonly comments: number;
}

/** Delimiters by how usual they are; one of them is chosen over those before it only where it makes more columns. */
const DELIMITERS = [',', ';', '\t', '|'];

/** So many records say what a file is written in. */
const SAMPLE = 200;

/** And no more characters than these. */
const SAMPLE_LENGTH = 1 << 16;

/**
 * The dialect of a text from its beginning (`whole`: that is all of it). The delimiter is the one under which all
 * records of a sample have as many fields as the header, at least two; of several the one with most; blanks where it is
 * no other. The decimal mark is a comma where commas do not delimit, some number is written with one that cannot
 * separate thousands, and none with a point; it is not the mark that is said to separate thousands.
 */
export function csvDialect(head: string, whole: boolean, options: CsvOptions): CsvDialect {
  const start = beforeHeader(head, options);
  const end = start.offset + SAMPLE_LENGTH;
  const sample = head.slice(start.offset, end);
  const delimiter = options.delimiter ?? start.delimiter ?? delimiterOf(sample, whole && end >= head.length);
  const found = (): '.' | ',' => {
    if (options.thousands === '.') return ',';
    if (options.thousands === ',' || delimiter === ',') return '.';
    return decimalOf(records(sample, whole && end >= head.length, delimiter) ?? [], options.thousands ?? '');
  };
  return { ...start, delimiter, decimal: options.decimal ?? found() };
}

/** Passes lines to skip, a byte order mark, `sep=`, blank lines and comments. */
function beforeHeader(
  head: string,
  { skip = 0, comment }: CsvOptions,
): { offset: number; line: number; comments: number; delimiter?: string } {
  const mark = comment ?? '#';
  let offset = head.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let comments = 0;
  let delimiter: string | undefined;
  for (;;) {
    const { text, next } = lineAt(head, offset);
    if (next <= offset) break;
    const sep = /^sep=(.)$/iu.exec(text)?.[1];
    if (line > skip) {
      if (mark !== '' && text.startsWith(mark)) {
        if (comment === undefined && isHeader(text, lineAt(head, next).text)) {
          offset += mark.length;
          break;
        }
        comments += 1;
      } else if (sep !== undefined && delimiter === undefined) delimiter = sep;
      else if (text.trim() !== '') break;
    }
    offset = next;
    line += 1;
  }
  return { offset, line, comments, ...(delimiter === undefined ? {} : { delimiter }) };
}

/**
 * Whether a line that begins with # names the columns: it has as many fields as the next line, which begins with no #
 * and has a number.
 */
function isHeader(line: string, next: string): boolean {
  if (next.startsWith('#')) return false;
  return DELIMITERS.some((delimiter) => {
    const [names, cells] = [line.split(delimiter), next.split(delimiter)];
    const isNumber = (cell: string) => cell.trim() !== '' && !Number.isNaN(Number(cell));
    return names.length > 1 && names.length === cells.length && cells.some(isNumber) && !names.some(isNumber);
  });
}

/** The line that begins at a place, and where the next one begins. */
function lineAt(text: string, start: number): { text: string; next: number } {
  let end = start;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end += 1;
  const next = text.startsWith('\r\n', end) ? end + 2 : Math.min(end + 1, text.length);
  return { text: text.slice(start, end), next };
}

/**
 * The first records under a delimiter; null where its quotes are not closed. Comments after the header are among them.
 */
function records(sample: string, whole: boolean, delimiter: string): string[][] | null {
  const found: string[][] = [];
  let full = false;
  const reader = csvRecords({ delimiter, comment: '', where: '', line: 1 }, (fields, count) => {
    if (found.length >= SAMPLE) full = true;
    else if (count > 1 || (count === 1 && fields[0]!.trim() !== '')) found.push(fields.slice(0, count));
  });
  try {
    reader.push(sample);
    if (whole && !full) reader.end();
  } catch (error) {
    if (error instanceof ModelError) return found.length < SAMPLE ? null : found;
    throw error;
  }
  return found;
}

function delimiterOf(sample: string, whole: boolean): string {
  const widths = new Map(DELIMITERS.map((delimiter) => [delimiter, width(records(sample, whole, delimiter))]));
  let best = '';
  for (const delimiter of DELIMITERS) {
    if (widths.get(delimiter)! > Math.max(1, best === '' ? 1 : widths.get(best)!)) best = delimiter;
  }
  if (best !== '') return best;
  const blank = records(sample, whole, ' ');
  if (blank?.[0] !== undefined && !blank[0].some((name) => /[,;\t|]/.test(name)) && width(blank) > 1) return ' ';
  // Rows of several lengths: the delimiter that the header has most of is the one they are measured by.
  const header = (delimiter: string): number => records(sample, whole, delimiter)?.[0]?.length ?? 0;
  return DELIMITERS.reduce((a, b) => (header(b) > Math.max(1, header(a)) ? b : a));
}

/** The fields of the header, where every row has as many (or one more, an empty one or the name of the row); else 0. */
function width(found: readonly (readonly string[])[] | null): number {
  const [header, ...rows] = found ?? [];
  if (header === undefined) return 0;
  const n = header.length;
  const table = rows.filter((row) => row.length === n || !row[0]!.startsWith('#'));
  const fits = table.every((row) => row.length === n || (row.length === n + 1 && row[n] === ''));
  return fits || table.every((row) => row.length === n + 1) ? n : 0;
}

const WITH_POINT = /^[+-]?\d*\.\d+(?:[eE][+-]?\d+)?$/;
const WITH_COMMA = /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/;
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}$/;

function decimalOf([, ...rows]: readonly (readonly string[])[], thousands: string): '.' | ',' {
  let comma = false;
  for (const row of rows) {
    for (const field of row) {
      const cell = field.length < 40 ? withoutMarks(field.trim(), thousands) : '';
      if (WITH_POINT.test(cell)) return '.';
      if (WITH_COMMA.test(cell) && !THOUSANDS.test(cell)) comma = true;
    }
  }
  return comma ? ',' : '.';
}
