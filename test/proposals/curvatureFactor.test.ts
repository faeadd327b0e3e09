import { describe, expect, it } from 'vitest';
import { curvatureFactor } from '../../src/proposals/curvatureFactor.ts';

describe('the scale about a mode next to where the density ends', () => {
  it.each([1e-2, 1e-4, 1e-6])('is of the size of the room there: a box of half width %d', (half) => {
    const box = (x: Float64Array): number => (Math.abs(x[0]! - 1) < half && Math.abs(x[1]! - 3) < 0.5 ? 0 : -Infinity);
    const factor = curvatureFactor(box, Float64Array.of(1, 3), 2);
    // Halved until a point is inside: between a half of the room and all of it.
    expect(factor[0]!).toBeLessThan(half);
    expect(factor[0]!).toBeGreaterThanOrEqual(half / 2);
    expect(factor[3]!).toBeGreaterThan(0);
  });
});
