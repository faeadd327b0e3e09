import { wholeNumber } from '../input/acceptedValue.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { GroupRanks } from '../summary/comparison/groupRanks.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals } from './digits.ts';
import { table } from './table.ts';

/**
 * The ranks of groups as a table, the smallest expected rank first, `rows` of them (all unless given), and what rank 1
 * is.
 */
export function groupRanksText(result: GroupRanks, options: { readonly rows?: number } = {}): string {
  checkAnswer('groupRanksText', result, "groupRanks(fit, 'school')", 'rows', 'best');
  checkOptions('groupRanksText', options, { rows: wholeNumber(1) });
  const { factor, term, of, best, top, level } = result;
  const rows = [...result.rows].sort((a, b) => a.expectedRank - b.expectedRank).slice(0, options.rows);
  const meaning = of === 'deviation' ? `deviation in ${term}` : term;
  return [
    table([
      { title: factor, align: 'left', cells: rows.map((row) => row.level) },
      { title: 'expected rank', cells: rows.map((row) => decimals(row.expectedRank, 1)) },
      { title: 'sd', cells: rows.map((row) => decimals(row.sd, 1)) },
      { title: 'median', cells: rows.map((row) => decimals(row.median, 0)) },
      { title: 'lower', cells: rows.map((row) => decimals(row.lower, 0)) },
      { title: 'upper', cells: rows.map((row) => decimals(row.upper, 0)) },
      { title: 'P(best)', cells: rows.map((row) => decimals(row.best, 3)) },
      { title: `P(top ${top})`, cells: rows.map((row) => decimals(row.inTop, 3)) },
    ]),
    '',
    `rank 1 of ${result.rows.length} is the ${best} ${meaning}; lower and upper: central interval of probability ${level}; equal groups share their ranks`,
  ].join('\n');
}
