import { cholesky, logDeterminant } from '../../linalg/cholesky.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { logScaleDensity } from '../../priors/priors.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { variableOf } from '../groupDraws.ts';
import { residualDraws } from '../residualDraws.ts';

/**
 * Adds the log prior density of the parameters of residuals that are not independent with one sigma to that of every
 * draw, up to a constant: of sigma at the means of the columns of its terms (of every occasion), of delta, of omega,
 * and of a matrix of correlations (eta - 1) log|R|; uniform ones add nothing.
 */
export function addResidualPriors(fit: Fit, add: (value: (s: number) => number) => void): void {
  const { priors, design, draws } = fit;
  const { correlations, delta, omega } = priors.residual!;
  const of = (name: string, k = 0): Float64Array => scalarDraws(draws, variableOf(fit, name).offset + k);
  const sigma = priors.sigma;
  if (sigma) {
    const placeAt = residualDraws(fit, residualModel(design));
    const sds = Array.from({ length: variableOf(fit, 'sigma').size }, (_, t) => of('sigma', t));
    add((s) => {
      const { unit } = placeAt(s);
      return sds.reduce((sum, own) => sum + logScaleDensity(sigma, (unit * own[s]!) / sds[0]![s]!), 0);
    });
  }
  delta.forEach(({ mean, sd }, k) => {
    const own = of('delta', k);
    add((s) => -0.5 * ((own[s]! - mean) / sd) ** 2);
  });
  if (omega) {
    const own = of(omega.name);
    add((s) => logScaleDensity(omega.prior, own[s]!));
  }
  if (correlations?.kind !== 'lkj' || correlations.eta === 1) return;
  const T = design.residual!.groups!.occasions.length;
  const pairs = Array.from({ length: (T * (T - 1)) / 2 }, (_, pair) => of('rho', pair));
  const R = new Float64Array(T * T);
  add((s) => {
    let pair = 0;
    for (let a = 0; a < T; a++) {
      R[a * T + a] = 1;
      for (let b = a + 1; b < T; b++) R[b * T + a] = pairs[pair++]![s]!;
    }
    cholesky(R, T);
    return (correlations.eta - 1) * logDeterminant(R, T);
  });
}
