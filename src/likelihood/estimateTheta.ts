import { differenceHessian, type Minimum, minimize } from './optimize.ts';
import type { ProfiledDeviance } from './profiledDeviance.ts';
import { lowerFactor, lowerTriangle, type SearchBlock } from './relativeFactor.ts';
import { symmetricEigen } from './symmetricEigen.ts';

/**
 * A deviance to be minimised. `factors` may have more coordinates than covariances (`size`), the others last in `search` coordinates, and one more
 * array after the relative factors to hold them.
 */
export type ThetaCriterion = Pick<ProfiledDeviance, 'factors' | 'at' | 'search' | 'derivative'>;

/** The relative factors at the minimum of the deviance, and how the minimum was checked. */
export interface ThetaEstimate {
  /** User scale, q x q by factor. */
  readonly lambdas: Float64Array[];
  readonly deviance: number;
  readonly minimum: Minimum;
  /** Rank of each block of the search coordinates; below its size on the boundary. */
  readonly ranks: readonly number[];
  /** Largest entry of the factors in search coordinates, where columns of Z have mean square 1. */
  readonly largest: number;
}

/** Deviances closer than this are the same fit: a covariance this close to the boundary is put on it. */
const SAME_DEVIANCE = 1e-7;

/**
 * Minimises the deviance over the relative factors, unbounded, from factors proportional to the identity in working coordinates.
 * The deviance is even in each column of a factor, so that sds of 0 and correlations of 1 are ordinary stationary
 * points; one that is no minimum over the covariances (the derivative has a negative eigenvalue) is left along that eigenvector:
 * this is what rescues a search that a bound at 0, or a saddle there, would have held. `start` gives other search coordinates to begin at.
 */
export function estimateTheta(profiled: ThetaCriterion, start?: ArrayLike<number>): ThetaEstimate {
  const { factors } = profiled;
  let evaluations = 0;
  const value = (x: ArrayLike<number>): number => {
    evaluations++;
    const deviance = profiled.at(factors.fromSearch(x));
    return Number.isFinite(deviance) ? deviance : Number.POSITIVE_INFINITY;
  };
  const search = (x: ArrayLike<number>): Minimum => {
    const found = minimize(profiled.search, x);
    evaluations += found.evaluations;
    return found;
  };
  let minimum = search(start ?? startingPoint(profiled, value));
  for (let attempt = 0; attempt < 5; attempt++) {
    const way = wayOut(profiled, minimum, value);
    if (way === null) break;
    minimum = search(way);
  }
  const x = onBoundary(profiled, minimum, value);
  if (x !== null) {
    const gradient = new Float64Array(x.length);
    const deviance = profiled.search(x, gradient);
    minimum = { ...minimum, x, value: deviance, gradient, hessian: differenceHessian(profiled.search, x) };
    evaluations += 1 + 2 * x.length;
  }
  const lambdas = withZeroRows(profiled, factors.fromSearch(minimum.x), minimum.value);
  const deviance = profiled.at(lambdas);
  const ranks = factors.blocks.map((block) => rank(lowerTriangle(minimum.x, block), block.size));
  const largest = minimum.x.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  return { lambdas, deviance, minimum: { ...minimum, evaluations: evaluations + 1 }, ranks, largest };
}

/** The best multiple of the identity on a grid of powers of 4, then each factor's own multiple in turn. */
function startingPoint(profiled: ThetaCriterion, value: (x: Float64Array) => number): Float64Array {
  const { blocks, size } = profiled.factors;
  let x: Float64Array = new Float64Array(size);
  const scaled = (from: Float64Array, chosen: readonly SearchBlock[], by: number): Float64Array => {
    const to = Float64Array.from(from);
    for (const block of chosen) {
      for (let k = block.offset; k < block.offset + (block.size * (block.size + 1)) / 2; k++) to[k]! *= by;
    }
    return to;
  };
  for (const block of blocks) {
    let at = block.offset;
    for (let b = 0; b < block.size; b++) {
      x[at] = 1;
      at += block.size - b;
    }
  }
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

/** A point of lower deviance from a stationary point that is no minimum over the covariances, or null. */
function wayOut(profiled: ThetaCriterion, minimum: Minimum, value: (x: Float64Array) => number): Float64Array | null {
  const { factors } = profiled;
  if (!Number.isFinite(value(minimum.x))) return null;
  const derivatives = profiled.derivative();
  for (const block of factors.blocks) {
    const { size } = block;
    const K = factors.blockDerivative(block, derivatives[block.factor]!);
    const { values, vectors } = symmetricEigen(K, size);
    const steepest = values[0]!;
    if (!(steepest < -1e-6)) continue;
    const L = lowerTriangle(minimum.x, block);
    // L L' + step v v' for steps that would lower a linear deviance by 1e-4 .. 1e4.
    for (let step = 1e-4; step <= 1e4; step *= 10) {
      const wide = new Float64Array(size * (size + 1));
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < size; b++) wide[a * (size + 1) + b] = L[a * size + b]!;
        wide[a * (size + 1) + size] = Math.sqrt(step / -steepest) * vectors[a * size]!;
      }
      const x = Float64Array.from(minimum.x);
      putLower(x, block, lowerFactor(wide, size, size + 1));
      if (value(x) < minimum.value - SAME_DEVIANCE) return x;
    }
  }
  return null;
}

/** The minimum with every block put at the lowest rank that has the same deviance; null when all blocks are interior. */
function onBoundary(
  profiled: ThetaCriterion,
  minimum: Minimum,
  value: (x: Float64Array) => number,
): Float64Array | null {
  let x = minimum.x;
  let changed = false;
  for (const block of profiled.factors.blocks) {
    const { size } = block;
    const L = lowerTriangle(x, block);
    const S = new Float64Array(size * size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++)
        for (let k = 0; k < size; k++) S[a * size + b]! += L[a * size + k]! * L[b * size + k]!;
    }
    const { values, vectors } = symmetricEigen(S, size);
    // An eigenvalue of 1e-3, an sd 1/30 of sigma, could not be dropped for less than any deviance worth the name.
    const small = values.filter((v) => v < 1e-3 || v < 1e-4 * values[size - 1]!).length;
    for (let dropped = small; dropped > 0; dropped--) {
      const root = new Float64Array(size * size);
      for (let k = dropped; k < size; k++) {
        for (let a = 0; a < size; a++) root[a * size + k] = Math.sqrt(values[k]!) * vectors[a * size + k]!;
      }
      const trial = Float64Array.from(x);
      putLower(trial, block, lowerFactor(root, size, size));
      if (value(trial) <= minimum.value + SAME_DEVIANCE) {
        x = trial;
        changed = true;
        break;
      }
    }
  }
  return changed ? x : null;
}

/** Sets rows of the factors to 0 on the user's scale where the deviance stays the same: sds that are 0. */
function withZeroRows(profiled: ThetaCriterion, lambdas: Float64Array[], deviance: number): Float64Array[] {
  let current = lambdas;
  for (const block of profiled.factors.blocks) {
    const { size, start, basis } = block;
    const q = Math.round(Math.sqrt(current[block.factor]!.length));
    for (let a = 0; a < size; a++) {
      const row = current[block.factor]!.subarray((start + a) * q, (start + a + 1) * q);
      const length = Math.hypot(...row);
      if (length === 0 || length > 1e-3 * basis[a * size + a]!) continue;
      const trial = current.map((lambda) => Float64Array.from(lambda));
      trial[block.factor]!.fill(0, (start + a) * q, (start + a + 1) * q);
      if (profiled.at(trial) <= deviance + SAME_DEVIANCE) current = trial;
    }
  }
  return current;
}

function putLower(x: Float64Array, block: SearchBlock, L: Float64Array): void {
  let at = block.offset;
  for (let b = 0; b < block.size; b++) for (let a = b; a < block.size; a++) x[at++] = L[a * block.size + b]!;
}

/** Number of non-zero diagonal entries of a canonical lower factor. */
function rank(L: Float64Array, size: number): number {
  const lower = lowerFactor(L, size, size);
  let count = 0;
  for (let a = 0; a < size; a++) if (lower[a * size + a] !== 0) count++;
  return count;
}
