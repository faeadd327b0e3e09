import { ModelError } from '../errors.ts';
import type { Expression } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import { finiteArithmetic } from './arithmetic.ts';
import { binaryOutcome } from './binaryOutcome.ts';
import type { ColumnSource } from './columnSource.ts';
import type { ResponseColumn } from './design.ts';
import type { Encoder } from './encoder.ts';
import type { ModelTerms } from './modelTerms.ts';
import { positiveValues, type RowValueName, valueInRow, wholeValues } from './rowValues.ts';

const WEIGHT: RowValueName = { what: 'weight', every: 'weight' };
const COUNT_WEIGHT: RowValueName = { what: 'weight', every: 'weight of this family counts equal rows and' };
const STANDARD_ERROR: RowValueName = { what: 'standard error', every: 'standard error' };
const TRIALS: RowValueName = { what: 'the number of trials', every: 'number of trials' };
const SUCCESSES: RowValueName = { what: 'response', every: 'count of successes' };

/**
 * The response and what is known of each row: the sum of the offsets, the weights, the trials, the standard errors.
 *
 * Throws ModelError for a response that does not fit the family (`not-numeric`, `not-binary`, `not-a-count`, `too-many-successes`), for
 * weights or standard errors that are not positive, and for trials and counting weights that are no whole numbers >= 1.
 */
export function responseColumn(terms: ModelTerms, source: ColumnSource, encoder: Encoder): ResponseColumn {
  const { weights, standardError, offsets } = terms;
  const { column: label, family } = terms.response;
  const positive = (expression: Expression | null, name: RowValueName) =>
    expression === null ? null : positiveValues(expression, name, source, encoder);
  const whole = (expression: Expression | null, name: RowValueName) =>
    expression === null ? null : wholeValues(expression, name, 1, source, encoder);
  return {
    label,
    family,
    ...outcomeColumns(terms, source, encoder),
    offset: offsetSum(offsets, source, encoder),
    weights: family === 'gaussian' ? positive(weights, WEIGHT) : whole(weights, COUNT_WEIGHT),
    standardErrors: positive(standardError, STANDARD_ERROR),
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

type OutcomeColumns = Pick<ResponseColumn, 'y' | 'trials' | 'successLevel' | 'failureLevel'>;

function outcomeColumns(terms: ModelTerms, source: ColumnSource, encoder: Encoder): OutcomeColumns {
  const { outcome, response, trials } = terms;
  const numbers = (expression: Expression) => {
    return ofResponse(expression, () => finiteArithmetic(expression, source, encoder));
  };
  if (response.family === 'gaussian') {
    return { y: numbers(outcome), trials: null, successLevel: null, failureLevel: null };
  }
  if (trials === null) return { trials, ...binaryOutcome(outcome, source, numbers) };
  numbers(outcome);
  const y = wholeValues(outcome, SUCCESSES, 0, source, encoder);
  const sizes = wholeValues(trials, TRIALS, 1, source, encoder);
  for (let i = 0; i < y.length; i++) {
    if (y[i]! <= sizes[i]!) continue;
    const message =
      `response ${valueInRow(outcome, y[i]!, source, i)} and its number of trials ${expressionText(trials)} is ${sizes[i]}; ` +
      'successes may not exceed trials';
    throw new ModelError('too-many-successes', 'response', message);
  }
  return { y, trials: sizes, successLevel: null, failureLevel: null };
}

/** What an evaluation gives, its errors with the response named before them. */
function ofResponse<T>(outcome: Expression, evaluate: () => T): T {
  try {
    return evaluate();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    throw new ModelError(error.code, 'response', `response ${expressionText(outcome)}: ${error.message}`);
  }
}
