import type { Chains } from './chains.ts';
import { chainsShape, copyChains } from './chains.ts';

/** Draws of one quantity laid out in one array: `chainCount x drawCount`, row-major (a chain is contiguous). */
export interface ChainBlock {
  readonly values: Float64Array;
  readonly chainCount: number;
  readonly drawCount: number;
}

/** Is every value of the block the same, to the last bit? */
export function isConstant({ values }: ChainBlock): boolean {
  const first = values[0];
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return false;
  return true;
}

/**
 * Is the spread of the block no more than rounding in draws whose largest absolute value is `magnitude`? The test for
 * values that were computed from the draws, such as |x - median|, where exact equality is lost to the last bit.
 */
export function isRoundingOnly({ values }: ChainBlock, magnitude: number): boolean {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i]! < min) min = values[i]!;
    if (values[i]! > max) max = values[i]!;
  }
  return max - min <= 4 * Number.EPSILON * magnitude;
}

/**
 * Position of each of N draws in its chain cut in halves of floor(N/2) draws laid end to end; -1 for the middle draw of
 * an odd chain, which belongs to neither half (Vehtari et al. 2021; posterior does the same).
 */
export function splitPositions(drawCount: number): Int32Array {
  const half = Math.floor(drawCount / 2);
  const positions = new Int32Array(drawCount);
  for (let i = 0; i < drawCount; i++) {
    positions[i] = i < half ? i : i < drawCount - half ? -1 : i - (drawCount - 2 * half);
  }
  return positions;
}

/**
 * The chains cut in halves: 2M arrays of floor(N/2) draws, first and second half of chain 1, of chain 2, and so on. The
 * middle draw of a chain of odd length is left out.
 *
 * Throws DiagnosticsError on chains that are missing, empty, of unequal length or not numeric.
 */
export function splitChains(chains: Chains): Float64Array[] {
  const { chainCount, drawCount } = chainsShape(chains);
  const values = new Float64Array(chainCount * drawCount);
  copyChains(chains, values);
  const half = Math.floor(drawCount / 2);
  return chains.flatMap((_, c) => [
    values.slice(c * drawCount, c * drawCount + half),
    values.slice((c + 1) * drawCount - half, (c + 1) * drawCount),
  ]);
}
