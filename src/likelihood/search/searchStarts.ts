import { lowerTriangle, type RelativeFactors, type SearchBlock } from '../relativeFactor.ts';
import type { ThetaCriterion } from './thetaCriterion.ts';

/** By how much a further start has a block larger than the first start has it. */
const LARGER = 8;

/** In units: what a block is at the most before it is made larger. */
const MODERATE = 1000;

/** Sizes at which a direction of a block is tried, and how many directions are then searched from. */
const SIZES = [0.16, 0.4, 1, 2.5];
const MOST_DIRECTIONS = 6;

/** The best multiple of the identity on a grid of powers of 4 times `unit`, then each factor's own multiple in turn. */
export function gridStart(factors: RelativeFactors, value: (x: Float64Array) => number, unit: number): Float64Array {
  const { blocks } = factors;
  let x = scaled(identities(factors), blocks, unit);
  let best = value(x);
  const improve = (chosen: readonly SearchBlock[]): void => {
    for (const by of [0.25, 4]) {
      for (let step = 0; step < 16; step++) {
        const trial = scaled(x, chosen, by);
        const deviance = value(trial);
        if (!(deviance < best)) break;
        best = deviance;
        x = trial;
      }
    }
  };
  improve(blocks);
  if (blocks.length > 1) for (const block of blocks) improve([block]);
  return x;
}

/**
 * Where to search again, since a deviance of several covariances may have several minima and steps downhill reach one:
 * from no variation at all, from what the groups' own estimates vary by (`moments`, a lower factor for each block), and
 * from the first start with each block at 8 times and at 0 (the others as they are, and at 8 times), with all of them
 * at 8 times (and 64 times where there are no moments to go by), and with the coefficients of a block correlated either
 * way; there a block that the first start has below `unit` or above 1000 units is taken as that. The most telling ones
 * come first; a larger block from which the deviance falls all the way down to the first start leads there, and is left
 * out. Where the criterion is `unbounded` in the covariances, one more: all of them at 1000 units; where other
 * coordinates are searched as well, all of them at one unit and the others at 0, where glmer begins. Last, where
 * evaluations are affordable, the best of the directions in which some group does not vary (`vanishing`).
 */
export function furtherStarts(
  criterion: Pick<
    ThetaCriterion,
    'factors' | 'moments' | 'unit' | 'unbounded' | 'covariancesAlone' | 'vanishing' | 'affordable'
  >,
  first: Float64Array,
  value: (x: Float64Array) => number,
): Float64Array[] {
  const { factors, moments, unit, unbounded, covariancesAlone, vanishing, affordable } = criterion;
  const { blocks } = factors;
  const starts = [scaled(first, blocks, 0)];
  if (!covariancesAlone) starts.push(scaled(identities(factors), blocks, unit));
  if (unbounded) starts.push(scaled(identities(factors), blocks, MODERATE * unit));
  if (moments !== null) {
    const x = Float64Array.from(first);
    blocks.forEach((block, b) => {
      putLower(x, block, moments[b]!);
    });
    starts.push(x);
  }
  const moderate = Float64Array.from(first);
  const ones = identities(factors);
  for (const block of blocks) {
    const size = reach(lowerTriangle(first, block));
    const within = Math.min(Math.max(size, unit), MODERATE * unit);
    if (within !== size) putLower(moderate, block, lowerTriangle(scaled(ones, [block], within), block));
  }
  if (blocks.length > 1) starts.push(scaled(moderate, blocks, LARGER));
  if (moments === null) starts.push(scaled(moderate, blocks, LARGER * LARGER));
  for (const block of blocks) {
    const large = scaled(moderate, [block], LARGER);
    if (!fallsToFirst(block, large, first, unit, value)) starts.push(large);
  }
  if (blocks.length > 1) {
    for (const block of blocks) starts.push(scaled(moderate, [block], 0));
    for (const block of blocks) starts.push(scaled(scaled(moderate, blocks, LARGER), [block], 0));
  }
  for (const block of blocks) {
    const size = reach(lowerTriangle(moderate, block));
    for (let k = 1; k < block.size; k++) {
      for (const sign of [1, -1]) {
        const x = Float64Array.from(moderate);
        putLower(x, block, correlated(block.size, k, sign * size, LARGER * size));
        starts.push(x);
      }
    }
  }
  blocks.forEach((block, b) => {
    const directions = vanishing?.[b] ?? [];
    if (directions.length * SIZES.length > affordable / 4) return;
    starts.push(...bestDirections(block, directions, moderate, value));
  });
  return starts;
}

/** The block of rank 1 in each direction, at the best of some sizes about the one that it has: the lowest few. */
function bestDirections(
  block: SearchBlock,
  directions: readonly Float64Array[],
  moderate: Float64Array,
  value: (x: Float64Array) => number,
): Float64Array[] {
  const length = reach(lowerTriangle(moderate, block));
  return directions
    .flatMap((direction) => {
      const trials = SIZES.map((by) => {
        const L = new Float64Array(block.size * block.size);
        for (let a = 0; a < block.size; a++) L[a * block.size] = by * length * direction[a]!;
        const x = Float64Array.from(moderate);
        putLower(x, block, L);
        return { x, height: value(x) };
      });
      return trials.reduce((least, trial) => (trial.height < least.height ? trial : least));
    })
    .sort((a, b) => a.height - b.height)
    .slice(0, MOST_DIRECTIONS)
    .map(({ x }) => x);
}

/** A lower factor of rank 1 but for a tenth: columns 0 and k vary together, by `length` and `other`. */
function correlated(size: number, k: number, other: number, length: number): Float64Array {
  const L = new Float64Array(size * size);
  for (let a = 0; a < size; a++) L[a * size + a] = Math.abs(other) / 10;
  L[0] = length;
  L[k * size] = other * (length / Math.abs(other));
  return L;
}

/**
 * Whether the deviance falls from quarter to quarter of a block down to where the first start has it, or to a twentieth
 * of a unit.
 */
function fallsToFirst(
  block: SearchBlock,
  large: Float64Array,
  first: Float64Array,
  unit: number,
  value: (x: Float64Array) => number,
): boolean {
  const least = Math.max(reach(lowerTriangle(first, block)), unit / 20);
  let before = value(large);
  let x = scaled(large, [block], 0.25);
  for (; reach(lowerTriangle(x, block)) > 1.01 * least; x = scaled(x, [block], 0.25)) {
    const height = value(x);
    if (!(height < before)) return false;
    before = height;
  }
  return value(first) < before;
}

/** The largest entry of a factor. */
export function reach(L: Float64Array): number {
  return L.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
}

function identities({ blocks, size }: RelativeFactors): Float64Array {
  const x = new Float64Array(size);
  for (const block of blocks) {
    const identity = new Float64Array(block.size * block.size);
    for (let a = 0; a < block.size; a++) identity[a * block.size + a] = 1;
    putLower(x, block, identity);
  }
  return x;
}

/** Search coordinates with the chosen blocks multiplied. */
export function scaled(from: Float64Array, chosen: readonly SearchBlock[], by: number): Float64Array {
  const to = Float64Array.from(from);
  for (const { offset, size } of chosen) {
    for (let k = offset; k < offset + (size * (size + 1)) / 2; k++) to[k]! *= by;
  }
  return to;
}

/** Writes a block's lower triangle (size x size, row-major) to its coordinates. */
export function putLower(x: Float64Array, block: SearchBlock, L: Float64Array): void {
  let at = block.offset;
  for (let b = 0; b < block.size; b++) for (let a = b; a < block.size; a++) x[at++] = L[a * block.size + b]!;
}
