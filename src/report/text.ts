import type { CheckResult } from '../../diagnostics/check.ts';
import type { SummaryRow } from '../../diagnostics/summarizeDraws.ts';
import { columnNotes } from '../design/columnNotes.ts';
import { deficiencySentence } from '../design/deficiencySentence.ts';
import { rowsText } from '../design/observations.ts';
import { familyOf } from '../families/familyOf.ts';
import { wholeNumber } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import { printable } from '../input/printable.ts';
import type { FixedEffects, MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import type { FitCheckResult } from '../summary/checks/check.ts';
import type { Comparison } from '../summary/comparison/compare.ts';
import type { ModelComparison, ModelRow } from '../summary/comparison/compareModels.ts';
import { varCorr } from '../summary/estimates.ts';
import type { OddsRow } from '../summary/prediction/odds.ts';
import type { Poststratification } from '../summary/prediction/poststratify.ts';
import type { Prediction } from '../summary/prediction/prediction.ts';
import { checkAnswer, checkRows } from './checkAnswer.ts';
import { coefficientTable } from './coefficientTable.ts';
import { decimals, digits } from './digits.ts';
import { intervalColumn } from './intervalColumn.ts';
import { narrowed, type TableColumn, table, tableWidth } from './table.ts';

/** A row of a summary; null throughout where a coefficient was left out. */
export type NullableRow = { readonly [K in keyof SummaryRow]: SummaryRow[K] | (K extends 'variable' ? never : null) };

/** How wide a summary may be. */
export interface SummaryTextOptions {
  /**
   * Columns of the terminal. Where they allow, each row ends in its interval, drawn; where they do not, mcse, q50 and
   * the sizes of samples are left out, one after the other. Without it all numbers are written and nothing is drawn.
   */
  readonly width?: number;
}

/** Columns that a narrow terminal does without, the first first. */
const SPARED = [['mcse'], ['q50'], ['essTail'], ['essBulk'], ['sd']];

/** Characters of a drawn interval: fewer say nothing, more say no more. */
const DRAWN = { least: 18, most: 40 };

/** The summary of a fit as an aligned table: one line per quantity, digits by its posterior sd. */
export function summaryText(rows: readonly NullableRow[], options: SummaryTextOptions = {}): string {
  checkRows('summaryText', rows, 'summarize(fit)', 'variable');
  checkOptions('summaryText', options, { width: wholeNumber(1) });
  const { width } = options;
  const by = (value: (row: NullableRow) => number | null): string[] => rows.map((row) => digits(value(row), row.sd));
  const columns: TableColumn[] = [
    { title: 'variable', align: 'left', cells: rows.map((row) => row.variable) },
    { title: 'mean', cells: by((row) => row.mean) },
    { title: 'sd', cells: by((row) => row.sd) },
    { title: 'q5', cells: by((row) => row.q5) },
    { title: 'q50', cells: by((row) => row.q50) },
    { title: 'q95', cells: by((row) => row.q95) },
    { title: 'mcse', cells: rows.map((row) => digits(row.mcseMean, row.mcseMean)) },
    { title: 'rhat', cells: rows.map((row) => decimals(row.rhat, 3)) },
    { title: 'essBulk', cells: rows.map((row) => decimals(row.essBulk, 0)) },
    { title: 'essTail', cells: rows.map((row) => decimals(row.essTail, 0)) },
  ];
  if (width === undefined) return table(columns);
  const shown = narrowed(columns, width, SPARED);
  const room = Math.min(DRAWN.most, width - tableWidth(shown) - 2);
  if (room < DRAWN.least || rows.length === 0) return table(shown);
  return table([...shown, { title: 'q5 to q95, │ at 0', align: 'left', cells: intervalColumn(rows, room) }]);
}

/**
 * The verdict on the draws: one sentence, then the problems and the notes, one line each, at most `top` (default 20) of
 * them; of a fit, then what its kernels' steps came to.
 */
export function checkText(result: CheckResult | FitCheckResult, top = 20): string {
  checkAnswer('checkText', result, 'check(fit)', 'findings');
  const { ok, findings, thresholds = { rhat: 1.01, essPerChain: 100 } } = result;
  const problems = findings.filter(({ severity }) => severity === 'problem');
  const notes = findings.filter(({ severity }) => severity === 'note');
  const verdict = ok
    ? `The draws pass the checks (R-hat at most ${thresholds.rhat}, bulk and tail ESS at least ${thresholds.essPerChain} per chain, no chain stuck).`
    : `The draws are not to be trusted: ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} found.`;
  const shown = [...problems, ...notes].slice(0, top);
  const lines = shown.map(
    ({ severity, message }) => `  ${severity === 'note' ? 'note' : 'problem'}: ${printable(message)}`,
  );
  const rest = findings.length - shown.length;
  const kernels = 'kernels' in result ? result.kernels.map((line) => `  ${line}`) : [];
  return [verdict, ...lines, ...(rest > 0 ? [`  and ${rest} more`] : []), ...kernels].join('\n');
}

const ELPD = 'elpd: expected log predictive density, leave-one-out; the highest is best';

/**
 * Models side by side: posterior mean and, in parentheses, sd of every quantity; then how well each predicts, best
 * first; then what is not to be trusted.
 */
export function compareModelsText(result: ModelComparison): string {
  checkAnswer('compareModelsText', result, 'compareModels({ pooled, partial })', 'models', 'newGroups', 'parameters');
  const { names, models, newGroups, parameters, reason = null } = result;
  const estimates = table([
    { title: 'parameter', align: 'left', cells: parameters.map((row) => row.parameter) },
    ...names.map((name) => ({
      title: name,
      cells: parameters.map(({ estimates }) => {
        const found = estimates[name];
        return found ? `${digits(found.mean, found.sd)} (${digits(found.sd, found.sd)})` : '';
      }),
    })),
  ]);
  return [
    estimates,
    '',
    ...(reason === null ? predictiveLines(models, ELPD) : [`A new row: not compared, ${reason}`]),
    ...newGroups.flatMap(({ by, models: rows, reason: none }) =>
      none === null
        ? [
            '',
            `A new ${by}: groups of ${by} left out, their deviations integrated out`,
            '',
            ...predictiveLines(rows, reason === null ? undefined : ELPD),
          ]
        : ['', `A new ${by}: not compared, ${none}`],
    ),
  ].join('\n');
}

/** How well models predict, a table, then what is to be said of it. */
function predictiveLines(models: readonly ModelRow<number | string>[], note?: string): string[] {
  const predictive = table([
    { title: 'model', align: 'left', cells: models.map((row) => row.model) },
    { title: 'elpd', cells: models.map((row) => decimals(row.elpd, 1)) },
    { title: 'se', cells: models.map((row) => decimals(row.elpdSe, 1)) },
    { title: 'difference', cells: models.map((row) => decimals(row.elpdDiff, 1)) },
    { title: 'se', cells: models.map((row) => decimals(row.elpdDiffSe, 1)) },
    { title: 'looic', cells: models.map((row) => decimals(row.looic, 1)) },
    { title: 'se', cells: models.map((row) => decimals(row.looicSe, 1)) },
    { title: 'p', cells: models.map((row) => decimals(row.p, 1)) },
    { title: 'weight', cells: models.map((row) => decimals(row.weight, 2)) },
    { title: 'k above', cells: models.map((row) => String(row.paretoK.above.length)) },
  ]);
  const warnings = models.flatMap(({ paretoK }) => (paretoK.warning === null ? [] : [`${paretoK.warning}.`]));
  return [
    predictive,
    ...(note === undefined && warnings.length === 0 ? [] : ['']),
    ...(note ? [note] : []),
    ...warnings,
  ];
}

/** Odds and odds ratios as a table. */
export function oddsText(rows: readonly OddsRow[]): string {
  checkRows('oddsText', rows, 'odds(fit)', 'kind');
  const by = (value: (row: OddsRow) => number): string[] =>
    rows.map((row) => digits(value(row), (row.upper - row.lower) / 4));
  return table([
    { title: 'term', align: 'left', cells: rows.map((row) => row.term) },
    { title: '', align: 'left', cells: rows.map((row) => ODDS_WORDS[row.kind]) },
    { title: 'estimate', cells: by((row) => row.estimate) },
    { title: 'lower', cells: by((row) => row.lower) },
    { title: 'upper', cells: by((row) => row.upper) },
  ]);
}

const ODDS_WORDS: Readonly<Record<OddsRow['kind'], string>> = {
  odds: 'odds',
  oddsRatio: 'odds ratio',
  ratioOfOddsRatios: 'ratio of odds ratios',
};

/** Posterior beside ML or REML as a table, then the reasons where they part, one line each. */
export function compareText(result: Comparison): string {
  checkAnswer('compareText', result, 'compare(fit, estimates)', 'rows', 'method');
  const { method, rows } = result;
  const body = table([
    { title: 'parameter', align: 'left', cells: rows.map((row) => row.parameter) },
    { title: method, cells: rows.map((row) => digits(row.ml, row.posteriorSd)) },
    { title: 'se', cells: rows.map((row) => digits(row.mlSe, row.mlSe)) },
    { title: 'posterior', cells: rows.map((row) => digits(row.posteriorMean, row.posteriorSd)) },
    { title: 'sd', cells: rows.map((row) => digits(row.posteriorSd, row.posteriorSd)) },
    { title: 'q5', cells: rows.map((row) => digits(row.q5, row.posteriorSd)) },
    { title: 'q95', cells: rows.map((row) => digits(row.q95, row.posteriorSd)) },
    { title: 'difference', cells: rows.map((row) => decimals(row.difference, 2)) },
  ]);
  const reasons = rows.flatMap((row) => (row.reason === null ? [] : [`${row.parameter}: ${row.reason}.`]));
  return [body, '', 'difference: posterior mean less estimate, in posterior sds', ...reasons].join('\n');
}

/** What `predict` says of a row by a maximum likelihood fit. */
const ESTIMATES: readonly string[] = ['estimate', 'se', 'lower', 'upper'];

/**
 * Predictions or poststratified parts as a table: the number of the row where rows were left out, the columns of the
 * input, then the summaries with digits by the sd of the row.
 */
export function predictionText(result: Prediction | Pick<Poststratification, 'rows'>): string {
  checkAnswer('predictionText', result, 'predict(fit)', 'rows');
  const { rows } = result;
  const titles = Object.keys(rows[0] ?? {});
  const likelihood = ESTIMATES.every((key) => titles.includes(key));
  const first = titles.lastIndexOf('mean');
  const isSummary = (title: string, c: number) => (likelihood ? ESTIMATES.includes(title) : c >= first);
  const numbers = 'rowNumbers' in result ? result.rowNumbers : [];
  const gaps = numbers.some((number, i) => number !== i + 1);
  return table([
    ...(gaps ? [{ title: 'row', cells: numbers.map(String) }] : []),
    ...titles.map((title, c) => {
      const values = rows.map((row) => row[title]);
      if (isSummary(title, c) && title !== 'reason') {
        return {
          title,
          cells: values.map((value, r) =>
            digits(value as number | null, rows[r]![likelihood ? 'se' : 'sd'] as number | null),
          ),
        };
      }
      const numeric = values.every((value) => typeof value === 'number' || value === null);
      return { title, align: numeric ? 'right' : 'left', cells: values.map((value) => String(value ?? '-')) } as const;
    }),
  ]);
}

/** The thresholds of an ordered answer with their standard errors. */
function thresholdTable({ labels, estimates, standardErrors }: FixedEffects): string {
  return table([
    { title: 'threshold', align: 'left', cells: [...labels] },
    { title: 'estimate', cells: labels.map((_, k) => digits(estimates[k]!, standardErrors[k]!)) },
    { title: 'se', cells: labels.map((_, k) => digits(standardErrors[k]!, standardErrors[k]!)) },
  ]);
}

/** What there is of the residuals beside one sigma: their structure, its parameters, the sds of occasions. */
function residualText({ residual }: MaximumLikelihoodFit): string[] {
  if (!residual) return [];
  const { structure, parameters, sds } = residual;
  const rows = [...parameters, ...sds];
  const values = table([
    { title: 'residuals', align: 'left', cells: rows.map(({ name }) => name) },
    { title: 'estimate', cells: rows.map(({ estimate }) => digits(estimate)) },
  ]);
  return ['', ...(structure === null ? [] : [`residuals: ${printable(structure)}`]), values];
}

/**
 * A maximum likelihood fit: coefficients, thresholds, covariance parameters, criterion, and the boundary where it was
 * reached.
 */
export function maximumLikelihoodText(fit: MaximumLikelihoodFit): string {
  checkFit('maximumLikelihoodText', fit, 'maximumLikelihood');
  const { method, design, deviance, aic, bic, convergence, boundary, thresholds } = fit;
  const { parameter } = familyOf(design);
  const components = varCorr(fit);
  const groups = design.groupTerms.map(({ factor, J }) => `${J} ${factor}`);
  const covariance = table([
    { title: 'factor', align: 'left', cells: components.map((row) => row.factor) },
    { title: 'term', align: 'left', cells: components.map((row) => row.term1 ?? '') },
    { title: 'with', align: 'left', cells: components.map((row) => row.term2 ?? '') },
    { title: 'sd', cells: components.map((row) => (row.term2 === null ? digits(row.sd) : '')) },
    { title: 'corr', cells: components.map((row) => (row.term2 === null ? '' : decimals(row.corr, 2))) },
  ]);
  return [
    `${method} fit to ${rowsText(design)}${groups.length > 0 ? ` in ${groups.join(', ')}` : ''}`,
    '',
    coefficientTable(fit),
    ...(design.deficiency ? ['', deficiencySentence(design.deficiency)] : []),
    ...(thresholds ? ['', thresholdTable(thresholds)] : []),
    ...(components.length > 0 ? ['', covariance] : []),
    ...residualText(fit),
    ...(parameter !== null && fit.own !== null ? ['', `${parameter} ${digits(fit.own)}`] : []),
    '',
    `deviance ${decimals(deviance, 3)} (${method} criterion), AIC ${decimals(aic, 1)}, BIC ${decimals(bic, 1)}`,
    ...boundary.map((sentence) => `boundary: ${sentence}`),
    ...fit.messages.map((sentence) => `note: ${sentence}`),
    ...columnNotes(design).map((note) => `note: ${note}`),
    ...(convergence.converged
      ? []
      : ['the optimiser did not converge: the gradient or the curvature at its end is not that of a minimum']),
  ].join('\n');
}
