import { familyOf } from '../families/familyOf.ts';
import { coefficientTests } from '../likelihood/inference/satterthwaite.ts';
import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import { fixef } from '../summary/estimates.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

/** Population-level coefficients with t tests, or z tests where no variance is estimated, and their 90% intervals. */
export function coefficientTable(fit: MaximumLikelihoodFit): string {
  const rows = fixef(fit, { leftOut: true });
  const tests = new Map(coefficientTests(fit).map((test) => [test.label, test]));
  const found = rows.map(({ term }) => tests.get(term));
  const normal = familyOf(fit.design).conjugate === 'normal';
  return table([
    { title: 'term', align: 'left', cells: rows.map((row) => row.term) },
    { title: 'estimate', cells: rows.map((row) => digits(row.estimate, row.se)) },
    { title: 'se', cells: rows.map((row) => digits(row.se, row.se)) },
    { title: 'lower', cells: found.map((test, i) => digits(test?.lower, rows[i]!.se)) },
    { title: 'upper', cells: found.map((test, i) => digits(test?.upper, rows[i]!.se)) },
    ...(normal ? [{ title: 'df', cells: found.map((test) => degrees(test?.df)) }] : []),
    { title: normal ? 't' : 'z', cells: found.map((test) => decimals(test?.t, 2)) },
    { title: 'p-value', cells: found.map((test) => decimals(test?.pValue, 4)) },
  ]);
}

function degrees(df: number | undefined): string {
  return df === Number.POSITIVE_INFINITY ? 'inf' : decimals(df, 1);
}
