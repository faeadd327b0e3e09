import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../src/design/design.ts';
import { allocateArrow } from '../../src/linalg/arrow.ts';
import { factorArrow, solveArrow } from '../../src/linalg/arrowCholesky.ts';
import { type CrossProducts, crossProducts, scatter } from '../../src/products/crossProducts.ts';
import { relativePrecision, scaleBy, scaleTransposed } from '../../src/products/relativePrecision.ts';
import { createRng } from '../../src/random/rng.ts';
import { type DensePosterior, denseGaussian } from '../oracle/denseGaussian.ts';
import { gaussianCase, gaussianCases } from '../oracle/gaussianCases.ts';
import { precisionForm } from '../oracle/precisionForm.ts';
import { precisionToWorking } from '../oracle/precisionToWorking.ts';

/**
 * A way to the conditional of (u, beta): its mean, and the product of its covariance with a vector, in working
 * coordinates.
 */
interface Solution {
  readonly mean: Float64Array;
  readonly solve: (x: Float64Array) => void;
}

interface Prior {
  readonly mean: readonly number[];
  readonly precision: Matrix;
}

type Form = (products: CrossProducts, sigma: number, Sigmas: readonly Matrix[], prior?: Prior) => Solution;

const flat = (M: Matrix) => Float64Array.from(M.to1DArray());

/** Through A / sigma^2 + Sigma^-1. */
const throughPrecision: Form = (products, sigma, Sigmas, prior) => {
  const form = precisionForm(products);
  const ok = form.update(
    1 / sigma ** 2,
    Sigmas.map((S) => flat(inverse(S))),
    prior ? flat(prior.precision) : null,
    prior ? Float64Array.from(prior.mean) : null,
  );
  expect(ok).toBe(true);
  const mean = new Float64Array(products.size);
  form.mean(mean);
  return { mean, solve: (x) => solveArrow(form.factor, x) };
};

/** Through Lambda' A Lambda + I, Sigma = sigma^2 Lambda Lambda', which stays regular at Sigma = 0. */
const throughRelativeFactor: Form = (products, sigma, Sigmas, prior) => {
  const { size, p, coordinates, c0, reference } = products;
  const Lambda = Sigmas.map((S, f) => {
    const { inverse: T1, k } = coordinates.groups[f]!;
    const root = S.max() === 0 ? S : new CholeskyDecomposition(S).lowerTriangularMatrix;
    return flat(Matrix.from1DArray(k, k, T1).mmul(root).div(sigma));
  });
  const V = prior ? flat(Matrix.mul(prior.precision, sigma ** 2)) : null;
  if (V) precisionToWorking(coordinates.beta, V, V);
  const arrow = allocateArrow(products.pattern);
  relativePrecision(products)(Lambda, V, arrow);
  expect(factorArrow(arrow)).toBe(true);
  const scaled = new Float64Array(size);
  const solve = (x: Float64Array) => {
    scaleTransposed(products, Lambda, x, scaled);
    solveArrow(arrow, scaled);
    scaleBy(products, Lambda, scaled, x);
  };
  const mean = c0.slice();
  const { inverse: T1 } = coordinates.beta;
  if (prior && V) {
    const shift = Array.from({ length: p }, (_, a) =>
      prior.mean.reduce((sum, m, b) => sum + T1[a * p + b]! * m, -reference[size - p + a]!),
    );
    for (let a = 0; a < p; a++) for (let b = 0; b < p; b++) mean[size - p + a]! += V[a * p + b]! * shift[b]!;
  }
  solve(mean);
  for (let i = size - p; i < size; i++) mean[i]! += reference[i]!;
  return {
    mean,
    solve(x) {
      solve(x);
      for (let i = 0; i < size; i++) x[i]! *= sigma ** 2;
    },
  };
};

/** (u in the order of the group terms, beta) in user coordinates from a working vector. */
function userVector(design: Design, products: CrossProducts, x: Float64Array): Float64Array {
  const u = design.groupTerms.map(({ J, q }) => new Float64Array(J * q));
  const beta = new Float64Array(design.p);
  scatter(products, x, u, beta);
  return Float64Array.from([...u.flatMap((part) => Array.from(part)), ...beta]);
}

function expectMean(mean: Float64Array, oracle: DensePosterior): void {
  for (let i = 0; i < mean.length; i++) {
    const scale = Math.max(Math.abs(oracle.mean[i]!), Math.sqrt(oracle.cov.get(i, i)));
    expect(Math.abs(mean[i]! - oracle.mean[i]!) / scale).toBeLessThan(1e-10);
  }
}

const forms = [
  ['A / sigma^2 + Sigma^-1', throughPrecision],
  ["Lambda' A Lambda + I", throughRelativeFactor],
] as const;

describe.each(forms)('(u, beta) given y, sigma, Sigma through %s', (_form, form) => {
  describe.each(gaussianCases)('with %s', (_case, { design, sigma, Sigmas }) => {
    const products = crossProducts(design);
    const { mean, solve } = form(products, sigma, Sigmas);
    const oracle = denseGaussian(design, sigma, Sigmas);

    it('has the mean of the dense n x n formulas to 1e-10 of the larger of mean and sd', () => {
      expectMean(userVector(design, products, mean), oracle);
    });

    it('has the covariance of the dense n x n formulas to 1e-10 of the sds', () => {
      const { size } = products;
      // T P^-1, one row per working coordinate; then T once more on its columns.
      const half = new Matrix(
        Array.from({ length: size }, (_, k) => {
          const x = new Float64Array(size);
          x[k] = 1;
          solve(x);
          return Array.from(userVector(design, products, x));
        }),
      ).transpose();
      for (let i = 0; i < size; i++) {
        userVector(design, products, Float64Array.from(half.getRow(i))).forEach((value, k) => {
          const scale = Math.sqrt(oracle.cov.get(i, i) * oracle.cov.get(k, k));
          expect(Math.abs(value - oracle.cov.get(i, k)) / scale).toBeLessThan(1e-10);
        });
      }
    });
  });

  const { design, sigma, Sigmas } = gaussianCase({ seed: 501, n: 90, factors: [{ J: 8, columns: ['one', 'x'] }] });
  const products = crossProducts(design);

  it('takes a normal prior of beta with its mean, in user coordinates', () => {
    const precision = new Matrix([
      [0.01, 0, 0, 0.002],
      [0, 1e4, 0, 0],
      [0, 0, 1e9, 0],
      [0.002, 0, 0, 4],
    ]);
    const prior = { mean: [90, 0.01, 0, 1], precision };
    const { mean } = form(products, sigma, Sigmas, prior);
    expectMean(userVector(design, products, mean), denseGaussian(design, sigma, Sigmas, prior));
  });

  it('keeps the digits of u where a Sigma near 0 holds it near 0', () => {
    const tiny = Sigmas.map((S) => Matrix.mul(S, 1e-16));
    const u = userVector(design, products, form(products, sigma, tiny).mean).slice(0, 16);
    const oracle = denseGaussian(design, sigma, tiny);
    for (let i = 0; i < 16; i++) {
      expect(Math.abs(u[i]! - oracle.mean[i]!)).toBeLessThan(1e-9 * Math.abs(oracle.mean[i]!));
    }
  });
});

describe("(u, beta) given y, sigma, Sigma through Lambda' A Lambda + I", () => {
  it('is least squares with u = 0 where Sigma is 0', () => {
    const { design, sigma, Sigmas } = gaussianCase({ seed: 502, n: 50, factors: [{ J: 6, columns: ['one', 'x'] }] });
    const products = crossProducts(design);
    const none = Sigmas.map((S) => Matrix.mul(S, 0));
    const mean = userVector(design, products, throughRelativeFactor(products, sigma, none).mean);
    expect(mean.slice(0, 12).every((value) => value === 0)).toBe(true);
    const alone = denseGaussian({ ...design, groupTerms: [] }, sigma, []);
    expectMean(mean.slice(12), alone);
  });
});

describe('a draw of (u, beta)', () => {
  it('has the mean and the variances of the dense n x n formulas', () => {
    const { design, sigma, Sigmas } = gaussianCase({ seed: 503, n: 90, factors: [{ J: 8, columns: ['one', 'x'] }] });
    const products = crossProducts(design);
    const form = precisionForm(products);
    form.update(
      1 / sigma ** 2,
      Sigmas.map((S) => flat(inverse(S))),
    );
    const { mean, cov } = denseGaussian(design, sigma, Sigmas);
    const rng = createRng([504, 0]);
    const draws = 20000;
    const x = new Float64Array(products.size);
    const first = new Float64Array(mean.length);
    const second = new Float64Array(mean.length);
    for (let t = 0; t < draws; t++) {
      form.draw(rng, x);
      userVector(design, products, x).forEach((value, i) => {
        const z = (value - mean[i]!) / Math.sqrt(cov.get(i, i));
        first[i]! += z;
        second[i]! += z * z;
      });
    }
    // 40 z-scores below 4.3 (2e-5 each): family-wise below 0.1%.
    for (let i = 0; i < mean.length; i++) {
      expect(Math.abs(first[i]! / Math.sqrt(draws))).toBeLessThan(4.3);
      expect(Math.abs((second[i]! - draws) / Math.sqrt(2 * draws))).toBeLessThan(4.3);
    }
  });
});
