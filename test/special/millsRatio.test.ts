import { readFileSync } from 'node:fs';
import erfc from '@stdlib/math/base/special/erfc/lib/index.js';
import { describe, expect, it } from 'vitest';
import { millsRatio } from '../../src/special/millsRatio.ts';
import { normalCdf } from '../../src/special/normalTail.ts';

const golden = JSON.parse(
  readFileSync(new URL('../fixtures/special/millsRatio.json', import.meta.url), 'utf8'),
) as readonly (readonly [x: number, ratio: number, upper: number])[];
const EPSILON = 2 ** -52;

describe("Mills' ratio", () => {
  it('agrees with 40-digit arithmetic to two units in the last place from 0 to 38', () => {
    expect(golden.length).toBeGreaterThan(400);
    for (const [x, ratio] of golden) expect(Math.abs(millsRatio(x) / ratio - 1)).toBeLessThanOrEqual(2 * EPSILON);
  });

  it('starts at sqrt(pi / 2), is without jumps where a node hands over to the next, and falls', () => {
    expect(Math.abs(millsRatio(0) / Math.sqrt(Math.PI / 2) - 1)).toBeLessThanOrEqual(EPSILON);
    for (let i = 0; i < 36; i++) {
      const edge = (i + 0.5) / 8;
      const [below, above] = [millsRatio(edge * (1 - EPSILON)), millsRatio(edge)];
      expect(Math.abs(above / below - 1)).toBeLessThan(4 * EPSILON);
      expect(millsRatio(edge + 1e-9)).toBeLessThan(below);
    }
  });
});

describe('Phi', () => {
  it('agrees with 40-digit arithmetic in the lower tail to eight units in the last place, and with the upper one', () => {
    for (const [x, , upper] of golden) {
      expect(Math.abs(normalCdf(-x) / upper - 1)).toBeLessThanOrEqual(8 * EPSILON);
      expect(Math.abs(normalCdf(x) - (1 - upper))).toBeLessThanOrEqual(EPSILON);
    }
  });

  it('agrees with erfc of @stdlib, and knows its ends', () => {
    for (let z = -30; z < 8; z += 0.0371) {
      // @stdlib rounds z / sqrt 2 before it squares: z^2 units in the last place.
      expect(Math.abs(normalCdf(z) / (0.5 * erfc(-z * Math.SQRT1_2)) - 1)).toBeLessThan((8 + z * z) * EPSILON);
    }
    expect([-Infinity, -39.1, 0, 39, Infinity].map(normalCdf)).toEqual([0, 0, 0.5, 1, 1]);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });
});
