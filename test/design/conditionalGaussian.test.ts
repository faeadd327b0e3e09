import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { conditionalGaussian } from '../../src/design/conditionalGaussian.ts';
import { type CrossProducts, crossProducts, scatter } from '../../src/design/crossProducts.ts';
import type { Design } from '../../src/design/design.ts';
import { solveArrow } from '../../src/linalg/arrowCholesky.ts';
import { createRng } from '../../src/random/rng.ts';
import { denseGaussian } from '../oracle/denseGaussian.ts';
import { gaussianCase, gaussianCases } from '../oracle/gaussianCases.ts';

/** (u in the order of the group terms, beta) in user coordinates from a working vector. */
function userVector(design: Design, products: CrossProducts, x: Float64Array): Float64Array {
  const u = design.groupTerms.map(({ J, q }) => new Float64Array(J * q));
  const beta = new Float64Array(design.p);
  scatter(products, x, u, beta);
  return Float64Array.from([...u.flatMap((part) => Array.from(part)), ...beta]);
}

/** The conditional covariance of (u, beta) in user coordinates: the map to them applied to P^-1 from both sides. */
function userCovariance(design: Design, products: CrossProducts, solve: (x: Float64Array) => void): Matrix {
  const { size } = products;
  const columns = Array.from({ length: size }, (_, k) => {
    const x = new Float64Array(size);
    x[k] = 1;
    solve(x);
    return Array.from(userVector(design, products, x));
  });
  // `columns` holds T P^-1, one row per working coordinate: once more on its rows.
  const half = new Matrix(columns).transpose();
  return new Matrix(half.to2DArray().map((row) => Array.from(userVector(design, products, Float64Array.from(row)))));
}

const precisions = (Sigmas: readonly Matrix[]) => Sigmas.map((S) => Float64Array.from(inverse(S).to1DArray()));

describe.each(gaussianCases)('the conditional of (u, beta) with %s', (_, { design, sigma, Sigmas }) => {
  const products = crossProducts(design);
  const conditional = conditionalGaussian(products);
  const ok = conditional.update(1 / sigma ** 2, precisions(Sigmas));
  const oracle = denseGaussian(design, sigma, Sigmas);
  const sd = oracle.cov.diagonal().map(Math.sqrt);

  it('has the mean of the dense n x n formulas to 1e-10 of the larger of mean and sd', () => {
    expect(ok).toBe(true);
    const x = new Float64Array(products.size);
    conditional.mean(x);
    const mean = userVector(design, products, x);
    for (let i = 0; i < mean.length; i++) {
      const scale = Math.max(Math.abs(oracle.mean[i]!), sd[i]!);
      expect(Math.abs(mean[i]! - oracle.mean[i]!) / scale).toBeLessThan(1e-10);
    }
  });

  it('has the covariance of the dense n x n formulas to 1e-10 of the sds', () => {
    const cov = userCovariance(design, products, (x) => solveArrow(conditional.factor, x));
    for (let i = 0; i < products.size; i++) {
      for (let k = 0; k < products.size; k++) {
        expect(Math.abs(cov.get(i, k) - oracle.cov.get(i, k)) / (sd[i]! * sd[k]!)).toBeLessThan(1e-10);
      }
    }
  });
});

describe('the conditional of (u, beta)', () => {
  const { design, sigma, Sigmas } = gaussianCase({ seed: 501, n: 90, factors: [{ J: 8, columns: ['one', 'x'] }] });
  const products = crossProducts(design);

  it('takes a normal prior of beta with its mean, in user coordinates', () => {
    const precision = new Matrix([
      [0.01, 0, 0, 0.002],
      [0, 1e4, 0, 0],
      [0, 0, 1e9, 0],
      [0.002, 0, 0, 4],
    ]);
    const mean = [90, 0.01, 0, 1];
    const conditional = conditionalGaussian(products);
    const ok = conditional.update(
      1 / sigma ** 2,
      precisions(Sigmas),
      Float64Array.from(precision.to1DArray()),
      Float64Array.from(mean),
    );
    expect(ok).toBe(true);
    const oracle = denseGaussian(design, sigma, Sigmas, { mean, precision });
    const x = new Float64Array(products.size);
    conditional.mean(x);
    userVector(design, products, x).forEach((value, i) => {
      const scale = Math.max(Math.abs(oracle.mean[i]!), Math.sqrt(oracle.cov.get(i, i)));
      expect(Math.abs(value - oracle.mean[i]!) / scale).toBeLessThan(1e-10);
    });
  });

  it('draws vectors with that mean and covariance', () => {
    const conditional = conditionalGaussian(products);
    conditional.update(1 / sigma ** 2, precisions(Sigmas));
    const { mean, cov } = denseGaussian(design, sigma, Sigmas);
    const rng = createRng([502, 0]);
    const draws = 20000;
    const x = new Float64Array(products.size);
    const m = mean.length;
    const first = new Float64Array(m);
    const second = new Float64Array(m);
    for (let t = 0; t < draws; t++) {
      conditional.draw(rng, x);
      userVector(design, products, x).forEach((value, i) => {
        const z = (value - mean[i]!) / Math.sqrt(cov.get(i, i));
        first[i]! += z;
        second[i]! += z * z;
      });
    }
    // 40 z-scores; 4.3 keeps the family-wise level below 0.1%: a right sampler passes whatever the seed.
    for (let i = 0; i < m; i++) {
      expect(Math.abs(first[i]! / Math.sqrt(draws))).toBeLessThan(4.3);
      expect(Math.abs((second[i]! - draws) / Math.sqrt(2 * draws))).toBeLessThan(4.3);
    }
  });

  it('keeps the digits of u where a Sigma near 0 holds it near 0', () => {
    const conditional = conditionalGaussian(products);
    const tiny = Sigmas.map((S) => Matrix.mul(S, 1e-16));
    conditional.update(1 / sigma ** 2, precisions(tiny));
    const x = new Float64Array(products.size);
    conditional.mean(x);
    const u = userVector(design, products, x).slice(0, 16);
    // To first order in Sigma: u_j = Sigma Z_j' (y - X beta) / sigma^2, with beta by least squares.
    const oracle = denseGaussian(design, sigma, tiny);
    for (let i = 0; i < 16; i++) {
      expect(Math.abs(u[i]! - oracle.mean[i]!)).toBeLessThan(1e-9 * Math.abs(oracle.mean[i]!));
    }
  });

  it('answers false to a precision that is not positive definite', () => {
    const conditional = conditionalGaussian(products);
    expect(conditional.update(1, [Float64Array.of(-1e6, 0, 0, -1e6)])).toBe(false);
  });
});
