import type { BlockPrior } from '../../../src/priors/priors.ts';
import type { ModelBlock } from './posteriorModel.ts';
import { scaleDensity } from './scaleDensity.ts';

/**
 * A covariance matrix as sds and a correlation matrix's entries below the diagonal, row by row, on the columns as
 * written.
 */
export interface WrittenCovariance {
  readonly tau: readonly number[];
  readonly corr: readonly number[];
}

/**
 * One covariance matrix in coordinates free of bounds: logs of the sds and inverse hyperbolic tangents of the partial
 * correlations of Sigma_c = T Sigma T', the covariance of the deviations about *centred and scaled* columns, (z_k -
 * m_k) / s_k (or scaled ones alone).
 */
export interface BlockCoordinates {
  readonly q: number;
  /** Length of theta. */
  readonly dim: number;
  /** The columns of the coordinates, one list of length q a row. */
  readonly columns: readonly (readonly number[])[];
  /** The lower factor of Sigma_c at theta (from `at`), to L (q x q, row-major). */
  factor(theta: Float64Array, at: number, L: Float64Array): void;
  /** Log prior density with respect to d log tau d R as written, up to a constant. */
  logPrior(theta: Float64Array, at: number): number;
  /** log |d(log tau, R as written) / d theta|, up to a constant that all coordinates share. */
  logJacobian(theta: Float64Array, at: number): number;
  written(theta: Float64Array, at: number): WrittenCovariance;
  /** Of a covariance as written, to theta; false where its correlations are not positive definite. */
  fromWritten(covariance: WrittenCovariance, theta: Float64Array, at: number): boolean;
  /** Deviations about the columns as written of deviations about those of the coordinates. */
  writtenDeviations(deviations: readonly number[]): number[];
}

export function blockCoordinates({ Z, prior, labels }: ModelBlock, centred: boolean): BlockCoordinates {
  const q = labels.length;
  const n = Z.length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const column = (k: number) => Z.map((row) => row[k]!);
  const constant = q > 1 && column(0).every((value) => value === 1);
  const m = labels.map((_, k) => (centred && constant && k > 0 ? mean(column(k)) : 0));
  const s = labels.map((_, k) => {
    if (constant && k === 0) return 1;
    return (
      Math.sqrt(mean(column(k).map((value) => (value - (centred ? mean(column(k)) : m[k]!)) ** 2))) ||
      rms(column(k)) ||
      1
    );
  });
  const dim = q + (q * (q - 1)) / 2;
  const logScale = s.reduce((sum, value) => sum + Math.log(value), 0);

  const factor = (theta: Float64Array, at: number, L: Float64Array): void => {
    let next = at + q;
    for (let i = 0; i < q; i += 1) {
      const sd = Math.exp(theta[at + i]!);
      let rest = 1;
      for (let j = 0; j < q; j += 1) L[i * q + j] = 0;
      for (let j = 0; j < i; j += 1) {
        const z = theta[next]!;
        next += 1;
        L[i * q + j] = sd * Math.tanh(z) * rest;
        rest /= Math.cosh(z);
      }
      L[i * q + i] = sd * rest;
    }
  };
  /** log |Sigma_c|, from theta without cancellation. */
  const logDeterminant = (theta: Float64Array, at: number): number => {
    let sum = 0;
    for (let k = 0; k < q; k += 1) sum += 2 * theta[at + k]!;
    for (let k = q; k < dim; k += 1) sum -= 2 * Math.log(Math.cosh(theta[at + k]!));
    return sum;
  };
  /** M = T^-1 L, the factor of Sigma as written: Sigma = M M'. */
  const L = new Float64Array(q * q);
  const M = new Float64Array(q * q);
  const writtenFactor = (theta: Float64Array, at: number): void => {
    factor(theta, at, L);
    for (let k = 0; k < q; k += 1) for (let j = 0; j < q; j += 1) M[k * q + j] = L[k * q + j]! / s[k]!;
    for (let k = 1; k < q; k += 1) for (let j = 0; j < q; j += 1) M[j]! -= m[k]! * M[k * q + j]!;
  };
  const about = prior.kind === 'separation' && prior.about ? inverse(prior.about, q) : null;
  const logPrior = (theta: Float64Array, at: number): number => {
    writtenFactor(theta, at);
    const logTau = rowLengths(M, q).reduce((sum, tau) => sum + Math.log(tau), 0);
    const logSigma = logDeterminant(theta, at) - 2 * logScale;
    if (prior.kind === 'separation') {
      // The sds that have the priors: of Sigma, or of C^-1 Sigma C^-T, which has the same determinant; d Sigma = 2^q
      // prod tau_k^(q + 1) d log tau d R of either.
      const taus = rowLengths(about ? product(about, M, q) : M, q);
      const logTaus = taus.reduce((sum, tau) => sum + Math.log(tau), 0);
      const density = taus.reduce((sum, tau, k) => sum + scaleDensity(prior.tau[k]!, tau) + Math.log(tau), 0);
      return density + (prior.eta - 1) * (logSigma - 2 * logTaus) + (q + 1) * (logTau - logTaus);
    }
    return covarianceDensity(prior, inverseOf(), logSigma, q) + (q + 1) * logTau;
  };
  /** Sigma^-1 = T' Sigma_c^-1 T, from the factor at hand. */
  const inverseOf = (): number[][] => {
    const B = Array.from({ length: q }, () => new Array<number>(q).fill(0));
    for (let c = 0; c < q; c += 1) {
      // L^-1 T by forward substitution; T has s on the diagonal, m in the first row.
      for (let r = 0; r < q; r += 1) {
        let sum = r === c ? s[r]! : r === 0 ? m[c]! : 0;
        for (let k = 0; k < r; k += 1) sum -= L[r * q + k]! * B[k]![c]!;
        B[r]![c] = sum / L[r * q + r]!;
      }
    }
    return Array.from({ length: q }, (_, a) =>
      Array.from({ length: q }, (_, b) => B.reduce((sum, row) => sum + row[a]! * row[b]!, 0)),
    );
  };
  const logJacobian = (theta: Float64Array, at: number): number => {
    writtenFactor(theta, at);
    // |d Sigma / d Sigma_c| = |T|^-(q + 1), without which the evidences of two coordinate systems could not be
    // compared.
    let sum = -(q + 1) * logScale;
    for (let k = 0; k < q; k += 1) {
      let square = 0;
      for (let j = 0; j < q; j += 1) square += M[k * q + j]! ** 2;
      // From theta to Sigma_c, and from Sigma to (log tau, R).
      sum += (q + 1) * (theta[at + k]! - 0.5 * Math.log(square));
    }
    let next = at + q;
    for (let i = 0; i < q; i += 1) {
      for (let j = 0; j < i; j += 1) {
        sum -= 2 * Math.log(Math.cosh(theta[next]!)) * (1 + 0.5 * (q - j - 2));
        next += 1;
      }
    }
    return sum;
  };
  return {
    q,
    dim,
    columns: Z.map((row) => row.map((value, k) => (value - m[k]!) / s[k]!)),
    factor,
    logPrior,
    logJacobian,
    written(theta, at) {
      writtenFactor(theta, at);
      const dot = (a: number, b: number) => labels.reduce((sum, _, j) => sum + M[a * q + j]! * M[b * q + j]!, 0);
      const sds = labels.map((_, k) => Math.sqrt(dot(k, k)));
      const corr: number[] = [];
      for (let a = 0; a < q; a += 1) for (let b = 0; b < a; b += 1) corr.push(dot(a, b) / sds[a]! / sds[b]!);
      return { tau: sds, corr };
    },
    fromWritten(covariance, theta, at) {
      const K = correlationFactor(covariance.corr, q);
      if (!K) return false;
      const rows = K.map((row, k) => row.map((value) => value * covariance.tau[k]!));
      // The rows of T K diag(tau): deviations about the columns of the coordinates.
      const moved = rows.map((row, k) => row.map((value) => value * s[k]!));
      for (let k = 1; k < q; k += 1) for (let j = 0; j < q; j += 1) moved[0]![j]! += m[k]! * rows[k]![j]!;
      return readFactor(moved, theta, at);
    },
    writtenDeviations(deviations) {
      const out = deviations.map((value, k) => value / s[k]!);
      for (let k = 1; k < q; k += 1) out[0]! -= m[k]! * out[k]!;
      return out;
    },
  };
}

/** Lengths of the rows of M (q x q, row-major): the sds of M M'. */
function rowLengths(M: Float64Array, q: number): number[] {
  return Array.from({ length: q }, (_, k) => Math.hypot(...M.subarray(k * q, (k + 1) * q)));
}

function product(A: Float64Array, B: Float64Array, q: number): Float64Array {
  const out = new Float64Array(q * q);
  for (let i = 0; i < q; i += 1) {
    for (let j = 0; j < q; j += 1) for (let k = 0; k < q; k += 1) out[i * q + j]! += A[i * q + k]! * B[k * q + j]!;
  }
  return out;
}

/** By Gauss and Jordan, for a matrix of unit diagonal that needs no pivots. */
function inverse(A: Float64Array, q: number): Float64Array {
  const left = A.slice();
  const out = new Float64Array(q * q);
  for (let k = 0; k < q; k += 1) out[k * q + k] = 1;
  for (let k = 0; k < q; k += 1) {
    const pivot = left[k * q + k]!;
    for (let j = 0; j < q; j += 1) {
      left[k * q + j]! /= pivot;
      out[k * q + j]! /= pivot;
    }
    for (let i = 0; i < q; i += 1) {
      const factor = i === k ? 0 : left[i * q + k]!;
      for (let j = 0; j < q; j += 1) {
        left[i * q + j]! -= factor * left[k * q + j]!;
        out[i * q + j]! -= factor * out[k * q + j]!;
      }
    }
  }
  return out;
}

function rms(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}

/**
 * Log density of Sigma with respect to d Sigma: Huang & Wand (2013, eq. 2, auxiliaries integrated out) and inverse
 * Wishart.
 */
function covarianceDensity(
  prior: Exclude<BlockPrior, { kind: 'separation' }>,
  inverse: readonly (readonly number[])[],
  logDeterminant: number,
  q: number,
): number {
  if (prior.kind === 'halfTCov') {
    const { df, scale } = prior;
    let sum = (-(df + 2 * q) / 2) * logDeterminant;
    for (let k = 0; k < q; k += 1) sum -= ((df + q) / 2) * Math.log(df * inverse[k]![k]! + 1 / scale[k]! ** 2);
    return sum;
  }
  let trace = 0;
  for (let a = 0; a < q; a += 1) for (let b = 0; b < q; b += 1) trace += prior.scale[a * q + b]! * inverse[b]![a]!;
  return (-(prior.df + q + 1) / 2) * logDeterminant - trace / 2;
}

/** The lower factor of a correlation matrix of entries below the diagonal, or null. */
function correlationFactor(corr: readonly number[], q: number): number[][] | null {
  const K: number[][] = [];
  let next = 0;
  for (let i = 0; i < q; i += 1) {
    const row = new Array<number>(q).fill(0);
    let rest = 1;
    for (let j = 0; j < i; j += 1) {
      let value = corr[next]!;
      next += 1;
      for (let k = 0; k < j; k += 1) value -= row[k]! * K[j]![k]!;
      row[j] = value / K[j]![j]!;
      rest -= row[j]! ** 2;
    }
    if (!(rest > 0)) return null;
    row[i] = Math.sqrt(rest);
    K.push(row);
  }
  return K;
}

/**
 * theta of a covariance A A': the lower factor by orthogonalising the rows of A, then its sds and partial
 * correlations.
 */
function readFactor(A: readonly (readonly number[])[], theta: Float64Array, at: number): boolean {
  const q = A.length;
  const basis: number[][] = [];
  let next = at + q;
  for (let i = 0; i < q; i += 1) {
    const sd = Math.hypot(...A[i]!);
    if (!(sd > 0 && sd < Infinity)) return false;
    theta[at + i] = Math.log(sd);
    let rest = A[i]!.map((value) => value / sd);
    let left = 1;
    for (const direction of basis) {
      const part = rest.reduce((sum, value, k) => sum + value * direction[k]!, 0);
      const partial = part / left;
      if (!(Math.abs(partial) < 1)) return false;
      theta[next] = Math.atanh(partial);
      next += 1;
      rest = rest.map((value, k) => value - part * direction[k]!);
      left *= Math.sqrt(1 - partial * partial);
    }
    const length = Math.hypot(...rest);
    if (!(length > 0)) return false;
    basis.push(rest.map((value) => value / length));
  }
  return true;
}
