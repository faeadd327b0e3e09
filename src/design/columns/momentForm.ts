import { type Moments, productFactors, productKey } from '../../data/reducedRows.ts';
import { ModelError } from '../../errors.ts';
import type { Expression } from '../../formula/expression.ts';
import { expressionText } from '../../formula/expressionText.ts';
import { finiteArithmetic } from './arithmetic.ts';
import { groupArguments, onlyArgument } from './callArguments.ts';
import type { ColumnSource } from './columnSource.ts';
import type { Encoder } from './encoder.ts';

/**
 * A column as a polynomial of what is continuous: by `productKey`, the coefficient of each row (length n), which is one
 * number in every cell. Rows that have the moments of a cell hold each product of continuous quantities as a value of
 * its own, and a product of two columns is read off these: it is not the product of the values on a row.
 */
export type MomentForm = ReadonlyMap<string, Float64Array>;

const CONSTANT = productKey([]);

/** The form of an expression of one column over reduced rows, at most linear in each continuous quantity. */
export function momentForm(expression: Expression, source: ColumnSource, encoder: Encoder): MomentForm {
  const { n } = source;
  const scale = source.reduced?.moments?.scales.get(expressionText(expression));
  if (scale !== undefined) {
    const key = productKey([expressionText(expression)]);
    return new Map([
      [CONSTANT, new Float64Array(n).fill(scale.shift)],
      [key, new Float64Array(n).fill(scale.unit)],
    ]);
  }
  if (expression.type === 'call' && (expression.name === 'scale' || expression.name === 'center')) {
    const { centre, scale: unit } = encoder.encode(expression, source, 'affine');
    return affine(momentForm(onlyArgument(expression), source, encoder), -centre, 1 / unit, n);
  }
  if (expression.type === 'call' && expression.name === 'within') {
    const within = finiteArithmetic(expression, source, encoder);
    const { argument } = groupArguments(expression);
    const whole = finiteArithmetic(argument, source, encoder);
    const means = whole.map((value, i) => value - within[i]!);
    return sum(momentForm(argument, source, encoder), constantForm(means), -1);
  }
  return constantForm(finiteArithmetic(expression, source, encoder));
}

/** A column that is one number in every cell. */
export function constantForm(values: Float64Array): MomentForm {
  return new Map([[CONSTANT, values]]);
}

/** Whether a form is one number in every cell. */
export function isConstantForm(form: MomentForm): boolean {
  return form.size === 0 || (form.size === 1 && form.has(CONSTANT));
}

/** (form + shift) * factor. */
export function affine(form: MomentForm, shift: number, factor: number, n: number): MomentForm {
  const moved = sum(form, constantForm(new Float64Array(n).fill(shift)), 1);
  return new Map([...moved].map(([key, values]) => [key, values.map((value) => value * factor)]));
}

/** a + weight * b. */
export function sum(a: MomentForm, b: MomentForm, weight: number): MomentForm {
  const out = new Map([...a].map(([key, values]) => [key, Float64Array.from(values)]));
  for (const [key, values] of b) {
    const known = out.get(key);
    if (known === undefined)
      out.set(
        key,
        values.map((value) => weight * value),
      );
    else for (let i = 0; i < known.length; i++) known[i]! += weight * values[i]!;
  }
  return out;
}

/** The product of two columns. */
export function product(a: MomentForm, b: MomentForm): MomentForm {
  const out = new Map<string, Float64Array>();
  for (const [key, left] of a) {
    for (const [other, right] of b) {
      const both = productKey([...productFactors(key), ...productFactors(other)]);
      const known = out.get(both) ?? new Float64Array(left.length);
      for (let i = 0; i < known.length; i++) known[i]! += left[i]! * right[i]!;
      out.set(both, known);
    }
  }
  return out;
}

/**
 * The values of a form on the rows, length n. Throws ModelError `reduced-model` for a product that the rows do not
 * hold.
 */
export function formValues(form: MomentForm, moments: Moments, n: number): Float64Array {
  const out = new Float64Array(n);
  for (const [key, coefficients] of form) {
    const values = productValues(key, moments);
    for (let i = 0; i < n; i++) out[i]! += values === null ? coefficients[i]! : coefficients[i]! * values[i]!;
  }
  return out;
}

/** The values of a product of continuous quantities; null for the constant 1. */
function productValues(key: string, { values, scales, products }: Moments): Float64Array | null {
  if (key === CONSTANT) return null;
  const found = products.get(key);
  if (found !== undefined) return found;
  const factors = productFactors(key);
  const [first] = factors;
  if (factors.length > 1 || first === undefined || !scales.has(first)) {
    throw new ModelError(
      'reduced-model',
      factors.join(' * '),
      `the reduced rows do not have the products of ${factors.join(' * ')} that the model needs: they were reduced for another model; reduce the data for this one`,
    );
  }
  const { shift, unit } = scales.get(first)!;
  return values.get(first)!.map((value) => (value - shift) / unit);
}
