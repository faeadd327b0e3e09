import { quote } from '../input/quote.ts';
import type { Column } from './frame.ts';
import { isMissingCode, type NumbersInText } from './numbersInText.ts';

/** How many texts, and rows of each, a sentence names. */
const [TEXTS, ROWS] = [4, 3];

/**
 * What is to be said of a text column whose cells are mostly numbers: which cells are not, in which rows (`rowOf` gives
 * their numbers), and what to do.
 */
export function numbersInTextSentence(
  name: string,
  column: Column,
  found: NumbersInText,
  rowOf: (i: number) => number,
): string {
  const { given, numbers, others, identifier, marked } = found;
  const start = `column ${quote(name)} is text, although ${numbers === given ? 'all of its' : `${numbers} of its ${given}`} values are numbers`;
  if (marked >= 0) {
    const cell = quote(column.values[marked]);
    return `${start}: ${cell} (row ${rowOf(marked)}) has a mark that --decimal comma or --thousands MARK explains; --text ${name} says that it is text`;
  }
  if (others.size === 0) {
    if (identifier < 0) return `${start}; give numbers, not texts, where they are meant (--number ${name})`;
    const cell = quote(column.values[identifier]);
    return `${start}: ${cell} (row ${rowOf(identifier)}) would not be the same as a number, so the column is taken for ids; --number ${name} makes it numbers`;
  }
  const shown = [...others].slice(0, TEXTS).map(([text, rows]) => {
    const list = rows.slice(0, ROWS).map(rowOf).join(', ');
    const more = rows.length > ROWS ? ` and ${rows.length - ROWS} more` : '';
    return `${quote(text)} (${rows.length === 1 ? 'row' : 'rows'} ${list}${more})`;
  });
  const rest = others.size > TEXTS ? ` and ${others.size - TEXTS} more texts` : '';
  const codes = [...others.keys()]
    .filter((text) => isMissingCode(text) && text !== '' && !text.includes(','))
    .slice(0, TEXTS);
  const remedy =
    codes.length > 0
      ? `--na ${quote(codes.join(','))} takes such cells as missing (na in a program)`
      : 'mend these cells, or name the text that stands for a missing value (--na)';
  return `${start}; not numbers are ${shown.join(', ')}${rest}; ${remedy}; --text ${name} says that it is text`;
}
