import type { Design } from '../design/design.ts';
import { type Draws, findVariable } from './draws.ts';

/**
 * The log-likelihood of one draw, sum over rows of log N(y_i; eta_i, sd_i^2) with eta = X beta + sum over factors of Z u + offset, and
 * sd_i = sigma / sqrt(w_i), or the known standard error of the row. `chain` and `iteration` are 0-based.
 */
export function logLikelihood(design: Design, draws: Draws, chain: number, iteration: number): number {
  const { n, p, X, response, groupTerms } = design;
  const value = (scalar: number): number =>
    draws.values[(scalar * draws.chains + chain) * draws.iterations + iteration]!;
  const offset = (name: string): number => findVariable(draws, name)!.offset;
  const betaAt = offset('beta');
  const beta = Float64Array.from({ length: p }, (_, column) => value(betaAt + column));
  const deviations = groupTerms.map(({ factor, J, q }) => {
    const at = offset(`u_${factor}`);
    return Float64Array.from({ length: J * q }, (_, i) => value(at + i));
  });
  const { y, weights, standardErrors } = response;
  const sigma = standardErrors ? 1 : value(offset('sigma'));
  let sum = -0.5 * n * Math.log(2 * Math.PI);
  for (let i = 0; i < n; i += 1) {
    let eta = response.offset ? response.offset[i]! : 0;
    for (let column = 0; column < p; column += 1) eta += X[i * p + column]! * beta[column]!;
    for (let f = 0; f < groupTerms.length; f += 1) {
      const { q, Z, index } = groupTerms[f]!;
      const u = deviations[f]!;
      for (let k = 0; k < q; k += 1) eta += Z[i * q + k]! * u[index[i]! * q + k]!;
    }
    const sd = (standardErrors ? standardErrors[i]! : sigma) / (weights ? Math.sqrt(weights[i]!) : 1);
    const z = (y[i]! - eta) / sd;
    sum -= Math.log(sd) + 0.5 * z * z;
  }
  return sum;
}
