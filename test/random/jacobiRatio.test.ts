import { describe, expect, it } from 'vitest';
import { beyondJacobiRatio, underJacobiRatio } from '../../src/random/jacobiRatio.ts';

/** R_h(x) by the whole alternating series, each exponent by itself, and a bound on its rounding error. */
function jacobiRatio(h: number, x: number): { ratio: number; rounding: number } {
  let coefficient = 1;
  let ratio = 0;
  let size = 0;
  for (let k = 0; ; k++) {
    const term = (coefficient * (2 * k + h) * Math.exp((-2 * k * (k + h)) / x)) / h;
    ratio += term;
    size += Math.abs(term);
    if (Math.abs(term) < 1e-20) return { ratio, rounding: 16 * Number.EPSILON * size };
    coefficient *= -(k + h) / (k + 1);
  }
}

const SHAPES = [1e-6, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 1, 1.3, 2, 3];
const grid = (h: number): number[] =>
  Array.from({ length: 1200 }, (_, i) => 0.02 * h + ((i + 1) * 64 * (h + 1)) / 1200);

describe('the ratio of the density of J*(h) to its first term', () => {
  it('lies between 0 and 1 and falls in x, below 0.34 where the terms no longer fall from the first (h <= 1)', () => {
    for (const h of SHAPES) {
      let before = 1;
      for (const x of grid(h)) {
        const { ratio, rounding } = jacobiRatio(h, x);
        expect(ratio).toBeGreaterThan(-rounding);
        expect(ratio).toBeLessThan(before + rounding);
        if (h <= 1 && x > 2.88) expect(ratio).toBeLessThan(0.34);
        before = ratio;
      }
    }
  });

  it('for h = 1 is the product of the cubes of 1 - exp(-4 m / x)', () => {
    for (let x = 0.1; x < 20; x *= 1.3) {
      let product = 1;
      for (let m = 1; m < 400; m++) product *= (1 - Math.exp((-4 * m) / x)) ** 3;
      expect(Math.abs(jacobiRatio(1, x).ratio - product)).toBeLessThan(1e-13);
    }
  });

  it('times that term is a density: with the mass 1, for every h', () => {
    for (const h of SHAPES) {
      // Trapezoids in log x.
      let mass = 0;
      const step = 0.02;
      for (let s = 2 * Math.log(h) - 5; s < Math.log(64 * (h + 1)); s += step) {
        const x = Math.exp(s);
        mass +=
          step * 2 ** h * h * Math.exp(-s / 2 - (h * h) / (2 * x)) * (jacobiRatio(h, x).ratio / Math.sqrt(2 * Math.PI));
      }
      expect(Math.abs(mass - 1)).toBeLessThan(1e-9);
    }
  });

  it('is met by the decision on u, from both sides', () => {
    for (const h of SHAPES) {
      for (const x of grid(h)) {
        const { ratio, rounding } = jacobiRatio(h, x);
        const margin = 2 * rounding;
        if (ratio > 2 * margin) expect(underJacobiRatio(ratio - margin, h, x)).toBe(true);
        if (ratio < 1 - 2 * margin) expect(underJacobiRatio(Math.max(0, ratio) + margin, h, x)).toBe(false);
      }
    }
    expect(underJacobiRatio(1 - 2 ** -53, 0.4, 0)).toBe(true);
  });

  it('has left every uniform variate above it beyond 64 (h + 1)', () => {
    for (const h of SHAPES) {
      const { ratio, rounding } = jacobiRatio(h, 64 * (h + 1));
      expect(Math.abs(ratio)).toBeLessThan(rounding);
      expect(beyondJacobiRatio(h, 63 * (h + 1))).toBe(false);
      expect(beyondJacobiRatio(h, 64 * (h + 1))).toBe(true);
      expect(beyondJacobiRatio(h, Number.NaN)).toBe(true);
    }
  });
});
