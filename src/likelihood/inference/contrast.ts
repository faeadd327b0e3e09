import type { Design } from '../../design/design.ts';
import { notEstimable } from '../../design/estimable.ts';
import { ModelError } from '../../errors.ts';
import { probability } from '../../input/acceptedValue.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { quote } from '../../input/quote.ts';
import { studentQuantile, studentTwoSided } from '../../special/distributionFunctions.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { type LinearCombination, linearCombination } from './linearCombination.ts';
import { satterthwaite } from './satterthwaite.ts';

export interface ContrastTest {
  readonly label: string;
  readonly estimate: number;
  readonly standardError: number;
  /** Degrees of freedom of the t test; Infinity is the normal. */
  readonly df: number;
  /** (estimate - against) / standardError. */
  readonly t: number;
  /** Two-sided. */
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

export interface ContrastOptions {
  /** Confidence of the interval; default 0.9. */
  readonly level?: number;
}

export const CONTRAST_OPTIONS: OptionTable<ContrastOptions> = { level: probability };

/**
 * Estimates and tests a linear hypothesis of population-level coefficients, such as `ses + ses:sectorCatholic` (against
 * 0) or `floor = -0.5`: Wald, with Satterthwaite's degrees of freedom. Throws a ModelError where the text does not
 * parse, and `not-estimable`.
 */
export function contrast(fit: MaximumLikelihoodFit, text: string, options: ContrastOptions = {}): ContrastTest {
  checkOptions('contrast', options, CONTRAST_OPTIONS);
  const combination = estimableCombination(text, fit.design);
  return waldContrast(fit.fixef, combination, satterthwaite(fit, [combination.weights])[0]!, options.level);
}

/**
 * The combination that a text names, over the columns of X. Where columns were left out, it is read over the full
 * columns. Throws a ModelError where the text does not parse, and `not-estimable` where the rows do not determine it.
 */
export function estimableCombination(text: string, { columns, deficiency }: Design): LinearCombination {
  if (typeof text !== 'string') {
    throw new ModelError('contrast', 'contrast', `contrast: expected a text such as "x - z", not ${quote(text)}`);
  }
  const left = deficiency?.leftOut ? deficiency : null;
  const full = linearCombination(
    text,
    (left?.columns ?? columns).map(({ label }) => label),
  );
  if (left === null) return full;
  const fault = notEstimable(left, (column) => full.weights[column]!);
  if (fault !== null) {
    const { label } = left.columns[fault.column]!;
    const message =
      `contrast "${full.label}" is not estimable: ${fault.sentence}, so that the rows tell only what both add up to` +
      `; fixef gives the coefficients of the model without ${label}`;
    throw new ModelError('not-estimable', text, message);
  }
  const dependent = new Set(left.dependent.map(({ column }) => column));
  return { ...full, weights: full.weights.filter((_, column) => !dependent.has(column)) };
}

/** The Wald test of one combination from estimates (p) and their covariance (p x p, row-major). */
export function waldContrast(
  fixef: { readonly estimates: ArrayLike<number>; readonly vcov: ArrayLike<number> },
  combination: LinearCombination,
  df = Number.POSITIVE_INFINITY,
  level = 0.9,
): ContrastTest {
  const { label, weights, against } = combination;
  const p = weights.length;
  let estimate = 0;
  let variance = 0;
  for (let a = 0; a < p; a++) {
    estimate += weights[a]! * fixef.estimates[a]!;
    for (let b = 0; b < p; b++) variance += weights[a]! * weights[b]! * fixef.vcov[a * p + b]!;
  }
  const standardError = Math.sqrt(variance);
  const t = (estimate - against) / standardError;
  const reach = studentQuantile((1 + level) / 2, df) * standardError;
  return {
    label,
    estimate,
    standardError,
    df,
    t,
    pValue: studentTwoSided(t, df),
    lower: estimate - reach,
    upper: estimate + reach,
  };
}

/** The draws of a combination, from the draws of each coefficient (p arrays of equal length). */
export function contrastDraws(draws: readonly ArrayLike<number>[], combination: LinearCombination): Float64Array {
  const out = new Float64Array(draws[0]?.length ?? 0);
  combination.weights.forEach((weight, k) => {
    if (weight !== 0) for (let i = 0; i < out.length; i++) out[i]! += weight * draws[k]![i]!;
  });
  return out;
}
