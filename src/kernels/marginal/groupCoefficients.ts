import type { GroupTerm } from '../../design/design.ts';
import { backwardSolve, cholesky, forwardSolve } from '../../linalg/cholesky.ts';
import { toUser } from '../../products/coordinates.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import type { GroupQr } from '../../products/groupQr.ts';
import type { Kernel } from '../kernel.ts';
import { correlationFactor } from '../state/correlationFactor.ts';
import type { MarginalCovarianceKernel } from './marginalCovariance.ts';
import type { GroupedMarginalLikelihood } from './marginalLikelihood.ts';

/**
 * Draws (u, beta) given (Sigma, sigma) with one grouping factor, from the rotated rows of each group: first beta with u
 * integrated out,
 *   beta ~ N(P^-1 h, sigma^2 P^-1), P = sum_j S_j' K_j^-1 S_j + ..., then every group by itself, u_j = Lambda e_j,
 *   e_j ~ N(M_j^-1 L_j' (z_j - S_j beta), sigma^2 M_j^-1), L_j = R_j Lambda, M_j = I + L_j' L_j.
 * It is the draw of `coefficients` without the arrow matrix, at a third of its cost. No other kernel reads u and beta
 * here, so that nothing is drawn before the first recorded iteration. The likelihood is brought to the chain's place by
 * the kernel that put it there, `covariances`.
 */
export function groupCoefficientsKernel(
  term: GroupTerm,
  qr: GroupQr,
  products: CrossProducts,
  likelihood: GroupedMarginalLikelihood,
  covariances: Pick<MarginalCovarianceKernel, 'revisit'>,
): Kernel {
  const { factor } = term;
  const { q, p, J } = qr;
  const P = p + 1;
  const readFactor = correlationFactor(term);
  const Lambda = new Float64Array(q * q);
  const factors = [Lambda];
  const drawGroups = q === 1 ? drawScalars : q === 2 ? drawPairs : drawAny(q);
  const delta = new Float64Array(p);
  const normals = new Float64Array(Math.max(p, J * q));
  const betaAt = products.borderOffsets[products.groups.length]!;
  const map = products.coordinates.beta;
  return {
    name: 'coefficients',
    updates: [`u_${factor}`, 'beta'],
    why: 'beta with u integrated out, then each group by itself: an exact joint draw; no pass over the rows',
    stats: [],
    init() {},
    step(state, rng, phase) {
      if (phase === 'warmup') return;
      const sigma = products.knownScale ? 1 : state.at['sigma']![0]!;
      const revisited = covariances.revisit(state);
      if (revisited) {
        Lambda.set(revisited[0]!);
      } else {
        readFactor(state, sigma, Lambda);
        likelihood.evaluate(factors);
      }
      likelihood.solve(sigma);
      const A = likelihood.factor;
      rng.fillNormals(normals, p);
      for (let k = 0; k < p; k += 1) delta[k] = A[p * P + k]! + sigma * normals[k]!;
      // L' delta = L^-1 h + sigma z, L the first p rows of a (p+1)-wide factor.
      for (let i = p - 1; i >= 0; i -= 1) {
        const value = delta[i]! / A[i * P + i]!;
        delta[i] = value;
        for (let k = 0; k < i; k += 1) delta[k] = delta[k]! - A[i * P + k]! * value;
      }
      rng.fillNormals(normals, J * q);
      drawGroups(qr, Lambda, delta, sigma, normals, state.at[`u_${factor}`]!);
      const beta = state.at['beta']!;
      for (let k = 0; k < p; k += 1) beta[k] = delta[k]! + products.reference[betaAt + k]!;
      toUser(map, beta);
    },
  };
}

/** Draws every u_j given beta - beta_ref = delta, sigma and Lambda; `normals` has q standard normals a group. */
type DrawGroups = (
  qr: GroupQr,
  Lambda: Float64Array,
  delta: Float64Array,
  sigma: number,
  normals: Float64Array,
  u: Float64Array,
) => void;

const drawScalars: DrawGroups = ({ J, p, R, S }, Lambda, delta, sigma, normals, u) => {
  const P = p + 1;
  const lambda = Lambda[0]!;
  for (let j = 0; j < J; j += 1) {
    const row = j * P;
    let residual = S[row + p]!;
    for (let k = 0; k < p; k += 1) residual -= S[row + k]! * delta[k]!;
    const l = R[j]! * lambda;
    const variance = 1 / (1 + l * l);
    u[j] = lambda * (l * residual * variance + sigma * Math.sqrt(variance) * normals[j]!);
  }
};

/** q = 2 written out: L = R Lambda, M = I + L'L = [1 0; h 1] D [1 h; 0 1], divisions and roots as few as can be. */
const drawPairs: DrawGroups = ({ J, p, R, S }, Lambda, delta, sigma, normals, u) => {
  const P = p + 1;
  const a = Lambda[0]!;
  const b = Lambda[2]!;
  const c = Lambda[3]!;
  for (let j = 0; j < J; j += 1) {
    const r = 4 * j;
    const r12 = R[r + 1]!;
    const r22 = R[r + 3]!;
    const l11 = R[r]! * a + r12 * b;
    const l12 = r12 * c;
    const l21 = r22 * b;
    const l22 = r22 * c;
    const first = 2 * j * P;
    const second = first + P;
    let v1 = S[first + p]!;
    let v2 = S[second + p]!;
    for (let k = 0; k < p; k += 1) {
      const d = delta[k]!;
      v1 -= S[first + k]! * d;
      v2 -= S[second + k]! * d;
    }
    const m11 = 1 + l11 * l11 + l21 * l21;
    const m21 = l12 * l11 + l22 * l21;
    const det = l11 * l22 - l12 * l21;
    // |M| = 1 + |L|_F^2 + |L|^2: no difference.
    const determinant = m11 + l12 * l12 + l22 * l22 + det * det;
    const inverse1 = 1 / m11;
    const inverse2 = m11 / determinant;
    const h = m21 * inverse1;
    const f1 = l11 * v1 + l21 * v2;
    const f2 = l12 * v1 + l22 * v2 - h * f1;
    // The order of the two draws is that of the coefficients.
    const z1 = sigma * Math.sqrt(inverse1) * normals[2 * j]!;
    const e2 = f2 * inverse2 + sigma * Math.sqrt(inverse2) * normals[2 * j + 1]!;
    const e1 = f1 * inverse1 + z1 - h * e2;
    u[2 * j] = a * e1;
    u[2 * j + 1] = b * e1 + c * e2;
  }
};

function drawAny(q: number): DrawGroups {
  const L = new Float64Array(q * q);
  const M = new Float64Array(q * q);
  const e = new Float64Array(q);
  return ({ J, p, R, S }, Lambda, delta, sigma, normals, u) => {
    const P = p + 1;
    for (let j = 0; j < J; j += 1) {
      const base = j * q * q;
      for (let i = 0; i < q; i += 1) {
        for (let k = 0; k < q; k += 1) {
          let sum = 0;
          for (let t = Math.max(i, k); t < q; t += 1) sum += R[base + i * q + t]! * Lambda[t * q + k]!;
          L[i * q + k] = sum;
        }
        e[i] = 0;
      }
      for (let i = 0; i < q; i += 1) {
        const row = (j * q + i) * P;
        let residual = S[row + p]!;
        for (let k = 0; k < p; k += 1) residual -= S[row + k]! * delta[k]!;
        for (let k = 0; k < q; k += 1) e[k] = e[k]! + L[i * q + k]! * residual;
      }
      for (let a = 0; a < q; a += 1) {
        for (let b = 0; b <= a; b += 1) {
          let sum = a === b ? 1 : 0;
          for (let t = 0; t < q; t += 1) sum += L[t * q + a]! * L[t * q + b]!;
          M[a * q + b] = sum;
        }
      }
      if (!cholesky(M, q)) throw new Error('the precision matrix of a group is not positive definite');
      forwardSolve(M, q, e);
      for (let i = 0; i < q; i += 1) e[i] = e[i]! + sigma * normals[j * q + i]!;
      backwardSolve(M, q, e);
      for (let a = 0; a < q; a += 1) {
        let sum = 0;
        for (let b = 0; b <= a; b += 1) sum += Lambda[a * q + b]! * e[b]!;
        u[j * q + a] = sum;
      }
    }
  };
}
