import { describe, expect, it } from 'vitest';
import { separatedRows } from '../../../src/likelihood/generalized/separation.ts';
import { familyRows } from '../../../src/products/familyRows.ts';
import { handDesign } from '../../oracle/handDesign.ts';

/** The rows that an intercept and x separate, or null. */
function moved(y: readonly number[], trials: readonly number[], x: readonly number[]): readonly number[] | null {
  const design = handDesign({ y, trials, X: x.map((value) => [1, value]), family: 'binomialLogit' });
  return separatedRows(design, familyRows(design))?.rows ?? null;
}

describe('separatedRows', () => {
  it.each([
    [
      'rows without failures go up, rows without successes down, a mixed one stays',
      [6, 3, 0],
      [6, 9, 4],
      [2, 1, 0],
      [0, 2],
    ],
    ['two mixed rows hold every direction', [6, 3, 5, 0], [6, 9, 6, 4], [2, 1, 0, 0], null],
    ['a row of successes among failures holds it', [6, 0, 6, 0], [6, 4, 6, 4], [0, 1, 2, 3], null],
    ['and does so beside a row that dwarfs its distance', [6, 0, 6, 0, 6], [6, 4, 6, 4, 6], [0, 1, 2, 3, 4000], null],
    ['a row far away is separated by what stands between', [0, 0, 6], [6, 4, 6], [0, 1, 4000], [0, 1, 2]],
  ])('%s', (_title, y, trials, x, rows) => {
    expect(moved(y, trials, x)).toEqual(rows);
  });
});
