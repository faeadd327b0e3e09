import { describe, expect, it } from 'vitest';
import { allocateArrow, copyArrow } from '../../src/linalg/arrow.ts';
import { factorArrow, forwardSolveArrow } from '../../src/linalg/arrowCholesky.ts';
import { forwardSolveCorner, refactorCorner } from '../../src/linalg/refactorCorner.ts';
import { createRng } from '../../src/random/rng.ts';
import { randomArrow, randomPattern } from '../oracle/denseArrow.ts';

/** One coordinate a block, two and three; borders that every block touches and that few do; small corners and large. */
const shapes = [
  [0, 0, 3, 1, 2],
  [6, 1, 3, 1, 3],
  [13, 1, 3, 1, 1],
  [20, 1, 12, 0.3, 3],
  [15, 2, 4, 1, 2],
  [30, 2, 17, 0.2, 4],
  [10, 3, 9, 0.4, 2],
  [12, 4, 13, 0.5, 5],
  [8, 4, 5, 0, 2],
] as const;

describe.each(shapes)('J = %i blocks, q = %i, r = %i, touched share %d, last %i rows', (J, q, r, chance, m) => {
  it('at another corner equals a factorisation of the whole, bit by bit', () => {
    const rng = createRng([31, J, q, r]);
    const A = randomArrow(randomPattern(J, q, r, chance, rng), rng);
    const from = r - m;
    const side = Float64Array.from({ length: J * q + r }, () => rng.normal());
    const factor = allocateArrow(A.pattern);
    copyArrow(A, factor);
    expect(factorArrow(factor)).toBe(true);
    const b = side.slice();
    forwardSolveArrow(factor, b);
    // Twice, so that what the first has left is of no account.
    for (const more of [50, 0.25]) {
      const tail = new Float64Array(m * m);
      for (let i = 0; i < m; i += 1) {
        for (let k = 0; k <= i; k += 1) {
          const at = (from + i) * r + from + k;
          A.corner[at] = A.corner[at]! + (i === k ? more : 0.1 * more);
          tail[i * m + k] = A.corner[at]!;
        }
      }
      for (let i = from; i < r; i += 1) side[J * q + i] = rng.normal();
      const whole = allocateArrow(A.pattern);
      copyArrow(A, whole);
      expect(factorArrow(whole)).toBe(true);
      const expected = side.slice();
      forwardSolveArrow(whole, expected);
      expect(refactorCorner(factor, from, tail)).toBe(true);
      b.set(side.subarray(J * q + from), J * q + from);
      forwardSolveCorner(factor, from, b);
      const lower = (corner: Float64Array) => Array.from(corner).filter((_, at) => at % r <= Math.floor(at / r));
      expect(lower(factor.corner)).toEqual(lower(whole.corner));
      expect(Array.from(b)).toEqual(Array.from(expected));
    }
  });
});

describe('a corner that is not positive definite', () => {
  it('is told', () => {
    const rng = createRng([32]);
    const A = randomArrow(randomPattern(5, 1, 3, 1, rng), rng);
    expect(factorArrow(A)).toBe(true);
    expect(refactorCorner(A, 2, Float64Array.of(-1))).toBe(false);
    expect(refactorCorner(A, 2, Float64Array.of(Infinity))).toBe(false);
  });
});
