import { describe, expect, it } from 'vitest';
import { affordableShare, CHEAP, factorCost } from '../../../src/kernels/marginal/factorCost.ts';

/** A pattern of J blocks of q coordinates, each touching `width` of r border columns. */
function pattern(J: number, q: number, r: number, width: number) {
  return {
    J,
    q,
    r,
    start: Int32Array.from({ length: J + 1 }, (_, j) => j * width),
    columns: Int32Array.from({ length: J * width }, (_, k) => k % width),
  };
}

describe('the cost of a factorisation', () => {
  it('is r^3 / 6 for the corner and q^2 (q + w) + q w^2 / 2 for a block that touches w columns', () => {
    expect(factorCost(pattern(0, 0, 12, 0))).toBe(288);
    expect(factorCost(pattern(5, 2, 6, 4))).toBe(36 + 5 * (24 + 16));
    expect(factorCost(pattern(7, 3, 0, 0))).toBe(7 * 27);
  });

  it('leaves all points of a cheap proposal, fewer of a dear one, never less than a quarter', () => {
    expect(affordableShare(pattern(10, 1, 2, 2))).toBe(1);
    expect(affordableShare(pattern(0, 0, 60, 0))).toBe(CHEAP / 36000);
    expect(affordableShare(pattern(0, 0, 600, 0))).toBe(0.25);
  });
});
