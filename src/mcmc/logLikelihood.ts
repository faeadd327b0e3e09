import type { Design } from '../design/design.ts';
import { logLevelProbability } from '../families/orderedLink.ts';
import { estimatedParameter, knownParameter } from '../families/ownParameter.ts';
import { familyRows, fillRows } from '../products/familyRows.ts';
import { structuredLogLikelihood } from '../products/structuredLogLikelihood.ts';
import { type Draws, findVariable } from './draws.ts';

/**
 * The log-likelihood of one draw, sum over rows of log p(y_i | eta_i) under the family of the model, with every
 * constant, eta = X beta + sum over factors of Z u + offset; a row counts as often as its weight says in a family of
 * counts. Of residuals that depend on each other it is the log density of all rows together. `chain` and `iteration`
 * are 0-based.
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
  const predictors = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    let eta = response.offset ? response.offset[i]! : 0;
    for (let column = 0; column < p; column += 1) eta += X[i * p + column]! * beta[column]!;
    for (let f = 0; f < groupTerms.length; f += 1) {
      const { q, Z, index } = groupTerms[f]!;
      const u = deviations[f]!;
      for (let k = 0; k < q; k += 1) eta += Z[i * q + k]! * u[index[i]! * q + k]!;
    }
    predictors[i] = eta;
  }
  if (design.residual) return structuredLogLikelihood(design, predictors, (name, k = 0) => value(offset(name) + k));
  const rows = familyRows(design);
  const { ordered } = rows.family;
  if (ordered && response.levels) {
    const at = offset('threshold');
    const thresholds = Float64Array.from({ length: response.levels.length - 1 }, (_, k) => value(at + k));
    let sum = 0;
    predictors.forEach((eta, i) => {
      sum += rows.copies[i]! * logLevelProbability(ordered, rows.y[i]!, eta, thresholds);
    });
    return sum;
  }
  const sigma = rows.family.sigma !== null && !response.standardErrors ? value(offset('sigma')) : 1;
  const parameter = estimatedParameter(design);
  const own = parameter === null ? knownParameter(design) : value(offset(parameter));
  return fillRows(rows, predictors, sigma, {}, own);
}
