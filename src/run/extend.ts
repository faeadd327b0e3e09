import type { FamilyName } from '../families/family.ts';
import { wholeNumber } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import { checkUnfinished } from '../input/checkUnfinished.ts';
import { optionError } from '../input/optionError.ts';
import type { Fit } from '../mcmc/fit.ts';
import { planOfFit } from '../mcmc/planOfFit.ts';
import { fromCheckpoints } from './chainStart.ts';
import { RUN_OPTIONS, type RunOptions, runChains, type Unfinished } from './runChains.ts';

/**
 * Goes on from where a fit stopped, and gives way to other events meanwhile: `iterations` further draws of every chain,
 * joined to those it has. The draws are those of a single run of the summed length, and of `extendSync`. Stopped by
 * `signal`, it resolves to the fit of what was drawn. Throws (rejects) as `sample` does.
 */
export async function extend<F extends FamilyName>(
  fit: Fit<F>,
  iterations: number,
  options?: RunOptions,
): Promise<Fit<F>>;
export async function extend(fit: Fit, iterations: number, options: RunOptions = {}): Promise<Fit> {
  checkFit('extend', fit, 'mcmc');
  checkOptions('extend', options, RUN_OPTIONS);
  const accepted = wholeNumber(1, 1e7);
  if (!accepted.accepts(iterations)) throw optionError('iterations', iterations, accepted.words);
  return goOn({ fit, iterations: fit.sampling.iterations + iterations }, options);
}

/**
 * Ends a fit that was under way, from its last checkpoint: the fit is that of a run that was never interrupted. Throws
 * (rejects) as `sample` does.
 */
export async function resume(unfinished: Unfinished, options: RunOptions = {}): Promise<Fit> {
  checkOptions('resume', options, RUN_OPTIONS);
  checkUnfinished('resume', unfinished);
  return goOn(unfinished, options);
}

function goOn({ fit, iterations }: Unfinished, options: RunOptions): Promise<Fit> {
  const { chains, warmup, seed } = fit.sampling;
  const model = planOfFit(fit);
  return runChains(model, { chains, warmup, iterations, seed }, fromCheckpoints(fit.checkpoints), options, fit);
}
