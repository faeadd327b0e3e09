import { printValue } from '../data/frame.ts';
import { ModelError } from '../errors.ts';
import type { Expression } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import { expressionColumns } from '../formula/terms.ts';
import { finiteArithmetic } from './arithmetic.ts';
import type { ColumnSource } from './columnSource.ts';
import type { ResponseColumn } from './design.ts';
import type { Encoder } from './encoder.ts';
import type { ModelTerms } from './modelTerms.ts';

/**
 * The response and what is known of each row: the sum of the offsets, the precision weights, the standard errors.
 *
 * Throws ModelError for a response that is not numeric, and for weights or standard errors that are not positive.
 */
export function responseColumn(terms: ModelTerms, source: ColumnSource, encoder: Encoder): ResponseColumn {
  const { outcome, weights, standardError, offsets } = terms;
  return {
    label: terms.response.column,
    y: outcomeValues(outcome, source, encoder),
    offset: offsetSum(offsets, source, encoder),
    weights: weights === null ? null : positive(weights, 'weight', source, encoder),
    standardErrors: standardError === null ? null : positive(standardError, 'standard error', source, encoder),
  };
}

/** The sum of the offsets, length n, or null when there are none. */
export function offsetSum(offsets: readonly Expression[], source: ColumnSource, encoder: Encoder): Float64Array | null {
  if (offsets.length === 0) return null;
  const sum = new Float64Array(source.n);
  for (const offset of offsets) {
    const values = finiteArithmetic(offset, source, encoder);
    for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
  }
  return sum;
}

function outcomeValues(outcome: Expression, source: ColumnSource, encoder: Encoder): Float64Array {
  try {
    return finiteArithmetic(outcome, source, encoder);
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.code, 'response', `response ${expressionText(outcome)}: ${error.message}`);
  }
}

function positive(expression: Expression, what: string, source: ColumnSource, encoder: Encoder): Float64Array {
  const values = finiteArithmetic(expression, source, encoder);
  const i = values.findIndex((value) => !(value > 0));
  if (i < 0) return values;
  const text = expressionText(expression);
  const names = expressionColumns(expression).filter((name) => name !== text);
  const from = names.map((name) => ` with ${name} = ${printValue(source.column(name), i)}`).join('');
  const message = `${what} ${text} is ${values[i]} in ${source.rowName(i)}${from}; every ${what} must be above 0`;
  throw new ModelError('not-positive', text, message);
}
