import Papa from 'papaparse';
import { ModelError } from '../errors.ts';
import type { Column, Frame } from './frame.ts';

/**
 * The columns of a comma-separated text with one header row.
 *
 * Fields may be quoted; a byte order mark, CRLF and blank lines are accepted. An empty cell, `NA` and `NaN` are missing.
 * A column is numeric when every other cell is a number (decimal, exponent allowed; quoted digits count), else text.
 * Numbers are read to the nearest double. `where` names the file in errors. Throws ModelError for what is no text, an empty file, a
 * header without rows, a row with the wrong number of fields (naming the line), an unclosed quote, an empty or duplicate
 * column name, and a number that is infinite.
 */
export function parseCsv(text: string, where = 'the CSV text'): Frame {
  if (typeof text !== 'string') {
    throw new ModelError(
      'csv-text',
      where,
      `${where}: expected the text of a file, not a value of type ${typeof text}`,
    );
  }
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  const { data, errors } = Papa.parse<string[]>(source, { delimiter: ',', header: false, dynamicTyping: false });
  const quote = errors.find((error) => error.type === 'Quotes');
  if (quote !== undefined) {
    const line = lineOf(data, quote.row ?? 0);
    throw new ModelError(
      'csv-quotes',
      where,
      `${where}: a quoted field that begins on line ${line} is not closed properly`,
    );
  }
  const records: number[] = [];
  for (let r = 0; r < data.length; r++) if (!isBlank(data[r]!)) records.push(r);
  if (records.length === 0) {
    throw new ModelError('csv-empty', where, `${where} is empty; a header line and at least one row are needed`);
  }
  const names = headerNames(data[records[0]!]!, where);
  if (records.length === 1) {
    const message = `${where} has a header (${names.join(', ')}) but no rows; at least one row is needed`;
    throw new ModelError('csv-no-rows', where, message);
  }
  for (const r of records) {
    const fields = data[r]!.length;
    if (fields !== names.length) {
      const message = `${where}, line ${lineOf(data, r)}: ${fields} fields where the header has ${names.length}`;
      throw new ModelError('csv-ragged', where, message);
    }
  }
  const rows = records.slice(1);
  const columns = new Map<string, Column>();
  names.forEach((name, k) => {
    const cells = rows.map((r) => data[r]![k]!);
    columns.set(
      name,
      toColumn(cells, name, (i) => `${where}, line ${lineOf(data, rows[i]!)}`, where),
    );
  });
  return { n: rows.length, columns };
}

/**
 * A frame as comma-separated text with a header: the inverse of `parseCsv` for numbers, exactly (shortest digits that
 * read back to the same double). Missing values are written `NA`. Text that reads as a number, and the texts `NA`, `NaN`
 * and the empty one, do not survive the way back.
 */
export function formatCsv(frame: Frame): string {
  const columns = [...frame.columns.values()];
  const data = Array.from({ length: frame.n }, (_, i) => columns.map((column) => formatCell(column, i)));
  return `${Papa.unparse({ fields: [...frame.columns.keys()], data }, { newline: '\n' })}\n`;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INFINITE = /^[+-]?inf(?:inity)?$/i;

function isBlank(record: readonly string[]): boolean {
  return record.length === 1 && record[0]!.trim() === '';
}

/** Line (1-based) on which a record starts: quoted fields may hold line breaks, so records and lines differ. */
function lineOf(data: readonly (readonly string[])[], record: number): number {
  let line = 1;
  for (let r = 0; r < record; r++) {
    line++;
    for (const field of data[r] ?? []) line += field.match(/\r\n|\n|\r/g)?.length ?? 0;
  }
  return line;
}

function headerNames(header: readonly string[], where: string): string[] {
  const names = header.map((name) => name.trim());
  names.forEach((name, k) => {
    if (name === '') {
      throw new ModelError(
        'csv-header',
        where,
        `${where}: column ${k + 1} has no name in the header (${names.join(', ')})`,
      );
    }
    const first = names.indexOf(name);
    if (first !== k) {
      const message = `${where}: the header names "${name}" twice, as columns ${first + 1} and ${k + 1}; names must differ`;
      throw new ModelError('csv-header', where, message);
    }
  });
  return names;
}

function toColumn(cells: readonly string[], name: string, place: (i: number) => string, where: string): Column {
  const values = new Float64Array(cells.length);
  let infinite = -1;
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!.trim();
    if (isMissingCell(cell)) values[i] = Number.NaN;
    else if (NUMBER.test(cell)) values[i] = Number(cell);
    else if (INFINITE.test(cell)) values[i] = Number.POSITIVE_INFINITY;
    else return { kind: 'text', values: cells.map((text) => (isMissingCell(text.trim()) ? null : text)) };
    if (values[i] === Number.POSITIVE_INFINITY || values[i] === Number.NEGATIVE_INFINITY) infinite = i;
  }
  if (infinite >= 0) {
    const message = `${place(infinite)}: column "${name}" is ${cells[infinite]}; numbers must be finite`;
    throw new ModelError('infinite-value', where, message);
  }
  return { kind: 'number', values };
}

function isMissingCell(cell: string): boolean {
  return cell === '' || cell === 'NA' || cell === 'NaN';
}

function formatCell(column: Column, i: number): string {
  if (column.kind === 'text') return column.values[i] ?? 'NA';
  const value = column.values[i]!;
  if (Number.isNaN(value)) return 'NA';
  return Object.is(value, -0) ? '-0' : String(value);
}
