import { log, log1p } from '../elementary.ts';
import { familyOf } from '../families/familyOf.ts';
import { familyRows } from '../products/familyRows.ts';
import { meanOverRows } from '../products/rowCounts.ts';
import { betaDraws, drawCount, ownDraws, sigmaDraws } from './groupDraws.ts';
import type { ModelFit } from './modelFit.ts';

/**
 * The variance of a row about its linear predictor in every draw, or at the estimates; null where the standard errors
 * of the rows are known and where the family has none. `variances` are those of the deviations, by group term.
 */
export function residualVariances(fit: ModelFit, variances: readonly Float64Array[]): Float64Array | null {
  const { kind, sigma, latentVariance, variance } = familyOf(fit.design);
  if (kind === 'counts') return logNormalVariances(fit, variances);
  if (fit.design.response.standardErrors || (sigma === null && latentVariance === null)) return null;
  const count = fit.kind === 'mcmc' ? drawCount(fit) : 1;
  if (latentVariance !== null) return new Float64Array(count).fill(latentVariance);
  if (fit.kind === 'maximumLikelihood') return Float64Array.of((fit.sigma ?? 0) ** 2);
  const own = ownDraws(fit);
  return sigmaDraws(fit)!.map((value, s) => variance(1, 0, value, own?.[s]));
}

/** The variance of the log of a count in every draw, or at the estimates. */
function logNormalVariances(fit: ModelFit, variances: readonly Float64Array[]): Float64Array {
  const { design } = fit;
  const { n, p, X, response } = design;
  const family = familyOf(design);
  const { copies } = familyRows(design);
  const mean = (value: (i: number) => number) => meanOverRows(n, copies, value);
  const { offset, exposure } = response;
  const known = mean((i) => (offset ? offset[i]! : 0) + (exposure ? log(exposure[i]!) : 0));
  const columns = Array.from({ length: p }, (_, k) => mean((i) => X[i * p + k]!));
  const count = fit.kind === 'mcmc' ? drawCount(fit) : 1;
  const eta = new Float64Array(count).fill(known);
  columns.forEach((value, k) => {
    const beta = fit.kind === 'mcmc' ? betaDraws(fit, k) : Float64Array.of(fit.fixef.estimates[k]!);
    for (let s = 0; s < count; s++) eta[s]! += value * beta[s]!;
  });
  const own = fit.kind === 'mcmc' ? ownDraws(fit) : fit.own === null ? null : [fit.own];
  return eta.map((value, s) => {
    const at = value + 0.5 * variances.reduce((sum, v) => sum + v[s]!, 0);
    // Var(y) / lambda^2, of which neither is a number for counts beyond all numbers.
    const lambda = family.mean(at);
    const relative = family.variance(1, at, 1, own?.[s]) / lambda / lambda;
    return Number.isFinite(relative) ? log1p(relative) : Math.max(0, -at);
  });
}
