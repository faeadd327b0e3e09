import { ModelError } from '../errors.ts';
import { checkFit } from '../input/checkFit.ts';
import type { Draws } from '../mcmc/draws.ts';
import type { Fit, Sampling } from '../mcmc/fit.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * One fit of the chains of several: those that `sample` ran with `only`, on other machines, give the fit of one run of all of them, to the bit. Times are
 * summed. Throws `combine` where two fits are not parts of one: another model, other data, seed, lengths, kernels, or a chain twice.
 */
export function combine(fits: readonly Fit[]): Fit {
  for (const fit of Array.isArray(fits) ? fits : [fits]) checkFit('combine', fit, 'mcmc');
  const [first, ...others] = fits;
  if (first === undefined) throw refused('no fit is given; give two or more');
  const own = parts(first);
  others.forEach((other, k) => {
    const odd = Object.entries(parts(other)).find(([name, value]) => value !== own[name]);
    if (odd)
      throw refused(`fit ${k + 2} has another ${odd[0]} than the first; parts of one run differ in their chains alone`);
  });
  const chains = fits
    .flatMap((fit) => fit.checkpoints.map((checkpoint, place) => ({ fit, checkpoint, place })))
    .sort((a, b) => a.checkpoint.chain - b.checkpoint.chain);
  const twice = chains.find(({ checkpoint }, i) => i > 0 && checkpoint.chain === chains[i - 1]!.checkpoint.chain);
  if (twice) throw refused(`chain ${twice.checkpoint.chain + 1} is in two of the fits; each is to be given once`);
  const { iterations } = first.draws;
  const scalars = first.draws.values.length / (first.draws.chains * iterations);
  const values = new Float64Array(scalars * chains.length * iterations);
  chains.forEach(({ fit: { draws }, place }, chain) => {
    for (let i = 0; i < scalars; i += 1) {
      const start = (i * draws.chains + place) * iterations;
      values.set(draws.values.subarray(start, start + iterations), (i * chains.length + chain) * iterations);
    }
  });
  const draws: Draws = { variables: first.draws.variables, chains: chains.length, iterations, values };
  const sampling: Sampling = {
    ...first.sampling,
    chains: chains.length,
    warmupSeconds: total(fits, 'warmupSeconds'),
    samplingSeconds: total(fits, 'samplingSeconds'),
  };
  return { ...first, draws, sampling, checkpoints: chains.map(({ checkpoint }) => checkpoint) };
}

/** What parts of one run have in common, as texts. */
function parts({ graph, design, priors, sampling }: Fit): Record<string, string> {
  const { seed, warmup, iterations, rule, kernels } = sampling;
  return {
    model: JSON.stringify(graph),
    'set of data': fingerprint(design),
    'set of rows': JSON.stringify([design.dropped, Array.from(design.kept ?? [])]),
    'set of priors': JSON.stringify(priors),
    seed: String(seed),
    'length of warm-up': String(warmup),
    'number of iterations': String(iterations),
    'choice of kernels': JSON.stringify([rule, kernels.map(({ name }) => name)]),
  };
}

function total(fits: readonly Fit[], key: 'warmupSeconds' | 'samplingSeconds'): number | null {
  return fits.reduce<number | null>((sum, { sampling }) => {
    const seconds = sampling[key];
    return sum === null || seconds === null ? null : sum + seconds;
  }, 0);
}

function refused(sentence: string): ModelError {
  return new ModelError('combine', 'combine', `combine: ${sentence}`);
}
