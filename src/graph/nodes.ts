import { quote } from '../input/quote.ts';
import { studentTPrior } from './mixturePriors.ts';
import type { GroupNode, LinearPredictorNode, PopulationNode, ResponseNode } from './node.ts';
import type { PriorOf } from './priors.ts';
import { readNode } from './readNode.ts';

/**
 * X beta for the listed terms. Term texts are canonical: spelled as `parseTerm` labels them (`log(x)`, `a:b`,
 * `poly(age, 2)`), '1' is the intercept. Throws `invalid-node`.
 */
export function population<const C extends string>(spec: {
  readonly terms: readonly string[];
  readonly except?: readonly string[];
  /** Name of the prior node of the coefficients. */
  readonly coef: C;
}): PopulationNode<NoInfer<C>> {
  return readNode('population({ terms, coef })', { ...spec, kind: 'population' }) as PopulationNode<C>;
}

/**
 * The varying coefficients of one grouping factor. With `level2` and `mean` they are b_j = gamma w_j + u_j, and the
 * node stands for Z b; without, they are the deviations u_j of mean zero. Throws `invalid-node`.
 */
export function group<const C extends string, const M extends string = never>(spec: {
  /** The grouping factor: a column, or columns joined by ':'. */
  readonly by: string;
  /** The varying terms, canonical texts. */
  readonly terms: readonly string[];
  /** Level-2 terms: one list for every varying term, or a list for each. */
  readonly level2?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** Name of the prior node of gamma; given if and only if `level2` is. */
  readonly mean?: M;
  /** Name of the prior node of Sigma. */
  readonly cov: C;
  /** 'full' unless given; 'diagonal' is `||`. */
  readonly structure?: 'full' | 'diagonal';
}): GroupNode<NoInfer<C | M>> {
  return readNode('group({ by, terms, cov })', { ...spec, kind: 'group' }) as GroupNode<C | M>;
}

/**
 * eta = the sum of the named population and group nodes and, in a last argument, of known offsets (expression texts).
 * Throws `invalid-node`.
 */
export function linearPredictor<const R extends string>(...names: readonly R[]): LinearPredictorNode<NoInfer<R>>;
export function linearPredictor<const R extends string>(
  ...names: readonly [...names: R[], options: { readonly offset?: readonly string[] }]
): LinearPredictorNode<NoInfer<R>>;
export function linearPredictor(...names: readonly unknown[]): LinearPredictorNode {
  const last = names.at(-1);
  const options = typeof last === 'object' ? last : {};
  const sum = typeof last === 'object' ? names.slice(0, -1) : names;
  return readNode('linearPredictor(...names)', { kind: 'linearPredictor', sum, ...options }) as LinearPredictorNode;
}

/**
 * A normal response: y_i ~ N(eta_i, sigma^2 / w_i), or N(eta_i, se_i^2) with known standard errors. `column` is a
 * column or an expression of columns. Throws `invalid-node`.
 */
export function gaussian<const E extends string, const S extends string = never>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Name of the prior node of the residual sd; not with `se`. */
    readonly sigma?: S;
    /** Expression for the known standard error of each row; not with `sigma`. */
    readonly se?: string;
    /** Expression for the precision weight of each row. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E | S>, 'gaussian'> {
  const spec = { ...parts, kind: 'response', family: 'gaussian', column };
  return readNode(`gaussian(${quote(column)}, { eta, sigma })`, spec) as ResponseNode<E | S, 'gaussian'>;
}

/**
 * A Student-t response, for robust regression: y_i ~ eta_i + sigma / sqrt(w_i) t_nu, t_nu with `nu` degrees of freedom.
 * `sigma` is the scale and not the sd, which is sigma sqrt(nu / (nu - 2)) and infinite for nu <= 2. `column` is a
 * column or an expression of columns. Called with numbers, `studentT(df, location, scale)`, the prior of coefficients.
 * Throws `invalid-node`, `invalid-prior`.
 */
export function studentT<const E extends string, const S extends string, const D extends string | number>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Name of the prior node of the scale. */
    readonly sigma: S;
    /**
     * Name of the prior node of the degrees of freedom, which are then above 1; or a positive number, which they are.
     */
    readonly nu: D;
    /** Expression for the precision weight of each row. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E | S | Extract<D, string>>, 'studentT'>;
/**
 * Coefficients: independent location + scale t_df, df > 0 degrees of freedom, scale > 0, p(x) proportional to (1 + ((x
 * - location) / scale)^2 / df)^(-(df + 1) / 2). Called with the name of a column, a Student-t response. Throws
 * `invalid-prior`.
 */
export function studentT(df: number, location: number, scale: number): PriorOf<'studentT'>;
export function studentT(
  first: string | number,
  second: object | number,
  scale?: number,
): ResponseNode<string, 'studentT'> | PriorOf<'studentT'> {
  if (typeof first === 'number') return studentTPrior(first, second as number, scale!);
  const [column, parts] = [first, second as object];
  const spec = { ...parts, kind: 'response', family: 'studentT', column };
  return readNode(`studentT(${quote(column)}, { eta, sigma, nu })`, spec) as ResponseNode<string, 'studentT'>;
}

/**
 * A binomial response with the logit link: y_i ~ Binomial(n_i, 1 / (1 + exp(-eta_i))). `column` counts the successes
 * among `trials`; without trials it is 0/1, true/false or a column of two levels, of which the second in order is
 * success. Throws `invalid-node`.
 */
export function binomialLogit<const E extends string>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Expression for the number of trials of each row; one trial each unless given. */
    readonly trials?: string;
    /** Expression for how many equal rows each row stands for. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E>, 'binomialLogit'> {
  const spec = { ...parts, kind: 'response', family: 'binomialLogit', column };
  return readNode(`binomialLogit(${quote(column)}, { eta })`, spec) as ResponseNode<E, 'binomialLogit'>;
}

/**
 * A 0/1 response with the probit link: P(y_i = 1) = Phi(eta_i), Phi the standard normal distribution function. `column`
 * is 0/1, true/false or a column of two levels, of which the second in order is success. Throws `invalid-node`.
 */
export function bernoulliProbit<const E extends string>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Expression for how many equal rows each row stands for. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E>, 'bernoulliProbit'> {
  const spec = { ...parts, kind: 'response', family: 'bernoulliProbit', column };
  return readNode(`bernoulliProbit(${quote(column)}, { eta })`, spec) as ResponseNode<E, 'bernoulliProbit'>;
}

/**
 * Successes that vary more than binomial ones, with the logit link: `column` counts them among `trials`, n_i, and the
 * chance of each row is Beta(mu_i precision, (1 - mu_i) precision), mu_i = 1 / (1 + exp(-eta_i)); their variance is
 * n_i mu_i (1 - mu_i)(precision + n_i) / (precision + 1). Throws `invalid-node`.
 */
export function betaBinomial<const E extends string, const D extends string | number>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Name of the prior node of the precision; or a positive number, which it is. */
    readonly precision: D;
    /** Expression for the number of trials of each row. */
    readonly trials: string;
    /** Expression for how many equal rows each row stands for. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E | Extract<D, string>>, 'betaBinomial'> {
  const spec = { ...parts, kind: 'response', family: 'betaBinomial', column };
  return readNode(`betaBinomial(${quote(column)}, { eta, precision, trials })`, spec) as ResponseNode<
    E | Extract<D, string>,
    'betaBinomial'
  >;
}

/**
 * Counts with the log link: y_i ~ Poisson(t_i exp(eta_i)), t_i the exposure. `column` has whole numbers of 0 or more.
 * Throws `invalid-node`.
 */
export function poisson<const E extends string>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Expression for the exposure of each row, above 0: the mean is in proportion to it; 1 each unless given. */
    readonly exposure?: string;
    /** Expression for how many equal rows each row stands for. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E>, 'poisson'> {
  const spec = { ...parts, kind: 'response', family: 'poisson', column };
  return readNode(`poisson(${quote(column)}, { eta })`, spec) as ResponseNode<E, 'poisson'>;
}

/**
 * Counts that vary more than Poisson ones, with the log link: mean mu_i = t_i exp(eta_i), t_i the exposure, and
 * variance mu_i + mu_i^2 / shape. `column` has whole numbers of 0 or more. Throws `invalid-node`.
 */
export function negativeBinomial<const E extends string, const D extends string | number>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Name of the prior node of the shape; or a positive number, which it is. */
    readonly shape: D;
    /** Expression for the exposure of each row, above 0: the mean is in proportion to it; 1 each unless given. */
    readonly exposure?: string;
    /** Expression for how many equal rows each row stands for. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E | Extract<D, string>>, 'negativeBinomial'> {
  const spec = { ...parts, kind: 'response', family: 'negativeBinomial', column };
  return readNode(`negativeBinomial(${quote(column)}, { eta, shape })`, spec) as ResponseNode<
    E | Extract<D, string>,
    'negativeBinomial'
  >;
}

/** What a response of ordered answers has beside its column. */
export interface OrdinalParts<E extends string, T extends string> {
  /** Name of the linear predictor, which has no intercept: the thresholds stand for it. */
  readonly eta: E;
  /** Name of the prior node of the thresholds, normal or default. */
  readonly threshold: T;
  /** The levels, lowest first; unless given those of the rows, numbers in their order and text by code point. */
  readonly levels?: readonly (string | number)[];
  /** Expression for how many equal rows each row stands for. */
  readonly weights?: string;
}

/**
 * An ordered answer with the cumulative logit link, the proportional-odds model: P(y_i <= k) = 1 / (1 +
 * exp(-(threshold_k - eta_i))). `column` is numbers or text of two levels or more. Throws `invalid-node`.
 */
export function ordinal<const E extends string, const T extends string>(
  column: string,
  parts: OrdinalParts<E, T>,
): ResponseNode<NoInfer<E | T>, 'ordinal'> {
  const spec = { ...parts, kind: 'response', family: 'ordinal', column };
  return readNode(`ordinal(${quote(column)}, { eta, threshold })`, spec) as ResponseNode<E | T, 'ordinal'>;
}

/**
 * An ordered answer with the cumulative probit link: P(y_i <= k) = Phi(threshold_k - eta_i). `column` is numbers or
 * text of two levels or more. Throws `invalid-node`.
 */
export function ordinalProbit<const E extends string, const T extends string>(
  column: string,
  parts: OrdinalParts<E, T>,
): ResponseNode<NoInfer<E | T>, 'ordinalProbit'> {
  const spec = { ...parts, kind: 'response', family: 'ordinalProbit', column };
  return readNode(`ordinalProbit(${quote(column)}, { eta, threshold })`, spec) as ResponseNode<E | T, 'ordinalProbit'>;
}
