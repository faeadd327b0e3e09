import type { Expression } from './expression.ts';
import { ofAngle } from './expressionParser.ts';
import { nameText, quotedText } from './scanner.ts';

/** How tightly an expression binds: comparisons 0, sums 1, products 2, signs 3, powers 4, the rest 5. */
function binding(expression: Expression): number {
  if (expression.type === 'comparison') return 0;
  if (expression.type === 'unary') return 3;
  if (expression.type !== 'binary') return 5;
  return { '+': 1, '-': 1, '*': 2, '/': 2, '^': 4 }[expression.operator];
}

function parenthesized(parentheses: boolean, expression: Expression, angle: boolean): string {
  const text = expressionText(expression, angle);
  return parentheses ? `(${text})` : text;
}

/**
 * The canonical text of an expression, spaced as R prints it (`log(x + 1)`, `I(x^2/2)`, `poly(age, 2)`, `factor(x, ref
 * = "a")`), with the fewest parentheses; reading it back gives an equal expression. Within an `angle` a column of the
 * name pi stands in backticks.
 */
export function expressionText(expression: Expression, angle = false): string {
  switch (expression.type) {
    case 'number':
      return String(expression.value);
    case 'pi':
      return 'pi';
    case 'text':
      return quotedText(expression.value);
    case 'name':
      return angle && expression.name === 'pi' ? '`pi`' : nameText(expression.name);
    case 'unary':
      return `${expression.operator}${parenthesized(binding(expression.operand) < 3, expression.operand, angle)}`;
    case 'binary': {
      const { operator, left, right } = expression;
      const own = binding(expression);
      const leftText = parenthesized(operator === '^' ? binding(left) < 5 : binding(left) < own, left, angle);
      const rightText = parenthesized(operator === '^' ? binding(right) < 3 : binding(right) <= own, right, angle);
      return operator === '/' || operator === '^'
        ? leftText + operator + rightText
        : `${leftText} ${operator} ${rightText}`;
    }
    case 'comparison': {
      const [left, right] = [expression.left, expression.right].map((each) =>
        parenthesized(binding(each) === 0, each, angle),
      );
      return `${left} ${expression.operator} ${right}`;
    }
    case 'call': {
      const own = angle || ofAngle(expression.name);
      const named = Object.entries(expression.named).map(
        ([name, value]) => `${nameText(name)} = ${expressionText(value, own)}`,
      );
      return `${nameText(expression.name)}(${[...expression.args.map((argument) => expressionText(argument, own)), ...named].join(', ')})`;
    }
  }
}
