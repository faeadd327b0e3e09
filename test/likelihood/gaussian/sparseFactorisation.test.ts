import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { coefficientCovariance } from '../../../src/likelihood/gaussian/coefficientCovariance.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { sparseProducts } from '../../../src/products/sparseProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { gaussianCase } from '../../oracle/gaussianCases.ts';

const CASES: Readonly<Record<string, Parameters<typeof gaussianCase>[0]>> = {
  'two crossed factors': {
    seed: 1,
    n: 240,
    factors: [
      { J: 40, columns: ['one'] },
      { J: 25, columns: ['one'] },
    ],
  },
  'pupils in classes in schools': {
    seed: 2,
    n: 300,
    factors: [
      { J: 4, columns: ['one'] },
      { J: 20, columns: ['one'], nestedIn: 0 },
      { J: 100, columns: ['one'], nestedIn: 1 },
    ],
  },
  'slopes crossed with slopes, weights': {
    seed: 3,
    n: 400,
    factors: [
      { J: 30, columns: ['one', 'x'] },
      { J: 24, columns: ['one', 'year', 'income'] },
    ],
    extras: ['weights', 'offset'],
  },
  'three factors, known standard errors, a level without rows': {
    seed: 4,
    n: 200,
    factors: [
      { J: 12, columns: ['x'] },
      { J: 30, columns: ['one', 'x'] },
      { J: 9, columns: ['one'] },
    ],
    extras: ['standardErrors', 'emptyLevel'],
  },
  'one factor': { seed: 5, n: 90, factors: [{ J: 20, columns: ['one', 'x'] }] },
};
const cases = Object.keys(CASES).flatMap((name) => (['ML', 'REML'] as const).map((method) => [name, method] as const));

function both(name: string, method: 'ML' | 'REML') {
  const design: Design = gaussianCase(CASES[name]!).design;
  const arrow = profiledDeviance(crossProducts(design), design, method);
  const sparse = profiledDeviance(sparseProducts(design), design, method);
  return { design, arrow, sparse };
}

/** The largest difference of two arrays, relative to the largest entry of the first. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(b.length).toBe(a.length);
  let largest = 1e-300;
  let most = 0;
  for (let i = 0; i < a.length; i++) {
    largest = Math.max(largest, Math.abs(a[i]!));
    most = Math.max(most, Math.abs(a[i]! - b[i]!));
  }
  return most / largest;
}

describe('head and tail beside the arrow', () => {
  it.each(cases)('deviance, gradient, coefficients and covariances agree: %s, %s', (name, method) => {
    const { design, arrow, sparse } = both(name, method);
    const rng = createRng([7]);
    const { size } = arrow.factors;
    for (const scale of [0.003, 0.3, 3]) {
      const x = Float64Array.from({ length: size }, () => scale * (0.5 + rng.uniform()));
      const [g, h] = [new Float64Array(size), new Float64Array(size)];
      const value = arrow.search(x, g);
      expect(Math.abs(sparse.search(x, h) / value - 1)).toBeLessThan(1e-11);
      expect(apart(g, h)).toBeLessThan(1e-9);
      expect(sparse.sigma2() / arrow.sigma2()).toBeCloseTo(1, 10);
      const [a, b] = [arrow.coefficients(), sparse.coefficients()];
      expect(apart(a.beta, b.beta)).toBeLessThan(1e-9);
      a.u.forEach((u, f) => {
        expect(apart(u, b.u[f]!)).toBeLessThan(1e-8);
      });
      const vcov = coefficientCovariance(arrow, design.p, 1);
      expect(apart(vcov, coefficientCovariance(sparse, design.p, 1))).toBeLessThan(1e-8);
      const blocks = sparse.system.factorisation.conditionalCovariance();
      arrow.system.factorisation.conditionalCovariance().forEach((block, f) => {
        expect(apart(block, blocks[f]!)).toBeLessThan(1e-9);
      });
    }
  });

  it.each(cases)('the derivative on the boundary is that of the arrow to 1e-6: %s, %s', (name, method) => {
    const { arrow, sparse } = both(name, method);
    const { blocks, size } = arrow.factors;
    for (const zero of blocks) {
      const x = new Float64Array(size).fill(0.4);
      x.fill(0, zero.offset, zero.offset + (zero.size * (zero.size + 1)) / 2);
      // All of a block at 0, and where it has several columns a correlation of 1.
      for (const first of zero.size > 1 ? [0, 0.5] : [0]) {
        x.fill(first, zero.offset, zero.offset + zero.size);
        const value = arrow.at(arrow.factors.fromSearch(x));
        const D = arrow.derivative();
        expect(Math.abs(sparse.at(sparse.factors.fromSearch(x)) / value - 1)).toBeLessThan(1e-11);
        sparse.derivative().forEach((block, f) => {
          // The two terms nearly cancel: what is off is a share of either.
          let term = 0;
          const { J, q } = sparse.system.crossProducts.groups[f]!;
          const from = sparse.system.crossProducts.borderOffsets[f]!;
          for (let i = 0; i < J * q; i++) term += sparse.system.score[from + i]! ** 2 / sparse.sigma2();
          for (let k = 0; k < block.length; k++) {
            expect(Math.abs(block[k]! - D[f]![k]!)).toBeLessThan(1e-6 * Math.max(term, Math.abs(D[f]![k]!)));
          }
        });
        // What was asked in between has not moved the factor.
        const before = sparse.coefficients();
        sparse.system.evaluate();
        expect(sparse.coefficients()).toEqual(before);
      }
    }
  });
});
