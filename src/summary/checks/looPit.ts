import { needsIndependent } from '../../design/needsIndependent.ts';
import { rowNumbers } from '../../design/rowNumbers.ts';
import { seedValue } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { familyRows } from '../../products/familyRows.ts';
import { createRng } from '../../random/rng.ts';
import { distinctRows } from '../comparison/distinctRows.ts';
import { leftOutWeights } from '../comparison/leftOutWeights.ts';
import { rowsLogLikelihood } from '../comparison/logLikelihood.ts';
import { drawCount, ownDraws, sigmaDraws } from '../groupDraws.ts';
import { fittedRows } from '../prediction/fittedRows.ts';
import { linearPredictor } from '../prediction/linearPredictor.ts';
import { thresholdDraws } from '../thresholdDraws.ts';
import { distributionFunction } from './distributionFunction.ts';

/** Where each row lies in its predictive distribution given all other rows. */
export interface LooPit {
  /** Length n, in [0, 1]: uniform if the model is right, U-shaped where it is too sure, a hill where too unsure. */
  readonly pit: Float64Array;
  /** Pareto k of each row's weights; above 0.7 its value is not to be trusted. */
  readonly paretoK: Float64Array;
  /** The number of each row among the rows given, counted from 1. */
  readonly rowNumbers: readonly number[];
}

/** Stream of what is drawn of counted responses, beyond the number of any chain. */
const STREAM = 5_000_000;

/**
 * Leave-one-out probability integral transform (Gelfand, Dey & Chang 1992; Gabry et al. 2019, section 5): with w_is the
 * Pareto-smoothed weights of 1 / p(y_i | draw s), sum_s w_is P(Y < y_i | draw s), and of counted responses a uniform
 * share of sum_s w_is P(Y = y_i | draw s) beside (Czado, Gneiting & Held 2009, section 2). Given the deviations of the
 * groups; the row itself is left out, which a `quantile` residual does not do. Throws `draws-not-kept`, `needs-rows`.
 */
export function looPit(fit: Fit, options: { readonly seed?: number } = {}): LooPit {
  checkFit('looPit', fit, 'mcmc');
  needsIndependent(fit.design, 'looPit');
  checkOptions('looPit', options, { seed: seedValue });
  const { design, draws } = fit;
  const { rows } = fittedRows(
    fit,
    design.groupTerms.map((_, f) => f),
  );
  const S = drawCount(fit);
  const sigma = sigmaDraws(fit);
  const own = ownDraws(fit);
  const { family, y, size } = familyRows(design);
  const predictor = linearPredictor(fit, rows);
  const rng = createRng([options.seed ?? fit.sampling.seed, STREAM]);
  const eta = new Float64Array(S);
  const logLik = new Float64Array(S);
  const out = new Float64Array(2);
  const ordered = thresholdDraws(fit);
  const thresholds = new Float64Array(ordered?.count ?? 0);
  const { index, first } = distinctRows(design);
  const { values } = rowsLogLikelihood(fit, first);
  const below = new Float64Array(first.length);
  const here = new Float64Array(first.length);
  const k = new Float64Array(first.length);
  first.forEach((i, column) => {
    predictor(i, eta);
    for (let s = 0; s < S; s++) logLik[s] = values[s * first.length + column]!;
    const weights = leftOutWeights(logLik, draws.chains);
    const at = distributionFunction({ family, y: y[i]!, size: size[i]! });
    for (let s = 0; s < S; s++) {
      const weight = Math.exp(weights.logWeights[s]!);
      if (weight < 1e-12) continue;
      ordered?.at(s, thresholds);
      at(eta[s]!, sigma ? sigma[s]! : 1, own ? own[s]! : undefined, out, thresholds);
      below[column]! += weight * out[0]!;
      here[column]! += weight * out[1]!;
    }
    k[column] = weights.paretoK;
  });
  // Equal rows have equal weights, and places of their own within the probability of their count.
  const pit = Float64Array.from(index, (column) => {
    const share = here[column]! > 0 ? rng.uniform() * here[column]! : 0;
    return Math.min(1, below[column]! + share);
  });
  const paretoK = Float64Array.from(index, (column) => k[column]!);
  return { pit, paretoK, rowNumbers: rowNumbers(design) };
}
