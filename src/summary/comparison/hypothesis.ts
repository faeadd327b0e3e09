import { finiteArithmetic } from '../../design/columns/arithmetic.ts';
import { columnSource } from '../../design/columns/columnSource.ts';
import { fixedEncoder } from '../../design/columns/learningEncoder.ts';
import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { type Hypothesis, parseHypothesis } from '../../formula/parseHypothesis.ts';
import { expressionColumns } from '../../formula/terms.ts';
import { flag, probability } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { quote } from '../../input/quote.ts';
import { drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import { intervalKeys } from '../intervalKeys.ts';
import type { ModelFit } from '../modelFit.ts';
import { findQuantity, quantityDraws } from '../quantity.ts';
import { deltaMethod } from './deltaMethod.ts';

/** An expression of the quantities of a fit with its uncertainty. */
export interface HypothesisRow {
  /** The text, spaces tidied. */
  readonly label: string;
  /** Posterior mean, or the expression at the estimates; of a comparison that of its left side less its right one. */
  readonly estimate: number;
  /** Posterior sd, or the standard error by the delta method; null with a reason where that has no meaning. */
  readonly se: number | null;
  /** Central credible interval, or confidence interval. */
  readonly lower: number | null;
  readonly upper: number | null;
  readonly level: number;
  /** Posterior probability of a comparison; null for an expression alone, and for a maximum likelihood fit. */
  readonly probability: number | null;
  /** Two-sided, of a comparison's difference against 0 in a maximum likelihood fit; null otherwise. */
  readonly pValue: number | null;
  /** Degrees of freedom of interval and p-value of a maximum likelihood fit; null otherwise. */
  readonly df: number | null;
  readonly reason: string | null;
  /** The S draws, chain after chain; only when asked for. */
  readonly draws?: Float64Array;
}

export interface HypothesisOptions {
  /** Probability of the interval, default 0.9. */
  readonly level?: number;
  /** Whether to return the draws; default false. */
  readonly draws?: boolean;
}

const HYPOTHESIS_OPTIONS: OptionTable<HypothesisOptions> = { level: probability, draws: flag };

/**
 * An expression of the quantities of a fit, or a comparison of two: `floor < 0`, `tau_county[Intercept] / sigma`,
 * `b_school[7688,Intercept] > b_school[6897,Intercept]`, `exp(floor)`. A name is that of a scalar of the draws, of a
 * group coefficient (`b_<factor>[level,term]`) or of a population-level coefficient by its label; the arithmetic is
 * that of formulas (+ - * / ^, log, exp and the like), and nothing is evaluated as code. A name with other characters
 * stands in backticks.
 *
 * Draws: g is computed in every draw, and mean, sd, type-7 quantiles and the share of draws where the comparison holds
 * are those of its draws, so that the non-linearity of g costs nothing (Gelman et al. 2013, section 10.1). Maximum
 * likelihood: g at the estimates with se = sqrt(g' V g) by the delta method (Casella & Berger 2002, section 5.5.4), V
 * the covariance of coefficients, and of the prediction errors of group coefficients (Robinson 1991, equation 5.3); t
 * by Satterthwaite's degrees of freedom of the gradient where coefficients alone are read, else normal. An expression
 * that reads sds or correlations has its estimate, and no se: `reason` says why.
 *
 * Throws `formula-syntax`, `unknown-variable` with the nearest names, `not-finite` where a draw gives no number (log of
 * a negative difference), naming the draw, and `option`.
 */
export function hypothesis(fit: ModelFit, text: string, options: HypothesisOptions = {}): HypothesisRow {
  checkFit('hypothesis', fit);
  checkOptions('hypothesis', options, HYPOTHESIS_OPTIONS);
  if (typeof text !== 'string') {
    const message = `hypothesis: expected a text such as "${fit.design.columns[0]?.label ?? 'sigma'} > 0", not ${quote(text)}`;
    throw new ModelError('hypothesis', 'hypothesis', message);
  }
  const { level = 0.9 } = options;
  const asked = parseHypothesis(text);
  const names = expressionColumns(asked.expression);
  if (names.length === 0) {
    const message = `hypothesis ${quote(asked.label)} reads no quantity of the fit, as ${quote(fit.design.columns[0]?.label ?? 'sigma')}`;
    throw new ModelError('hypothesis', asked.label, message);
  }
  const quantities = new Map(names.map((name) => [name, findQuantity(fit.design, name)]));
  const common = { label: asked.label, level };
  if (fit.kind === 'maximumLikelihood') {
    const value = (columns: ReadonlyMap<string, Float64Array>, n: number): Float64Array =>
      evaluate(fit.design, asked, columns, n, () => 'the estimates');
    return { ...common, ...deltaMethod(fit, quantities, value, level, asked.comparison !== null), probability: null };
  }
  const S = drawCount(fit);
  const columns = new Map([...quantities].map(([name, quantity]) => [name, quantityDraws(fit, quantity)]));
  const draws = evaluate(fit.design, asked, columns, S, (s) => `draw ${s + 1}`);
  const { probs } = intervalKeys(level);
  const { mean, sd, quantiles } = drawSummary(draws, probs);
  return {
    ...common,
    estimate: mean,
    se: sd,
    lower: quantiles[0]!,
    upper: quantiles[2]!,
    probability: asked.comparison === null ? null : shareOf(draws, asked.comparison),
    pValue: null,
    df: null,
    reason: null,
    ...(options.draws ? { draws } : {}),
  };
}

/** The share of draws that hold the comparison against 0. */
function shareOf(draws: Float64Array, comparison: NonNullable<Hypothesis['comparison']>): number {
  const strict = comparison.length === 1;
  const sign = comparison.startsWith('<') ? -1 : 1;
  let held = 0;
  for (const value of draws) if (strict ? sign * value > 0 : sign * value >= 0) held += 1;
  return held / draws.length;
}

/** The expression over columns of n values each, by the arithmetic that evaluates terms over rows. */
function evaluate(
  design: Design,
  { expression }: Hypothesis,
  values: ReadonlyMap<string, Float64Array>,
  n: number,
  rowName: (i: number) => string,
): Float64Array {
  const columns = new Map([...values].map(([name, own]) => [name, { kind: 'number' as const, values: own }]));
  const source = columnSource({ n, columns }, new Map(), { where: 'the fit', rowName });
  return finiteArithmetic(expression, source, fixedEncoder(design.encoding));
}
