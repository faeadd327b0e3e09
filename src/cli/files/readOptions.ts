import type { CsvOptions } from '../../data/csvOptions.ts';
import { quote } from '../../input/quote.ts';
import type { Arguments } from '../arguments.ts';
import type { OptionSpec } from '../command.ts';
import { usageError } from '../parseArguments.ts';

/** How the files of a command are to be read. */
export const READ_OPTIONS: readonly OptionSpec[] = [
  { name: 'na', value: '".,N/A"', help: 'texts that are missing values, beside the empty cell, NA and NaN' },
  { name: 'text', value: 'COLUMN', repeat: true, help: 'a column that is text, whatever its cells' },
  { name: 'number', value: 'COLUMN', repeat: true, help: 'a column that is numbers; any other cell is an error' },
  { name: 'delimiter', value: 'NAME', help: 'comma, semicolon, tab, blanks or one character; found unless given' },
  { name: 'decimal', value: 'comma|point', help: 'the decimal mark; found unless given' },
  { name: 'thousands', value: 'MARK', help: 'comma, point, blank or one character between groups of three digits' },
  { name: 'comment', value: 'MARK', help: 'lines that begin so are passed over (# before the header); none: no line' },
  { name: 'skip', value: 'N', help: 'lines before the header that are titles' },
  { name: 'row-names', value: 'NAME', help: 'the name of a first column that has none; left out unless given' },
  { name: 'encoding', value: 'LABEL', help: 'as in latin1, windows-1250, shift_jis (utf-8, or utf-16 with its mark)' },
];

/** How the files of a command line are to be read. */
export interface ReadOptions extends CsvOptions {
  readonly encoding?: string;
}

const DELIMITERS: Readonly<Record<string, string>> = {
  comma: ',',
  semicolon: ';',
  tab: '\t',
  '\\t': '\t',
  blanks: ' ',
};
const MARKS: Readonly<Record<string, string>> = { comma: ',', point: '.', blank: ' ', none: '' };

/** Throws `usage`. */
export function readOptions(args: Arguments): ReadOptions {
  const na = args.text('na');
  const decimal = args.choice('decimal', ['comma', 'point', ',', '.']);
  const skip = args.whole('skip');
  if (skip !== undefined && skip < 0)
    throw usageError('skip', `--skip: got ${skip}; accepted is a number of lines, 0 or more`);
  const given = {
    na: na?.split(','),
    text: several(args, 'text'),
    number: several(args, 'number'),
    delimiter: character(args, 'delimiter', DELIMITERS),
    decimal:
      decimal === undefined ? undefined : decimal === 'comma' || decimal === ',' ? (',' as const) : ('.' as const),
    thousands: character(args, 'thousands', MARKS),
    comment: character(args, 'comment', { none: '' }),
    skip,
    rowNames: args.text('row-names'),
    encoding: args.text('encoding'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function several(args: Arguments, option: string): readonly string[] | undefined {
  const given = args.texts(option);
  return given.length > 0 ? given : undefined;
}

/** A character given by its name or as it is. */
function character(args: Arguments, option: string, names: Readonly<Record<string, string>>): string | undefined {
  const given = args.text(option);
  if (given === undefined) return undefined;
  if (Object.hasOwn(names, given)) return names[given];
  if (given.length === 1 && !/["\n\r]/.test(given)) return given;
  const words = Object.keys(names)
    .filter((name) => /^[a-z]/.test(name))
    .join(', ');
  throw usageError(
    option,
    `--${option}: got ${quote(given)}; accepted is one character${words === '' ? '' : `, or ${words}`}`,
  );
}
