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
  | {
      readonly type: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      readonly named: Readonly<Record<string, Expression>>;
    };

/** The expressions that an expression is made of, in their order; none of a number, a text or a column. */
export function expressionParts(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'call':
      return [...expression.args, ...Object.values(expression.named)];
    default:
      return [];
  }
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
