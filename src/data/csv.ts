import { ModelError } from '../errors.ts';
import { flag } from '../input/acceptedValue.ts';
import { checkOptions } from '../input/checkOptions.ts';
import { quote } from '../input/quote.ts';
import { checkNamed } from './checkNamed.ts';
import type { CsvOptions } from './csvOptions.ts';
import { csvTable } from './csvTable.ts';
import { formulaGuard } from './formulaGuard.ts';
import type { Column, Frame } from './frame.ts';

/**
 * The columns of a delimited text with one header row: a text, or its pieces in order (what is
 * read of them is kept, they are not).
 *
 * Delimiter and decimal mark are found in the text (see `CsvOptions`). Fields may be quoted; a byte order mark, `sep=`,
 * comments before the header, LF, CRLF and CR, blank lines and a delimiter that ends a row are accepted. An empty cell,
 * `NA` and `NaN` are missing. A column is numeric when every other cell is a number (decimal, exponent allowed; quoted
 * digits count), else text; a whole number that does not print back (007, digits beyond 2^53) makes it text. Numbers
 * are read to the nearest double. `where` names the file in errors.
 *
 * What is wrong with a column that no model uses is no error: a name that several columns have, a number that is
 * infinite, bytes that are not UTF-8 are errors where the column is used (`Frame.faults`); a column without a name is
 * left out. Throws ModelError for what is no text, an empty file, a header without rows or without names, a row with
 * the wrong number of fields (naming the line), an unclosed quote, and options that there are not.
 */
export function parseCsv(text: string | Iterable<string>, where = 'the CSV text', options: CsvOptions = {}): Frame {
  if (typeof where !== 'string') {
    throw new ModelError('csv-text', 'parseCsv', `parseCsv: the name of the table is a text, not ${quote(where)}`);
  }
  const isPieces = typeof text === 'object' && text !== null && typeof text[Symbol.iterator] === 'function';
  if (typeof text !== 'string' && !(isPieces && !ArrayBuffer.isView(text))) {
    throw new ModelError(
      'csv-text',
      where,
      `${where}: expected the text of a file, not ${ArrayBuffer.isView(text) ? 'its bytes' : `a value of type ${typeof text}`}`,
    );
  }
  if (typeof text === 'string' && /^[^\n\r,;]+\.(?:csv|tsv|txt)(?:\.gz)?$/i.test(text)) {
    const sentence = `${where}: got ${quote(text)}, which looks like the name of a file; parseCsv takes the text of a file, which a program reads first`;
    throw new ModelError('csv-text', where, sentence);
  }
  const { frame } = csvTable(typeof text === 'string' ? [text] : text, where, options);
  checkNamed([frame], options, where);
  return frame;
}

/**
 * A frame as comma-separated text with a header: the inverse of `parseCsv` for numbers, exactly (shortest digits that
 * read back to the same double). Missing values are written `NA`. Text that reads as a number, and the texts `NA`,
 * `NaN` and the empty one, do not survive the way back; nor, unless `formulas` is true, does text that a spreadsheet
 * would run as a formula (`=cmd`, `@x`, `+x`, `-x`, but no number), which gets an apostrophe before it, and what a
 * terminal would run, control characters, which are shown (`\u001b`).
 */
export function formatCsv(frame: Frame, options: { readonly formulas?: boolean } = {}): string {
  checkOptions('formatCsv', options, { formulas: flag });
  if (!(frame?.columns instanceof Map)) {
    throw new ModelError(
      'csv-text',
      'formatCsv',
      `formatCsv: expected a frame, which parseCsv and toFrame give, not ${quote(frame)}`,
    );
  }
  const names = [...frame.columns.keys()];
  const columns = [...frame.columns.values()];
  const special = columns.length === 1 ? SPECIAL_ALONE : SPECIAL;
  const safe = options.formulas === true ? (text: string) => text : formulaGuard;
  const lines = [names.map((name) => formatText(safe(name), special)).join(',')];
  for (let i = 0; i < frame.n; i += 1) {
    lines.push(columns.map((column) => formatText(cellText(column, i, safe), special)).join(','));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * What must be quoted so that a field is read as it is, by whatever guesses the delimiter: a table of one column has
 * blanks for one, too.
 */
const SPECIAL = /["\n\r,;\t|]|^[\s#\ufeff]|\s$|^sep=/iu;
const SPECIAL_ALONE = /["\n\r,;\t| ]|^[\s#\ufeff]|\s$|^sep=/iu;

function formatText(text: string, special: RegExp): string {
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function cellText(column: Column, i: number, safe: (text: string) => string): string {
  if (column.kind === 'text') return safe(column.values[i] ?? 'NA');
  const value = column.values[i]!;
  if (Number.isNaN(value)) return 'NA';
  return Object.is(value, -0) ? '-0' : String(value);
}
