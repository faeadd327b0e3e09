import { factor } from '../../data/factor.ts';
import { ModelError } from '../../errors.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { quote } from '../../input/quote.ts';
import type { ColumnSource } from '../columns/columnSource.ts';

/** An ordered answer as numbers of levels. */
export interface OrderedOutcome {
  /** Length n: the number of each row's level, 0 the lowest. */
  readonly y: Float64Array;
  /** As printed, lowest first. */
  readonly levels: readonly string[];
}

/**
 * An ordered answer: numbers in their order, or the levels of a text column in the order of `factor`. `numbers`
 * evaluates an expression that is no text column. `order` names the levels, lowest first; one that no row has keeps its
 * place.
 * Throws ModelError `one-level` where all rows have one answer, `unknown-level` where a row has one that is not in
 * `order`.
 */
export function orderedOutcome(
  outcome: Expression,
  source: ColumnSource,
  numbers: (expression: Expression) => Float64Array,
  order?: readonly string[],
): OrderedOutcome {
  const column = outcome.type === 'name' ? source.column(outcome.name) : null;
  const { levels, index } = factor(column?.kind === 'text' ? column : { kind: 'number', values: numbers(outcome) });
  if (order !== undefined) return inOrder(outcome, levels, index, order, source);
  const y = Float64Array.from(index);
  if (levels.length > 1) return { y, levels };
  throw oneLevel(expressionText(outcome), levels[0]!);
}

/** The numbers of levels whose order is given. */
function inOrder(
  outcome: Expression,
  found: readonly string[],
  index: Int32Array,
  order: readonly string[],
  source: ColumnSource,
): OrderedOutcome {
  const text = expressionText(outcome);
  const place = found.map((level) => order.indexOf(level));
  const named = order.map(quote).join(', ');
  const i = index.findIndex((level) => place[level]! < 0);
  if (i >= 0) {
    const message = `response ${text} is ${quote(found[index[i]!]!)} in ${source.rowName(i)}, which is not among the levels ${named}`;
    throw new ModelError('unknown-level', 'response', message);
  }
  if (found.length === 1) throw oneLevel(text, found[0]!);
  return { y: Float64Array.from(index, (level) => place[level]!), levels: order };
}

function oneLevel(text: string, level: string): ModelError {
  const message = `response ${text} is ${quote(level)} in every row; an ordered answer has two levels or more`;
  return new ModelError('one-level', 'response', message);
}
