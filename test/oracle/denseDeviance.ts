import type { Design } from '../../src/design/design.ts';

/**
 * The slow, obvious profiled deviance: V = W^-1 + sum over f of Z_f (I_J x Lambda_f Lambda_f') Z_f' as one dense n x n
 * matrix, its Cholesky factor, generalised least squares for beta. `lambdas[f]` is the relative factor of factor f, q x
 * q row-major, user scale.
 * ML:   log|V| + n (1 + log(2 pi r2 / n)), r2 the generalised residual sum of squares.
 * REML: log|V| + log|X'V^-1 X| + (n - p) (1 + log(2 pi r2 / (n - p))).
 * `residualCovariance(i, k)` is the relative covariance of the residuals of two rows, W^-1 unless given.
 * Known standard errors: W^-1 = diag(se^2), no sigma: log|V| [+ log|X'V^-1 X|] + (n [- p]) log(2 pi) + r2.
 */
export function denseDeviance(
  design: Design,
  lambdas: readonly ArrayLike<number>[],
  method: 'ML' | 'REML',
  residualCovariance?: (i: number, k: number) => number,
): { deviance: number; beta: number[]; r2: number; logDetV: number; logDetXVX: number } {
  const { n, p, X, response } = design;
  const known = response.standardErrors;
  const V = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) V[i]![i] = known ? known[i]! ** 2 : 1 / (response.weights?.[i] ?? 1);
  if (residualCovariance) {
    for (let i = 0; i < n; i++) for (let k = 0; k < n; k++) V[i]![k] = residualCovariance(i, k);
  }
  design.groupTerms.forEach((group, f) => {
    const { q, Z, index } = group;
    const lambda = lambdas[f]!;
    const scaled = Array.from({ length: n }, (_, i) =>
      Array.from({ length: q }, (_unused, b) => {
        let sum = 0;
        for (let a = 0; a < q; a++) sum += Z[i * q + a]! * lambda[a * q + b]!;
        return sum;
      }),
    );
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= i; k++) {
        if (index[i] !== index[k]) continue;
        let sum = 0;
        for (let b = 0; b < q; b++) sum += scaled[i]![b]! * scaled[k]![b]!;
        V[i]![k]! += sum;
        if (k < i) V[k]![i]! += sum;
      }
    }
  });
  const L = cholesky(V);
  const columns = Array.from({ length: p }, (_, k) =>
    forward(
      L,
      Float64Array.from({ length: n }, (_unused, i) => X[i * p + k]!),
    ),
  );
  const y = forward(
    L,
    response.y.map((value, i) => value - (response.offset?.[i] ?? 0)),
  );
  const cross = Array.from({ length: p }, (_, a) => Float64Array.from(columns, (column) => dot(columns[a]!, column)));
  const R = cholesky(cross);
  const half = forward(
    R,
    Float64Array.from(columns, (column) => dot(column, y)),
  );
  const beta = backward(R, half);
  const residual = y.map((value, i) => value - columns.reduce((sum, column, k) => sum + column[i]! * beta[k]!, 0));
  const r2 = dot(residual, residual);
  const logDetV = logDeterminant(L);
  const logDetXVX = logDeterminant(R);
  const rows = method === 'REML' ? n - p : n;
  const scale = known ? rows * Math.log(2 * Math.PI) + r2 : rows * (1 + Math.log((2 * Math.PI * r2) / rows));
  return { deviance: logDetV + (method === 'REML' ? logDetXVX : 0) + scale, beta, r2, logDetV, logDetXVX };
}

type Rows = Float64Array[];

function cholesky(A: Rows): Rows {
  const n = A.length;
  const L = A.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = A[i]![j]!;
      for (let k = 0; k < j; k++) sum -= L[i]![k]! * L[j]![k]!;
      if (i === j && !(sum > 0)) throw new Error('not positive definite');
      L[i]![j] = i === j ? Math.sqrt(sum) : sum / L[j]![j]!;
    }
  }
  return L;
}

function forward(L: Rows, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < x.length; i++) {
    for (let k = 0; k < i; k++) x[i]! -= L[i]![k]! * x[k]!;
    x[i]! /= L[i]![i]!;
  }
  return x;
}

function backward(L: Rows, b: Float64Array): number[] {
  const x = Array.from(b);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i]! -= L[k]![i]! * x[k]!;
    x[i]! /= L[i]![i]!;
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function logDeterminant(L: Rows): number {
  return 2 * L.reduce((sum, row, i) => sum + Math.log(row[i]!), 0);
}
