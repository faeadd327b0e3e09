import type { RankDeficiency } from './design.ts';

/** Columns and cells that the sentence names. */
const NAMED_COLUMNS = 10;
const NAMED_CELLS = 5;

/**
 * What a fit makes of linearly dependent columns of X, in one sentence: `left out of the population part: f1c:f2C, as
 * no row has f1 "a" with f2 "A"`. Where they are kept, having priors, it says that.
 */
export function deficiencySentence({ columns, dependent, cells, cellCount, leftOut }: RankDeficiency): string {
  const empty = dependent.filter(({ emptyCell }) => emptyCell).map(({ column }) => columns[column]!.label);
  const others = dependent.filter(({ emptyCell }) => !emptyCell);
  const reasons = others
    .slice(0, NAMED_COLUMNS)
    .map(({ column, sentence }) => `${columns[column]!.label}, as ${sentence}`);
  if (others.length > NAMED_COLUMNS) reasons.push(`and ${others.length - NAMED_COLUMNS} more`);
  if (empty.length > 0) {
    const which = listed(empty, NAMED_COLUMNS, empty.length, '');
    reasons.unshift(`${which}, as no row has ${listed(cells, NAMED_CELLS, cellCount, ' cells')}`);
  }
  const start = leftOut
    ? 'left out of the population part'
    : 'in the population part by their priors, which tell what the rows do not';
  return `${start}: ${reasons.join('; ')}`;
}

/** The first names, and how many more there are. */
function listed(names: readonly string[], most: number, count: number, what: string): string {
  const shown = names.slice(0, most);
  const more = count - shown.length;
  if (shown.length === 0) return `${count}${what} of its terms`;
  return more > 0 ? `${shown.join(', ')} and ${more} more${what}` : shown.join(', ');
}
