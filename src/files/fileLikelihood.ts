import type { Draws } from '../mcmc/draws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { layout } from '../mcmc/layout.ts';
import { logLikelihood } from '../mcmc/logLikelihood.ts';
import { recording } from '../mcmc/recording.ts';
import { movingBlocks } from '../priors/movingPriors.ts';
import { standardisation } from '../products/standardisedDesign.ts';

/**
 * The log-likelihood by which a fit file and its data are held together: at the first draw of the first chain, and
 * where draws of deviations are not kept, where that chain stopped.
 */
export function fileLikelihood({ design, priors, draws, sampling, checkpoints }: Fit): number {
  if (sampling.keep === undefined && draws.iterations > 0) return logLikelihood(design, draws, 0, 0);
  const variables = layout(design);
  const position = Float64Array.from(checkpoints[0]!.position);
  const values = position.slice();
  recording(design, movingBlocks(standardisation(design), priors), variables)?.(position, values);
  const last: Draws = { variables, chains: 1, iterations: 1, values };
  return logLikelihood(design, last, 0, 0);
}
