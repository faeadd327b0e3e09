import { ModelError } from '../errors.ts';
import type { Expression } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import type { Dialect } from './dialect.ts';

/**
 * The arithmetic of a formula as SQL over doubles, printed from the parsed tree: columns are quoted, numbers are
 * doubles, and no text of the user's stands in it. Throws ModelError `not-in-sql` for what a row alone does not
 * determine.
 */
export function sqlExpression(expression: Expression, d: Dialect): string {
  const inner = (e: Expression): string => sqlExpression(e, d);
  switch (expression.type) {
    case 'number':
      return d.literal(expression.value);
    case 'name':
      return d.double(d.identifier(expression.name));
    case 'unary':
      return expression.operator === '-' ? `(- ${inner(expression.operand)})` : inner(expression.operand);
    case 'binary': {
      const { operator, left, right } = expression;
      if (operator !== '^') return `(${inner(left)} ${operator} ${inner(right)})`;
      if (right.type === 'number' && right.value === 2) return `(${inner(left)} * ${inner(left)})`;
      return `POWER(${inner(left)}, ${inner(right)})`;
    }
    case 'call': {
      const [argument] = expression.args;
      const name = functionName(expression.name, d);
      if (argument !== undefined && name !== null) return `${name}(${inner(argument)})`;
    }
  }
  const text = expressionText(expression);
  throw new ModelError(
    'not-in-sql',
    text,
    `${text} is not computed in a database; accepted are numbers, columns, + - * / ^, I, log, sqrt and exp, and about these scale, center, poly, within and between`,
  );
}

function functionName(name: string, d: Dialect): string | null {
  switch (name) {
    case 'I':
      return '';
    case 'log':
      return d.log;
    case 'sqrt':
      return 'SQRT';
    case 'exp':
      return 'EXP';
    default:
      return null;
  }
}
