import type { RSquared, RSquaredRow } from '../summary/variance/rSquared.ts';
import { checkAnswer } from './checkAnswer.ts';
import { answerColumns } from './partColumns.ts';
import { table } from './table.ts';
import { wrapLine } from './wrapLine.ts';

const NAMES: Readonly<Record<RSquaredRow['measure'], string>> = {
  bayesian: 'Gelman et al. 2019, the response',
  nakagawa: 'Nakagawa & Schielzeth, linear predictor',
  byLevel: 'Gelman & Pardoe 2006, group coefficients',
};

/** Shares of explained variance as a table, then what conditional and marginal are, and why some are missing. */
export function rSquaredText(result: RSquared): string {
  checkAnswer('rSquaredText', result, 'rSquared(fit)', 'rows', 'notes');
  const { rows, level, notes } = result;
  const reasons = [...new Set(rows.flatMap(({ reason }) => (reason === null ? [] : [`-: ${reason}`])))];
  const lines = [
    'conditional: by coefficients and groups together; marginal: by coefficients alone, groups integrated out',
    `lower and upper: interval of probability ${level}`,
    ...notes,
    ...reasons,
  ];
  return [
    table([
      { title: 'measure', align: 'left', cells: rows.map(({ measure }) => NAMES[measure]) },
      { title: 'part', align: 'left', cells: rows.map(({ part }) => part) },
      ...answerColumns(rows),
    ]),
    '',
    ...lines.flatMap((line) => wrapLine(line, 100)),
  ].join('\n');
}
