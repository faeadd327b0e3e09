import { ModelError } from '../errors.ts';
import { comparedText, type Expression } from '../formula/expression.ts';
import { type ElementaryFunction, elementaryFunctions, isElementary } from '../formula/expressionParser.ts';
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
    case 'pi':
      return d.literal(Math.PI);
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
    case 'comparison': {
      const { operator, left, right } = expression;
      // A column that is compared with a text is a key, and what is made of keys alone is computed of the cells.
      if (comparedText(expression) !== null) break;
      const sign = operator === '==' ? '=' : operator === '!=' ? '<>' : operator;
      return `(CASE WHEN ${inner(left)} ${sign} ${inner(right)} THEN ${d.literal(1)} ELSE ${d.literal(0)} END)`;
    }
    case 'call': {
      const [argument] = expression.args;
      if (argument !== undefined && isElementary(expression.name)) return called(expression.name, inner(argument), d);
    }
  }
  const text = expressionText(expression);
  throw new ModelError(
    'not-in-sql',
    text,
    `${text} is not computed in a database; accepted are numbers, columns, + - * / ^, comparisons of numbers, ${elementaryFunctions.join(', ')}, and about these scale, center, poly, within and between`,
  );
}

/** A function of `x`; logarithms of other bases as they are computed here. */
function called(name: ElementaryFunction, x: string, d: Dialect): string {
  switch (name) {
    case 'I':
      return `(${x})`;
    case 'log':
      return `${d.log}(${x})`;
    case 'log2':
      return `(${d.log}(${x}) / ${d.literal(Math.LN2)})`;
    case 'log10':
      return `(${d.log}(${x}) / ${d.literal(Math.LN10)})`;
    case 'log1p':
      return `${d.log}(${d.literal(1)} + ${x})`;
    case 'sqrt':
    case 'exp':
    case 'abs':
    case 'sin':
    case 'cos':
      return `${name.toUpperCase()}(${x})`;
  }
}
