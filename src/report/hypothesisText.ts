import type { HypothesisRow } from '../summary/comparison/hypothesis.ts';
import { checkRows } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

/** Expressions and comparisons as a table, then why standard errors are missing. */
export function hypothesisText(rows: readonly HypothesisRow[]): string {
  checkRows('hypothesisText', rows, "[hypothesis(fit, 'sigma > 1')]", 'label');
  const by = (value: (row: HypothesisRow) => number | null): string[] => rows.map((row) => digits(value(row), row.se));
  const test = rows.some(({ pValue }) => pValue !== null);
  const reasons = rows.flatMap(({ label, reason }) => (reason === null ? [] : [`${label}: ${reason}.`]));
  return [
    table([
      { title: 'hypothesis', align: 'left', cells: rows.map(({ label }) => label) },
      { title: 'estimate', cells: by((row) => row.estimate) },
      { title: 'se', cells: by((row) => row.se) },
      { title: 'lower', cells: by((row) => row.lower) },
      { title: 'upper', cells: by((row) => row.upper) },
      ...(test
        ? [{ title: 'p-value', cells: rows.map((row) => decimals(row.pValue, 4)) }]
        : [{ title: 'probability', cells: rows.map((row) => decimals(row.probability, 4)) }]),
    ]),
    ...reasons,
  ].join('\n');
}
