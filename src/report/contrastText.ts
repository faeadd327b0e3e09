import type { JointContrast } from '../likelihood/inference/jointContrast.ts';
import type { ContrastRow } from '../summary/comparison/contrast.ts';
import { checkRows } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

/**
 * Linear combinations as a table: of draws the probability of more than the value held against, of a likelihood fit t,
 * its degrees of freedom and p; then, where it is given, the F test of all of them at once.
 */
export function contrastText(rows: readonly ContrastRow[], joint: JointContrast | null = null): string {
  checkRows('contrastText', rows, "[contrast(fit, 'x - z')]", 'label');
  const by = (value: (row: ContrastRow) => number): string[] => rows.map((row) => digits(value(row), row.se));
  const tested = rows.some(({ pValue }) => pValue !== null);
  const lines = [
    table([
      { title: 'contrast', align: 'left', cells: rows.map(({ label }) => label) },
      { title: 'estimate', cells: by((row) => row.estimate) },
      { title: 'se', cells: by((row) => row.se) },
      { title: 'lower', cells: by((row) => row.lower) },
      { title: 'upper', cells: by((row) => row.upper) },
      ...(tested
        ? [
            { title: 'df', cells: rows.map(({ df }) => degrees(df)) },
            { title: 't', cells: rows.map(({ t }) => decimals(t, 2)) },
            { title: 'p-value', cells: rows.map(({ pValue }) => decimals(pValue, 4)) },
          ]
        : [{ title: 'P(more)', cells: rows.map(({ probability }) => decimals(probability, 4)) }]),
    ]),
  ];
  if (joint !== null) {
    lines.push(
      `all at once: F = ${decimals(joint.F, 3)} on ${joint.numeratorDf} and ${degrees(joint.denominatorDf)} degrees of freedom, p = ${decimals(joint.pValue, 4)}`,
    );
  }
  return lines.join('\n');
}

function degrees(df: number | null): string {
  return df === Number.POSITIVE_INFINITY ? 'Inf' : decimals(df, 1);
}
