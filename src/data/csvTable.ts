import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import { type CellColumn, cellColumn, UNREADABLE } from './cellColumn.ts';
import { type CsvDialect, csvDialect } from './csvDialect.ts';
import { type CsvOptions, checkCsvOptions } from './csvOptions.ts';
import { csvRecords, lineBreaks } from './csvRecords.ts';
import type { Column, Frame } from './frame.ts';

/** A table as it was read, and how. */
export interface CsvTable {
  readonly frame: Frame;
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  /** How many lines were passed over as comments. */
  readonly comments: number;
  /** How many columns have no name, and were left out. */
  readonly unnamed: number;
}

/** So much of a text is looked at to find how it is written. */
const HEAD = 1 << 16;

/**
 * The table of a delimited text that comes in pieces (see `parseCsv`, which has one piece): no more than a piece and
 * the columns is ever in memory. Throws what `parseCsv` throws.
 */
export function csvTable(pieces: Iterable<string>, where: string, options: CsvOptions = {}): CsvTable {
  checkCsvOptions(options);
  const source = pieces[Symbol.iterator]();
  const { skip = 0 } = options;
  let head = '';
  let whole = false;
  let dialect: CsvDialect;
  for (;;) {
    while (!whole && (head.length < HEAD || (skip > 0 && lineBreaks(head) <= skip))) next();
    dialect = csvDialect(head, whole, options);
    // The header is not in sight yet: there are comments as far as the text was read.
    if (whole || dialect.offset < head.length) break;
    for (const length = 2 * head.length; !whole && head.length < length; ) next();
  }
  const table = tableRows(where, { ...options, delimiter: dialect.delimiter, decimal: dialect.decimal });
  const { delimiter, line } = dialect;
  const reader = csvRecords({ delimiter, comment: options.comment ?? '', where, line }, table.add);
  reader.push(dialect.offset === 0 ? head : head.slice(dialect.offset));
  head = '';
  for (;;) {
    const { value, done } = source.next();
    if (done) break;
    reader.push(value);
  }
  reader.end();
  const { frame, comments, unnamed } = table.finish();
  return { frame, delimiter, decimal: dialect.decimal, comments: dialect.comments + comments, unnamed };

  function next(): void {
    const { value, done } = source.next();
    if (done) whole = true;
    else head += value;
  }
}

interface TableRows {
  add(fields: readonly string[], count: number, line: number, quoted: boolean): void;
  finish(): { frame: Frame; comments: number; unnamed: number };
}

/** Rows become columns. The first record is the header. */
function tableRows(where: string, options: CsvOptions): TableRows {
  const { comment, rowNames } = options;
  let names: string[] | null = null;
  let columns: (CellColumn | null)[] = [];
  let faults: ReadonlyMap<string, ModelError> = new Map();
  let n = 0;
  let comments = 0;

  function begin(header: readonly string[]): void {
    faults = new Map([...unreadable(header, where), ...repeated(header, where)]);
    columns = header.map((name) =>
      name === '' || faults.has(name) ? null : cellColumn(name, where, cellOptions(name, options)),
    );
  }

  return {
    add(fields, count, line, quoted) {
      if (count === 0 || (count === 1 && fields[0]!.trim() === '')) return;
      if (names === null) {
        names = headerNames(fields.slice(0, count), where, rowNames);
        begin(names);
        return;
      }
      if (count !== names.length) {
        if (comment === undefined && !quoted && fields[0]!.startsWith('#')) {
          comments += 1;
          return;
        }
        const extra = count === names.length + 1;
        const trailing = extra && fields[count - 1] === '';
        if (!trailing && extra && n === 0 && (quoted || fields[0]!.trim() !== '') && isIndex(names, quoted, options)) {
          names = [rowNames ?? '', ...names];
          begin(names);
        } else if (!trailing) throw ragged(count, names, line, where);
      }
      for (let k = 0; k < columns.length; k += 1) columns[k]?.add(fields[k]!, line);
      n += 1;
    },
    finish() {
      if (names === null) {
        throw new ModelError('csv-empty', where, `${where} is empty; a header line and at least one row are needed`);
      }
      if (n === 0) {
        const message = `${where} has a header (${shown(names)}) but no rows; at least one row is needed`;
        throw new ModelError('csv-no-rows', where, message);
      }
      const made = new Map<string, Column>();
      const unusable = new Map(faults);
      columns.forEach((column, k) => {
        const result = column?.finish();
        if (result instanceof ModelError) unusable.set(names![k]!, result);
        else if (result !== undefined) made.set(names![k]!, result);
      });
      if (made.size === 0) throw [...unusable.values()][0]!;
      return {
        frame: { n, columns: made, ...(unusable.size > 0 ? { faults: unusable } : {}) },
        comments,
        unnamed: names.filter((name) => name === '').length,
      };
    },
  };
}

/**
 * The rows of a table without names of columns for the names of its rows: R's write.table. Where commas delimit, a
 * comma in a number looks alike, so the names must be quoted.
 */
function isIndex(names: readonly string[], quoted: boolean, { delimiter }: CsvOptions): boolean {
  return names[0] !== '' && (quoted || delimiter === ' ' || delimiter === '\t');
}

function cellOptions(name: string, { na = [], text = [], number = [], decimal = '.', thousands = '' }: CsvOptions) {
  const kind = text.includes(name) ? ('text' as const) : number.includes(name) ? ('number' as const) : undefined;
  return {
    missing: new Set(['NA', 'NaN', ...na.map((code) => code.trim())]),
    decimal,
    thousands,
    ...(kind ? { kind } : {}),
  };
}

function headerNames(header: readonly string[], where: string, rowNames: string | undefined): string[] {
  const names = header.map((name) => name.trim());
  if (names.some((name) => name.includes('\u0000'))) {
    const message = `${where}: the header holds NUL characters, as UTF-16 read by another encoding does; read it by its own (--encoding utf-16le)`;
    throw new ModelError('csv-encoding', where, message);
  }
  const all = header.join('');
  if (all.replaceAll('\ufffd', '').length < all.length / 2) {
    const message = `${where} is no text, or text of another encoding than it was read by (--encoding LABEL)`;
    throw new ModelError('csv-encoding', where, message);
  }
  if (rowNames !== undefined && names[0] === '') names[0] = rowNames;
  if (names.every((name) => name === '')) {
    throw new ModelError('csv-header', where, `${where}: no column has a name in the header`);
  }
  return names;
}

/** Names that were not read by their encoding, with the error of their use. */
function unreadable(names: readonly string[], where: string): [string, ModelError][] {
  return names
    .filter((name) => name.includes('\ufffd'))
    .map((name) => {
      return [name, new ModelError('csv-encoding', where, `${where}: the header names ${quote(name)}, ${UNREADABLE}`)];
    });
}

/** Names that several columns have, with the error of their use: it could not tell which is meant. */
function repeated(names: readonly string[], where: string): Map<string, ModelError> {
  const first = new Map<string, number>();
  const faults = new Map<string, ModelError>();
  names.forEach((name, k) => {
    const before = first.get(name);
    if (before === undefined) first.set(name, k);
    else if (name !== '' && !faults.has(name)) {
      const message = `${where}: the header names ${quote(name)} twice, as columns ${before + 1} and ${k + 1}; the names of columns in use must differ`;
      faults.set(name, new ModelError('csv-header', where, message));
    }
  });
  return faults;
}

function ragged(count: number, names: readonly string[], line: number, where: string): ModelError {
  const hint = names.length === 1 ? '; title lines before the header are passed over by skip (--skip N)' : '';
  const message = `${where}, line ${line}: ${count} fields where the header has ${names.length}${hint}`;
  return new ModelError('csv-ragged', where, message);
}

function shown(names: readonly string[]): string {
  const cut = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${cut}, … ${names.length - 20} more` : cut;
}
