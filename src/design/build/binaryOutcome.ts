import { factor } from '../../data/factor.ts';
import { ModelError } from '../../errors.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import type { ColumnSource } from '../columns/columnSource.ts';

/** A response of two values as 0 and 1, and which of them is which. */
export interface BinaryOutcome {
  /** Length n: 1 for success. */
  readonly y: Float64Array;
  /** As printed: `1`, `TRUE`, a level. */
  readonly successLevel: string;
  readonly failureLevel: string;
}

/** How many of the values found a message lists. */
const listed = 5;

/**
 * A response of two values: numbers 0 and 1; true and false (of any case, one of them may be absent); or text of
 * exactly two levels, of which the second by code point is success, as R takes factors. `numbers` evaluates an
 * expression that is no text column.
 *
 * Throws ModelError `not-binary` with what was found.
 */
export function binaryOutcome(
  outcome: Expression,
  source: ColumnSource,
  numbers: (expression: Expression) => Float64Array,
): BinaryOutcome {
  const column = outcome.type === 'name' ? source.column(outcome.name) : null;
  if (column?.kind !== 'text') return zeroOne(outcome, numbers(outcome), source);
  const { levels, index } = factor(column);
  const truth = levels.map((level) => level.toLowerCase());
  const logical =
    truth.every((level) => level === 'true' || level === 'false') && new Set(truth).size === levels.length;
  if (!logical && levels.length !== 2) {
    const found = levels.slice(0, listed).map((level) => JSON.stringify(level));
    const count = levels.length === 1 ? 'the one level' : `the ${levels.length} levels`;
    throw notBinary(outcome, `${count} ${andMore(found, levels.length)}`);
  }
  const success = logical ? truth.indexOf('true') : 1;
  const failure = logical ? truth.indexOf('false') : 0;
  return {
    y: Float64Array.from(index, (level) => (level === success ? 1 : 0)),
    successLevel: levels[success] ?? 'TRUE',
    failureLevel: levels[failure] ?? 'FALSE',
  };
}

function zeroOne(outcome: Expression, values: Float64Array, source: ColumnSource): BinaryOutcome {
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong >= 0) {
    const distinct = [...new Set(values)].sort((a, b) => a - b);
    const found = andMore(distinct.slice(0, listed).map(String), distinct.length);
    throw notBinary(outcome, `the numbers ${found} (${values[wrong]} first in ${source.rowName(wrong)})`);
  }
  // Adding 0 turns -0 into 0.
  return { y: values.map((value) => value + 0), successLevel: '1', failureLevel: '0' };
}

function andMore(shown: readonly string[], count: number): string {
  const rest = count - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ');
}

function notBinary(outcome: Expression, found: string): ModelError {
  const text = expressionText(outcome);
  const accepted =
    'a binary response is 0 and 1, true and false, or text of exactly two levels; counted successes are y | trials(n)';
  return new ModelError('not-binary', 'response', `response ${text} has ${found}; ${accepted}`);
}
