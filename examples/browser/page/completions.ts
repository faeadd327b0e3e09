import type { ColumnChip } from '../protocol.ts';
import { written } from '../written.ts';

/** What may be put into a formula: `text` in place of the characters from `from` to `to`. */
export interface Completion {
  readonly text: string;
  readonly says: string;
  readonly from: number;
  readonly to: number;
}

/** Functions of a formula, with what they do. */
const FUNCTIONS: readonly (readonly [string, string])[] = [
  ['log', 'the logarithm'],
  ['sqrt', 'the square root'],
  ['exp', 'the exponential'],
  ['log2', 'the logarithm of base 2'],
  ['log10', 'the logarithm of base 10'],
  ['log1p', 'the logarithm of one more'],
  ['abs', 'the absolute value'],
  ['sin', 'the sine, as in sin(2*pi*month/12)'],
  ['cos', 'the cosine, as in cos(2*pi*month/12)'],
  ['I', 'arithmetic as it is written, as in I(x^2)'],
  ['scale', 'about its mean, in units of its sd'],
  ['center', 'about its mean'],
  ['poly', 'a polynomial, as in poly(x, 2)'],
  ['factor', 'numbers read as categories'],
  ['within', 'about the mean of its group'],
  ['between', 'the mean of its group'],
  ['offset', 'a known part, with no coefficient'],
];

const MOST = 8;

/** What fits where the caret of a formula stands: columns and functions that begin, or go on, as the word before it. */
export function completions(formula: string, caret: number, columns: readonly ColumnChip[]): Completion[] {
  const before = formula.slice(0, caret);
  const word = /(`[^`]*|[A-Za-z_.][\w.]*)$/.exec(before)?.[0] ?? '';
  const from = caret - word.length;
  const usable = columns.filter(({ kind }) => kind !== 'unusable');
  const all = (some: readonly ColumnChip[]): Completion[] =>
    some.map((column) => ({ text: written(column.name), says: whatOf(column), from, to: caret }));
  const lead = before.slice(0, from).trimEnd();
  const ofGroups = lead.endsWith('|') && lead.includes('~');
  const ranked = ofGroups ? [...usable].sort((a, b) => Number(b.groups) - Number(a.groups)) : usable;
  if (word === '') {
    if (lead === '') return all(usable.filter(({ groups }) => !groups)).slice(0, MOST);
    if (ofGroups) return all(ranked.filter(({ groups }) => groups)).slice(0, MOST);
    if (!/[~+*:(]$/.test(lead)) return [];
    return all(usable.filter(({ name }) => !used(lead, name))).slice(0, MOST);
  }
  const asked = word.replaceAll('`', '').toLowerCase();
  const begins = (name: string): boolean => name.toLowerCase().startsWith(asked);
  const known = usable.some(({ name }) => name === word);
  if (known) return [];
  const goesOn = (name: string): boolean => !begins(name) && name.toLowerCase().includes(asked);
  const calls = FUNCTIONS.filter(([name]) => name.startsWith(word) && lead.includes('~')).map(([name, says]) => ({
    text: `${name}(`,
    says,
    from,
    to: caret,
  }));
  return [
    ...all(ranked.filter(({ name }) => begins(name))),
    ...calls,
    ...all(ranked.filter(({ name }) => goesOn(name))),
  ].slice(0, MOST);
}

const used = (formula: string, name: string): boolean => formula.split(/[^\w.`]+/).includes(written(name));

function whatOf({ kind, distinct, groups, constantIn }: ColumnChip): string {
  if (groups) return `${distinct} groups`;
  if (constantIn !== null) return `one value for each ${constantIn}`;
  return kind === 'text' ? `${distinct} categories` : 'numbers';
}
