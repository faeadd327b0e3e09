import type { GroupQr } from '../design/groupQr.ts';
import { cholesky } from '../linalg/cholesky.ts';

/** The normal prior of beta in working coordinates about the reference fit: precision p x p (0 = flat), mean p. */
export interface WorkingCoefficientPrior {
  readonly precision: Float64Array;
  readonly mean: Float64Array;
  readonly flat: boolean;
}

/**
 * The likelihood of (Lambda, sigma) with u and beta integrated out, one grouping factor.
 *
 * With Z_j = Q_j R_j, z_j = Q_j' y_j, S_j = Q_j' X_j and K_j = I + R_j Lambda Lambda' R_j', the rotated response z_j has mean S_j beta
 * and variance sigma^2 K_j, and what is left of (X, y) has variance sigma^2. So
 *   G(Lambda) = within + sum_j [S_j z_j]' K_j^-1 [S_j z_j]  ((p+1) x (p+1)),
 *   log p(y | Lambda, sigma) = -(n - p) log sigma - sum_j log|K_j| / 2 - log|P| / 2 - rss / (2 sigma^2) + constant,
 * P = G_xx + sigma^2 V^-1 and rss the last pivot of the Cholesky factor of the (p+1) x (p+1) system. Every sum has positive terms only:
 * nothing cancels, at tau = 0 or at tau a million times sigma.
 */
export interface MarginalLikelihood {
  /** Number of rows less p, the power of 1 / sigma. */
  readonly degreesOfFreedom: number;
  /** Moves to the relative factors Lambda_f: one q_f x q_f lower triangle (row-major, user's scale) per grouping factor. */
  evaluate(Lambda: readonly Float64Array[]): void;
  /** Sets the three values below at sigma, after `evaluate`. With a flat prior they do not depend on sigma. */
  solve(sigma: number): void;
  /** log|I + Lambda' Z'WZ Lambda|, which is sum_j log|K_j|; Infinity where it could not be factored. */
  logDeterminantK(): number;
  /** log|P| of the last `solve`. */
  logDeterminantP(): number;
  /** Residual sum of squares of the last `solve`. */
  rss(): number;
}

/** Builds the marginal likelihood of one grouping factor; allocates only here. */
export function marginalLikelihood(qr: GroupQr, prior: WorkingCoefficientPrior, n: number): MarginalLikelihood {
  const { p } = qr;
  const P = p + 1;
  const G = new Float64Array(P * P);
  const A = new Float64Array(P * P);
  const pass = qr.q === 1 ? scalarPass(qr, G) : qr.q === 2 ? pairPass(qr, G) : generalPass(qr, G);
  // The prior as rows of a least-squares system: V^-1 (p x p), V^-1 m (p) and m' V^-1 m.
  const priorSide = new Float64Array(p);
  let priorSquare = 0;
  for (let i = 0; i < p; i += 1) {
    for (let j = 0; j < p; j += 1) priorSide[i] = priorSide[i]! + prior.precision[i * p + j]! * prior.mean[j]!;
    priorSquare += priorSide[i]! * prior.mean[i]!;
  }
  let logK = 0;
  let logP = 0;
  let rss = 0;
  let solved = false;
  return {
    degreesOfFreedom: n - p,
    evaluate(Lambda) {
      logK = pass(Lambda[0]!);
      solved = false;
    },
    solve(sigma) {
      if (prior.flat && solved) return;
      solved = true;
      const s2 = sigma * sigma;
      for (let i = 0; i < P; i += 1) for (let j = 0; j <= i; j += 1) A[i * P + j] = G[i * P + j]!;
      if (!prior.flat) {
        for (let i = 0; i < p; i += 1) {
          for (let j = 0; j <= i; j += 1) A[i * P + j] = A[i * P + j]! + s2 * prior.precision[i * p + j]!;
          A[p * P + i] = A[p * P + i]! + s2 * priorSide[i]!;
        }
        A[p * P + p] = A[p * P + p]! + s2 * priorSquare;
      }
      // A perfect fit leaves no residual: the last pivot may fail by rounding, which means rss = 0.
      const complete = cholesky(A, P);
      logP = 0;
      for (let i = 0; i < p; i += 1) logP += 2 * Math.log(A[i * P + i]!);
      rss = complete ? A[p * P + p]! * A[p * P + p]! : 0;
    },
    logDeterminantK: () => logK,
    logDeterminantP: () => logP,
    rss: () => rss,
  };
}

type Pass = (Lambda: Float64Array) => number;

/** q = 1: groups with the same R_j^2 share one cross-product, so that the pass costs as many terms as there are different group sizes. */
function scalarPass(qr: GroupQr, G: Float64Array): Pass {
  const { J, p, R, S, within } = qr;
  const P = p + 1;
  const classes = new Map<number, { count: number; sums: Float64Array }>();
  for (let j = 0; j < J; j += 1) {
    const r2 = R[j]! * R[j]!;
    let entry = classes.get(r2);
    if (!entry) {
      entry = { count: 0, sums: new Float64Array((P * (P + 1)) / 2) };
      classes.set(r2, entry);
    }
    entry.count += 1;
    for (let i = 0, at = 0; i < P; i += 1) {
      for (let k = 0; k <= i; k += 1) {
        entry.sums[at] = entry.sums[at]! + S[j * P + i]! * S[j * P + k]!;
        at += 1;
      }
    }
  }
  const C = classes.size;
  const T = (P * (P + 1)) / 2;
  const squares = Float64Array.from(classes.keys());
  const counts = Float64Array.from(classes.values(), (entry) => entry.count);
  const sums = new Float64Array(C * T);
  [...classes.values()].forEach((entry, c) => {
    sums.set(entry.sums, c * T);
  });
  const packed = new Float64Array(T);
  return (Lambda) => {
    const l2 = Lambda[0]! * Lambda[0]!;
    let logK = 0;
    packed.fill(0);
    for (let c = 0; c < C; c += 1) {
      const k = 1 + squares[c]! * l2;
      logK += counts[c]! * Math.log(k);
      const w = 1 / k;
      const base = c * T;
      for (let t = 0; t < T; t += 1) packed[t] = packed[t]! + w * sums[base + t]!;
    }
    for (let i = 0, at = 0; i < P; i += 1) {
      for (let k = 0; k <= i; k += 1) {
        G[i * P + k] = within[i * P + k]! + packed[at]!;
        at += 1;
      }
    }
    return logK;
  };
}

/** q = 2, written out: K = L D L' without square roots, |K| = 1 + |R Lambda|_F^2 + |R Lambda|^2 as a sum of positive terms. */
function pairPass(qr: GroupQr, G: Float64Array): Pass {
  const { J, p, R, S, within } = qr;
  const P = p + 1;
  const w = new Float64Array(P);
  return (Lambda) => {
    const a = Lambda[0]!;
    const b = Lambda[2]!;
    const c = Lambda[3]!;
    let logK = 0;
    let product = 1;
    for (let i = 0; i < P; i += 1) for (let k = 0; k <= i; k += 1) G[i * P + k] = within[i * P + k]!;
    for (let j = 0; j < J; j += 1) {
      const r = 4 * j;
      const r11 = R[r]!;
      const r12 = R[r + 1]!;
      const r22 = R[r + 3]!;
      const m11 = r11 * a + r12 * b;
      const m12 = r12 * c;
      const m21 = r22 * b;
      const m22 = r22 * c;
      const k11 = 1 + m11 * m11 + m12 * m12;
      const d = r11 * a * m22;
      const determinant = k11 + m21 * m21 + m22 * m22 + d * d;
      product *= determinant;
      if (product > 1e200) {
        logK += Math.log(product);
        product = 1;
      }
      const inverse1 = 1 / k11;
      const l = (m11 * m21 + m12 * m22) * inverse1;
      const inverse2 = k11 / determinant;
      const s1 = j * 2 * P;
      const s2 = s1 + P;
      for (let i = 0; i < P; i += 1) {
        const x = S[s1 + i]!;
        const y = S[s2 + i]! - l * x;
        w[i] = y;
        const f1 = x * inverse1;
        const f2 = y * inverse2;
        const row = i * P;
        for (let k = 0; k <= i; k += 1) G[row + k] = G[row + k]! + f1 * S[s1 + k]! + f2 * w[k]!;
      }
    }
    return logK + Math.log(product);
  };
}

/** Any q: Cholesky of each K_j, whitening of [S_j z_j]. */
function generalPass(qr: GroupQr, G: Float64Array): Pass {
  const { J, q, p, R, S, within } = qr;
  const P = p + 1;
  const M = new Float64Array(q * q);
  const K = new Float64Array(q * q);
  const W = new Float64Array(q * P);
  return (Lambda) => {
    let logK = 0;
    for (let i = 0; i < P; i += 1) for (let k = 0; k <= i; k += 1) G[i * P + k] = within[i * P + k]!;
    for (let j = 0; j < J; j += 1) {
      const base = j * q * q;
      for (let i = 0; i < q; i += 1) {
        for (let k = 0; k < q; k += 1) {
          let sum = 0;
          for (let t = Math.max(i, k); t < q; t += 1) sum += R[base + i * q + t]! * Lambda[t * q + k]!;
          M[i * q + k] = sum;
        }
      }
      for (let i = 0; i < q; i += 1) {
        for (let k = 0; k <= i; k += 1) {
          let sum = i === k ? 1 : 0;
          for (let t = 0; t < q; t += 1) sum += M[i * q + t]! * M[k * q + t]!;
          K[i * q + k] = sum;
        }
      }
      if (!cholesky(K, q)) return Infinity;
      let diagonal = 1;
      for (let i = 0; i < q; i += 1) {
        const pivot = K[i * q + i]!;
        diagonal *= pivot;
        const inverse = 1 / pivot;
        for (let c = 0; c < P; c += 1) {
          let sum = S[(j * q + i) * P + c]!;
          for (let t = 0; t < i; t += 1) sum -= K[i * q + t]! * W[t * P + c]!;
          W[i * P + c] = sum * inverse;
        }
        for (let c = 0; c < P; c += 1) {
          const f = W[i * P + c]!;
          for (let k = 0; k <= c; k += 1) G[c * P + k] = G[c * P + k]! + f * W[i * P + k]!;
        }
      }
      logK += 2 * Math.log(diagonal);
    }
    return logK;
  };
}
