import { chainsShape, checkProbability, type Variable } from './chains.ts';
import { checkOptions } from './checkOptions.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { essBulkOf, essMeanOf, essTailOf } from './ess.ts';
import { mcseMeanOf } from './mcse.ts';
import { PooledDraws } from './pooledDraws.ts';
import { quantileOf } from './quantile.ts';
import { rhatOf } from './rhat.ts';

const MEASURES = {
  mean: (draws: PooledDraws) => draws.mean(),
  sd: (draws: PooledDraws) => draws.sd(),
  median: (draws: PooledDraws) => quantileOf(draws, 0.5),
  mcseMean: mcseMeanOf,
  rhat: rhatOf,
  essBulk: essBulkOf,
  essTail: essTailOf,
  essMean: essMeanOf,
} as const;

/** A column of a summary that is one number per variable. */
export type SummaryMeasure = keyof typeof MEASURES;

/** A column of a summary named after a probability: q5, q97.5. */
export type QuantileKey = `q${number}`;

/** One row of the default summary. */
export interface SummaryRow {
  readonly variable: string;
  readonly mean: number;
  readonly sd: number;
  readonly q5: number;
  readonly q50: number;
  readonly q95: number;
  readonly mcseMean: number;
  readonly rhat: number;
  readonly essBulk: number;
  readonly essTail: number;
}

/** One row of a summary with measures or probabilities of the caller's choice. */
export type ChosenSummaryRow = { readonly variable: string } & {
  readonly [key in SummaryMeasure | QuantileKey]?: number;
};

/** What a summary holds. */
export interface SummarizeDrawsOptions {
  /** Probabilities of the quantiles; 0.05 is the column q5. Default 0.05, 0.5, 0.95. */
  readonly probs?: readonly number[];
  /**
   * Columns in their order; `quantiles` stands for all of `probs`. Default mean, sd, quantiles, mcseMean, rhat,
   * essBulk, essTail.
   */
  readonly measures?: readonly (SummaryMeasure | 'quantiles')[];
}

const DEFAULT_MEASURES = ['mean', 'sd', 'quantiles', 'mcseMean', 'rhat', 'essBulk', 'essTail'] as const;

/** Column name of the quantile at `probability`: 0.05 gives q5, 0.975 gives q97.5. */
export function quantileKey(probability: number): QuantileKey {
  return `q${Number((100 * probability).toPrecision(12))}`;
}

/**
 * Calls `visit` with each variable's pooled draws; variables of one shape are loaded in turn into the same arrays, so a
 * thousand of them cost one allocation. Throws DiagnosticsError on an empty list and on unusable chains, naming the
 * variable.
 */
export function forEachVariable(
  variables: readonly Variable[],
  visit: (draws: PooledDraws, variable: Variable) => void,
): void {
  if (!Array.isArray(variables) || variables.length === 0) {
    throw new DiagnosticsError('no-variables', 'there are no variables; give a list of { name, chains }');
  }
  let draws: PooledDraws | undefined;
  for (const variable of variables as readonly Variable[]) {
    if (typeof variable?.name !== 'string') {
      throw new DiagnosticsError('bad-argument', 'a variable has no name; give a list of { name, chains }');
    }
    const { chainCount, drawCount } = chainsShape(variable.chains, variable.name);
    if (draws?.unsplit.chainCount !== chainCount || draws.unsplit.drawCount !== drawCount) {
      draws = new PooledDraws(chainCount, drawCount);
    }
    visit(draws.load(variable.chains, variable.name), variable);
  }
}

/**
 * One row per variable: mean, sd (denominator S - 1), quantiles (type 7), Monte Carlo standard error of the mean,
 * R-hat, bulk and tail ESS, or the measures asked for. The numbers are those of the functions of the same names,
 * computed with one sort and shared work arrays per variable; where a measure is not defined its cell is NaN.
 *
 * Throws DiagnosticsError `no-variables`, `bad-argument` (an unknown measure, a probability outside [0, 1]), and on
 * missing, empty, unequal or non-numeric chains, naming the variable.
 */
export function summarizeDraws(variables: readonly Variable[]): SummaryRow[];
export function summarizeDraws(variables: readonly Variable[], options: SummarizeDrawsOptions): ChosenSummaryRow[];
export function summarizeDraws(
  variables: readonly Variable[],
  options: SummarizeDrawsOptions = {},
): SummaryRow[] | ChosenSummaryRow[] {
  checkOptions('summarizeDraws', options, { probs: 'list', measures: 'list' });
  const probs = (options.probs ?? [0.05, 0.5, 0.95]).map((p) => checkProbability(p, 'probs'));
  const measures = options.measures ?? DEFAULT_MEASURES;
  for (const measure of measures) {
    if (measure !== 'quantiles' && !Object.hasOwn(MEASURES, measure)) {
      const known = ['quantiles', ...Object.keys(MEASURES)].join(', ');
      throw new DiagnosticsError('bad-argument', `measure "${String(measure)}" is not known; give some of ${known}`);
    }
  }
  const rows: ChosenSummaryRow[] = [];
  forEachVariable(variables, (draws, variable) => {
    const row: { variable: string; [key: string]: string | number } = { variable: variable.name };
    for (const measure of measures) {
      if (measure === 'quantiles') for (const p of probs) row[quantileKey(p)] = quantileOf(draws, p);
      else row[measure] = MEASURES[measure](draws);
    }
    rows.push(row as ChosenSummaryRow);
  });
  return rows;
}
