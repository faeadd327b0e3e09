import { describe, expect, it } from 'vitest';
import { workingCoefficientPrior } from '../../src/priors/workingCoefficientPrior.ts';
import { toUser } from '../../src/products/coordinates.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { handDesign } from '../oracle/handDesign.ts';
import { uniforms } from '../oracle/randomDesign.ts';

describe('the working prior of beta', () => {
  it.each([
    ['near 0', 0.4, 1],
    ['a year', 2005, 4],
    ['a time stamp', 1.7e9, 3600],
  ])('with a centre is that of the linear predictor at the centre and of the slopes: %s', (_, at, spread) => {
    const uniform = uniforms(77);
    const n = 40;
    const X = Array.from({ length: n }, () => [1, at + spread * (uniform() - 0.5), uniform() < 0.3 ? 1 : 0]);
    const products = crossProducts(handDesign({ y: X.map(() => uniform()), X }));
    const centre = Float64Array.from([0, 1, 2], (k) => X.reduce((sum, row) => sum + row[k]! / n, 0));
    const combinations = Float64Array.of(...centre, 0, 1, 0, 0, 0, 1);
    const mean = Float64Array.of(0.7, 0, -1);
    const sd = Float64Array.of(10, 2.5 / spread, Infinity);
    const { precision, mean: m } = workingCoefficientPrior(products, { mean, sd, source: [], combinations });
    const reference = products.reference.subarray(products.borderOffsets[0]!, products.borderOffsets[0]! + 3);
    for (let trial = 0; trial < 5; trial++) {
      // A point in working coordinates, about the reference as the prior's mean is.
      const working = Float64Array.from({ length: 3 }, () => uniform() - 0.5);
      let quadratic = 0;
      for (let a = 0; a < 3; a++) {
        for (let b = 0; b < 3; b++) quadratic += (working[a]! - m[a]!) * precision[a * 3 + b]! * (working[b]! - m[b]!);
      }
      const beta = working.map((value, k) => value + reference[k]!);
      toUser(products.coordinates.beta, beta);
      // alpha about the centre, written so that the truth does not cancel either: beta_0 + at beta_1 by the working
      // columns.
      const alpha = centre.reduce((sum, value, k) => sum + value * beta[k]!, 0);
      const truth = ((alpha - 0.7) / 10) ** 2 + (beta[1]! / sd[1]!) ** 2;
      // Rounding of alpha: the size of centre beta, in units of its prior's sd, times 1e-16, with a margin of a
      // hundred.
      const size = Math.abs(centre[1]! * beta[1]!) / 10;
      expect(Math.abs(quadratic - truth)).toBeLessThan(1e-12 * (1 + truth) + 1e-14 * size * (1 + Math.abs(alpha)));
    }
  });

  it('without combinations is diagonal in the coefficients themselves', () => {
    const X = [
      [1, 2],
      [1, 5],
      [1, 3],
    ];
    const products = crossProducts(handDesign({ y: [1, 2, 4], X }));
    const sd = Float64Array.of(2, 3);
    const plain = workingCoefficientPrior(products, { mean: new Float64Array(2), sd, source: [] });
    const nowhere = workingCoefficientPrior(products, {
      mean: new Float64Array(2),
      sd,
      source: [],
      combinations: null,
    });
    const { T } = products.coordinates.beta;
    const at = (a: number, b: number) => (T[a]! * T[b]!) / 4 + (T[2 + a]! * T[2 + b]!) / 9;
    const truth = [at(0, 0), at(0, 1), at(1, 0), at(1, 1)];
    truth.forEach((value, i) => {
      expect(plain.precision[i]!).toBeCloseTo(value, 14);
    });
    expect(nowhere).toEqual(plain);
  });
});
