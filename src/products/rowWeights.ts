import type { Design } from '../design/design.ts';
import { rowNumber } from '../design/rowNumbers.ts';
import { ModelError } from '../errors.ts';

/**
 * The precision of each row in units of 1 / sigma^2 (length n): its weight, times 1 / se^2 where standard errors are
 * known (then sigma = 1). Throws a ModelError where a weight or a standard error is not positive and finite.
 */
export function rowPrecisions(design: Design): Float64Array {
  const { weights, standardErrors } = design.response;
  const w = new Float64Array(design.n).fill(1);
  for (const [values, what] of [
    [weights, 'weight'],
    [standardErrors, 'standard error'],
  ] as const) {
    if (values === null) continue;
    for (let i = 0; i < design.n; i++) {
      const value = values[i]!;
      const precision = what === 'weight' ? value : 1 / (value * value);
      if (!(value > 0 && precision > 0 && precision < Number.POSITIVE_INFINITY)) {
        throw new ModelError(
          what === 'weight' ? 'weights' : 'standard-errors',
          `row ${rowNumber(design, i)}`,
          `row ${rowNumber(design, i)} of rows: its ${what} is ${value}; a ${what} must be positive and finite`,
        );
      }
      w[i]! *= precision;
    }
  }
  return w;
}

/**
 * What each row counts in sums over the rows, length n: its precision times the number of rows that it stands for.
 * Throws as `rowPrecisions` does.
 */
export function rowWeights(design: Design): Float64Array {
  const w = rowPrecisions(design);
  const { copies } = design.response;
  if (copies) for (let i = 0; i < w.length; i++) w[i]! *= copies[i]!;
  return w;
}
