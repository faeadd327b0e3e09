import type { TableColumns } from './reductionPlan.ts';

/** A value of a statement's result: sums of integers as decimal text, exact whatever their size. */
export type ReducedValue = number | string | null;

/**
 * What a database made of a table for a model: a few thousand cells. Plain data, to be kept as JSON. Columns are named
 * as in the statements: keys `k0 …`, rows `n`, what is carried `a0 …`, sums `s0 …` and sums of products `c0_0 …` in
 * units of 2^-bits, and in every row `bits`, and `shift0 …` and `unit0 …` of the quantities.
 */
export interface ReducedTable extends TableColumns {
  readonly kind: 'reducedTable';
  /** Rows of the database in use, and rows left out for missing values. */
  readonly observations: number;
  readonly dropped: number;
  /** What was asked, in order. */
  readonly statements: readonly string[];
  readonly cells: Readonly<Record<string, readonly ReducedValue[]>>;
}
