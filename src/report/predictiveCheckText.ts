import { wholeNumber } from '../input/acceptedValue.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { PredictiveCheck } from '../summary/checks/predictiveCheck.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

/** How many statistics, those farthest out first; all, in their order, unless told. */
export interface PredictiveCheckTextOptions {
  readonly rows?: number;
}

/** Statistics of the data beside those of replicates as a table, then what p is. */
export function predictiveCheckText(
  result: Pick<PredictiveCheck, 'rows' | 'replicates'>,
  options: PredictiveCheckTextOptions = {},
): string {
  checkAnswer('predictiveCheckText', result, 'predictiveCheck(fit)', 'rows', 'replicates');
  checkOptions('predictiveCheckText', options, { rows: wholeNumber(1) });
  // What all replicates have alike, as the sd of a group of one row, tells nothing.
  const out = ({ p, sd }: PredictiveCheck['rows'][number]): number => (sd === 0 ? 0 : Math.abs(p - 0.5));
  const rows =
    options.rows === undefined ? result.rows : [...result.rows].sort((a, b) => out(b) - out(a)).slice(0, options.rows);
  const by = (value: (row: PredictiveCheck['rows'][number]) => number) => rows.map((row) => digits(value(row), row.sd));
  return [
    table([
      ...(rows.some(({ level }) => level !== null)
        ? [{ title: 'group', align: 'left', cells: rows.map(({ level }) => level ?? '') } as const]
        : []),
      { title: 'statistic', align: 'left', cells: rows.map(({ statistic }) => statistic) },
      { title: 'observed', cells: by(({ observed }) => observed) },
      { title: 'mean', cells: by(({ mean }) => mean) },
      { title: 'q5', cells: by(({ q5 }) => q5) },
      { title: 'q95', cells: by(({ q95 }) => q95) },
      { title: 'p', cells: rows.map(({ p }) => decimals(p, 3)) },
    ]),
    `mean, q5, q95: of ${result.replicates} data sets that the fitted model draws; p: the share of them at or above the observed`,
  ].join('\n');
}
