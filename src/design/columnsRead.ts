import type { ReducedRows } from '../data/reducedRows.ts';
import type { Expression } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import { expressionColumns } from '../formula/terms.ts';

/**
 * The columns of the rows that an expression is computed from: none for what reduced rows hold the values of, as of
 * `log(x)`.
 */
export function columnsRead(expression: Expression, reduced?: ReducedRows): readonly string[] {
  const values = reduced?.moments?.values;
  if (values === undefined) return expressionColumns(expression);
  if (expression.type !== 'name' && values.has(expressionText(expression))) return [];
  switch (expression.type) {
    case 'unary':
      return columnsRead(expression.operand, reduced);
    case 'binary':
      return [...columnsRead(expression.left, reduced), ...columnsRead(expression.right, reduced)];
    case 'call':
      return [...expression.args, ...Object.values(expression.named)].flatMap((part) => columnsRead(part, reduced));
    default:
      return expressionColumns(expression);
  }
}
