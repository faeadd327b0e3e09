import { multiplyLower } from '../../linalg/cholesky.ts';
import type { Fit } from '../../mcmc/fit.ts';
import type { Rng } from '../../random/rng.ts';
import { correlationFactor } from '../correlationFactor.ts';
import { drawCount, groupDraws } from '../groupDraws.ts';

/**
 * Deviations of `count` groups the data say nothing of: for each draw s, u ~ N(0, Sigma^(s)), independent between
 * groups. Returns count x q arrays of S draws: that of group j and column k is at j q + k.
 */
export function newGroupDraws(fit: Fit, f: number, count: number, rng: Rng): Float64Array[] {
  const draws = groupDraws(fit, f);
  const { q, labels } = draws.term;
  const S = drawCount(fit);
  const taus = labels.map((_, k) => draws.tau(k));
  const corrs = draws.pairs.map((_, pair) => draws.corr(pair));
  const out = Array.from({ length: count * q }, () => new Float64Array(S));
  const C = new Float64Array(q * q);
  const corr = new Float64Array(corrs.length);
  const z = new Float64Array(q);
  const factor = correlationFactor(draws.term);
  for (let s = 0; s < S; s++) {
    for (let pair = 0; pair < corr.length; pair++) corr[pair] = corrs[pair]![s]!;
    factor(corr, C);
    for (let j = 0; j < count; j++) {
      for (let k = 0; k < q; k++) z[k] = rng.normal();
      multiplyLower(C, q, z);
      for (let k = 0; k < q; k++) out[j * q + k]![s] = taus[k]![s]! * z[k]!;
    }
  }
  return out;
}
