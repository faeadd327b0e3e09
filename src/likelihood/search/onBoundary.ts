import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { lowerFactor, lowerTriangle } from '../relativeFactor.ts';
import type { Minimum } from './optimize.ts';
import { putLower } from './searchStarts.ts';
import type { ThetaCriterion } from './thetaCriterion.ts';

/** Deviances closer than this are the same fit: a covariance this close to the boundary is put on it. */
export const SAME_DEVIANCE = 1e-7;

/**
 * The minimum with every block put at the lowest rank that has the same deviance; null when all blocks are interior.
 */
export function onBoundary(
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
export function withZeroRows(profiled: ThetaCriterion, lambdas: Float64Array[], deviance: number): Float64Array[] {
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
