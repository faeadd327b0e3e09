import type { Anova } from '../likelihood/inference/anova.ts';
import { checkAnswer } from './checkAnswer.ts';
import { decimals, digits } from './digits.ts';
import { table } from './table.ts';

/** The table of maximum likelihood fits, then what is to be said of the tests, one line each. */
export function anovaText(result: Anova): string {
  checkAnswer('anovaText', result, 'anova({ small, large })', 'rows', 'method');
  const { method, rows } = result;
  const notes = rows.flatMap(({ model, test, reason }) =>
    reason !== null
      ? [`${model}: no test against the one before, ${reason}`]
      : test?.note
        ? [`${model}: ${test.note}`]
        : [],
  );
  return [
    table([
      { title: 'model', align: 'left', cells: rows.map((row) => row.model) },
      { title: 'df', cells: rows.map((row) => String(row.df)) },
      { title: 'AIC', cells: rows.map((row) => decimals(row.aic, 1)) },
      { title: 'above', cells: rows.map((row) => decimals(row.aicDiff, 1)) },
      { title: 'BIC', cells: rows.map((row) => decimals(row.bic, 1)) },
      { title: 'above', cells: rows.map((row) => decimals(row.bicDiff, 1)) },
      { title: 'deviance', cells: rows.map((row) => decimals(row.deviance, 2)) },
      { title: 'chi2', cells: rows.map(({ test }) => (test ? decimals(test.chiSquare, 2) : '')) },
      { title: 'df', cells: rows.map(({ test }) => (test ? String(test.df) : '')) },
      { title: 'p', cells: rows.map(({ test }) => (test ? digits(test.pValue) : '')) },
      {
        title: 'p at the boundary',
        cells: rows.map(({ test }) => (test?.mixture != null ? digits(test.mixture) : '')),
      },
    ]),
    '',
    `${method}; above: over the smallest; chi2: against the model before`,
    ...notes,
  ].join('\n');
}
