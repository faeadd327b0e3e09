/**
 * The tree of an arithmetic or call expression inside a term: `log(x)`, `I(x^2)`, `poly(age, 2)`, `factor(x, ref =
 * "a")`.
 */
export type Expression =
  | { readonly type: 'number'; readonly value: number }
  /** The number pi, where an angle is written. */
  | { readonly type: 'pi' }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'unary'; readonly operator: '+' | '-'; readonly operand: Expression }
  | {
      readonly type: 'binary';
      readonly operator: '+' | '-' | '*' | '/' | '^';
      readonly left: Expression;
      readonly right: Expression;
    }
  /** 1 where it is true of a row and 0 elsewhere; a text stands on one side alone, and a column on the other then. */
  | {
      readonly type: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly type: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly named: Readonly<Record<string, Expression>>;
    };

export type ComparisonOperator = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** The expressions that an expression is made of, in their order; none of a number, a text or a column. */
export function expressionParts(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'unary':
      return [expression.operand];
    case 'binary':
    case 'comparison':
      return [expression.left, expression.right];
    case 'call':
      return [...expression.args, ...Object.values(expression.named)];
    default:
      return [];
  }
}

/** The column and the text of a comparison such as `x == "a"`, or null where it compares numbers. */
export function comparedText({ left, right }: Expression & { readonly type: 'comparison' }): ComparedText | null {
  if (left.type === 'name' && right.type === 'text') return { column: left.name, text: right.value };
  if (left.type === 'text' && right.type === 'name') return { column: right.name, text: left.value };
  return null;
}

export interface ComparedText {
  readonly column: string;
  readonly text: string;
}

/** The columns whose levels an expression compares with a text. */
export function columnsComparedWithText(expression: Expression): readonly string[] {
  const own = expression.type === 'comparison' ? comparedText(expression) : null;
  if (own !== null) return [own.column];
  return expressionParts(expression).flatMap(columnsComparedWithText);
}

/** A factor of a term: its canonical text and its tree. */
export interface Atom {
  readonly text: string;
  readonly expression: Expression;
}

/** A term: the product of its atoms; no atoms is the intercept, whose label is '1'. */
export interface Term {
  /** Canonical text: atom texts joined by ':'; '1' for the intercept. */
  readonly label: string;
  readonly atoms: readonly Atom[];
}
