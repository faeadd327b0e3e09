import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';

/** The error for a parameter of a prior that is not accepted. */
export function invalid(place: string, parameter: string, accepted: string, given: unknown): ModelError {
  return new ModelError('invalid-prior', place, `${place}: ${parameter} must be ${accepted}, not ${quote(given)}`);
}

/** A finite number, or `invalid-prior`. */
export function finite(place: string, parameter: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw invalid(place, parameter, 'a finite number', value);
  return value;
}

/** A positive finite number, or `invalid-prior`. */
export function positive(place: string, parameter: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw invalid(place, parameter, 'a positive finite number', value);
  }
  return value;
}

/** A list with entries, or `invalid-prior`. */
export function nonEmpty<T>(place: string, list: readonly T[]): readonly T[] {
  if (list.length === 0) throw invalid(place, 'each list', 'given at least one entry', list);
  return list;
}

/** A copy of a symmetric positive definite matrix; the check is a Cholesky factorisation. */
export function positiveDefinite(
  place: string,
  matrix: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const accepted = 'a positive number, or a symmetric positive definite matrix as a list of rows';
  const q = nonEmpty(place, matrix).length;
  if (matrix.some((row) => !Array.isArray(row) || row.length !== q))
    throw invalid(place, 'scale', accepted, 'rows of unequal length');
  const rows = matrix.map((row) => row.map((value) => finite(place, 'each entry of scale', value)));
  const factor: number[][] = [];
  for (let i = 0; i < q; i += 1) {
    const row: number[] = [];
    for (let j = 0; j <= i; j += 1) {
      if (rows[i]![j] !== rows[j]![i]) throw invalid(place, 'scale', accepted, 'an asymmetric matrix');
      let rest = rows[i]![j]!;
      for (let k = 0; k < j; k += 1) rest -= row[k]! * (j === i ? row[k]! : factor[j]![k]!);
      if (j === i && !(rest > 0)) throw invalid(place, 'scale', accepted, 'a matrix that is not positive definite');
      row.push(j === i ? Math.sqrt(rest) : rest / factor[j]![j]!);
    }
    factor.push(row);
  }
  return rows;
}

/** Throws `invalid-prior` where a uniform prior of something positive, `what`, reaches below 0. */
export function notBelowZero(
  place: string,
  what: string,
  prior: { readonly distribution: string; readonly low?: number },
): void {
  if (prior.distribution !== 'uniform' || !(prior.low! < 0)) return;
  throw invalid(place, 'low of uniform(low, high)', `a number >= 0, for it bounds ${what}`, prior.low);
}
