import type { ArrowPattern } from '../linalg/arrow.ts';

/** Multiplications that are little to spend on further searches of a fit: about a fiftieth of a second. */
export const AFFORDABLE = 2e7;

/** What one factorisation of an arrow matrix takes. */
export function multiplications({ J, q, r, start }: ArrowPattern): number {
  let sum = (r * r * r) / 3;
  for (let j = 0; j < J; j++) {
    const width = start[j + 1]! - start[j]!;
    sum += q * (q + width) ** 2;
  }
  return sum;
}
