import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';

describe('a response without residuals', () => {
  it.each([
    ['of one value', [3, 3, 3, 3, 3, 3], 'y is 3 in every row: the residual sd is 0 to working precision'],
    [
      'of one value per group',
      [1, 1, 5, 5, 2, 2],
      'y is fitted exactly by the columns of the model: the residual sd is 0',
    ],
  ])('is refused by what it is, before anything is optimised: %s', (_title, y, sentence) => {
    const rows = { g: ['a', 'a', 'b', 'b', 'c', 'c'], y };
    expect(() => maximumLikelihood(formula('y ~ 1 + (1 | g)'), { rows })).toThrow(sentence);
  });
});
