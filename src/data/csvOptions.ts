import { ModelError } from '../errors.ts';
import { type AcceptedValue, oneOf, text, textList, wholeNumber } from '../input/acceptedValue.ts';
import { checkOptions } from '../input/checkOptions.ts';
import { quote } from '../input/quote.ts';

/** How a delimited text is to be read; what is not given is found in the text or has the default named here. */
export interface CsvOptions {
  /** One character; ' ' stands for any run of blanks and tabs. Found among `, ; tab |` and blanks unless given. */
  readonly delimiter?: string;
  /**
   * The decimal mark. Found unless given: ',' where points separate thousands, or commas do not delimit and numbers are
   * written with them, none with a point.
   */
  readonly decimal?: '.' | ',';
  /** The mark between groups of three digits, as in 1,234.5; none unless given. */
  readonly thousands?: string;
  /**
   * Lines that begin with this character are passed over, '' for none. Unless given, # before the header, and after it
   * where the line is no row of the table.
   */
  readonly comment?: string;
  /** How many lines (titles) stand before everything else; 0 unless given. */
  readonly skip?: number;
  /** Texts that are missing values, beside the empty cell, NA and NaN. */
  readonly na?: readonly string[];
  /** Columns that are text, whatever their cells. */
  readonly text?: readonly string[];
  /** Columns that are numbers: a cell that is none is an error where the column is used. */
  readonly number?: readonly string[];
  /** The name of a first column without one (row names as R and pandas write them); it is left out unless given. */
  readonly rowNames?: string;
}

const oneCharacter: AcceptedValue = {
  words: 'one character',
  accepts: (value) => typeof value === 'string' && value.length === 1 && !/["\n\r]/.test(value),
};

const thousandsMark: AcceptedValue = {
  words: "one character that no number is written with, or '' for none",
  accepts: (value) => value === '' || (oneCharacter.accepts(value) && !/[0-9eE+-]/.test(String(value))),
};

const oneOrNone: AcceptedValue = {
  words: "one character, or '' for none",
  accepts: (value) => value === '' || oneCharacter.accepts(value),
};

/** Throws `unknown-option` and `option`. */
export function checkCsvOptions(options: CsvOptions): void {
  checkOptions('parseCsv', options, {
    delimiter: oneCharacter,
    decimal: oneOf('.', ','),
    thousands: thousandsMark,
    comment: oneOrNone,
    skip: wholeNumber(0),
    na: textList,
    text: textList,
    number: textList,
    rowNames: text,
  });
  const { decimal, thousands } = options;
  if (decimal !== undefined && decimal === thousands) {
    const message = `parseCsv: ${quote(decimal)} cannot be the decimal mark and separate thousands, too`;
    throw new ModelError('option', 'parseCsv', message);
  }
}
