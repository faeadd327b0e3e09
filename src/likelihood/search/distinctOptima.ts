import { lowerFactor, lowerTriangle, type RelativeFactors } from '../relativeFactor.ts';
import type { Minimum } from './optimize.ts';
import { putLower } from './searchStarts.ts';

/** Minima found so far, each counted once. */
export interface DistinctOptima {
  add(found: { readonly x: Float64Array; readonly value: number }): void;
  count(): number;
}

/** Differences of the deviance that are no rounding and no unfinished search. */
const DISTINCT = 1e-3;

/**
 * Counts minima as distinct where their deviances differ, or where the deviance rises between them: at the mean of
 * their covariances (and of the other coordinates) it is higher than at either. Factors with other signs, points of one
 * flat ridge and two ends of one search are the same minimum; what lies further than `far` is the end of a slope and
 * not counted.
 */
export function distinctOptima(
  factors: RelativeFactors,
  value: (x: Float64Array) => number,
  first: { readonly x: Float64Array; readonly value: number },
  far: number,
): DistinctOptima {
  const optima: { readonly x: Float64Array; readonly value: number }[] = [];
  const add: DistinctOptima['add'] = (found) => {
    if (found.x.some((entry, k) => k < covariances(factors) && Math.abs(entry) > far)) return;
    const same = optima.some((other) => {
      if (Math.abs(found.value - other.value) > DISTINCT) return false;
      const between = value(onTheWay(factors, found.x, other.x, 0.5));
      return !(between > Math.max(found.value, other.value) + DISTINCT);
    });
    if (!same) optima.push(found);
  };
  add(first);
  return { add, count: () => Math.max(1, optima.length) };
}

/** How many of the search coordinates are those of covariances. */
function covariances({ blocks }: RelativeFactors): number {
  return blocks.reduce((sum, { size }) => sum + (size * (size + 1)) / 2, 0);
}

/**
 * A share of the way from one point to another as covariances: the lower factor of (1 - share) L L' + share M M' in
 * every block.
 */
function onTheWay(factors: RelativeFactors, x: Float64Array, y: Float64Array, share: number): Float64Array {
  const out = x.map((entry, k) => (1 - share) * entry + share * y[k]!);
  for (const block of factors.blocks) {
    const { size } = block;
    const L = lowerTriangle(x, block);
    const M = lowerTriangle(y, block);
    const wide = new Float64Array(2 * size * size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        wide[a * 2 * size + b] = L[a * size + b]! * Math.sqrt(1 - share);
        wide[a * 2 * size + size + b] = M[a * size + b]! * Math.sqrt(share);
      }
    }
    putLower(out, block, lowerFactor(wide, size, 2 * size));
  }
  return out;
}

/** Shares of the way: covariances 64 times as large are a quarter of it step by step. */
const STATIONS = [0.5, 0.75, 0.9375, 0.984375];

/**
 * Whether the deviance falls all the way from a point of that `height` to a minimum, along covariances: no other search
 * is needed from there.
 */
export function leadsTo(
  factors: RelativeFactors,
  value: (x: Float64Array) => number,
  x: Float64Array,
  height: number,
  minimum: Pick<Minimum, 'x' | 'value'>,
): boolean {
  let before = height;
  for (const share of STATIONS) {
    const here = value(onTheWay(factors, x, minimum.x, share));
    if (!(here < before)) return false;
    before = here;
  }
  return minimum.value < before + DISTINCT;
}

/**
 * Whether a point lies in the bowl of a minimum already: within 2 of its deviance, and as high above it as its Hessian
 * has it, to a tenth. Signs of the factors' columns do not matter.
 */
export function inBowl(factors: RelativeFactors, minimum: Minimum, x: Float64Array, value: number): boolean {
  const rise = value - minimum.value;
  if (!(rise < 2)) return false;
  const from = canonical(factors, minimum.x);
  const step = canonical(factors, x).map((entry, k) => entry - from[k]!);
  const d = step.length;
  let predicted = 0;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) predicted += (step[i]! * minimum.hessian[i * d + j]! * step[j]!) / 2;
  }
  return Math.abs(rise - predicted) <= 0.1 * Math.abs(rise) + 1e-6;
}

/** Whether two points are the same covariances, to 1e-3 of the largest entry of the factors. */
export function sameCovariances(factors: RelativeFactors, x: Float64Array, y: Float64Array): boolean {
  const other = canonical(factors, y);
  const reach = other.reduce((most, entry) => Math.max(most, Math.abs(entry)), 1e-3);
  return canonical(factors, x).every((entry, k) => Math.abs(entry - other[k]!) <= 1e-3 * reach);
}

/** The same covariances with non-negative diagonals. */
function canonical({ blocks }: RelativeFactors, x: Float64Array): Float64Array {
  const out = Float64Array.from(x);
  for (const { offset, size } of blocks) {
    let at = offset;
    for (let b = 0; b < size; b++) {
      const flip = out[at]! < 0;
      for (let a = b; a < size; a++, at++) if (flip) out[at] = -out[at]!;
    }
  }
  return out;
}
