import type { Design } from '../../../src/design/design.ts';
import type { FamilyName } from '../../../src/families/family.ts';
import type { ParameterPrior } from '../../../src/priors/parameterPrior.ts';
import type { BlockPrior, Priors, ScalePrior } from '../../../src/priors/priors.ts';

/** A normal prior of one combination of coefficients: sum_k direction_k beta_k ~ N(mean, sd^2). */
export interface DirectionPrior {
  readonly direction: readonly number[];
  readonly mean: number;
  readonly sd: number;
}

/** Varying columns of one factor that share a covariance matrix. */
export interface ModelBlock {
  readonly factor: string;
  readonly levels: readonly string[];
  readonly J: number;
  /** Level of each row, length n. */
  readonly index: ArrayLike<number>;
  readonly labels: readonly string[];
  /** Varying columns as written, one list of length q a row. */
  readonly Z: readonly (readonly number[])[];
  /** On the columns as written, but for sds and correlations that are given `about` others: of C^-1 Sigma C^-T. */
  readonly prior: BlockPrior;
}

/**
 * Everything that a posterior is made of, in plain lists on the scale of the user's columns: what the oracles of this
 * folder take.
 */
export interface PosteriorModel {
  readonly family: FamilyName;
  readonly y: readonly number[];
  readonly offset: readonly number[];
  /** Precision weights: Var(y_i) = sigma^2 / weight_i; with known standard errors 1 / s_i^2 and no sigma. */
  readonly weights: readonly number[];
  readonly trials: readonly number[];
  readonly labels: readonly string[];
  readonly X: readonly (readonly number[])[];
  /** Of the coefficients that have one; the others are flat. */
  readonly coefficients: readonly DirectionPrior[];
  readonly blocks: readonly ModelBlock[];
  /** Null where there is no residual sd to learn. */
  readonly sigma: ScalePrior | null;
  /** Degrees of freedom of Student-t rows: known, or their prior. */
  readonly nu?: number | ParameterPrior;
  /** Of negative binomial rows, known. */
  readonly shape?: number;
}

/** The model of a design and the priors in force, as a plan of the product has them. */
export function posteriorModel({
  design,
  priors,
}: {
  readonly design: Design;
  readonly priors: Priors;
}): PosteriorModel {
  const { n, p, response, groupTerms } = design;
  const row = (of: Float64Array, i: number, width: number) => Array.from(of.subarray(i * width, (i + 1) * width));
  const ones = new Array<number>(n).fill(1);
  const { standardErrors, weights } = response;
  return {
    family: response.family,
    y: Array.from(response.y),
    offset: response.offset ? Array.from(response.offset) : new Array<number>(n).fill(0),
    weights: standardErrors ? Array.from(standardErrors, (s) => 1 / (s * s)) : weights ? Array.from(weights) : ones,
    trials: response.trials ? Array.from(response.trials) : ones,
    labels: design.columns.map(({ label }) => label),
    X: Array.from({ length: n }, (_, i) => row(design.X, i, p)),
    coefficients: directionPriors(priors, p),
    blocks: groupTerms.flatMap(({ factor, levels, J, index, q, labels, Z, blocks }, f) =>
      blocks.map(({ start, size }, b) => ({
        factor,
        levels,
        J,
        index,
        labels: labels.slice(start, start + size),
        Z: Array.from({ length: n }, (_, i) => row(Z, i, q).slice(start, start + size)),
        prior: priors.groups[f]![b]!,
      })),
    ),
    sigma: priors.sigma,
    nu: response.family === 'studentT' ? (response.nu ?? priors.nu!) : undefined,
  };
}

/** Rows of B are the combinations that have a prior each: the columns as written, or about their means. */
function directionPriors({ beta }: Priors, p: number): DirectionPrior[] {
  const { mean, sd, combinations } = beta;
  return Array.from({ length: p }, (_, k) => ({
    direction: Array.from({ length: p }, (_value, l) => (combinations ? combinations[k * p + l]! : l === k ? 1 : 0)),
    mean: mean[k]!,
    sd: sd[k]!,
  })).filter((prior) => Number.isFinite(prior.sd));
}
