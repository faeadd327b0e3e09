import type { Margins } from '../summary/effects/margins.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals } from './digits.ts';
import { answerColumns, keyColumn, meaningLines } from './partColumns.ts';
import { type TableColumn, table } from './table.ts';

/** Marginal means and their differences as two tables, then what the numbers are in words. */
export function marginsText(result: Margins): string {
  checkAnswer('marginsText', result, "margins(fit, 'sector')", 'means', 'differences');
  const { means, differences, level, adjust, meaning, notes, by, factors } = result;
  const adjusted =
    adjust === null || adjust === 'none' ? [] : [`p-values and intervals of differences are adjusted (${adjust})`];
  const last: TableColumn =
    adjust === null
      ? { title: 'P(> 0)', cells: differences.map(({ probability }) => decimals(probability, 4)) }
      : { title: 'p-value', cells: differences.map(({ pValue }) => decimals(pValue, 4)) };
  return [
    table([
      ...[...by, ...factors].map((key) =>
        keyColumn(
          key,
          means.map(({ levels }) => levels[key]),
        ),
      ),
      ...answerColumns(means),
    ]),
    ...(differences.length === 0
      ? []
      : [
          '',
          table([
            ...by.map((key) =>
              keyColumn(
                key,
                differences.map((row) => row.by[key]),
              ),
            ),
            { title: 'difference', align: 'left', cells: differences.map(({ contrast }) => contrast) },
            ...answerColumns(differences),
            last,
          ]),
        ]),
    '',
    ...meaningLines(meaning, level, [...adjusted, ...notes], means),
  ].join('\n');
}
