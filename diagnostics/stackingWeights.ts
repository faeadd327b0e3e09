import { checkObject } from './checkObject.ts';
import { DiagnosticsError } from './diagnosticsError.ts';

/** What weights are made of: a value for each observation, of any cross-validation. */
export interface PointwiseElpd {
  readonly pointwise: { readonly elpd: ArrayLike<number> };
}

/** Rounds of the search; each raises the score or ends it. */
const ROUNDS = 10_000;

/** How far from the optimum the mean log score may be at the end. */
const NEAR = 1e-12;

/**
 * Stacking weights of models (Yao, Vehtari, Simpson & Gelman 2018, equation 4): the w on the simplex that maximise
 * the mean over the observations of log sum_k w_k exp(elpd_ik), the weights of the mixture of the models' predictions
 * that predicts best. By the EM steps w_k <- mean_i w_k p_ik / sum_l w_l p_il, each followed by one twice, four times,
 * ... as far along while the score rises; max_k mean_i p_ik / sum_l w_l p_il - 1 bounds what is still to be gained.
 *
 * Throws DiagnosticsError `bad-argument` when there are no models or they do not have the same observations.
 */
export function stackingWeights(models: Readonly<Record<string, PointwiseElpd>>): Record<string, number> {
  checkObject(models, 'models', '{ name: loo(...) }');
  const names = Object.keys(models);
  for (const name of names) checkObject(models[name], `model ${JSON.stringify(name)}`, 'loo(...)', 'pointwise');
  const first = names[0];
  if (first === undefined)
    throw new DiagnosticsError('bad-argument', 'there are no models to weigh; give { name: loo(…) }');
  const elpd = names.map((name) => models[name]!.pointwise.elpd);
  const n = elpd[0]!.length;
  names.forEach((name, k) => {
    if (elpd[k]!.length === n) return;
    throw new DiagnosticsError(
      'bad-argument',
      `model "${name}" has ${elpd[k]!.length} observations and model "${first}" has ${n}; weigh models of the same observations`,
    );
  });
  const K = names.length;
  // Densities over the largest of their row, which the score's maximum does not depend on.
  const p = elpd.map((values) => Float64Array.from(values));
  for (let i = 0; i < n; i++) {
    const largest = p.reduce((best, values) => Math.max(best, values[i]!), Number.NEGATIVE_INFINITY);
    for (const values of p) values[i] = Math.exp(values[i]! - largest);
  }
  let weights = new Float64Array(K).fill(1 / K);
  let mixed = mixture(p, weights);
  let score = meanLog(mixed);
  for (let round = 0; round < ROUNDS; round++) {
    const gains = p.map((values) => values.reduce((sum, value, i) => sum + value / mixed[i]!, 0) / n);
    if (Math.max(...gains) - 1 < NEAR) break;
    let found = false;
    for (let power = 1; power <= 2 ** 20; power *= 2) {
      const raised = weights.map((weight, k) => weight * gains[k]! ** power);
      const total = raised.reduce((sum, weight) => sum + weight, 0);
      const next = raised.map((weight) => weight / total);
      const nextMixed = mixture(p, next);
      const nextScore = meanLog(nextMixed);
      if (!(nextScore > score)) break;
      found = true;
      [weights, mixed, score] = [next, nextMixed, nextScore];
    }
    if (!found) break;
  }
  return Object.fromEntries(names.map((name, k) => [name, weights[k]!]));
}

function mixture(p: readonly Float64Array[], weights: Float64Array): Float64Array {
  const out = new Float64Array(p[0]!.length);
  p.forEach((values, k) => {
    for (let i = 0; i < out.length; i++) out[i]! += weights[k]! * values[i]!;
  });
  return out;
}

function meanLog(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.log(value), 0) / values.length;
}
