import { describe, expect, it } from 'vitest';
import { farLikelihood } from '../../../src/likelihood/generalized/farLikelihood.ts';
import { familyRows } from '../../../src/products/familyRows.ts';
import { normalCdf } from '../../../src/special/normalTail.ts';
import { handDesign } from '../../oracle/handDesign.ts';
import { uniforms } from '../../oracle/randomDesign.ts';

describe('the likelihood in the limit of an infinite sd', () => {
  const levels = (pure: readonly number[], rows = 2) => ({
    y: pure.flatMap((y) => Array.from({ length: rows }, () => y)),
    group: pure.flatMap((_, j) => Array.from({ length: rows }, () => j)),
  });
  const of = (y: readonly number[], X: readonly (readonly number[])[], group: readonly number[], start: number[]) => {
    const factor = { factor: 'g', J: Math.max(...group) + 1, index: group, Z: y.map(() => [1]) };
    const design = handDesign({ y, X, groups: [factor], family: 'bernoulliProbit' });
    return farLikelihood(design, familyRows(design), design.X, Float64Array.from(start));
  };

  it('of pure levels is that of their shares', () => {
    const { y, group } = levels([1, 1, 1, 0, 0, 0, 0]);
    const limit = of(
      y,
      y.map(() => [1]),
      group,
      [1.3],
    );
    expect(limit).toBeCloseTo(-2 * (3 * Math.log(3 / 7) + 4 * Math.log(4 / 7)), 6);
  });

  it('is none where a level has both, unless a column tells them apart', () => {
    const { group } = levels([1, 1, 0]);
    const y = [1, 0, 1, 1, 0, 0];
    const ones = y.map(() => [1]);
    expect(of(y, ones, group, [0])).toBe(Number.POSITIVE_INFINITY);
    const x = [1, 0, 0, 0, 0, 0];
    const told = of(
      y,
      x.map((value) => [1, value]),
      group,
      [0, 1],
    );
    expect(told).toBeLessThan(10);
  });

  it('is found from anywhere that is right: normal intervals by their closed form at the best of a grid', () => {
    const uniform = uniforms(4);
    const y = [1, 0, 1, 1, 0, 0, 1, 0];
    const group = [0, 0, 1, 1, 2, 2, 3, 3];
    const x = y.map((value) => (value === 1 ? 0.2 : -0.4) + 0.1 * uniform());
    const X = x.map((value) => [1, value]);
    const at = (a: number, b: number): number => {
      let sum = 0;
      for (let j = 0; j < 4; j += 1) {
        let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
        group.forEach((g, i) => {
          if (g !== j) return;
          const edge = -(a + b * x[i]!);
          if (y[i] === 1) low = Math.max(low, edge);
          else high = Math.min(high, edge);
        });
        sum -= 2 * Math.log(Math.max(0, normalCdf(high) - normalCdf(low)));
      }
      return sum;
    };
    let least = Number.POSITIVE_INFINITY;
    for (let a = -2; a <= 2; a += 0.02) for (let b = 0; b <= 20; b += 0.05) least = Math.min(least, at(a, b));
    const found = of(y, X, group, [0, 3]);
    expect(found).toBeLessThan(least + 1e-3);
  });
});
