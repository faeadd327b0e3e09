import type { Design } from '../../design/design.ts';
import { notEstimable } from '../../design/estimable.ts';
import { ModelError } from '../../errors.ts';
import { probability } from '../../input/acceptedValue.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { quote } from '../../input/quote.ts';
import { studentQuantile, studentTwoSided } from '../../special/distributionFunctions.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { satterthwaite } from './satterthwaite.ts';

/** A linear combination of population-level coefficients, weights'beta, held against a number. */
export interface LinearCombination {
  /** The text, spaces tidied. */
  readonly label: string;
  /** Length p. */
  readonly weights: Float64Array;
  /** What the combination is held against, 0 unless the text says `= number`. */
  readonly against: number;
}

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

/**
 * Reads `ses + 2 * ses:sectorCatholic - floor = 0.5`: signed coefficients, each with an optional number before it, and
 * an optional number after `=`. Labels are those of the fit, the longest that fits first; the parts of an interaction
 * may stand in any order.
 */
export function linearCombination(text: string, labels: readonly string[]): LinearCombination {
  const names = labels.flatMap((label, k) => orders(label.split(':')).map((parts) => ({ name: parts.join(':'), k })));
  names.sort((a, b) => b.name.length - a.name.length);
  const weights = new Float64Array(labels.length);
  const fail = (at: number): ModelError =>
    new ModelError(
      'contrast',
      text,
      `contrast ${quote(text)}: cannot read ${quote(text.slice(at).trim())}; accepted are sums such as "${labels[labels.length - 1]} - 2 * ${labels[0]} = 0" of ${labels.join(', ')}`,
    );
  let at = skip(text, 0);
  let terms = 0;
  while (at < text.length && text[at] !== '=') {
    let sign = 1;
    if (text[at] === '+' || text[at] === '-') {
      if (text[at] === '-') sign = -1;
      at = skip(text, at + 1);
    } else if (terms > 0) throw fail(at);
    const number = /^\d+(\.\d*)?(e[+-]?\d+)?|^\.\d+(e[+-]?\d+)?/i.exec(text.slice(at))?.[0];
    const star = number === undefined ? at : skip(text, at + number.length);
    if (number !== undefined && text[star] === '*') {
      sign *= Number(number);
      at = skip(text, star + 1);
    }
    const found = names.find(({ name }) => text.startsWith(name, at) && !/^[\w.]/.test(text.slice(at + name.length)));
    if (found === undefined) throw fail(at);
    weights[found.k]! += sign;
    at = skip(text, at + found.name.length);
    terms++;
  }
  let against = 0;
  if (text[at] === '=') {
    const value = text.slice(at + 1).trim();
    against = Number(value);
    if (value === '' || !Number.isFinite(against)) throw fail(at);
  }
  if (terms === 0) throw fail(0);
  return { label: text.trim().replace(/\s+/g, ' '), weights, against };
}

function skip(text: string, at: number): number {
  let to = at;
  while (to < text.length && /\s/.test(text[to]!)) to++;
  return to;
}

function orders(parts: readonly string[]): string[][] {
  if (parts.length <= 1) return [[...parts]];
  return parts.flatMap((part, k) => orders(parts.filter((_, l) => l !== k)).map((rest) => [part, ...rest]));
}
