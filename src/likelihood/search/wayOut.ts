import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { lowerFactor, lowerTriangle, type SearchBlock } from '../relativeFactor.ts';
import type { Minimum } from './optimize.ts';
import { putLower } from './searchStarts.ts';
import type { ThetaCriterion } from './thetaCriterion.ts';

interface Direction {
  readonly block: SearchBlock;
  /** The derivative of the deviance along v v'. */
  readonly slope: number;
  readonly v: Float64Array;
}

/**
 * For each block the direction v in which the deviance falls steepest as v v' is added to its covariance; null where it
 * falls in none.
 */
function steepest(
  profiled: ThetaCriterion,
  x: Float64Array,
  value: (x: Float64Array) => number,
): readonly Direction[] | null {
  if (!Number.isFinite(value(x))) return null;
  const derivatives = profiled.derivative();
  const found: Direction[] = [];
  for (const block of profiled.factors.blocks) {
    const { size } = block;
    const { values, vectors } = symmetricEigen(
      profiled.factors.blockDerivative(block, derivatives[block.factor]!),
      size,
    );
    if (!(values[0]! < -1e-6)) continue;
    found.push({ block, slope: values[0]!, v: Float64Array.from({ length: size }, (_, a) => vectors[a * size]!) });
  }
  return found.length > 0 ? found : null;
}

/**
 * A point from which to go on from a stationary point that is no minimum over the covariances, lower by more than
 * `least`; or null. Of several blocks whose covariances may be added to, the one that lowers the deviance most.
 */
export function wayOut(
  profiled: ThetaCriterion,
  minimum: Pick<Minimum, 'x' | 'value'>,
  value: (x: Float64Array) => number,
  least: number,
): Float64Array | null {
  let lowest = Number.POSITIVE_INFINITY;
  let best: Float64Array | null = null;
  for (const { block, slope, v } of steepest(profiled, minimum.x, value) ?? []) {
    const { size } = block;
    const L = lowerTriangle(minimum.x, block);
    let here = minimum.value - least;
    let way: Float64Array | null = null;
    // L L' + step v v': as far as the deviance falls, from a step that would lower a linear one by 1; shorter steps
    // where that is too far.
    const fallsAt = (drop: number): boolean => {
      const wide = new Float64Array(size * (size + 1));
      for (let a = 0; a < size; a++) {
        for (let b = 0; b < size; b++) wide[a * (size + 1) + b] = L[a * size + b]!;
        wide[a * (size + 1) + size] = Math.sqrt(drop / -slope) * v[a]!;
      }
      const x = Float64Array.from(minimum.x);
      putLower(x, block, lowerFactor(wide, size, size + 1));
      const height = value(x);
      if (!(height < here)) return false;
      here = height;
      way = x;
      return true;
    };
    for (let drop = 1; drop <= 1e6 && fallsAt(drop); drop *= 10);
    for (let drop = 0.1; drop > least && way === null; drop /= 10) fallsAt(drop);
    if (way !== null && here < lowest) {
      lowest = here;
      best = way;
    }
  }
  return best;
}
