import { ModelError } from '../errors.ts';
import type { Expression } from '../formula/expression.ts';
import { expressionText } from '../formula/expressionText.ts';
import { type FamilyName, isContinuous } from '../graph/node.ts';
import { finiteArithmetic } from './arithmetic.ts';
import { binaryOutcome } from './binaryOutcome.ts';
import { checkSize } from './checkSize.ts';
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
 * weights or standard errors that are not positive, `column-size` for numbers whose squares overflow or vanish, for trials and counting weights that are no whole numbers >= 1, and `offset-size` for offsets
 * that overflow or leave nothing of a probability.
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
    offset: checkedOffset(offsetSum(offsets, source, encoder), family, source),
    weights: isContinuous(family) ? positive(weights, WEIGHT) : whole(weights, COUNT_WEIGHT),
    standardErrors: positive(standardError, STANDARD_ERROR),
    ...(typeof terms.response.nu === 'number' ? { nu: terms.response.nu } : {}),
  };
}

/** Beyond this a logit or a probit is certainty many times over, and searches crawl. */
const LARGEST_OFFSET = 1e4;

function checkedOffset(offset: Float64Array | null, family: FamilyName, source: ColumnSource): Float64Array | null {
  const largest = isContinuous(family) ? Number.MAX_VALUE : LARGEST_OFFSET;
  const wrong = offset?.findIndex((value) => !(Math.abs(value) <= largest)) ?? -1;
  if (wrong < 0) return offset;
  const accepted = isContinuous(family)
    ? 'it must be finite'
    : `with a logit or probit link it is from -${largest} to ${largest}`;
  throw new ModelError('offset-size', 'offset', `offset is ${offset![wrong]} in ${source.rowName(wrong)}; ${accepted}`);
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
  if (isContinuous(response.family)) {
    const y = numbers(outcome);
    checkSize(y, 'response', expressionText(outcome));
    return { y, trials: null, successLevel: null, failureLevel: null };
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
