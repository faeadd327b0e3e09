import type { IccRow } from '../summary/icc.ts';
import { checkRows } from './checkAnswer.ts';
import { decimals } from './digits.ts';
import { table } from './table.ts';
import { wrapLine } from './wrapLine.ts';

/** Correlation and share of every factor as a table, then where they are taken, what they leave out and why. */
export function iccText(rows: readonly IccRow[]): string {
  checkRows('iccText', rows, 'icc(fit)', 'nestedIn');
  const said = rows.flatMap(({ factor, nestedIn, at, approximation, besides, reason }) => [
    ...(at === null ? [] : [`taken at ${at}`]),
    ...(nestedIn.length > 0 ? [`two rows of one ${factor} are also of one ${nestedIn.join(', ')}`] : []),
    ...(approximation === undefined ? [] : [`the variance of a row: ${approximation}`]),
    ...(besides === undefined ? [] : [`left out: ${besides}`]),
    ...(reason === null ? [] : [`${factor}: ${reason}`]),
  ]);
  const three = (value: (row: IccRow) => number | null | undefined) => rows.map((row) => decimals(value(row), 3));
  return [
    table([
      { title: 'factor', align: 'left', cells: rows.map(({ factor }) => factor) },
      { title: 'correlation', cells: three(({ estimate }) => estimate) },
      { title: 'se', cells: three(({ se }) => se) },
      ...(rows.some(({ q5 }) => q5 !== undefined)
        ? [
            { title: 'q5', cells: three(({ q5 }) => q5) },
            { title: 'q95', cells: three(({ q95 }) => q95) },
          ]
        : []),
      { title: 'share of variance', cells: three(({ share }) => share?.estimate) },
    ]),
    ...[...new Set(said)].flatMap((line) => wrapLine(line, 100)),
  ].join('\n');
}
