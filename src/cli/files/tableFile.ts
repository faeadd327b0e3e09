import { checkNamed } from '../../data/checkNamed.ts';
import { type CsvTable, csvTable } from '../../data/csvTable.ts';
import type { Frame } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';
import type { Arguments } from '../arguments.ts';
import type { Io } from '../io.ts';
import { namedOnce, usageError } from '../parseArguments.ts';
import { decodedText } from './decodedText.ts';
import { readBytes } from './files.ts';
import { isJson, isNdjson, jsonRows, ndjsonRows } from './jsonRows.ts';
import { refuseOtherFormat } from './otherFormat.ts';
import { isParquet, parquetTable } from './parquetTable.ts';
import { type ReadOptions, readOptions } from './readOptions.ts';

/** A table with what is known of how it was written; that of JSON is null. */
export type TableFile = Omit<CsvTable, 'delimiter' | 'decimal'> & { readonly written: string };

/**
 * The table of a file: delimited text, JSON rows or NDJSON, packed by gzip or not; - is standard input. Delimited text
 * and NDJSON are read in pieces, so that their length has no limit. Throws `file`, `json`, and what `parseCsv` throws,
 * naming the path.
 */
export function tableFile(path: string, io: Io, options: ReadOptions): TableFile {
  const where = path === '-' ? 'standard input' : path;
  const { encoding, ...csv } = options;
  const pieces = decodedText(readBytes(path, io), where, encoding);
  const first = pieces.next();
  const head = first.done ? '' : first.value;
  refuseOtherFormat(head, where);
  if (isNdjson(head) || (/\.(?:ndjson|jsonl)(?:\.gz)?$/i.test(path) && !/^\ufeff?\s*\[/.test(head))) {
    const frame = ndjsonRows(withFirst(head, pieces), where, options);
    return { frame, written: 'JSON', comments: 0, unnamed: 0 };
  }
  if (isJson(head) || /\.json(?:\.gz)?$/i.test(path)) {
    return {
      frame: jsonRows(wholeText(withFirst(head, pieces), where), where, options),
      written: 'JSON',
      comments: 0,
      unnamed: 0,
    };
  }
  const { delimiter, decimal, ...table } = csvTable(withFirst(head, pieces), where, csv);
  return {
    ...table,
    written: `${DELIMITERS[delimiter] ?? quote(delimiter)} between the cells${decimal === ',' ? ', decimal commas' : ''}`,
  };
}

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  ' ': 'blanks',
  '|': 'bars',
};

/** The longest text of V8 is 2^29 - 24 units. */
const LONGEST = 2 ** 29 - 24;

/** Pieces as one text. Throws ModelError `file` where V8 has no text so long. */
export function wholeText(
  pieces: Iterable<string>,
  where: string,
  remedy = 'write such a table as CSV or as NDJSON, a row object a line',
): string {
  const kept: string[] = [];
  let length = 0;
  for (const piece of pieces) {
    length += piece.length;
    if (length > LONGEST) {
      throw new ModelError('file', where, `${where}: a text of more than 512 MB is not read as a whole; ${remedy}`);
    }
    kept.push(piece);
  }
  return kept.join('');
}

function* withFirst(first: string, rest: Iterable<string>): Generator<string> {
  yield first;
  yield* rest;
}

/**
 * A file's table, read as the options of the command line say; a column that is text in `known` is text here too, so
 * that new data are read as the data of a fit were (1.0 and 1 are two levels there).
 */
export function readTable(path: string, args: Arguments, io: Io, known?: Frame): Frame {
  return tableFile(path, io, optionsBeside(args, known)).frame;
}

/** The same of a file that may be Parquet, too. */
export async function readAnyTable(path: string, args: Arguments, io: Io, known?: Frame): Promise<Frame> {
  return (await anyTableFile(path, io, optionsBeside(args, known))).frame;
}

/** `tableFile` of a file that may be Parquet, too. */
export async function anyTableFile(path: string, io: Io, options: ReadOptions): Promise<TableFile> {
  if (!isParquet(path)) return tableFile(path, io, options);
  return { frame: await parquetTable(path, io, options), written: 'Parquet', comments: 0, unnamed: 0 };
}

function optionsBeside(args: Arguments, known?: Frame): ReadOptions {
  const options = readOptions(args);
  const texts = known ? [...known.columns].flatMap(([name, { kind }]) => (kind === 'text' ? [name] : [])) : [];
  const text = [...(options.text ?? []), ...texts.filter((name) => !options.number?.includes(name))];
  return text.length > 0 ? { ...options, text } : options;
}

/** Tables given as FACTOR=FILE; `known` are those of a fit. */
export function readTables(
  option: string,
  args: Arguments,
  io: Io,
  known?: ReadonlyMap<string, Frame>,
): Record<string, Frame> {
  const entries = args.texts(option).map((text): [string, Frame] => {
    const equals = text.indexOf('=');
    if (equals < 1 || equals === text.length - 1) {
      throw usageError(option, `--${option}: got ${quote(text)}; accepted is FACTOR=FILE, as in county=counties.csv`);
    }
    const factor = text.slice(0, equals).trim();
    return [factor, readTable(text.slice(equals + 1), args, io, known?.get(factor))];
  });
  return namedOnce(entries, option);
}

/** Throws `unknown-column` where an option names a column that stands in none of the tables. */
export function checkNamedColumns(args: Arguments, frames: readonly Frame[]): void {
  const { text = [], number = [], rowNames } = readOptions(args);
  checkNamed(frames, { text, number, rowNames }, 'the data');
}
