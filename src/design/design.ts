import type { Frame } from '../data/frame.ts';
import type { FamilyName } from '../families/family.ts';
import type { ModelGraph, StructureName } from '../graph/node.ts';

/**
 * A part of a column: the label of its own column (`floor`, `sectorPublic`) and the text of the term that makes it
 * (`floor`, `sector`).
 */
export interface ColumnPart {
  readonly atom: string;
  readonly label: string;
}

/**
 * A column of X: its label as printed (`Intercept`, `floor`, `sectorCatholic`, `floor:log_uranium`) and the term it
 * comes from.
 */
export interface DesignColumn {
  readonly label: string;
  readonly term: string;
  /** The parts it is the product of: none for the constant. */
  readonly parts: readonly ColumnPart[];
}

/** A column of the full X that is a linear combination of columns before it. */
export interface DependentColumn {
  /** Its position among the full columns. */
  readonly column: number;
  /** Positions and weights: the column is sum_k weight_k times column k, and 0 where there are none. */
  readonly weights: readonly (readonly [column: number, weight: number])[];
  /** The same in words: `v depends on Intercept, w`. */
  readonly sentence: string;
  /** Whether it is so because cells of its term never occur. */
  readonly emptyCell: boolean;
}

/** What the rows cannot tell of the population part. */
export interface RankDeficiency {
  /** All columns of X in R's order, the dependent ones in their places. */
  readonly columns: readonly DesignColumn[];
  readonly dependent: readonly DependentColumn[];
  /** The cells behind them that no row has, as printed, the first hundred. */
  readonly cells: readonly string[];
  /** How many such cells there are. */
  readonly cellCount: number;
  /**
   * Whether the dependent columns are left out of X; else they are in it, and their priors tell what the rows do not.
   */
  readonly leftOut: boolean;
}

/** A block of columns of Z with one covariance matrix of its own. Sigma_f is block diagonal over the blocks. */
export interface CovarianceBlock {
  readonly start: number;
  readonly size: number;
  /** Name of the prior node of this block's covariance. */
  readonly cov: string;
}

/**
 * The level-2 view of a group term: b_j = gamma w_j + u_j, gamma (q x m) a view of columns of beta.
 * A column of X belongs to it when it is the product of a varying column z and of a w constant within groups.
 */
export interface Level2 {
  readonly m: number;
  /** Labels of w, the constant first as `Intercept`. */
  readonly labels: readonly string[];
  /** J x m, row-major. */
  readonly W: Float64Array;
  /**
   * q x m, row-major: the column of X that holds z_k w_l, or -1 where that product is not in the model (its gamma is
   * 0).
   */
  readonly columns: Int32Array;
}

/** One grouping factor with all its varying columns (several bars of one factor are joined, a block each). */
export interface GroupTerm {
  readonly factor: string;
  readonly levels: readonly string[];
  readonly J: number;
  /** Level of each row, 0-based, length n. */
  readonly index: Int32Array;
  /** Rows per level, length J; 0 for a group that stands only in its table. */
  readonly counts: Int32Array;
  readonly q: number;
  /** Labels of the varying columns, `Intercept` for the constant. */
  readonly labels: readonly string[];
  /** n x q, row-major. */
  readonly Z: Float64Array;
  /** Of each varying column, the parts it is the product of: none for the constant. */
  readonly parts: readonly (readonly ColumnPart[])[];
  readonly blocks: readonly CovarianceBlock[];
  readonly level2: Level2;
  /** Name of the prior node of gamma where the graph gives one. */
  readonly gamma?: string;
}

/** The response and what is known of each row. */
export interface ResponseColumn<F extends FamilyName = FamilyName> {
  readonly label: string;
  readonly family: F;
  /**
   * Length n, by the kind of the response: numbers; counts of successes, 0 or 1 where `trials` is null; counts of
   * events; numbers of `levels`, 0 the lowest.
   */
  readonly y: Float64Array;
  /**
   * Number of trials of each row, a whole number >= 1 (binomialLogit and betaBinomial with `trials(n)`, merged cells);
   * or null, one each.
   */
  readonly trials: Float64Array | null;
  /** What the counts of events of each row are counted in (`exposure(t)`, merged cells), above 0; or null, 1 each. */
  readonly exposure: Float64Array | null;
  /** The levels of an ordered answer, lowest first; null for every other kind. */
  readonly levels: readonly string[] | null;
  /**
   * The value that counts as success, as printed: `1`, `TRUE`, the second of two levels; null for counted successes and
   * numbers.
   */
  readonly successLevel: string | null;
  /** The value that counts as failure; null where `successLevel` is. */
  readonly failureLevel: string | null;
  /** Sum of the offsets, or null. */
  readonly offset: Float64Array | null;
  /**
   * Gaussian and studentT: precision weights, Var(y_i) or the square of the scale = sigma^2 / w_i. Other families: how
   * many equal rows each row stands for, a whole number >= 1. Null where all are 1.
   */
  readonly weights: Float64Array | null;
  /**
   * Of numbers: how many rows of the data each row stands for, its share of the rows of a cell (`ReducedRows`); absent
   * where each is one.
   */
  readonly copies?: Float64Array;
  /**
   * Degrees of freedom of a studentT response where they are known; absent where they are a parameter, and in every
   * other family.
   */
  readonly nu?: number;
  /** Shape of negative binomial counts where it is known; absent where it is a parameter, and in every other family. */
  readonly shape?: number;
  /**
   * Precision of beta-binomial chances where it is known; absent where it is a parameter, and in every other family.
   */
  readonly precision?: number;
  /** Known standard error of each row (then there is no sigma); or null. */
  readonly standardErrors: Float64Array | null;
}

/** The groups within which residuals depend on each other, and when their rows are. */
export interface StructuredGroups {
  readonly structure: StructureName;
  readonly factor: string;
  readonly levels: readonly string[];
  readonly J: number;
  /** Level of each row, 0-based, length n. */
  readonly index: Int32Array;
  /** The distinct times as printed, in their order, T of them; none for `cs`. */
  readonly occasions: readonly string[];
  /** The occasion of each row, 0-based, length n; all 0 for `cs`. */
  readonly occasion: Int32Array;
  /**
   * Where each occasion lies, length T: time itself for `car1`; else in steps, within a group a whole number of them
   * apart.
   */
  readonly positions: Float64Array;
  /** One step in the unit of the time: the largest number that divides every gap within a group; 1 for texts. */
  readonly step: number;
  /** The time of position 0, of which positions count steps; null where they are the numbers of the occasions. */
  readonly origin: number | null;
}

/** Columns of a log-linear residual sd, sigma_i = sigma exp(sum_k delta_k w_ik). */
export interface SigmaColumns {
  readonly labels: readonly string[];
  readonly m: number;
  /** n x m, row-major. */
  readonly W: Float64Array;
}

/** The groups with a residual sd each, sigma exp(delta_j), delta_j ~ normal(0, omega^2). */
export interface SigmaGroups {
  readonly factor: string;
  readonly levels: readonly string[];
  readonly J: number;
  /** Level of each row, 0-based, length n. */
  readonly index: Int32Array;
}

/** How residuals are neither independent nor of one sd. */
export interface ResidualColumns {
  readonly groups: StructuredGroups | null;
  readonly sigma: SigmaColumns | null;
  readonly sigmaGroups: SigmaGroups | null;
}

/** Graph and data brought together: eta = X beta + sum over f of Z_f u_f, on the user's scale. */
export interface Design<F extends FamilyName = FamilyName> {
  readonly graph: ModelGraph<string, F>;
  readonly n: number;
  readonly p: number;
  readonly columns: readonly DesignColumn[];
  /** n x p, row-major. */
  readonly X: Float64Array;
  readonly response: ResponseColumn<F>;
  readonly groupTerms: readonly GroupTerm[];
  /** Present where the residuals are not independent with one sigma. */
  readonly residual?: ResidualColumns;
  /** The rows in use (after missing rows were dropped) and the group tables, used columns only. */
  readonly rows: Frame;
  readonly tables: ReadonlyMap<string, Frame>;
  /** How many rows were dropped for missing values. */
  readonly dropped: number;
  /** Present where the columns of the population part are linearly dependent. */
  readonly deficiency?: RankDeficiency;
  /** Positions (0-based) of the rows in use among the rows given, length n; absent where none was dropped. */
  readonly kept?: Int32Array;
  /**
   * What evaluating the terms on new rows needs: plain JSON data (factor levels, centres, scales, polynomial bases,
   * group means).
   */
  readonly encoding: Encoding;
}

/** State of a data-dependent term, by canonical atom text. */
export type Encoding = Readonly<Record<string, AtomEncoding>>;

export type AtomEncoding =
  | { readonly kind: 'numeric' }
  | {
      readonly kind: 'factor';
      readonly levels: readonly string[];
      readonly reference: string;
      /**
       * Of `interaction(a, b)`: by level, the position of its part among the levels of each factor, as `factor(a)` is
       * encoded.
       */
      readonly parts?: readonly (readonly number[])[];
    }
  | { readonly kind: 'affine'; readonly centre: number; readonly scale: number }
  | {
      readonly kind: 'poly';
      readonly degree: number;
      readonly alpha: readonly number[];
      readonly norm2: readonly number[];
    }
  | { readonly kind: 'groupMeans'; readonly means: Readonly<Record<string, number>> };
