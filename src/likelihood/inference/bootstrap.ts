import { needsRows } from '../../design/needsRows.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { optionError } from '../../input/optionError.ts';
import { familyRows, simulateRows } from '../../products/familyRows.ts';
import { createRng, type Rng } from '../../random/rng.ts';
import { type ResidualModel, residualModel } from '../../residual/residualModel.ts';
import { fitDesign } from '../maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { simulateResiduals } from '../structured/simulateResiduals.ts';
import { fitParameters } from './fitParameters.ts';

const MOST = 1e6;

export interface BootstrapOptions {
  /** Simulated data sets; default 500. */
  readonly simulations?: number;
  /** Equal seeds give equal intervals. */
  readonly seed: number;
}

export interface Bootstrap {
  /** `beta[floor]`, ..., `tau_county[floor]`, `corr_county[...]`, `sigma`. */
  readonly parameters: readonly string[];
  /** One array per parameter, one value per data set that could be fitted; a correlation is NaN where an sd was 0. */
  readonly values: readonly Float64Array[];
  /** Data sets that could not be fitted. */
  readonly failures: number;
}

/**
 * Parametric bootstrap: data sets are drawn from the fitted model, y = X beta + Z u + e with new u ~ N(0, Sigma) and e,
 * and fitted again by the same criterion (Efron & Tibshirani 1993, section 6.5).
 */
export function bootstrap(fit: MaximumLikelihoodFit, options: BootstrapOptions): Bootstrap {
  const simulations = options.simulations ?? 500;
  if (!Number.isInteger(simulations) || simulations < 1 || simulations > MOST) {
    throw optionError('simulations', simulations, `a whole number from 1 to ${MOST}`);
  }
  const rng = createRng([options.seed]);
  const parameters = fitParameters(fit).map(({ name }) => name);
  const draws: number[][] = [];
  const residuals = fit.residual && residualModel(fit.design);
  for (let s = 0; s < simulations; s++) {
    const y = simulate(fit, rng, residuals);
    try {
      const design = { ...fit.design, response: { ...fit.design.response, y } };
      draws.push(fitParameters(fitDesign(design, fit.method, undefined, fit.points)).map(({ estimate }) => estimate));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
    }
  }
  return {
    parameters,
    values: parameters.map((_, k) => Float64Array.from(draws, (draw) => draw[k]!)),
    failures: simulations - draws.length,
  };
}

/** A response drawn from the fitted model, length n; `residuals` is the model of them, where it was made before. */
export function simulate(fit: MaximumLikelihoodFit, rng: Rng, residuals?: ResidualModel): Float64Array {
  needsRows(fit.design, 'simulated responses', 'moments');
  const { n, p, X, response, groupTerms } = fit.design;
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = response.offset?.[i] ?? 0;
    for (let k = 0; k < p; k++) sum += X[i * p + k]! * fit.fixef.estimates[k]!;
    y[i] = sum;
  }
  groupTerms.forEach(({ J, q, Z, index }, f) => {
    const L = choleskyOf(fit.groups[f]!.Sigma, q);
    const u = new Float64Array(J * q);
    const z = new Float64Array(q);
    for (let j = 0; j < J; j++) {
      for (let a = 0; a < q; a++) z[a] = rng.normal();
      for (let a = 0; a < q; a++) for (let b = 0; b <= a; b++) u[j * q + a]! += L[a * q + b]! * z[b]!;
    }
    for (let i = 0; i < n; i++) for (let a = 0; a < q; a++) y[i]! += Z[i * q + a]! * u[index[i]! * q + a]!;
  });
  if (familyOf(fit.design).conjugate !== 'normal') {
    if (response.weights !== null) {
      throw new ModelError(
        'not-supported',
        response.label,
        `${response.label} has weights that count equal rows; a bootstrap draws every row by itself: give the rows, or counts with trials`,
      );
    }
    simulateRows(
      familyRows(fit.design),
      Float64Array.from(y),
      1,
      rng,
      y,
      fit.own ?? undefined,
      fit.thresholds?.estimates,
    );
    return y;
  }
  if (fit.residual) {
    simulateResiduals(fit.design, fit.residual, rng, residuals).forEach((e, i) => {
      y[i]! += e;
    });
    return y;
  }
  for (let i = 0; i < n; i++) {
    const sd = response.standardErrors?.[i] ?? fit.sigma! / Math.sqrt(response.weights?.[i] ?? 1);
    y[i]! += sd * rng.normal();
  }
  return y;
}

/** Lower factor of a covariance that may be singular: a pivot lost to rounding counts as 0. */
function choleskyOf(S: Float64Array, q: number): Float64Array {
  const L = new Float64Array(q * q);
  for (let i = 0; i < q; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = S[i * q + j]!;
      for (let k = 0; k < j; k++) sum -= L[i * q + k]! * L[j * q + k]!;
      if (i === j) L[i * q + i] = sum > 1e-13 * S[i * q + i]! ? Math.sqrt(sum) : 0;
      else L[i * q + j] = L[j * q + j]! > 0 ? sum / L[j * q + j]! : 0;
    }
  }
  return L;
}
