import { describe, expect, it } from 'vitest';
import { splitChains } from '../../diagnostics/splitChains.ts';

describe('splitChains', () => {
  it('cuts every chain in two halves', () => {
    expect(
      splitChains([
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ]).map((half) => [...half]),
    ).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ]);
  });

  it('leaves out the middle draw of a chain of odd length', () => {
    expect(splitChains([[1, 2, 3, 4, 5]]).map((half) => [...half])).toEqual([
      [1, 2],
      [4, 5],
    ]);
  });
});
