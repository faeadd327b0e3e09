import type { Expression } from './expression.ts';
import { parseArithmetic } from './expressionParser.ts';
import type { TokenReader } from './tokenReader.ts';

/** What `cbind(yes, no)` as a response says, as R's glm and lme4 read it. */
export interface SuccessesAndFailures {
  readonly successes: Expression;
  readonly trials: Expression;
  readonly at: number;
}

/**
 * Reads `cbind(successes, failures)`: trials are their sum, and of `cbind(y, n - y)` n itself, so that the model is
 * that of `y | trials(n)`. Null where the response is no such call. Throws `formula-syntax`.
 */
export function parseSuccessesAndFailures(reader: TokenReader): SuccessesAndFailures | null {
  const { token, following } = reader;
  const called = following.type === 'symbol' && following.text === '(';
  if (token.type !== 'name' || token.text !== 'cbind' || !called) return null;
  reader.take();
  reader.take();
  const successes = parseArithmetic(reader, 'row');
  reader.expect(',', ', as in cbind(successes, failures)');
  const failures = parseArithmetic(reader, 'row');
  reader.expect(')', ' to close cbind(');
  const rest = failures.type === 'binary' && failures.operator === '-' ? failures : null;
  const complement = rest !== null && JSON.stringify(rest.right) === JSON.stringify(successes);
  const trials: Expression = complement
    ? rest.left
    : { type: 'binary', operator: '+', left: successes, right: failures };
  return { successes, trials, at: token.start };
}
