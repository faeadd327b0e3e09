import { describe, expect, it } from 'vitest';
import { bracket } from '../../src/proposals/bracket.ts';

describe('bracket', () => {
  it('is the last point at or below x, from the first interval to the last', () => {
    for (const count of [2, 3, 4, 9, 16]) {
      const points = Float64Array.from({ length: count }, (_, i) => i * i);
      for (let x = -0.5; x < count * count; x += 0.5) {
        const below = Array.from(points).filter((point) => point <= x).length - 1;
        expect(bracket(points, x)).toBe(Math.min(Math.max(below, 0), count - 2));
      }
    }
  });
});
