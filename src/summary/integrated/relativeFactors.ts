import type { Fit } from '../../mcmc/fit.ts';
import { correlationFactor } from '../correlationFactor.ts';
import { groupDraws } from '../groupDraws.ts';

/**
 * A function that writes Lambda_f = diag(tau) C of draw s (q x q, row-major, lower triangular), Sigma_f = Lambda_f
 * Lambda_f', to `out`; regular at tau = 0.
 */
export function relativeFactors(fit: Fit, f: number): (s: number, out: Float64Array) => void {
  const draws = groupDraws(fit, f);
  const { q, labels } = draws.term;
  const taus = labels.map((_, k) => draws.tau(k));
  const corrs = draws.pairs.map((_, pair) => draws.corr(pair));
  const corr = new Float64Array(corrs.length);
  const factorise = correlationFactor(draws.term);
  return (s, out) => {
    for (let pair = 0; pair < corr.length; pair++) corr[pair] = corrs[pair]![s]!;
    factorise(corr, out);
    for (let k = 0; k < q; k++) for (let l = 0; l <= k; l++) out[k * q + l]! *= taus[k]![s]!;
  };
}
