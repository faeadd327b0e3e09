import type { ArrowPattern } from '../linalg/arrowCholesky.ts';

/** Multiplications of one factorisation of an arrow matrix. */
export function factorCost({ J, q, r, start }: ArrowPattern): number {
  let cost = (r * r * r) / 6;
  for (let j = 0; j < J; j += 1) {
    const width = start[j + 1]! - start[j]!;
    cost += q * q * (q + width) + (q * width * width) / 2;
  }
  return cost;
}
