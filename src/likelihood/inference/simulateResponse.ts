import { needsRows } from '../../design/needsRows.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { familyRows, simulateRows } from '../../products/familyRows.ts';
import type { Rng } from '../../random/rng.ts';
import type { ResidualModel } from '../../residual/residualModel.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { simulateResiduals } from '../structured/simulateResiduals.ts';

/** What may be known or chosen beforehand. */
export interface SimulatedResponse {
  /** The model of residuals that depend on each other, where it was made before. */
  readonly residuals?: ResidualModel | null | undefined;
  /** The deviations of the groups: new ones from N(0, Sigma), which is the default, or their modes. */
  readonly groups?: 'new' | 'observed';
}

/**
 * A response drawn from the fitted model, length n: y = X beta + Z u + e, or of the family at X beta + Z u, levels of
 * ordered answers from 0. Throws `needs-rows`, and `not-supported` for weights that count equal rows.
 */
export function simulateResponse(
  fit: MaximumLikelihoodFit,
  rng: Rng,
  { residuals, groups = 'new' }: SimulatedResponse = {},
): Float64Array {
  needsRows(fit.design, 'simulated responses', 'moments');
  const { n, p, X, response, groupTerms } = fit.design;
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = response.offset?.[i] ?? 0;
    for (let k = 0; k < p; k++) sum += X[i * p + k]! * fit.fixef.estimates[k]!;
    y[i] = sum;
  }
  groupTerms.forEach(({ J, q, Z, index }, f) => {
    const { Sigma, modes } = fit.groups[f]!;
    const u = groups === 'new' ? newDeviations(Sigma, J, q, rng) : modes;
    for (let i = 0; i < n; i++) for (let a = 0; a < q; a++) y[i]! += Z[i * q + a]! * u[index[i]! * q + a]!;
  });
  if (familyOf(fit.design).conjugate !== 'normal') {
    if (response.weights !== null) {
      throw new ModelError(
        'not-supported',
        response.label,
        `${response.label} has weights that count equal rows; responses are drawn row by row: give the rows, or counts with trials`,
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
    simulateResiduals(fit.design, fit.residual, rng, residuals ?? undefined).forEach((e, i) => {
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

/** J deviations from N(0, Sigma), one after the other. */
function newDeviations(Sigma: Float64Array, J: number, q: number, rng: Rng): Float64Array {
  const L = choleskyOf(Sigma, q);
  const u = new Float64Array(J * q);
  const z = new Float64Array(q);
  for (let j = 0; j < J; j++) {
    for (let a = 0; a < q; a++) z[a] = rng.normal();
    for (let a = 0; a < q; a++) for (let b = 0; b <= a; b++) u[j * q + a]! += L[a * q + b]! * z[b]!;
  }
  return u;
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
