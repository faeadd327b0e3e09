import { describe, expect, it } from 'vitest';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { exactFit } from '../../src/products/exactFit.ts';
import { handDesign } from '../oracle/handDesign.ts';

const x = [-3, -1, 0, 1, 2, 5, 7];
const noise = [1, -2, 1.5, -0.5, 2, -1, -1];
const X = x.map((value) => [1, value]);

function verdict(y: readonly number[], weights?: readonly number[]): string | null {
  const design = handDesign({ y, X, ...(weights === undefined ? {} : { weights }) });
  return exactFit(design, crossProducts(design));
}

describe('exactFit', () => {
  it.each([1e-100, 1e-6, 1, 1e6, 1e100])('tells rounding from residuals in units of %d', (unit) => {
    const line = x.map((value) => unit * (1 / 3 + value / 7));
    expect(verdict(line)).toBe('is fitted exactly by the columns of the model');
    expect(verdict(line, [2, 3, 1, 5, 1, 1, 4])).toBe('is fitted exactly by the columns of the model');
    // Residuals of a hundred millionth of the response are none of rounding.
    expect(verdict(line.map((value, i) => value + 1e-8 * unit * noise[i]!))).toBeNull();
  });

  it('has nothing to say where the standard errors are known', () => {
    const design = handDesign({ y: x.map(() => 2), X, standardErrors: x.map(() => 0.5) });
    expect(exactFit(design, crossProducts(design))).toBeNull();
    expect(verdict(x.map(() => 2))).toBe('is 2 in every row');
  });

  it('says that a single 0 without a column is a constant', () => {
    const design = handDesign({ y: [0], X: [[]] });
    expect(exactFit(design, crossProducts(design))).toBe('is 0 in every row');
  });
});
