import type { ArrowPattern } from '../../linalg/arrow.ts';
import { factorisationCost } from '../../linalg/sparse/headTail.ts';

/** Multiplications of one factorisation of an arrow matrix. */
export function factorCost({ J, q, r, start, sparse }: ArrowPattern): number {
  let cost = sparse ? factorisationCost(sparse.places) : (r * r * r) / 6;
  for (let j = 0; j < J; j += 1) {
    const width = start[j + 1]! - start[j]!;
    cost += q * q * (q + width) + (q * width * width) / 2;
  }
  return cost;
}

/** Multiplications of one factorisation up to which a proposal is fitted to all its points. */
export const CHEAP = 2e4;

/**
 * The share of its points that a proposal is fitted to where every point costs one factorisation: all of them while
 * that is cheap, never less than a quarter.
 */
export function affordableShare(pattern: ArrowPattern): number {
  return Math.max(0.25, Math.min(1, CHEAP / factorCost(pattern)));
}
