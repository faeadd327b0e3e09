import { factor } from '../data/factor.ts';
import { ModelError } from '../errors.ts';
import type { Expression } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import type { ColumnSource } from './columnSource.ts';

/** An ordered answer as numbers of levels. */
export interface OrderedOutcome {
  /** Length n: the number of each row's level, 0 the lowest. */
  readonly y: Float64Array;
  /** As printed, lowest first. */
  readonly levels: readonly string[];
}

/**
 * An ordered answer: numbers in their order, or the levels of a text column in the order of `factor`. `numbers`
 * evaluates an expression that is no text column. Throws ModelError `one-level` where all rows have one answer.
 */
export function orderedOutcome(
  outcome: Expression,
  source: ColumnSource,
  numbers: (expression: Expression) => Float64Array,
): OrderedOutcome {
  const column = outcome.type === 'name' ? source.column(outcome.name) : null;
  const { levels, index } = factor(column?.kind === 'text' ? column : { kind: 'number', values: numbers(outcome) });
  const y = Float64Array.from(index);
  if (levels.length > 1) return { y, levels };
  const text = expressionText(outcome);
  const message = `response ${text} is ${JSON.stringify(levels[0])} in every row; an ordered answer has two levels or more`;
  throw new ModelError('one-level', 'response', message);
}
