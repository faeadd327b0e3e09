import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { Design } from '../../src/design/design.ts';
import { denseColumns, denseWeights } from './denseGaussian.ts';

/**
 * log p(y | Sigma, sigma) with u and beta integrated out, from the dense n x n covariance V = Z Sigma Z' + sigma^2
 * W^-1, up to a constant:
 * -log|V|/2 - log|X'V^-1 X + D|/2 - (y'V^-1 y + m'Dm - h'(X'V^-1 X + D)^-1 h)/2, h = X'V^-1 y + D m, D the prior
 * precision of beta (0 is flat).
 */
export function denseMarginal(
  design: Design,
  sigma: number,
  Sigmas: readonly Matrix[],
  prior: { readonly mean: readonly number[]; readonly precision: readonly number[] },
): number {
  const { p } = design;
  const all = denseColumns(design);
  const width = all.columns - p;
  const Z = all.subMatrixColumn(Array.from({ length: width }, (_, k) => k));
  const X = all.subMatrixColumn(Array.from({ length: p }, (_, k) => width + k));
  const G = Matrix.zeros(width, width);
  let from = 0;
  design.groupTerms.forEach(({ J, q }, f) => {
    for (let j = 0; j < J; j += 1) G.setSubMatrix(Sigmas[f]!, from + j * q, from + j * q);
    from += J * q;
  });
  const V = Z.mmul(G).mmul(Z.transpose());
  denseWeights(design).forEach((w, i) => {
    V.set(i, i, V.get(i, i) + (sigma * sigma) / w);
  });
  const y = Matrix.columnVector(
    Array.from(design.response.y, (value, i) => value - (design.response.offset?.[i] ?? 0)),
  );
  const chol = new CholeskyDecomposition(V.add(V.transpose()).div(2));
  const D = Matrix.diag([...prior.precision]);
  const m = Matrix.columnVector([...prior.mean]);
  const ViX = chol.solve(X);
  const P = X.transpose().mmul(ViX).add(D);
  const h = ViX.transpose().mmul(y).add(D.mmul(m));
  const cholP = new CholeskyDecomposition(P.add(P.transpose()).div(2));
  const quadratic =
    y.transpose().mmul(chol.solve(y)).get(0, 0) +
    m.transpose().mmul(D).mmul(m).get(0, 0) -
    h.transpose().mmul(cholP.solve(h)).get(0, 0);
  return -logDiagonal(chol) - logDiagonal(cholP) - 0.5 * quadratic;
}

function logDiagonal(chol: CholeskyDecomposition): number {
  const L = chol.lowerTriangularMatrix;
  let sum = 0;
  for (let i = 0; i < L.rows; i += 1) sum += Math.log(L.get(i, i));
  return sum;
}
