import type { Expression } from './expression.ts';
import { nameText, quotedText } from './scanner.ts';

/** How tightly an expression binds: sums 1, products 2, signs 3, powers 4, the rest 5. */
function binding(expression: Expression): number {
  if (expression.type === 'unary') return 3;
  if (expression.type !== 'binary') return 5;
  return { '+': 1, '-': 1, '*': 2, '/': 2, '^': 4 }[expression.operator];
}

function parenthesized(parentheses: boolean, expression: Expression): string {
  const text = expressionText(expression);
  return parentheses ? `(${text})` : text;
}

/**
 * The canonical text of an expression, spaced as R prints it (`log(x + 1)`, `I(x^2/2)`, `poly(age, 2)`, `factor(x, ref
 * = "a")`), with the fewest parentheses; reading it back gives an equal expression.
 */
export function expressionText(expression: Expression): string {
  switch (expression.type) {
    case 'number':
      return String(expression.value);
    case 'text':
      return quotedText(expression.value);
    case 'name':
      return nameText(expression.name);
    case 'unary':
      return `${expression.operator}${parenthesized(binding(expression.operand) < 3, expression.operand)}`;
    case 'binary': {
      const { operator, left, right } = expression;
      const own = binding(expression);
      const leftText = parenthesized(operator === '^' ? binding(left) < 5 : binding(left) < own, left);
      const rightText = parenthesized(operator === '^' ? binding(right) < 3 : binding(right) <= own, right);
      return operator === '/' || operator === '^'
        ? leftText + operator + rightText
        : `${leftText} ${operator} ${rightText}`;
    }
    case 'call': {
      const named = Object.entries(expression.named).map(
        ([name, value]) => `${nameText(name)} = ${expressionText(value)}`,
      );
      return `${nameText(expression.name)}(${[...expression.args.map(expressionText), ...named].join(', ')})`;
    }
  }
}
