import type { CovarianceBlock } from './design.ts';

/** One correlation that a model estimates: rows of a block (0-based within it) and the columns of Z they are. */
export interface CorrelationPair {
  readonly block: number;
  readonly row: number;
  readonly column: number;
  /** The two columns of Z, first < second. */
  readonly first: number;
  readonly second: number;
}

/**
 * The estimated correlations of a factor in the order of `corr_<factor>`: block by block, (0,1), (0,2), ..., (1,2), ...
 */
export function correlationPairs(
  blocks: readonly Pick<CovarianceBlock, 'start' | 'size'>[],
): readonly CorrelationPair[] {
  const pairs: CorrelationPair[] = [];
  blocks.forEach(({ start, size }, block) => {
    for (let column = 0; column < size; column += 1) {
      for (let row = column + 1; row < size; row += 1) {
        pairs.push({ block, row, column, first: start + column, second: start + row });
      }
    }
  });
  return pairs;
}
