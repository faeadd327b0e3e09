import { type Point, varyingAt } from '../../design/build/varyingAt.ts';
import { needsIndependent } from '../../design/needsIndependent.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { anyValue, probability } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import { quote } from '../../input/quote.ts';
import { drawAnswer } from '../drawSummary.ts';
import { knownErrors } from '../estimates.ts';
import { groupCovariance, groupVariances } from '../groupCovariance.ts';
import { intervalKeys } from '../intervalKeys.ts';
import type { ModelFit } from '../modelFit.ts';
import { residualVariances } from '../residualVariances.ts';
import { structuredVariances } from '../structuredVariances.ts';

/** A quantity of variation: posterior mean and sd with its interval, or the estimate alone. */
export interface VariationAnswer {
  readonly estimate: number;
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

export interface VarianceFunctionOptions {
  /** Values of x; default all there are, or five from least to largest where there are more than ten. */
  readonly values?: readonly number[];
  /** Values of other columns that varying columns read; 0 unless given. */
  readonly at?: Point;
  /** Probability of the interval, default 0.9. */
  readonly level?: number;
}

const VARIANCE_OPTIONS: OptionTable<VarianceFunctionOptions> = { values: anyValue, at: anyValue, level: probability };

/** Variances, covariances and correlations of the response along a column. */
export interface VarianceFunction {
  readonly x: string;
  readonly level: number;
  /** Part by part (each factor, `residual`, `total`) at each value. */
  readonly variances: readonly (VariationAnswer & { readonly value: number; readonly part: string })[];
  /** The share of the variance among the levels of each factor at each value. */
  readonly shares: readonly (VariationAnswer & { readonly value: number; readonly factor: string })[];
  /** Two rows of one level of a factor, at two values. */
  readonly pairs: readonly {
    readonly factor: string;
    readonly first: number;
    readonly second: number;
    readonly covariance: VariationAnswer;
    readonly correlation: VariationAnswer;
  }[];
}

/**
 * How the variance of a response depends on a column with varying slopes (Snijders & Bosker 2012, equations 5.5 and
 * 5.6; Goldstein, Browne & Rasbash 2002): with z the varying columns at x, factor f gives z(x)'Sigma_f z(x), the total
 * T(x) adds the residual variance, and two rows of one level of f at x and x' have the covariance z(x)'Sigma_f z(x')
 * and the correlation that over sqrt(T(x) T(x')). Of successes and counts on the scale of the linear predictor, with
 * the residual variance that `icc` has; draw by draw. Where the residual sd depends on terms its variance is that at x
 * too (of a group of mean log sd, where groups have their own), and x may be a column that they alone read.
 *
 * Throws `at` for a column that no varying column and no term of sigma reads, `known-errors` where the standard errors
 * of the rows are known, `not-supported` for an ordered response, and `option`.
 */
export function varianceFunction(fit: ModelFit, x: string, options: VarianceFunctionOptions = {}): VarianceFunction {
  return varianceAnswers(fit, x, options, Number.POSITIVE_INFINITY);
}

/** `varianceFunction` with the pairs of the first so many values alone, of which there are else as many as squares. */
export function varianceAnswers(
  fit: ModelFit,
  x: string,
  options: VarianceFunctionOptions,
  firsts: number,
): VarianceFunction {
  checkFit('varianceFunction', fit);
  if (fit.design.residual?.groups) {
    const instead =
      'marginalCovariance has the covariances of the rows of a group, those of their residuals among them';
    needsIndependent(fit.design, 'varianceFunction', instead);
  }
  if (typeof x !== 'string') {
    const message = `varianceFunction: expected the name of a column with varying slopes, not ${quote(x)}`;
    throw new ModelError('at', 'x', message);
  }
  checkOptions('varianceFunction', options, VARIANCE_OPTIONS);
  const { design } = fit;
  const { level = 0.9 } = options;
  if (kindOf(design) === 'ordered') {
    throw new ModelError('not-supported', 'varianceFunction', 'varianceFunction: an ordered response has no variance');
  }
  const values = valuesOf(fit, x, options);
  const places = values.map((value) => varyingAt(design, { ...options.at, [x]: value }));
  const points = places.map(({ z }) => z);
  const { probs } = intervalKeys(level);
  const answer = (draws: Float64Array): VariationAnswer => {
    if (fit.kind === 'maximumLikelihood') return { estimate: draws[0]!, se: null, lower: null, upper: null };
    return drawAnswer(draws, probs);
  };
  const factors = design.groupTerms.map(({ factor }) => factor);
  const among = points.map((z) => factors.map((_, f) => groupVariances(fit, f, z[f]!)));
  const residual = among.map((own, v) => {
    const found = design.residual ? structuredVariances(fit, places[v]!) : residualVariances(fit, own);
    if (found === null) throw new ModelError('known-errors', 'varianceFunction', `varianceFunction: ${knownErrors}`);
    return found;
  });
  const totals = residual.map((own, v) =>
    own.map((value, s) => among[v]!.reduce((sum, part) => sum + part[s]!, value)),
  );
  const pairs = factors.flatMap((factor, f) =>
    values.slice(0, firsts).flatMap((first, a) =>
      values.slice(a).map((second, k) => {
        const b = a + k;
        const covariance = groupCovariance(fit, f, points[a]![f]!, points[b]![f]!);
        const correlation = covariance.map((value, s) => value / Math.sqrt(totals[a]![s]! * totals[b]![s]!));
        return { factor, first, second, covariance: answer(covariance), correlation: answer(correlation) };
      }),
    ),
  );
  return {
    x,
    level,
    variances: values.flatMap((value, v) => [
      ...factors.map((part, f) => ({ value, part, ...answer(among[v]![f]!) })),
      { value, part: 'residual', ...answer(residual[v]!) },
      { value, part: 'total', ...answer(totals[v]!) },
    ]),
    shares: values.flatMap((value, v) =>
      factors.map((factor, f) => ({ value, factor, ...answer(among[v]![f]!.map((own, s) => own / totals[v]![s]!)) })),
    ),
    pairs,
  };
}

function valuesOf({ design }: ModelFit, x: string, { values }: VarianceFunctionOptions): readonly number[] {
  if (values !== undefined) {
    const given: unknown = values;
    const good = Array.isArray(given) && given.length > 0 && Array.from(given).every(Number.isFinite);
    if (!good) throw optionError('values', values, 'a list of finite numbers');
    return values;
  }
  // Says what is wrong with a column that nothing varying reads.
  varyingAt(design, { [x]: 0 });
  const column = design.rows.columns.get(x);
  if (column?.kind !== 'number') throw optionError('values', values, `a list of numbers, the values of ${x}`);
  const sorted = [...new Set(column.values)].sort((a, b) => a - b);
  if (sorted.length <= 10) return sorted;
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  return [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low));
}
