import { correlationPairs } from '../../design/correlationPairs.ts';
import type { GroupTerm } from '../../design/design.ts';
import { cholesky } from '../../linalg/cholesky.ts';
import type { State } from '../kernel.ts';

/**
 * Reads a factor's covariance from the state as a relative factor on the user's scale: Lambda = diag(tau / sigma) L_R
 * (q x q, row-major, lower), L_R the Cholesky factor of the correlation matrix, so that Sigma = sigma^2 Lambda Lambda'.
 * Returns a function that allocates nothing.
 * Throws where the correlations are not those of a positive definite matrix.
 */
export function correlationFactor(term: GroupTerm): (state: State, sigma: number, Lambda: Float64Array) => void {
  const { factor, q, blocks } = term;
  const pairs = correlationPairs(blocks);
  const tauName = `tau_${factor}`;
  const corrName = `corr_${factor}`;
  return (state, sigma, R) => {
    const tau = state.at[tauName]!;
    R.fill(0);
    for (let k = 0; k < q; k += 1) R[k * q + k] = 1;
    if (pairs.length > 0) {
      const corr = state.at[corrName]!;
      for (let i = 0; i < pairs.length; i += 1) R[pairs[i]!.second * q + pairs[i]!.first] = corr[i]!;
      if (!cholesky(R, q)) nudge(R, q, pairs, corr);
    }
    for (let a = 0; a < q; a += 1) {
      const scale = tau[a]! / sigma;
      for (let b = 0; b <= a; b += 1) R[a * q + b] = R[a * q + b]! * scale;
    }
  };
}

/** A correlation matrix that rounding has made singular is drawn a hair towards the identity. */
function nudge(R: Float64Array, q: number, pairs: ReturnType<typeof correlationPairs>, corr: Float64Array): void {
  for (let shrink = 1e-15; shrink < 1e-6; shrink *= 10) {
    R.fill(0);
    for (let k = 0; k < q; k += 1) R[k * q + k] = 1;
    for (let i = 0; i < pairs.length; i += 1) R[pairs[i]!.second * q + pairs[i]!.first] = corr[i]! * (1 - shrink);
    if (cholesky(R, q)) return;
  }
  throw new Error('the correlations of a group-level covariance matrix are not those of a positive definite matrix');
}
