import { inverse, Matrix } from 'ml-matrix';
import { correlationPairs } from '../../src/design/correlationPairs.ts';
import type { Design, GroupTerm } from '../../src/design/design.ts';

/** Sigma = diag(tau) R diag(tau) of a factor, q x q. */
export function denseSigma(term: GroupTerm, tau: ArrayLike<number>, corr: ArrayLike<number>): Matrix {
  const Sigma = Matrix.diag(Array.from({ length: term.q }, (_, k) => tau[k]! ** 2));
  correlationPairs(term.blocks).forEach(({ first, second }, pair) => {
    const value = corr[pair]! * tau[first]! * tau[second]!;
    Sigma.set(first, second, value);
    Sigma.set(second, first, value);
  });
  return Sigma;
}

/** Z of all factors side by side, n x sum of J q, zeros written out. */
export function denseZ(design: Design): Matrix {
  const width = design.groupTerms.reduce((sum, { J, q }) => sum + J * q, 0);
  const Z = Matrix.zeros(design.n, width);
  let start = 0;
  for (const { J, q, Z: columns, index } of design.groupTerms) {
    for (let i = 0; i < design.n; i++) {
      for (let k = 0; k < q; k++) Z.set(i, start + index[i]! * q + k, columns[i * q + k]!);
    }
    start += J * q;
  }
  return Z;
}

/** Residual variances of the rows, length n. */
export function rowVariances(design: Design, sigma: number): number[] {
  const { weights, standardErrors } = design.response;
  return Array.from({ length: design.n }, (_, i) =>
    standardErrors ? standardErrors[i]! ** 2 : sigma ** 2 / (weights ? weights[i]! : 1),
  );
}

/** log N(y; mean, covariance). */
export function logNormalDensity(y: readonly number[], mean: readonly number[], covariance: Matrix): number {
  const r = Matrix.columnVector(y.map((value, i) => value - mean[i]!));
  const quadratic = r.transpose().mmul(inverse(covariance)).mmul(r).get(0, 0);
  let logDet = 0;
  // Gaussian elimination in the open: the pivots of a positive definite matrix.
  const A = covariance.to2DArray();
  for (let k = 0; k < A.length; k++) {
    logDet += Math.log(A[k]![k]!);
    for (let i = k + 1; i < A.length; i++) {
      const ratio = A[i]![k]! / A[k]![k]!;
      for (let c = k; c < A.length; c++) A[i]![c]! -= ratio * A[k]![c]!;
    }
  }
  return -0.5 * (y.length * Math.log(2 * Math.PI) + logDet + quadratic);
}
