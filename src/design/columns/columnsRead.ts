import type { ReducedRows } from '../../data/reducedRows.ts';
import { type Expression, expressionParts } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { expressionColumns } from '../../formula/terms.ts';

/**
 * The columns of the rows that an expression is computed from: none for what reduced rows hold the values of, as of
 * `log(x)`.
 */
export function columnsRead(expression: Expression, reduced?: ReducedRows): readonly string[] {
  const values = reduced?.moments?.values;
  if (values === undefined) return expressionColumns(expression);
  if (expression.type !== 'name' && values.has(expressionText(expression))) return [];
  if (expression.type === 'name') return [expression.name];
  return expressionParts(expression).flatMap((part) => columnsRead(part, reduced));
}
