import { mcseMean } from '../../diagnostics/mcse.ts';
import type { Design } from '../design/design.ts';
import { designOfRows } from '../design/designOfRows.ts';
import { ModelError } from '../errors.ts';
import { KEEP_ALL } from '../mcmc/keep.ts';
import { keeping, planDesign } from '../mcmc/plan.ts';
import type { SampleSize } from '../mcmc/sampleSize.ts';
import { properWhole } from '../mcmc/samplingDesign.ts';
import { logSumExp } from '../special/logSumExp.ts';
import { checkIntegrable, unitLogLikelihood } from '../summary/integrated/unitLogLikelihood.ts';
import type { Units } from '../summary/integrated/units.ts';
import { fromTheBeginning } from './chainStart.ts';
import { type RunOptions, runChains } from './runChains.ts';

/** Of each unit: the log of its predictive density, and the Monte Carlo standard error of that. */
export interface HeldOut {
  readonly elpd: Float64Array;
  readonly mcse: Float64Array;
}

/**
 * Fits the model to the rows that are in no unit (index -1) and predicts the units: elpd_j = log mean_s p(y_j | draw
 * s), the deviations of levels that have no row left integrated out (`unitLogLikelihood`). Default priors are resolved
 * on the rows that are fitted. `what` names what is held out in sentences. Throws `rank-deficient` where the rows left
 * do not determine a coefficient with a flat prior, and what `runChains` does.
 */
export async function heldOut(
  design: Design,
  rule: string,
  units: Units,
  what: string,
  size: SampleSize,
  options: RunOptions,
): Promise<HeldOut> {
  checkIntegrable(design, units);
  const kept = Int32Array.from(units.index.keys()).filter((i) => units.index[i]! < 0);
  const training = designOfRows(design, kept);
  if (kept.length === 0 || !properWhole(training)) {
    throw new ModelError(
      'rank-deficient',
      'X',
      `without ${what} the ${kept.length} rows that are left do not determine every coefficient with a flat prior; give the coefficients proper priors, or leave fewer rows out at a time`,
    );
  }
  const model = keeping(planDesign(training, rule), KEEP_ALL);
  const fit = await runChains(model, size, fromTheBeginning(size), options);
  options.signal?.throwIfAborted();
  const integrated = training.groupTerms.map(({ counts }) => Uint8Array.from(counts, (count) => (count === 0 ? 1 : 0)));
  const { values, draws, observations } = unitLogLikelihood(fit, { design, units, integrated });
  const elpd = new Float64Array(observations);
  const mcse = new Float64Array(observations);
  const column = new Float64Array(draws);
  const length = draws / size.chains;
  for (let j = 0; j < observations; j++) {
    for (let s = 0; s < draws; s++) column[s] = values[s * observations + j]!;
    elpd[j] = logSumExp(column) - Math.log(draws);
    // The density over its mean: its error is that of the log.
    const relative = column.map((value) => Math.exp(value - elpd[j]!));
    const chains = Array.from({ length: size.chains }, (_, c) => relative.subarray(c * length, (c + 1) * length));
    const error = mcseMean(chains);
    mcse[j] = Number.isFinite(error) ? error : 0;
  }
  return { elpd, mcse };
}
