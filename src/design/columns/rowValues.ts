import { printValue } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { expressionColumns } from '../../formula/terms.ts';
import { finiteArithmetic } from './arithmetic.ts';
import type { ColumnSource } from './columnSource.ts';
import type { Encoder } from './encoder.ts';

/**
 * How far from a whole number a count may be, relative to its size: what rounding leaves of a product such as share *
 * n.
 */
const ROUNDING = 1e-9;

/** What a number known of each row is called in messages, alone and with `every` before it. */
export interface RowValueName {
  readonly what: string;
  readonly every: string;
}

/** The values of an expression, each above 0. Throws ModelError `not-positive`, naming the row. */
export function positiveValues(
  expression: Expression,
  name: RowValueName,
  source: ColumnSource,
  encoder: Encoder,
): Float64Array {
  const values = finiteArithmetic(expression, source, encoder);
  const i = values.findIndex((value) => !(value > 0));
  if (i < 0) return values;
  throw wrongValue('not-positive', expression, name, values[i]!, source, i, 'above 0');
}

/**
 * The values of an expression, each a whole number of `least` or more; what differs from one by rounding (1e-9 of its
 * size) is rounded. Throws ModelError `not-a-count`, naming the row.
 */
export function wholeValues(
  expression: Expression,
  name: RowValueName,
  least: number,
  source: ColumnSource,
  encoder: Encoder,
): Float64Array {
  const values = finiteArithmetic(expression, source, encoder);
  const rounded = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    // Adding 0 turns -0 into 0.
    const whole = Math.round(value) + 0;
    if (whole < least || Math.abs(value - whole) > ROUNDING * Math.max(1, whole)) {
      const accepted = `a whole number of ${least} or more`;
      throw wrongValue('not-a-count', expression, name, value, source, i, accepted);
    }
    rounded[i] = whole;
  }
  return rounded;
}

/** What an expression is in row i, for messages: its text, its value, the row, and the values it was computed from. */
export function valueInRow(expression: Expression, value: number, source: ColumnSource, i: number): string {
  const text = expressionText(expression);
  const names = expressionColumns(expression).filter((name) => name !== text);
  const from = names.map((name) => ` with ${name} = ${printValue(source.column(name), i)}`).join('');
  return `${text} is ${value} in ${source.rowName(i)}${from}`;
}

function wrongValue(
  code: string,
  expression: Expression,
  { what, every }: RowValueName,
  value: number,
  source: ColumnSource,
  i: number,
  accepted: string,
): ModelError {
  const message = `${what} ${valueInRow(expression, value, source, i)}; every ${every} must be ${accepted}`;
  return new ModelError(code, expressionText(expression), message);
}
