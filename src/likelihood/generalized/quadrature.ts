import { fillOwn, fillRows } from '../../products/familyRows.ts';
import { gaussHermite } from '../../special/gaussHermite.ts';
import { laplaceDeviance } from './laplaceDeviance.ts';
import type { GeneralizedState, MarginalDeviance } from './marginalDeviance.ts';

/** Below this relative factor the deviance and Laplace's differ by less than their rounding. */
const NO_VARIATION = 1e-5;

/**
 * Scores of all rows at all nodes are kept for the gradient up to this many (32 MB), beyond it they are computed again.
 */
const KEPT = 4e6;

/**
 * -2 log of the marginal likelihood by adaptive Gauss-Hermite quadrature, for one grouping factor with one varying
 * coefficient (Pinheiro & Bates 1995; Liu & Pierce 1994): for each group, with f_j(e) = log p(y_j | e, beta) - e^2 / 2,
 * mode e^_j and s_j = M_j^-1/2 of the expected information,
 *   log integral = log s_j + log sum_k w_k exp(f_j(e^_j + s_j z_k)) - log(2 pi) / 2,
 * every constant of the rows included (lme4 leaves the binomial coefficients, and the saturated likelihood, out of this
 * one). The gradient is exact: it follows nodes and scales.
 */
export function quadratureDeviance(state: GeneralizedState, points: number): MarginalDeviance {
  const { predictor, mode, expected, X, p, slope, weight, rows } = state;
  const { n } = predictor;
  const { J } = predictor.groups[0]!;
  const z = predictor.Z[0]!;
  const level = predictor.at[0]!;
  const laplace = laplaceDeviance(state);
  const { nodes, weights } = gaussHermite(points);
  const logWeights = weights.map(Math.log);
  const eta = new Float64Array(n);
  const logLik = new Float64Array(n);
  const stored = n * points <= KEPT ? new Float64Array(n * points) : null;
  const scores = Array.from({ length: points }, (_, k) => stored?.subarray(k * n, (k + 1) * n) ?? null);
  const fresh = stored === null ? new Float64Array(n) : null;
  const value = new Float64Array(J * points);
  const logIntegral = new Float64Array(J);
  const meanScore = new Float64Array(n);
  const kappa = new Float64Array(J);
  const delta = new Float64Array(J);
  const own = { logLik: new Float64Array(n), score: new Float64Array(n), weight: new Float64Array(n) };
  const sums = {
    fPrime: new Float64Array(J),
    alpha: new Float64Array(J),
    gamma: new Float64Array(J),
    S1: new Float64Array(J),
    shares: new Float64Array(J),
  };
  const byLevel = (): Float64Array => new Float64Array(J);
  const scale = (j: number): number => 1 / expected.factor.blocks[j]!;
  const place = (k: number): void => {
    const lambda = mode.Lambda[0]![0]!;
    for (let i = 0; i < n; i++) {
      const j = level[i]!;
      eta[i] = state.base[i]! + z[i]! * lambda * (mode.e[j]! + scale(j) * nodes[k]!);
    }
  };
  return {
    state,
    at(beta) {
      if (!state.settle(beta)) return Number.NaN;
      for (let k = 0; k < points; k++) {
        place(k);
        fillRows(rows, eta, 1, { logLik, score: scores[k]! });
        for (let j = 0; j < J; j++) {
          const e = mode.e[j]! + scale(j) * nodes[k]!;
          value[j * points + k] = logWeights[k]! - (e * e) / 2;
        }
        for (let i = 0; i < n; i++) value[level[i]! * points + k]! += logLik[i]!;
      }
      let total = 0;
      for (let j = 0; j < J; j++) {
        const at = j * points;
        let largest = Number.NEGATIVE_INFINITY;
        for (let k = 0; k < points; k++) largest = Math.max(largest, value[at + k]!);
        let sum = 0;
        for (let k = 0; k < points; k++) sum += Math.exp(value[at + k]! - largest);
        logIntegral[j] = largest + Math.log(sum);
        total += logIntegral[j]! + Math.log(scale(j)) - Math.log(2 * Math.PI) / 2;
      }
      return -2 * total;
    },
    gradient(beta) {
      const lambda = mode.Lambda[0]![0]!;
      if (Math.abs(lambda) < NO_VARIATION) return laplace.gradient(beta);
      const { fPrime, alpha, gamma, S1, shares } = sums;
      meanScore.fill(0);
      alpha.fill(0);
      S1.fill(0);
      for (let j = 0; j < J; j++) gamma[j] = 1 / scale(j);
      for (let k = 0; k < points; k++) {
        const score = scores[k] ?? fresh!;
        if (fresh !== null) {
          place(k);
          fillRows(rows, eta, 1, { score });
        }
        fPrime.fill(0);
        for (let j = 0; j < J; j++) shares[j] = Math.exp(value[j * points + k]! - logIntegral[j]!);
        for (let i = 0; i < n; i++) {
          const j = level[i]!;
          fPrime[j]! += score[i]! * z[i]!;
          meanScore[i]! += shares[j]! * score[i]!;
        }
        for (let j = 0; j < J; j++) {
          const share = shares[j]!;
          const e = mode.e[j]! + scale(j) * nodes[k]!;
          S1[j]! += share * e * fPrime[j]!;
          const slopeHere = lambda * fPrime[j]! - e;
          alpha[j]! += share * slopeHere;
          gamma[j]! += share * nodes[k]! * slopeHere;
        }
      }
      // By group: sum of W z^2, dW/deta z^3, O z^2, l' z.
      const [Wz2, Vz3, Oz2, sz] = [byLevel(), byLevel(), byLevel(), byLevel()];
      for (let i = 0; i < n; i++) {
        const j = level[i]!;
        const square = z[i]! * z[i]!;
        Wz2[j]! += weight[i]! * square;
        Vz3[j]! += slope[i]! * square * z[i]!;
        Oz2[j]! += mode.weight[i]! * square;
        sz[j]! += mode.score[i]! * z[i]!;
      }
      let byLambda = 0;
      for (let j = 0; j < J; j++) {
        kappa[j] = (-gamma[j]! * scale(j) ** 3) / 2;
        delta[j] = (alpha[j]! + kappa[j]! * lambda ** 3 * Vz3[j]!) / (1 + lambda * lambda * Oz2[j]!);
        const e = mode.e[j]!;
        byLambda += S1[j]! + kappa[j]! * (2 * lambda * Wz2[j]! + lambda * lambda * e * Vz3[j]!);
        byLambda += delta[j]! * (sz[j]! - lambda * e * Oz2[j]!);
      }
      beta.fill(0, 0, p);
      for (let i = 0; i < n; i++) {
        const j = level[i]!;
        const byEta =
          meanScore[i]! +
          kappa[j]! * lambda * lambda * slope[i]! * z[i]! * z[i]! -
          delta[j]! * lambda * mode.weight[i]! * z[i]!;
        for (let k = 0; k < p; k++) beta[k]! -= 2 * X[i * p + k]! * byEta;
      }
      return [Float64Array.of(-byLambda / lambda)];
    },
    byOwn(v) {
      const lambda = mode.Lambda[0]![0]!;
      if (Math.abs(lambda) < NO_VARIATION) return laplace.byOwn(v);
      let sum = 0;
      for (let k = 0; k < points; k++) {
        place(k);
        fillOwn(rows, eta, v, { logLik: own.logLik });
        for (let i = 0; i < n; i++) {
          const j = level[i]!;
          sum += Math.exp(value[j * points + k]! - logIntegral[j]!) * own.logLik[i]!;
        }
      }
      fillOwn(rows, mode.eta, v, own);
      for (let i = 0; i < n; i++) {
        const j = level[i]!;
        const scaled = lambda * z[i]!;
        sum += kappa[j]! * scaled * scaled * own.weight[i]! + delta[j]! * scaled * own.score[i]!;
      }
      return -2 * sum;
    },
  };
}
