import type { Expression } from './expression.ts';
import { parseArithmetic } from './expressionParser.ts';
import { TokenReader } from './tokenReader.ts';

/** What a text asks of the quantities of a fit. */
export interface Hypothesis {
  /** The text, spaces tidied. */
  readonly label: string;
  /** The expression; of a comparison its left side less its right one. */
  readonly expression: Expression;
  /** How it is held against 0; null where the text compares nothing. */
  readonly comparison: '<' | '>' | '<=' | '>=' | null;
}

/**
 * Reads an expression of the quantities of a fit, or two of them compared: `tau_county[Intercept] / sigma`,
 * `exp(floor)`, `b_school[7688,Intercept] > b_school[6897,Intercept]`. Names are those of the draws, brackets included,
 * or labels of coefficients; the rest is the arithmetic of a formula, functions of one number included. Throws
 * `formula-syntax`.
 */
export function parseHypothesis(text: string): Hypothesis {
  const reader = new TokenReader({ text, where: 'hypothesis' }, 'quantities');
  const label = text.trim().replace(/\s+/g, ' ');
  const left = parseArithmetic(reader, 'row');
  if (reader.at('=', '==')) {
    throw reader.error(
      'an equality of continuous quantities has probability 0; compare by < or >, or give the expression alone',
    );
  }
  if (!reader.at('<', '>', '<=', '>=')) {
    if (reader.token.type !== 'end') throw reader.unexpected('an operator, < or >, or the end of the expression');
    return { label, expression: left, comparison: null };
  }
  const comparison = reader.take().text as '<' | '>' | '<=' | '>=';
  const right = parseArithmetic(reader, 'row');
  if (reader.token.type !== 'end') throw reader.unexpected('an operator or the end of the expression');
  const zero = right.type === 'number' && right.value === 0;
  return { label, expression: zero ? left : { type: 'binary', operator: '-', left, right }, comparison };
}
