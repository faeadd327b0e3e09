import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { orthogonalise } from '../../src/linalg/orthogonalise.ts';
import { coordinates, covarianceToUser, toUser, toWorking } from '../../src/products/coordinates.ts';
import { createRng } from '../../src/random/rng.ts';
import { handDesign } from '../oracle/handDesign.ts';

/** Weighted mean products of the columns of M T. */
function meanProducts(M: number[][], T: Float64Array, weights: Float64Array): number[][] {
  const k = M[0]!.length;
  const total = weights.reduce((sum, w) => sum + w, 0);
  const rows = M.map((row) => row.map((_, a) => row.reduce((sum, x, b) => sum + x * T[b * k + a]!, 0)));
  return Array.from({ length: k }, (_, a) =>
    Array.from({ length: k }, (_, b) =>
      rows.reduce((sum, row, i) => sum + (weights[i]! / total) * row[a]! * row[b]!, 0),
    ),
  );
}

const rng = createRng([401]);
const n = 200;
const years = Array.from({ length: n }, () => 2000 + Math.floor(21 * rng.uniform()));
const incomes = years.map(() => 50000 + 20000 * rng.normal());
const ones = new Float64Array(n).fill(1);

describe('orthogonalise', () => {
  it('centres a year on its mean and scales it to sd 1 when a constant stands before it', () => {
    const T = orthogonalise(Float64Array.from(years.flatMap((x) => [1, x])), 2, ones);
    const mean = years.reduce((sum, x) => sum + x, 0) / n;
    const sd = Math.sqrt(years.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
    // A column of 2000 +- 6 loses a factor of 330 to cancellation: 1e-12 leaves a further factor of 30.
    expect(T[0]).toBeCloseTo(1, 14);
    expect(T[2]).toBe(0);
    expect(Math.abs(T[3]! * sd - 1)).toBeLessThan(1e-12);
    expect(Math.abs(T[1]! / (-mean / sd) - 1)).toBeLessThan(1e-12);
  });

  it.each([
    ['a constant, a year and an income', (i: number) => [1, years[i]!, incomes[i]!], 1e-12],
    ['a year and its square, uncentred', (i: number) => [1, years[i]!, years[i]! ** 2], 1e-9],
    ['dummies that sum to the constant, and a year', (i: number) => [i % 2, 1 - (i % 2), years[i]!], 1e-12],
  ])('makes %s orthogonal with mean square 1 under unequal weights', (_, row, tolerance) => {
    const M = years.map((_, i) => row(i));
    const weights = Float64Array.from(years, () => rng.exponential() + 0.1);
    const T = orthogonalise(Float64Array.from(M.flat()), 3, weights);
    meanProducts(M, T, weights).forEach((products, a) => {
      products.forEach((value, b) => {
        // Rounding of the rows themselves, as far as cancellation in the column magnifies it.
        expect(Math.abs(value - (a === b ? 1 : 0))).toBeLessThan(tolerance);
      });
    });
  });

  it('only scales a column that depends on those before it, and a column of zeros', () => {
    const M = years.map((x, i) => [1, x, 3 * x - 7, 0, incomes[i]!]);
    const T = orthogonalise(Float64Array.from(M.flat()), 5, ones);
    expect([T[2], T[7], T[3], T[8], T[13]]).toEqual([0, 0, 0, 0, 0]);
    expect(T[18]).toBe(1);
    const products = meanProducts(M, T, ones);
    expect(products[2]![2]).toBeCloseTo(1, 12);
    expect(products[4]![4]).toBeCloseTo(1, 12);
    expect(Math.abs(products[4]![1]!)).toBeLessThan(1e-12);
  });
});

describe('coordinates', () => {
  const design = handDesign({
    y: years,
    X: years.map((x, i) => [1, x, incomes[i]!]),
    groups: [{ factor: 'g', J: 4, index: years.map((_, i) => i % 4), Z: years.map((x) => [1, x]) }],
  });
  const { beta, groups } = coordinates(design, ones);
  const map = groups[0]!;

  it('takes many vectors to working coordinates and back in place, and touches nothing outside them', () => {
    const x = Float64Array.from({ length: 10 }, () => rng.normal());
    const there = x.slice();
    toWorking(map, there, 1, 4);
    expect([there[0], there[9]]).toEqual([x[0], x[9]]);
    expect(there[2]).not.toBe(x[2]);
    toUser(map, there, 1, 4);
    for (let i = 0; i < 10; i++) expect(Math.abs(there[i]! - x[i]!)).toBeLessThan(1e-11);
  });

  it('leaves the linear predictor as it is', () => {
    const user = Float64Array.of(3, -0.01, 2e-5);
    const working = user.slice();
    toWorking(beta, working);
    const { T } = beta;
    const row = [1, years[5]!, incomes[5]!];
    const workingRow = row.map((_, a) => row.reduce((sum, x, b) => sum + x * T[b * 3 + a]!, 0));
    const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((s, v, i) => s + v * b[i]!, 0);
    expect(Math.abs(dot(workingRow, working) / dot(row, user) - 1)).toBeLessThan(1e-13);
  });

  it('moves covariance matrices as their vectors, also in place', () => {
    const S = Float64Array.of(4, 0.001, 0.001, 1e-4);
    const T = Matrix.from1DArray(2, 2, map.T);
    const expected = T.mmul(Matrix.from1DArray(2, 2, S))
      .mmul(T.transpose())
      .to1DArray();
    const user = new Float64Array(4);
    covarianceToUser(map, S, user);
    for (let i = 0; i < 4; i++) expect(Math.abs(user[i]! / expected[i]! - 1)).toBeLessThan(1e-12);
    covarianceToUser(map, S, S);
    expect(S).toEqual(user);
  });

  it('gives log |det T|', () => {
    const { T, logDeterminant } = beta;
    expect(logDeterminant).toBeCloseTo(Math.log(T[0]!) + Math.log(T[4]!) + Math.log(T[8]!), 12);
  });
});
