import { describe, expect, it } from 'vitest';
import { separatedRows } from '../../../src/likelihood/generalized/separation.ts';
import { familyRows } from '../../../src/products/familyRows.ts';
import { handDesign } from '../../oracle/handDesign.ts';

function moved(y: readonly number[], trials: readonly number[], movement: readonly number[]): number[] | null {
  const design = handDesign({ y, trials, X: y.map(() => [1]), family: 'binomialLogit' });
  return separatedRows(familyRows(design), Float64Array.from(movement));
}

describe('separatedRows', () => {
  it.each([
    ['rows without failures go up, rows without successes down', [6, 3, 0, 1], [6, 9, 4, 1], [2, 0, -1, 0], [0, 2]],
    ['a row of successes that goes down holds the direction', [6, 3, 0], [6, 9, 4], [-1, 0, -1], null],
    ['a row of failures that goes up holds it', [6, 3, 0], [6, 9, 4], [1, 0, 1], null],
    ['a mixed row that goes up holds it, whatever the next one', [5, 0], [6, 5], [1, 0], null],
    ['a mixed row that goes down holds it', [0, 5], [5, 6], [0, -1], null],
    ['a movement of 1e-3 of the largest is none', [6, 3, 0], [6, 9, 4], [1, 1e-3, -1e-3], [0]],
    ['one of a little more is one', [6, 3, 0], [6, 9, 4], [1, 0, -1.001e-3], [0, 2]],
    ['and holds the direction in a mixed row', [6, 3, 0], [6, 9, 4], [1, 1.001e-3, 0], null],
    ['nothing moves', [6, 0], [6, 4], [0, 0], null],
    ['a movement that is not finite is no direction', [6, 0], [6, 4], [Number.POSITIVE_INFINITY, 0], null],
  ])('%s', (_title, y, trials, movement, rows) => {
    expect(moved(y, trials, movement)).toEqual(rows);
  });
});
