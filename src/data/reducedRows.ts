/**
 * What the rows of a frame stand for where they are not the rows of the data but what those were reduced to: distinct
 * rows with their number, or rows that have the moments of a cell (n, mean and covariance of everything continuous).
 */
export interface ReducedRows {
  /**
   * How many rows of the data each row stands for, length n: whole for distinct rows, a share of the cell for moments.
   */
  readonly counts: Float64Array;
  /** Rows of the data that all of them stand for. */
  readonly observations: number;
  /** Rows of the data that were left out for missing values. */
  readonly dropped: number;
  /** What was continuous and is known by its moments alone; null where the rows are distinct rows of the data. */
  readonly moments: Moments | null;
  /** The statements that reduced the data, in their order. */
  readonly statements: readonly string[];
}

/**
 * Continuous quantities of the rows; means, sds and products of any two of these over the rows are those of the data.
 */
export interface Moments {
  /** Values of expressions by canonical text (`log(x)`, and of columns `x`), length n. */
  readonly values: ReadonlyMap<string, Float64Array>;
  /** The unit and the origin of each of these in the products: u = (x - shift) / unit. */
  readonly scales: ReadonlyMap<string, { readonly shift: number; readonly unit: number }>;
  /** Values of products of several u, by `productKey`, length n. They are no products of the values on a row. */
  readonly products: ReadonlyMap<string, Float64Array>;
}

/**
 * The key of a product of continuous quantities, given by the canonical texts of its factors; '[]' is the constant 1.
 */
export function productKey(factors: readonly string[]): string {
  return JSON.stringify([...factors].sort());
}

/** The factors of a product. */
export function productFactors(key: string): readonly string[] {
  return JSON.parse(key) as string[];
}
