import { determinant, Matrix, solve } from 'ml-matrix';
import type { Design } from '../../src/design/design.ts';
import { fixedPart, rowLogLik } from './groupIntegral.ts';

/**
 * The slow, obvious Laplace deviance with dense matrices and derivatives of rows by differences: -2 log p(y | e^) +
 * |e^|^2 + log|Lambda'Z'WZ Lambda + I| with the expected information W = (dmu/deta)^2 n / (mu (1 - mu)). `Lambda[f]` is
 * q x q, row-major, on the user's scale.
 */
export function denseLaplace(
  design: Design,
  Lambda: readonly ArrayLike<number>[],
  beta: ArrayLike<number>,
): { deviance: number; e: Float64Array } {
  const { n, groupTerms, response } = design;
  const size = groupTerms.reduce((sum, { J, q }) => sum + J * q, 0);
  const ZL = Matrix.zeros(n, size);
  let first = 0;
  groupTerms.forEach(({ J, q, Z, index }, f) => {
    for (let i = 0; i < n; i++) {
      for (let b = 0; b < q; b++) {
        let sum = 0;
        for (let a = 0; a < q; a++) sum += Z[i * q + a]! * Lambda[f]![a * q + b]!;
        ZL.set(i, first + index[i]! * q + b, sum);
      }
    }
    first += J * q;
  });
  const base = fixedPart(design, beta);
  const h = 1e-4;
  const e = new Float64Array(size);
  const etaOf = (at: Float64Array) =>
    ZL.mmul(Matrix.columnVector(Array.from(at)))
      .to1DArray()
      .map((value, i) => value + base[i]!);
  for (let step = 0; step < 60; step++) {
    const eta = etaOf(e);
    const score = eta.map((value, i) => (rowLogLik(design, i, value + h) - rowLogLik(design, i, value - h)) / (2 * h));
    const weight = eta.map(
      (value, i) =>
        -(rowLogLik(design, i, value + h) - 2 * rowLogLik(design, i, value) + rowLogLik(design, i, value - h)) /
        (h * h),
    );
    const M = ZL.transpose().mmul(Matrix.diag(weight)).mmul(ZL).add(Matrix.eye(size));
    const g = ZL.transpose()
      .mmul(Matrix.columnVector(score))
      .sub(Matrix.columnVector(Array.from(e)));
    const move = solve(M, g).to1DArray();
    const longest = Math.max(...move.map(Math.abs));
    move.forEach((value, k) => {
      e[k]! += value * Math.min(1, 2 / longest);
    });
  }
  const eta = etaOf(e);
  let value = 0;
  for (let i = 0; i < n; i++) value -= 2 * rowLogLik(design, i, eta[i]!);
  for (const one of e) value += one * one;
  const W = eta.map((at, i) => {
    const one = { ...design, response: { ...response, trials: new Float64Array(n).fill(1), weights: null } };
    const p = (y: number, x: number) => {
      const row = { ...one, response: { ...one.response, y: new Float64Array(n).fill(y) } };
      return Math.exp(rowLogLik(row, i, x));
    };
    const slope = (p(1, at + h) - p(1, at - h)) / (2 * h);
    return ((response.trials?.[i] ?? 1) * (response.weights?.[i] ?? 1) * slope * slope) / (p(1, at) * p(0, at));
  });
  const M = ZL.transpose().mmul(Matrix.diag(W)).mmul(ZL).add(Matrix.eye(size));
  return { deviance: value + Math.log(determinant(M)), e };
}
