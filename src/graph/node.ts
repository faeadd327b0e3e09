import type { FamilyName } from '../families/family.ts';
import type { Prior } from './priors.ts';

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

/** How the residuals of the rows of one group depend on each other: `ar1(age | Subject)`. */
export interface ResidualStructure {
  readonly structure: StructureName;
  /**
   * The factor whose levels are the groups: a column, or columns joined by ':'; residuals of two groups are
   * independent.
   */
  readonly by: string;
  /**
   * The column of the times (car1) or occasions of the rows; `cs`, for which all rows of a group are alike, has none.
   */
  readonly time?: string;
}

/**
 * The structures of residuals: a correlation of phi^steps at whole steps ('ar1') or at any distance of time ('car1'),
 * one correlation ('cs'), one for each number of steps ('toeplitz'), one for each pair of occasions beside an sd for
 * each occasion ('unstructured').
 */
export type StructureName = 'ar1' | 'car1' | 'cs' | 'toeplitz' | 'unstructured';

const STRUCTURES: Readonly<Record<StructureName, true>> = {
  ar1: true,
  car1: true,
  cs: true,
  toeplitz: true,
  unstructured: true,
};

/** All of them. */
export const STRUCTURE_NAMES = Object.keys(STRUCTURES) as readonly StructureName[];

/** The response: an expression of columns, its family, its linear predictor and its scale. */
export interface ResponseNode<R extends string = string, F extends FamilyName = FamilyName> {
  readonly kind: 'response';
  readonly family: F;
  /** A column, or an expression of columns such as `log(radon)`. */
  readonly column: string;
  readonly eta: R;
  /**
   * The prior node of the residual sd (gaussian, and not where `se` is given) or of the scale of the residuals
   * (studentT).
   */
  readonly sigma?: R;
  /** How the residuals of a group depend on each other; gaussian alone has it, without it they are independent. */
  readonly residual?: ResidualStructure;
  /**
   * Terms, canonical texts, of a log-linear residual sd, sigma_i = sigma exp(sum_k delta_k w_ik); gaussian alone has
   * them.
   */
  readonly sigmaTerms?: readonly string[];
  /**
   * The factor by whose levels sigma varies, its logs pooled: sigma_i = sigma exp(delta_j + ...), delta_j ~ normal(0,
   * omega^2), j the level of row i; a column, or columns joined by ':'. gaussian alone has it.
   */
  readonly sigmaBy?: string;
  /** The prior node of the degrees of freedom, or their number where they are known; studentT alone has it. */
  readonly nu?: R | number;
  /** The prior node of the shape of negative binomial counts, or its number where it is known. */
  readonly shape?: R | number;
  /** The prior node of the precision of beta-binomial chances, or its number where it is known. */
  readonly precision?: R | number;
  /** The prior node of the thresholds of an ordered answer; the families ordinal and ordinalProbit alone have it. */
  readonly threshold?: R;
  /**
   * The levels of an ordered answer, lowest first, as they are printed; unless given those of the rows, numbers in
   * their order and text by code point.
   */
  readonly levels?: readonly string[];
  /** Expression for the known standard error of each row (meta-analysis); gaussian alone has it. */
  readonly se?: string;
  /**
   * Expression for the number of trials of each row, of which `column` counts the successes; binomialLogit and
   * betaBinomial alone have it.
   */
  readonly trials?: string;
  /** Expression for what the events of each row are counted in (time, area, people); the families of counts have it. */
  readonly exposure?: string;
  /**
   * Expression for the weight of each row. Gaussian: its precision, Var(y_i) = sigma^2 / w_i; studentT: the same of its
   * scale, sigma / sqrt(w_i). The other families: how many equal rows it stands for, a whole number.
   */
  readonly weights?: string;
}

export type GraphNode<R extends string = string, F extends FamilyName = FamilyName> =
  | Prior
  | PopulationNode<R>
  | GroupNode<R>
  | LinearPredictorNode<R>
  | ResponseNode<R, F>;

/**
 * A checked, deeply frozen model: plain data that survives JSON. Node names are the keys; R is their union. F is the
 * family of the response, where the compiler knows it.
 */
export interface ModelGraph<R extends string = string, F extends FamilyName = FamilyName> {
  readonly nodes: Readonly<Record<R, GraphNode<string, F>>>;
}
