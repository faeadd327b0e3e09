import { CholeskyDecomposition, inverse, Matrix, QrDecomposition } from 'ml-matrix';
import type { Design } from '../../src/design/design.ts';

/**
 * Mean and covariance of (u, beta) given y, user coordinates, in the order of the group terms (J x q each), beta last.
 */
export interface DensePosterior {
  readonly mean: Float64Array;
  readonly cov: Matrix;
}

/** [Z X] as one dense n x (sum J q + p) matrix, user coordinates. */
export function denseColumns(design: Design): Matrix {
  const width = design.groupTerms.reduce((sum, term) => sum + term.J * term.q, 0) + design.p;
  const M = Matrix.zeros(design.n, width);
  for (let i = 0; i < design.n; i++) {
    let from = 0;
    for (const { J, q, index, Z } of design.groupTerms) {
      for (let a = 0; a < q; a++) M.set(i, from + index[i]! * q + a, Z[i * q + a]!);
      from += J * q;
    }
    for (let k = 0; k < design.p; k++) M.set(i, from + k, design.X[i * design.p + k]!);
  }
  return M;
}

/** The precision of each row in units of 1 / sigma^2. */
export function denseWeights(design: Design): number[] {
  const { weights, standardErrors } = design.response;
  return Array.from({ length: design.n }, (_, i) => (weights?.[i] ?? 1) / (standardErrors?.[i] ?? 1) ** 2);
}

/**
 * The residual sum of squares at user coefficients (u in the order of the group terms, then beta), straight from the
 * rows.
 */
export function denseResidualSumOfSquares(design: Design, coefficients: ArrayLike<number>): number {
  const M = denseColumns(design);
  const weights = denseWeights(design);
  let total = 0;
  for (let i = 0; i < design.n; i++) {
    let residual = design.response.y[i]! - (design.response.offset?.[i] ?? 0);
    for (let k = 0; k < M.columns; k++) residual -= M.get(i, k) * coefficients[k]!;
    total += weights[i]! * residual * residual;
  }
  return total;
}

/**
 * The conditional of (u, beta) by n x n matrices: V = Z G Z' + sigma^2 W^-1, generalised least squares for beta with
 * prior N(betaMean, betaPrecision^-1) or flat, then u by the best linear unbiased predictor (Searle, Casella &
 * McCulloch 1992, ch. 7): C = (X'V^-1 X + Q)^-1, E beta = C (X'V^-1 y + Q m), E u = G Z'V^-1 (y - X E beta),
 * cov(u) = G - G Z'V^-1 Z G + G Z'V^-1 X C X'V^-1 Z G, cov(u, beta) = -G Z'V^-1 X C.
 */
export function denseGaussian(
  design: Design,
  sigma: number,
  Sigmas: readonly Matrix[],
  prior?: { readonly mean: readonly number[]; readonly precision: Matrix },
): DensePosterior {
  const { n, p } = design;
  const all = denseColumns(design);
  const width = all.columns - p;
  const Z = all.subMatrixColumn(Array.from({ length: width }, (_, k) => k));
  const X = all.subMatrixColumn(Array.from({ length: p }, (_, k) => width + k));
  const G = Matrix.zeros(width, width);
  let from = 0;
  design.groupTerms.forEach(({ J, q }, f) => {
    for (let j = 0; j < J; j++) G.setSubMatrix(Sigmas[f]!, from + j * q, from + j * q);
    from += J * q;
  });
  const V = Z.mmul(G).mmul(Z.transpose());
  denseWeights(design).forEach((w, i) => {
    V.set(i, i, V.get(i, i) + sigma ** 2 / w);
  });
  const L = new CholeskyDecomposition(V.add(V.transpose()).div(2)).lowerTriangularMatrix;
  const whiten = (M: Matrix) => forward(L, M);
  const y = whiten(
    Matrix.columnVector(Array.from(design.response.y, (value, i) => value - (design.response.offset?.[i] ?? 0))),
  );
  const wX = whiten(X);
  const wZG = whiten(Z.mmul(G));
  // The prior of beta as p more rows; beta by QR, which is not troubled by the scale of a column.
  const R = prior ? new CholeskyDecomposition(prior.precision).lowerTriangularMatrix.transpose() : Matrix.zeros(p, p);
  const stacked = Matrix.zeros(n + p, p);
  stacked.setSubMatrix(wX, 0, 0);
  stacked.setSubMatrix(R, n, 0);
  const side = Matrix.zeros(n + p, 1);
  side.setSubMatrix(y, 0, 0);
  if (prior) side.setSubMatrix(R.mmul(Matrix.columnVector([...prior.mean])), n, 0);
  const qr = new QrDecomposition(stacked);
  const beta = qr.solve(side);
  const half = inverse(qr.upperTriangularMatrix);
  const C = half.mmul(half.transpose());
  const u = wZG.transpose().mmul(Matrix.sub(y, wX.mmul(beta)));
  const ZX = wZG.transpose().mmul(wX);
  const covU = Matrix.sub(G, wZG.transpose().mmul(wZG)).add(ZX.mmul(C).mmul(ZX.transpose()));
  const cross = ZX.mmul(C).mul(-1);
  const cov = Matrix.zeros(width + p, width + p);
  if (width > 0) {
    cov.setSubMatrix(covU, 0, 0);
    cov.setSubMatrix(cross, 0, width);
    cov.setSubMatrix(cross.transpose(), width, 0);
  }
  cov.setSubMatrix(C, width, width);
  return { mean: Float64Array.from([...u.to1DArray(), ...beta.to1DArray()]), cov };
}

/** L^-1 M, L lower triangular. */
function forward(L: Matrix, M: Matrix): Matrix {
  const out = M.clone();
  for (let k = 0; k < out.columns; k++) {
    for (let i = 0; i < out.rows; i++) {
      let sum = out.get(i, k);
      for (let l = 0; l < i; l++) sum -= L.get(i, l) * out.get(l, k);
      out.set(i, k, sum / L.get(i, i));
    }
  }
  return out;
}
