import type { CovarianceBlock } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { cholesky, invertFromCholesky } from '../../linalg/cholesky.ts';
import { covarianceDensity } from '../../priors/covariancePrior.ts';
import { type BlockPrior, logScaleDensity, type MovingPrior, type ScalePrior } from '../../priors/priors.ts';
import { slice } from '../../proposals/slice.ts';
import { inverseGamma } from '../../random/inverseGamma.ts';
import type { Rng } from '../../random/rng.ts';
import { createWishart } from '../../random/wishart.ts';

/** How a block is drawn, in words, for `describe`. */
export function blockReason(block: CovarianceBlock, prior: MovingPrior): string {
  if (prior.kind === 'mapped')
    return 'a prior on the columns as written, by Metropolis-Hastings with an inverse-Wishart proposal about their means';
  if (prior.kind === 'halfTCov') return 'conjugate with the auxiliaries of Huang & Wand';
  if (prior.kind === 'inverseWishart') return 'conjugate inverse-Wishart';
  if (block.size > 1) return 'LKJ and separate sds by Metropolis-Hastings with an inverse-Wishart proposal';
  return prior.tau[0]!.distribution === 'inverseGamma' ? 'conjugate inverse gamma' : 'slice sampling of one sd';
}

/** One draw of Sigma (size x size, in place) given S = sum_j u_j u_j', which it may overwrite. */
export type BlockDraw = (S: Float64Array, Sigma: Float64Array, rng: Rng) => void;

/**
 * The conditional draw of one covariance block under its prior:
 * - one sd: inverse gamma by conjugacy, every other prior by a slice step on log tau;
 * - halfTCov: the auxiliaries of Huang & Wand (2013, section 4): a_k | Sigma ~ IG((df + s)/2, df [Sigma^-1]_kk +
 *   1/scale_k^2) and Sigma | a, u ~ IW(df + s - 1 + J, 2 df diag(1/a) + S);
 * - inverseWishart(df, scale): IW(df + J, scale + S);
 * - separation, and a prior on other columns: an inverse-Wishart proposal from S, accepted by Metropolis-Hastings under
 *   the stated prior.
 */
export function blockDraw(block: CovarianceBlock, prior: MovingPrior, J: number): BlockDraw {
  if (prior.kind === 'mapped') return proposedDraw(block.size, prior, J);
  if (prior.kind === 'separation')
    return block.size === 1 ? scalarDraw(prior.tau[0]!, J) : proposedDraw(block.size, prior, J);
  return prior.kind === 'halfTCov' ? huangWandDraw(block.size, prior, J) : inverseWishartDraw(block.size, prior, J);
}

/** tau | u: p(tau) tau^-J exp(-S / (2 tau^2)). */
function scalarDraw(prior: ScalePrior, J: number): BlockDraw {
  if (prior.distribution === 'inverseGamma') {
    return (S, Sigma, rng) => {
      Sigma[0] = inverseGamma(prior.shape + 0.5 * J, prior.scale + 0.5 * S[0]!, rng);
    };
  }
  let sum = 0;
  const logDensity = (t: number): number => {
    const tau = exp(t);
    return (1 - J) * t - (0.5 * sum) / (tau * tau) + logScaleDensity(prior, tau);
  };
  return (S, Sigma, rng) => {
    sum = S[0]!;
    const tau = exp(slice(logDensity, 0.5 * log(Sigma[0]!), 1, rng));
    Sigma[0] = tau * tau;
  };
}

function inverseWishartDraw(size: number, prior: BlockPrior & { kind: 'inverseWishart' }, J: number): BlockDraw {
  const wishart = createWishart(size);
  return (S, Sigma, rng) => {
    for (let i = 0; i < S.length; i += 1) S[i] = S[i]! + prior.scale[i]!;
    if (!wishart.inverseWishart(prior.df + J, S, rng, Sigma))
      throw new Error('the scale matrix of an inverse-Wishart draw is not positive definite');
  };
}

function huangWandDraw(size: number, prior: BlockPrior & { kind: 'halfTCov' }, J: number): BlockDraw {
  const { df, scale } = prior;
  const wishart = createWishart(size);
  const inverse = new Float64Array(size * size);
  const invert = symmetricInverse(size);
  return (S, Sigma, rng) => {
    invert(Sigma, inverse);
    for (let k = 0; k < size; k += 1) {
      const rate = df * inverse[k * size + k]! + 1 / (scale[k]! * scale[k]!);
      // 1/a_k ~ Gamma((df + s)/2, rate)
      S[k * size + k] = S[k * size + k]! + 2 * df * rng.gamma(0.5 * (df + size), rate);
    }
    if (!wishart.inverseWishart(df + size - 1 + J, S, rng, Sigma))
      throw new Error('the scale matrix of an inverse-Wishart draw is not positive definite');
  };
}

/**
 * Proposal Sigma' ~ IW(d, S'), d = J - 1: its density is the likelihood of u times |Sigma|^(-s/2), which takes up d
 * Sigma / (d tau d R) = prod tau_k^s and leaves the prior and |R|^(s/2) for the acceptance. Where J <= s the degrees of
 * freedom are raised to s and S' gets a ridge; both enter the ratio.
 */
function proposedDraw(size: number, prior: MovingPrior, J: number): BlockDraw {
  const wishart = createWishart(size);
  const density = covarianceDensity(prior, size);
  const df = Math.max(J - 1, size);
  const ridge = J > size ? 1e-9 : 0.1;
  const padded = new Float64Array(size * size);
  const proposal = new Float64Array(size * size);
  const L = new Float64Array(size * size);
  const tau = new Float64Array(size);
  const inverse = new Float64Array(size * size);
  const invert = symmetricInverse(size);
  /** log(target / proposal) at Sigma, up to a constant. */
  const logWeight = (Sigma: Float64Array, S: Float64Array): number => {
    let logTau = 0;
    for (let k = 0; k < size; k += 1) {
      tau[k] = Math.sqrt(Sigma[k * size + k]!);
      logTau += log(tau[k]!);
    }
    for (let a = 0; a < size; a += 1)
      for (let b = 0; b <= a; b += 1) L[a * size + b] = Sigma[a * size + b]! / (tau[a]! * tau[b]!);
    if (!cholesky(L, size)) return -Infinity;
    let logR = 0;
    for (let k = 0; k < size; k += 1) logR += 2 * log(L[k * size + k]!);
    invert(Sigma, inverse);
    let extra = 0;
    for (let k = 0; k < size; k += 1) extra += (padded[k * size + k]! - S[k * size + k]!) * inverse[k * size + k]!;
    return 0.5 * (df + size + 1 - J) * (2 * logTau + logR) + 0.5 * extra - size * logTau + density(tau, 0, L);
  };
  return (S, Sigma, rng) => {
    padded.set(S);
    for (let k = 0; k < size; k += 1) padded[k * size + k] = padded[k * size + k]! * (1 + ridge) + Number.MIN_VALUE;
    if (!wishart.inverseWishart(df, padded, rng, proposal)) return;
    const ratio = logWeight(proposal, S) - logWeight(Sigma, S);
    if (ratio >= 0 || rng.uniform() < exp(ratio)) Sigma.set(proposal);
  };
}

/** out = A^-1 for small symmetric positive definite matrices of one size. */
function symmetricInverse(n: number): (A: Float64Array, out: Float64Array) => void {
  const factor = new Float64Array(n * n);
  return (A, out) => {
    factor.set(A);
    if (!cholesky(factor, n)) throw new Error('a group-level covariance matrix lost its positive definiteness');
    invertFromCholesky(factor, n, out);
  };
}
