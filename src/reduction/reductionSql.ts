import type { FormulaOptions } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { oneOf, text, textList } from '../input/acceptedValue.ts';
import { DIALECT_NAMES, type DialectName, dialect } from './dialect.ts';
import { reductionPlan } from './reductionPlan.ts';
import { countStatement, distinctStatement, missingStatement, momentsStatement } from './reductionStatements.ts';
import { fromValue, sourceText, type TableName } from './tableName.ts';

export interface ReductionSqlOptions {
  readonly dialect: DialectName;
  /** The table: a name, or the parts of one (`['schema', 'homes']`). It is quoted. */
  readonly from?: TableName;
  /** In place of `from`, the SQL after FROM as it is. It is the caller's own and is not checked. */
  readonly trustedFrom?: string;
  /** Columns that are text, and so factors where they are predictors: without the table at hand it cannot be asked. */
  readonly text?: readonly string[];
  /**
   * Numeric predictors with one value in every group, as written in the formula: each spares the sums of its products.
   */
  readonly carried?: readonly string[];
}

/** Two statements for an engine that this program does not reach. */
export interface ReductionSql {
  /** Counts rows, and missing and infinite values of each column: to look at. Its result is not needed. */
  readonly check: string;
  /** Gives the cells: its result is what `fromReduced` takes. */
  readonly cells: string;
}

/**
 * The statements that reduce a table to what a model needs, for the user to run where the rows are: Spark, a warehouse.
 * Identifiers are quoted as the dialect does, and no value of the data and no text of the user's stands in them. The
 * cells do without the result of the first: they find origins and units themselves, in a second pass over the rows, and
 * return them. Throws what `reduce` throws of a model.
 */
export function reductionSql(model: Model, given: ReductionSqlOptions & FormulaOptions): ReductionSql {
  const accepted = {
    dialect: oneOf(...DIALECT_NAMES),
    from: fromValue,
    trustedFrom: text,
    text: textList,
    carried: textList,
  };
  const { graph, options } = readModel<ReductionSqlOptions>('reductionSql', model, given, accepted, ['dialect']);
  checkGraph(graph);
  const d = dialect(options.dialect);
  const from = sourceText(options, d);
  const plan = reductionPlan(graph, { kinds: null, text: options.text ?? [], carried: options.carried ?? [] });
  const parts = { plan, dialect: d, from };
  return plan.form === 'distinct'
    ? { check: countStatement(parts, true), cells: distinctStatement(parts) }
    : { check: missingStatement(parts), cells: momentsStatement(parts, 'inSql', 45) };
}
