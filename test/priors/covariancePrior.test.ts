import { CholeskyDecomposition, determinant, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { choleskyFromPartials, partialsFromCholesky } from '../../src/kernels/state/partialCorrelations.ts';
import { covarianceDensity } from '../../src/priors/covariancePrior.ts';
import type { BlockPrior } from '../../src/priors/priors.ts';
import { createRng } from '../../src/random/rng.ts';

const rng = createRng([4711]);

function randomBlock(size: number): { tau: Float64Array; L: Float64Array; R: Matrix; z: Float64Array } {
  const z = Float64Array.from({ length: (size * (size - 1)) / 2 }, () => 0.6 * rng.normal());
  const L = new Float64Array(size * size);
  choleskyFromPartials(z, 0, size, L);
  const M = Matrix.from1DArray(size, size, Array.from(L));
  return { tau: Float64Array.from({ length: size }, () => Math.exp(rng.normal())), L, R: M.mmul(M.transpose()), z };
}

describe('canonical partial correlations', () => {
  it.each([2, 3, 4, 5])('give a correlation matrix and are recovered from its Cholesky factor (size %i)', (size) => {
    const { L, R, z } = randomBlock(size);
    for (let k = 0; k < size; k += 1) expect(Math.abs(R.get(k, k) - 1)).toBeLessThan(1e-14);
    const back = new Float64Array(z.length);
    partialsFromCholesky(L, size, back, 0);
    z.forEach((value, i) => {
      expect(Math.abs(back[i]! - value)).toBeLessThan(1e-10);
    });
  });

  it.each([2, 3, 4])('have the Jacobian that differences give (size %i)', (size) => {
    const { z } = randomBlock(size);
    const L = new Float64Array(size * size);
    const logJacobian = choleskyFromPartials(z, 0, size, L);
    const correlations = (at: Float64Array): number[] => {
      choleskyFromPartials(at, 0, size, L);
      const M = Matrix.from1DArray(size, size, Array.from(L));
      const R = M.mmul(M.transpose());
      const out: number[] = [];
      for (let i = 0; i < size; i += 1) for (let j = 0; j < i; j += 1) out.push(R.get(i, j));
      return out;
    };
    const h = 1e-5;
    const columns = Array.from(z, (_, k) => {
      const up = Float64Array.from(z);
      const down = Float64Array.from(z);
      up[k] = up[k]! + h;
      down[k] = down[k]! - h;
      const b = correlations(down);
      return correlations(up).map((value, i) => (value - b[i]!) / (2 * h));
    });
    // Central differences with h = 1e-5 are good to about 1e-10.
    expect(Math.abs(Math.log(Math.abs(determinant(new Matrix(columns)))) - logJacobian)).toBeLessThan(1e-8);
  });
});

describe('covariance priors with respect to sds and correlations', () => {
  const differences = (prior: BlockPrior, size: number, direct: (tau: Float64Array, R: Matrix) => number): void => {
    const density = covarianceDensity(prior, size);
    const points = [randomBlock(size), randomBlock(size), randomBlock(size)];
    const own = points.map(({ tau, L }) => density(tau, 0, L));
    const truth = points.map(({ tau, R }) => direct(tau, R));
    for (const i of [1, 2]) expect(Math.abs(own[i]! - own[0]! - (truth[i]! - truth[0]!))).toBeLessThan(1e-10);
  };
  const covariance = (tau: Float64Array, R: Matrix): Matrix =>
    Matrix.diag(Array.from(tau))
      .mmul(R)
      .mmul(Matrix.diag(Array.from(tau)));
  /** log |d Sigma / (d tau d R)| = size sum log tau, up to a constant. */
  const jacobian = (tau: Float64Array): number => tau.length * tau.reduce((sum, t) => sum + Math.log(t), 0);
  const logDet = (M: Matrix): number => {
    const L = new CholeskyDecomposition(M.add(M.transpose()).div(2)).lowerTriangularMatrix;
    return 2 * L.diag().reduce((sum, v) => sum + Math.log(v), 0);
  };

  it.each([2, 3, 4])("Huang & Wand's density in closed form on Sigma (size %i)", (size) => {
    const df = 2.5;
    const scale = Float64Array.from({ length: size }, (_, k) => 1 + k);
    differences({ kind: 'halfTCov', df, scale }, size, (tau, R) => {
      const Sigma = covariance(tau, R);
      const precision = inverse(Sigma);
      let value = -0.5 * (df + 2 * size) * logDet(Sigma) + jacobian(tau);
      for (let k = 0; k < size; k += 1)
        value -= 0.5 * (df + size) * Math.log(df * precision.get(k, k) + 1 / scale[k]! ** 2);
      return value;
    });
  });

  it.each([2, 3])('the inverse-Wishart density on Sigma (size %i)', (size) => {
    const df = size + 1.5;
    const S = Matrix.eye(size).mul(0.7).add(Matrix.ones(size, size).mul(0.2));
    differences({ kind: 'inverseWishart', df, scale: Float64Array.from(S.to1DArray()) }, size, (tau, R) => {
      const Sigma = covariance(tau, R);
      return -0.5 * (df + size + 1) * logDet(Sigma) - 0.5 * S.mmul(inverse(Sigma)).trace() + jacobian(tau);
    });
  });

  it('separate half-t sds and LKJ correlations', () => {
    const prior: BlockPrior = {
      kind: 'separation',
      eta: 2.5,
      tau: [
        { distribution: 'halfT', df: 3, scale: 1.5 },
        { distribution: 'exponential', rate: 0.4 },
        { distribution: 'halfNormal', scale: 2 },
      ],
    };
    differences(prior, 3, (tau, R) => {
      const t = tau[0]! / 1.5;
      return -2 * Math.log(1 + (t * t) / 3) - 0.4 * tau[1]! - 0.5 * (tau[2]! / 2) ** 2 + 1.5 * logDet(R);
    });
  });
});
