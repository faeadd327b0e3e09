import type { Moments } from '../../data/reducedRows.ts';
import type { MomentForm } from './momentForm.ts';
import { affine, constantForm, formValues, product, sum } from './momentForm.ts';
import type { PolynomialBasis } from './orthogonalPolynomial.ts';

/** What reduced rows are to a polynomial of one column. */
export interface MomentRows {
  readonly x: MomentForm;
  readonly counts: Float64Array;
  readonly moments: Moments;
}

/**
 * The basis of `polynomialBasis` over the rows of the data, from rows that have their moments: alpha_k = sum x p_k^2 /
 * sum p_k^2 needs the products of x p_k with p_k, both of which are columns of degree at most `degree`.
 */
export function momentPolynomialBasis(rows: MomentRows, degree: number): PolynomialBasis {
  const { x, counts, moments } = rows;
  const n = counts.length;
  const values = (form: MomentForm): Float64Array => formValues(form, moments, n);
  const inner = (a: Float64Array, b: Float64Array): number => {
    let total = 0;
    for (let i = 0; i < n; i++) total += counts[i]! * a[i]! * b[i]!;
    return total;
  };
  const alpha: number[] = [];
  const norm2 = [1, counts.reduce((total, count) => total + count, 0)];
  let previous = constantForm(new Float64Array(n));
  let current = constantForm(new Float64Array(n).fill(1));
  for (let k = 0; k < degree; k++) {
    // About the mean first: x p_k itself would cost the digits of a large mean.
    const centre = alpha[0] ?? 0;
    const moved = product(affine(x, -centre, 1, n), current);
    alpha.push(centre + inner(values(moved), values(current)) / norm2[k + 1]!);
    const next = recurrence(x, current, previous, { alpha, norm2 }, k, n);
    norm2.push(inner(values(next), values(next)));
    previous = current;
    current = next;
  }
  return { alpha, norm2 };
}

/** Columns 1 … degree of the basis as forms. */
export function momentPolynomials(basis: PolynomialBasis, x: MomentForm, n: number): MomentForm[] {
  const columns: MomentForm[] = [];
  let previous = constantForm(new Float64Array(n));
  let current = constantForm(new Float64Array(n).fill(1));
  basis.alpha.forEach((_, k) => {
    const next = recurrence(x, current, previous, basis, k, n);
    columns.push(affine(next, 0, 1 / Math.sqrt(basis.norm2[k + 2]!), n));
    previous = current;
    current = next;
  });
  return columns;
}

/** p_{k+1} = (x - alpha_k) p_k - (norm2_k / norm2_{k-1}) p_{k-1}. */
function recurrence(
  x: MomentForm,
  current: MomentForm,
  previous: MomentForm,
  { alpha, norm2 }: PolynomialBasis,
  k: number,
  n: number,
): MomentForm {
  const ratio = k === 0 ? 0 : norm2[k + 1]! / norm2[k]!;
  return sum(product(affine(x, -alpha[k]!, 1, n), current), previous, -ratio);
}
