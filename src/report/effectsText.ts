import type { Effects } from '../summary/effects/effects.ts';
import { checkAnswer } from './checkAnswer.ts';
import { answerColumns, keyColumn, meaningLines } from './partColumns.ts';
import { type TableColumn, table } from './table.ts';

/** Effects, or predictions, as a table, then what the numbers are in words, notes, and why rows have none. */
export function effectsText(result: Effects): string {
  checkAnswer('effectsText', result, "effects(fit, 'income')", 'rows', 'meaning');
  const { rows, level, meaning, notes, variable, of } = result;
  const keys = [...new Set(rows.flatMap(({ at }) => Object.keys(at)))];
  const contrasts = rows.map(({ contrast }) => contrast ?? '');
  return [
    table([
      ...keys.map(
        (key): TableColumn =>
          keyColumn(
            key,
            rows.map(({ at }) => at[key]),
          ),
      ),
      ...(of === 'predictions' ? [] : [{ title: variable, align: 'left' as const, cells: contrasts }]),
      ...answerColumns(rows),
      { title: 'n', cells: rows.map(({ n }) => String(n)) },
    ]),
    '',
    ...meaningLines(meaning, level, notes, rows),
  ].join('\n');
}
