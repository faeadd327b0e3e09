import type { Prior } from './priors.ts';
import { quote } from './quote.ts';
import { readNode } from './readNode.ts';

/** The families a response may have: normal; Student-t about eta; binomial (or 0/1) with the logit link; 0/1 with the probit link. */
export type FamilyName = 'gaussian' | 'studentT' | 'binomialLogit' | 'bernoulliProbit';

/** Whether a family is of numbers about eta with a residual scale sigma (gaussian, studentT), and not of successes. */
export function isContinuous(family: FamilyName): boolean {
  return family === 'gaussian' || family === 'studentT';
}

/** X beta for the listed terms; `coef` names the prior node of the coefficients. */
export interface PopulationNode<R extends string = string> {
  readonly kind: 'population';
  /** Canonical term texts, intercept first as '1'; '.' stands for every column of the rows not used elsewhere. */
  readonly terms: readonly string[];
  /** Terms taken out of what '.' stands for. */
  readonly except?: readonly string[];
  readonly coef: R;
}

/**
 * Z u (or Z b where `mean` is given) for one grouping factor: b_j = gamma w_j + u_j, u_j ~ N(0, Sigma).
 * Without `mean` the deviations u_j have mean zero and the population part carries the line.
 */
export interface GroupNode<R extends string = string> {
  readonly kind: 'group';
  /** Name of the grouping factor: a column, or columns joined by ':' for nested factors (`a/b` gives `a` and `a:b`). */
  readonly by: string;
  /** Varying terms, canonical texts, intercept first as '1'. */
  readonly terms: readonly string[];
  /** Level-2 terms: one list for every varying term, or a list per varying term. Present if and only if `mean` is. */
  readonly level2?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** The prior node of gamma. */
  readonly mean?: R;
  /** The prior node of Sigma. */
  readonly cov: R;
  /** 'diagonal' (from `||`): independent sds for every column of Z. */
  readonly structure: 'full' | 'diagonal';
}

/** eta = the sum of population and group nodes, plus known offsets (term texts). */
export interface LinearPredictorNode<R extends string = string> {
  readonly kind: 'linearPredictor';
  readonly sum: readonly R[];
  readonly offset?: readonly string[];
}

/** The response: an expression of columns, its family, its linear predictor and its scale. */
export interface ResponseNode<R extends string = string> {
  readonly kind: 'response';
  readonly family: FamilyName;
  /** A column, or an expression of columns such as `log(radon)`. */
  readonly column: string;
  readonly eta: R;
  /** The prior node of the residual sd (gaussian, and not where `se` is given) or of the scale of the residuals (studentT). */
  readonly sigma?: R;
  /** The prior node of the degrees of freedom, or their number where they are known; studentT alone has it. */
  readonly nu?: R | number;
  /** Expression for the known standard error of each row (meta-analysis); gaussian alone has it. */
  readonly se?: string;
  /** Expression for the number of trials of each row, of which `column` counts the successes; binomialLogit alone has it. */
  readonly trials?: string;
  /**
   * Expression for the weight of each row. Gaussian: its precision, Var(y_i) = sigma^2 / w_i; studentT: the same of its scale,
   * sigma / sqrt(w_i). The other families: how many equal rows it stands for, a whole number.
   */
  readonly weights?: string;
}

export type GraphNode<R extends string = string> =
  | Prior
  | PopulationNode<R>
  | GroupNode<R>
  | LinearPredictorNode<R>
  | ResponseNode<R>;

/** A checked, deeply frozen model: plain data that survives JSON. Node names are the keys; R is their union. */
export interface ModelGraph<R extends string = string> {
  readonly nodes: Readonly<Record<R, GraphNode>>;
}

/**
 * X beta for the listed terms. Term texts are canonical: spelled as `parseTerm` labels them (`log(x)`, `a:b`, `poly(age, 2)`), '1' is
 * the intercept. Throws `invalid-node`.
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
 * The varying coefficients of one grouping factor. With `level2` and `mean` they are b_j = gamma w_j + u_j, and the node stands for
 * Z b; without, they are the deviations u_j of mean zero. Throws `invalid-node`.
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
 * A normal response: y_i ~ N(eta_i, sigma^2 / w_i), or N(eta_i, se_i^2) with known standard errors. `column` is a column or an
 * expression of columns. Throws `invalid-node`.
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
): ResponseNode<NoInfer<E | S>> {
  const spec = { ...parts, kind: 'response', family: 'gaussian', column };
  return readNode(`gaussian(${quote(column)}, { eta, sigma })`, spec) as ResponseNode<E | S>;
}

/**
 * A Student-t response, for robust regression: y_i ~ eta_i + sigma / sqrt(w_i) t_nu, t_nu with `nu` degrees of freedom. `sigma` is the scale
 * and not the sd, which is sigma sqrt(nu / (nu - 2)) and infinite for nu <= 2. `column` is a column or an expression of columns.
 * Throws `invalid-node`.
 */
export function studentT<const E extends string, const S extends string, const D extends string | number>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Name of the prior node of the scale. */
    readonly sigma: S;
    /** Name of the prior node of the degrees of freedom, which are then above 1; or a positive number, which they are. */
    readonly nu: D;
    /** Expression for the precision weight of each row. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E | S | Extract<D, string>>> {
  const spec = { ...parts, kind: 'response', family: 'studentT', column };
  return readNode(`studentT(${quote(column)}, { eta, sigma, nu })`, spec) as ResponseNode<E | S | Extract<D, string>>;
}

/**
 * A binomial response with the logit link: y_i ~ Binomial(n_i, 1 / (1 + exp(-eta_i))). `column` counts the successes among `trials`;
 * without trials it is 0/1, true/false or a column of two levels, of which the second in order is success. Throws `invalid-node`.
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
): ResponseNode<NoInfer<E>> {
  const spec = { ...parts, kind: 'response', family: 'binomialLogit', column };
  return readNode(`binomialLogit(${quote(column)}, { eta })`, spec) as ResponseNode<E>;
}

/**
 * A 0/1 response with the probit link: P(y_i = 1) = Phi(eta_i), Phi the standard normal distribution function. `column` is 0/1, true/false or
 * a column of two levels, of which the second in order is success. Throws `invalid-node`.
 */
export function bernoulliProbit<const E extends string>(
  column: string,
  parts: {
    /** Name of the linear predictor. */
    readonly eta: E;
    /** Expression for how many equal rows each row stands for. */
    readonly weights?: string;
  },
): ResponseNode<NoInfer<E>> {
  const spec = { ...parts, kind: 'response', family: 'bernoulliProbit', column };
  return readNode(`bernoulliProbit(${quote(column)}, { eta })`, spec) as ResponseNode<E>;
}
