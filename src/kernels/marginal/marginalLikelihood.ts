import { log } from '../../elementary.ts';
import { cholesky } from '../../linalg/cholesky.ts';
import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { GroupQr } from '../../products/groupQr.ts';
import { groupPass } from './groupPass.ts';

/**
 * The likelihood of (Lambda, sigma) with u and beta integrated out, one grouping factor.
 *
 * With Z_j = Q_j R_j, z_j = Q_j' y_j, S_j = Q_j' X_j and K_j = I + R_j Lambda Lambda' R_j', the rotated response z_j
 * has mean S_j beta and variance sigma^2 K_j, and what is left of (X, y) has variance sigma^2. So
 *   G(Lambda) = within + sum_j [S_j z_j]' K_j^-1 [S_j z_j]  ((p+1) x (p+1)),
 *   log p(y | Lambda, sigma) = -(n - p) log sigma - sum_j log|K_j| / 2 - log|P| / 2 - rss / (2 sigma^2) + constant,
 * P = G_xx + sigma^2 V^-1 and rss the last pivot of the Cholesky factor of the (p+1) x (p+1) system. Every sum has
 * positive terms only: nothing cancels, at tau = 0 or at tau a million times sigma.
 */
export interface MarginalLikelihood {
  /** Number of rows less p, the power of 1 / sigma. */
  readonly degreesOfFreedom: number;
  /** Whether the population part fits every response, so that rss is 0 but for rounding at every Lambda. */
  readonly populationFits: boolean;
  /**
   * Moves to the relative factors Lambda_f: one q_f x q_f lower triangle (row-major, user's scale) per grouping factor.
   */
  evaluate(Lambda: readonly Float64Array[]): void;
  /** Sets the three values below at sigma, after `evaluate`. With a flat prior they do not depend on sigma. */
  solve(sigma: number): void;
  /** log|I + Lambda' Z'WZ Lambda|, which is sum_j log|K_j|; Infinity where it could not be factored. */
  logDeterminantK(): number;
  /** log|P| of the last `solve`; Infinity, so that the density there is 0, where too few digits are left of P. */
  logDeterminantP(): number;
  /** Residual sum of squares of the last `solve`. */
  rss(): number;
}

/** One place that a likelihood can be brought back to without evaluating it again. */
export interface Memory {
  /** Keeps what the last `evaluate` found. */
  keep(): void;
  /** Goes back to what was kept. */
  recall(): void;
}

/** A marginal likelihood that also hands out the factor its last `solve` made. */
export interface GroupedMarginalLikelihood extends MarginalLikelihood {
  /**
   * (p+1) x (p+1) lower Cholesky factor: L of P in the first p rows, (L^-1 h)' in the last, h the side of P beta = h.
   */
  readonly factor: Float64Array;
  readonly memory: Memory;
}

/**
 * A pivot of P below so many units of rounding a coefficient, relative to its diagonal entry, is nothing but rounding.
 * A level-2 column beside a column of rows comes to that where sds are 1e8 times sigma: between groups it weighs as
 * lambda^-2, and what the two share within groups has to cancel. What such a pivot leaves of rss may be 0.
 */
const ROUNDING = 4 * Number.EPSILON;

/** Builds the marginal likelihood of one grouping factor; allocates only here. */
export function marginalLikelihood(qr: GroupQr, prior: WorkingCoefficientPrior, n: number): GroupedMarginalLikelihood {
  const { p } = qr;
  const P = p + 1;
  const G = new Float64Array(P * P);
  const A = new Float64Array(P * P);
  const pass = groupPass(qr, G);
  // The prior as rows of a least-squares system: V^-1 (p x p), V^-1 m (p) and m' V^-1 m.
  const priorSide = new Float64Array(p);
  let priorSquare = 0;
  for (let i = 0; i < p; i += 1) {
    for (let j = 0; j < p; j += 1) priorSide[i] = priorSide[i]! + prior.precision[i * p + j]! * prior.mean[j]!;
    priorSquare += priorSide[i]! * prior.mean[i]!;
  }
  const kept = new Float64Array(P * P);
  const diagonal = new Float64Array(p);
  let keptLogK = 0;
  let logK = 0;
  let logP = 0;
  let rss = 0;
  // The sigma last solved at since Lambda or the products moved; NaN before. With a flat prior any will do.
  let solvedAt = Number.NaN;
  /** Whether every pivot of P is more than rounding. */
  const told = (L: Float64Array): boolean => {
    for (let i = 0; i < p; i += 1) {
      if (!(L[i * P + i]! * L[i * P + i]! > ROUNDING * P * diagonal[i]!)) return false;
    }
    return true;
  };
  return {
    factor: A,
    degreesOfFreedom: n - p,
    populationFits: qr.populationFits,
    memory: {
      keep() {
        for (let i = 0; i < kept.length; i += 1) kept[i] = G[i]!;
        keptLogK = logK;
      },
      recall() {
        for (let i = 0; i < kept.length; i += 1) G[i] = kept[i]!;
        logK = keptLogK;
        solvedAt = Number.NaN;
      },
    },
    evaluate(Lambda) {
      logK = pass(Lambda[0]!);
      solvedAt = Number.NaN;
    },
    solve(sigma) {
      if (prior.flat ? !Number.isNaN(solvedAt) : solvedAt === sigma) return;
      solvedAt = sigma;
      const s2 = sigma * sigma;
      for (let i = 0; i < P; i += 1) for (let j = 0; j <= i; j += 1) A[i * P + j] = G[i * P + j]!;
      if (!prior.flat) {
        for (let i = 0; i < p; i += 1) {
          for (let j = 0; j <= i; j += 1) A[i * P + j] = A[i * P + j]! + s2 * prior.precision[i * p + j]!;
          A[p * P + i] = A[p * P + i]! + s2 * priorSide[i]!;
        }
        A[p * P + p] = A[p * P + p]! + s2 * priorSquare;
      }
      for (let i = 0; i < p; i += 1) diagonal[i] = A[i * P + i]!;
      // The pivots of P alone decide whether it can be factored; that of the response is taken after them.
      const square = A[p * P + p]!;
      A[p * P + p] = Number.MAX_VALUE;
      if (!(cholesky(A, P) && told(A))) {
        logP = Infinity;
        rss = square;
        return;
      }
      logP = 0;
      for (let i = 0; i < p; i += 1) logP += 2 * log(A[i * P + i]!);
      let left = square;
      for (let k = 0; k < p; k += 1) left -= A[p * P + k]! * A[p * P + k]!;
      // A perfect fit leaves no residual: what is left may be negative by rounding, which means rss = 0.
      const root = left > 0 ? Math.sqrt(left) : 0;
      A[p * P + p] = root;
      rss = root * root;
    },
    logDeterminantK: () => logK,
    logDeterminantP: () => logP,
    rss: () => rss,
  };
}
