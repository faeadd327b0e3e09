import type { Design } from '../../src/design/design.ts';

/**
 * log p(y | Sigma, sigma) with u and flat beta integrated out, up to a constant: V = Z Sigma Z' + sigma^2 W^-1 = L L',
 * the columns of L^-1 X made orthogonal one by one, and what they leave of L^-1 y squared: no difference of large
 * numbers, so that it holds for sigma a thousandth of the response.
 */
export function logLikelihoodAt(
  { n, p, X, response, groupTerms }: Design,
  sigma: number,
  Sigmas: readonly Float64Array[],
): number {
  const L = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) {
    L[i * n + i] = (sigma * sigma) / (response.weights?.[i] ?? 1);
    for (let j = 0; j <= i; j += 1) {
      groupTerms.forEach(({ index, Z, q }, f) => {
        if (index[i] !== index[j]) return;
        for (let a = 0; a < q; a += 1) {
          for (let b = 0; b < q; b += 1) {
            L[i * n + j] = L[i * n + j]! + Z[i * q + a]! * Sigmas[f]![a * q + b]! * Z[j * q + b]!;
          }
        }
      });
    }
  }
  let log = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = L[i * n + j]!;
      for (let k = 0; k < j; k += 1) sum -= L[i * n + k]! * L[j * n + k]!;
      if (i > j) L[i * n + j] = sum / L[j * n + j]!;
      else L[i * n + i] = Math.sqrt(Math.max(sum, 1e-300));
    }
    log -= Math.log(L[i * n + i]!);
  }
  const solve = (value: (i: number) => number): Float64Array => {
    const out = new Float64Array(n);
    for (let i = 0; i < n; i += 1) {
      let sum = value(i);
      for (let k = 0; k < i; k += 1) sum -= L[i * n + k]! * out[k]!;
      out[i] = sum / L[i * n + i]!;
    }
    return out;
  };
  const basis: Float64Array[] = [];
  const takeOff = (column: Float64Array): void => {
    for (let pass = 0; pass < 2; pass += 1) {
      for (const direction of basis) {
        let along = 0;
        for (let i = 0; i < n; i += 1) along += direction[i]! * column[i]!;
        for (let i = 0; i < n; i += 1) column[i] = column[i]! - along * direction[i]!;
      }
    }
  };
  const norm = (column: Float64Array): number => Math.sqrt(column.reduce((sum, value) => sum + value * value, 0));
  for (let k = 0; k < p; k += 1) {
    const column = solve((i) => X[i * p + k]!);
    takeOff(column);
    const left = norm(column);
    log -= Math.log(left);
    basis.push(column.map((value) => value / left));
  }
  const y = solve((i) => response.y[i]! - (response.offset?.[i] ?? 0));
  takeOff(y);
  const left = basis.length < n ? norm(y) : 0;
  return log - 0.5 * left * left;
}

/** The half-t density with 3 degrees of freedom and this scale, up to a constant. */
const halfT = (x: number, scale: number): number => (1 + (x / scale) ** 2 / 3) ** -2;

/** Points of a coordinate that is integrated over on a logarithmic scale. */
function logGrid(step: number): { readonly x: number; readonly dx: number }[] {
  const out: { readonly x: number; readonly dx: number }[] = [];
  for (let t = Math.log(1e-7); t < Math.log(3e3); t += step) out.push({ x: Math.exp(t), dx: step * Math.exp(t) });
  return out;
}

/**
 * log of the integral of the likelihood over the sds of the factors at this sigma, up to a constant, by the trapezoidal
 * rule on logarithmic scales: independent sds half-t(3, 2) each. Every factor's blocks have size 1.
 */
export function logDensityOfSigma(design: Design, sigma: number, step = 0.2): number {
  const q = design.groupTerms.reduce((sum, term) => sum + term.q, 0);
  const grid = logGrid(step);
  const at = new Array<number>(q).fill(0);
  const logs: number[] = [];
  for (;;) {
    let k = 0;
    let log = 0;
    const Sigmas = design.groupTerms.map((term) => {
      const Sigma = new Float64Array(term.q * term.q);
      for (let a = 0; a < term.q; a += 1) {
        const { x, dx } = grid[at[k]!]!;
        k += 1;
        Sigma[a * term.q + a] = x * x;
        log += Math.log(halfT(x, 2) * dx);
      }
      return Sigma;
    });
    logs.push(log + logLikelihoodAt(design, sigma, Sigmas));
    let digit = 0;
    while (digit < q) {
      at[digit] = at[digit]! + 1;
      if (at[digit]! < grid.length) break;
      at[digit] = 0;
      digit += 1;
    }
    if (digit === q) return logSumExp(logs);
  }
}

/**
 * The same for one factor with two correlated columns, sds half-t(3, 2), correlation uniform (LKJ(1)): Sigma = L L' in
 * the coordinates l11, l21 - line l11 and l22, all on logarithmic scales, so that covariances in which the second
 * coefficient is nearly `line` times the first are met; d tau_2 d rho = l22 / tau_2^2 d l21 d l22.
 */
export function logDensityOfSigmaPairs(design: Design, sigma: number, line: number, step: number): number {
  const grid = logGrid(step);
  const logs: number[] = [];
  for (const first of grid) {
    for (const off of grid) {
      for (const sign of [1, -1]) {
        const l21 = line * first.x + sign * off.x;
        for (const second of grid) {
          const tau2 = Math.sqrt(l21 * l21 + second.x * second.x);
          const Sigma = Float64Array.of(first.x * first.x, first.x * l21, first.x * l21, tau2 * tau2);
          const volume = (first.dx * off.dx * second.dx * second.x) / (tau2 * tau2);
          logs.push(Math.log(halfT(first.x, 2) * halfT(tau2, 2) * volume) + logLikelihoodAt(design, sigma, [Sigma]));
        }
      }
    }
  }
  return logSumExp(logs);
}

function logSumExp(logs: readonly number[]): number {
  const top = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  return top + Math.log(logs.reduce((sum, value) => sum + Math.exp(value - top), 0));
}
