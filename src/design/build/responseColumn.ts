import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { LINKS, type Link } from '../../families/link.ts';
import { type ResponseKind, unknownKind, weightMeaning } from '../../families/responseKind.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { finiteArithmetic } from '../columns/arithmetic.ts';
import { checkSize } from '../columns/checkSize.ts';
import type { ColumnSource } from '../columns/columnSource.ts';
import type { Encoder } from '../columns/encoder.ts';
import { knownByCell } from '../columns/knownByCell.ts';
import type { ModelTerms } from '../columns/modelTerms.ts';
import { positiveValues, type RowValueName, valueInRow, wholeValues } from '../columns/rowValues.ts';
import type { ResponseColumn } from '../design.ts';
import { binaryOutcome } from './binaryOutcome.ts';
import { orderedOutcome } from './orderedOutcome.ts';

const WEIGHT: RowValueName = { what: 'weight', every: 'weight' };
const COUNT_WEIGHT: RowValueName = { what: 'weight', every: 'weight of this family counts equal rows and' };
const STANDARD_ERROR: RowValueName = { what: 'standard error', every: 'standard error' };
const TRIALS: RowValueName = { what: 'the number of trials', every: 'number of trials' };
const SUCCESSES: RowValueName = { what: 'response', every: 'count of successes' };
const EXPOSURE: RowValueName = { what: 'the exposure', every: 'exposure' };
/** The likelihood of a count is a difference of numbers of its size, of which 1e12 leave four digits. */
const LARGEST_COUNT = 1e12;
const COUNT: RowValueName = { what: 'response', every: 'count' };

/**
 * The response and what is known of each row: the sum of the offsets, the weights, the trials, the standard errors.
 *
 * Throws ModelError for a response that does not fit the family (`not-numeric`, `not-binary`, `not-a-count`,
 * `count-size`, `too-many-successes`), for weights or standard errors that are not positive, `column-size` for numbers
 * whose squares overflow or vanish, for trials and counting weights that are no whole numbers >= 1, and `offset-size`
 * for offsets that overflow or leave nothing of a probability.
 */
export function responseColumn(terms: ModelTerms, source: ColumnSource, encoder: Encoder): ResponseColumn {
  const { weights, standardError, offsets } = terms;
  if (weights) knownByCell(weights, source.reduced, 'the weight');
  if (standardError) knownByCell(standardError, source.reduced, 'the standard error');
  const { column: label, family } = terms.response;
  const { kind, link } = familyOf(terms);
  const positive = (expression: Expression | null, name: RowValueName) =>
    expression === null ? null : positiveValues(expression, name, source, encoder);
  const whole = (expression: Expression | null, name: RowValueName) =>
    expression === null ? null : wholeValues(expression, name, 1, source, encoder);
  return {
    label,
    family,
    ...NO_OUTCOME,
    ...outcomeColumns(terms, source, encoder),
    offset: checkedOffset(offsetSum(offsets, source, encoder), link, source),
    ...weightColumns(kind, source, () =>
      weightMeaning(kind) === 'precision' ? positive(weights, WEIGHT) : whole(weights, COUNT_WEIGHT),
    ),
    standardErrors: positive(standardError, STANDARD_ERROR),
    ...(typeof terms.response.nu === 'number' ? { nu: terms.response.nu } : {}),
    ...(typeof terms.response.shape === 'number' ? { shape: terms.response.shape } : {}),
    ...(typeof terms.response.precision === 'number' ? { precision: terms.response.precision } : {}),
  };
}

/** The weights of the formula, and the rows that each stands for: where weights count rows, they are one number. */
function weightColumns(
  kind: ResponseKind,
  { reduced }: ColumnSource,
  given: () => Float64Array | null,
): Pick<ResponseColumn, 'weights' | 'copies'> {
  const weights = given();
  if (!reduced) return { weights };
  if (weightMeaning(kind) === 'precision') return { weights, copies: reduced.counts };
  return { weights: reduced.counts.map((count, i) => count * (weights?.[i] ?? 1)) };
}

function checkedOffset(offset: Float64Array | null, link: Link, source: ColumnSource): Float64Array | null {
  const { largestOffset: largest, words } = LINKS[link];
  const wrong = offset?.findIndex((value) => !(Math.abs(value) <= largest)) ?? -1;
  if (wrong < 0) return offset;
  const accepted =
    largest === Number.MAX_VALUE ? 'it must be finite' : `with ${words} it is from -${largest} to ${largest}`;
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

type OutcomeColumns = Pick<ResponseColumn, 'y' | 'trials' | 'exposure' | 'levels' | 'successLevel' | 'failureLevel'>;

const NO_OUTCOME = { trials: null, exposure: null, levels: null, successLevel: null, failureLevel: null } as const;

function outcomeColumns(
  terms: ModelTerms,
  source: ColumnSource,
  encoder: Encoder,
): Pick<OutcomeColumns, 'y'> & Partial<OutcomeColumns> {
  const { outcome, trials, exposure } = terms;
  const numbers = (expression: Expression) => {
    return ofResponse(expression, () => finiteArithmetic(expression, source, encoder));
  };
  const { kind } = familyOf(terms);
  switch (kind) {
    case 'numbers': {
      const y = numbers(outcome);
      checkSize(y, 'response', expressionText(outcome));
      return { y };
    }
    case 'successes':
      if (trials === null) return binaryOutcome(outcome, source, numbers);
      numbers(outcome);
      return countedSuccesses(outcome, trials, source, encoder);
    case 'counts':
      numbers(outcome);
      return {
        y: counts(outcome, source, encoder),
        exposure: exposure === null ? null : positiveValues(exposure, EXPOSURE, source, encoder),
      };
    case 'ordered':
      return orderedOutcome(outcome, source, numbers, terms.response.levels);
    default:
      return unknownKind(kind);
  }
}

/** Counts of events. */
function counts(outcome: Expression, source: ColumnSource, encoder: Encoder): Float64Array {
  const y = wholeValues(outcome, COUNT, 0, source, encoder);
  const i = y.findIndex((value) => value > LARGEST_COUNT);
  if (i < 0) return y;
  throw new ModelError(
    'count-size',
    'response',
    `response ${valueInRow(outcome, y[i]!, source, i)}; a count is at most ${LARGEST_COUNT.toExponential(0)}, beyond which rounding leaves its likelihood too few digits: fit log counts as gaussian`,
  );
}

function countedSuccesses(
  outcome: Expression,
  trials: Expression,
  source: ColumnSource,
  encoder: Encoder,
): Pick<OutcomeColumns, 'y' | 'trials'> {
  const y = wholeValues(outcome, SUCCESSES, 0, source, encoder);
  const sizes = wholeValues(trials, TRIALS, 1, source, encoder);
  for (let i = 0; i < y.length; i++) {
    if (y[i]! <= sizes[i]!) continue;
    const message =
      `response ${valueInRow(outcome, y[i]!, source, i)} and its number of trials ${expressionText(trials)} is ${sizes[i]}; ` +
      'successes may not exceed trials';
    throw new ModelError('too-many-successes', 'response', message);
  }
  return { y, trials: sizes };
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
