import { ModelError } from '../errors.ts';
import type { FamilyName } from '../families/family.ts';
import { checkFit } from '../input/checkFit.ts';
import type { Draws } from '../mcmc/draws.ts';
import type { Fit, Sampling } from '../mcmc/fit.ts';
import { joinedQuantiles } from '../mcmc/keptQuantiles.ts';
import { fingerprint } from './fingerprint.ts';

/**
 * One fit of the chains of several: those that `sample` ran with `only`, on other machines, give the fit of one run of
 * all of them, to the bit. Times are summed. `names` are what errors call the fits; fit 1, fit 2 unless given. Throws
 * `combine` where two fits are not parts of one: another model, other data, seed, lengths, kernels, or a chain twice.
 */
export function combine<F extends FamilyName>(fits: readonly Fit<F>[], names?: readonly string[]): Fit<F>;
export function combine(fits: readonly Fit[], names: readonly string[] = []): Fit {
  const nameOf = (place: number): string => names[place] ?? `fit ${place + 1}`;
  const given: unknown = fits;
  for (const fit of Array.isArray(given) ? given : [given]) checkFit('combine', fit, 'mcmc');
  if (!Array.isArray(given)) throw refused('one fit is given by itself; give a list of two or more');
  const [first, ...others] = fits;
  if (first === undefined) throw refused('no fit is given; give two or more');
  const own = parts(first);
  others.forEach((other, k) => {
    const odd = Object.entries(parts(other)).find(([name, value]) => value !== own[name]);
    if (odd) {
      const both = `${nameOf(k + 1)} has another ${odd[0]} than ${nameOf(0)}`;
      throw refused(`${both}; parts of one run differ in their chains alone`);
    }
  });
  const chains = fits
    .flatMap((fit, file) => fit.checkpoints.map((checkpoint, place) => ({ fit, file, checkpoint, place })))
    .sort((a, b) => a.checkpoint.chain - b.checkpoint.chain);
  const again = chains.findIndex(({ checkpoint }, i) => checkpoint.chain === chains[i - 1]?.checkpoint.chain);
  if (again > 0) {
    const both = [again - 1, again].map((i) => nameOf(chains[i]!.file)).join(' and in ');
    throw refused(`chain ${chains[again]!.checkpoint.chain + 1} is in ${both}; each is to be given once`);
  }
  const draws = joined(chains.map(({ fit, place }) => ({ part: fit.draws, place })));
  // Parts of before kernels told of their steps have no statistics, and so the whole has none.
  const told = statNames(first);
  const stats = chains.flatMap(({ fit, place }) =>
    fit.sampleStats && statNames(fit) === told ? [{ part: fit.sampleStats, place }] : [],
  );
  const sampleStats = stats.length === chains.length ? joined(stats) : null;
  const sampling: Sampling = {
    ...first.sampling,
    chains: chains.length,
    kernels: sampleStats ? first.sampling.kernels : first.sampling.kernels.map((note) => ({ ...note, stats: [] })),
    warmupSeconds: total(fits, 'warmupSeconds'),
    samplingSeconds: total(fits, 'samplingSeconds'),
  };
  const checkpoints = chains.map(({ checkpoint }) => checkpoint);
  const quantiles = fits.flatMap((fit) => (fit.quantiles ? [fit.quantiles] : []));
  const kept = quantiles.length > 0 ? { quantiles: joinedQuantiles(quantiles) } : {};
  return { ...first, draws, sampleStats, sampling, checkpoints, ...kept };
}

/** Chains of one length, each at its place in the draws of some fit, side by side. */
function joined(chains: readonly { readonly part: Draws; readonly place: number }[]): Draws {
  const { variables, iterations, values: own, chains: count } = chains[0]!.part;
  const scalars = own.length / (count * iterations);
  const values = new Float64Array(scalars * chains.length * iterations);
  chains.forEach(({ part, place }, chain) => {
    for (let i = 0; i < scalars; i += 1) {
      const start = (i * part.chains + place) * iterations;
      values.set(part.values.subarray(start, start + iterations), (i * chains.length + chain) * iterations);
    }
  });
  return { variables, chains: chains.length, iterations, values };
}

/** What parts of one run have in common, as texts. */
function parts({ graph, design, priors, sampling }: Fit): Record<string, string> {
  const { seed, warmup, iterations, thin = 1, keep = {}, rule, kernels } = sampling;
  return {
    model: JSON.stringify(graph),
    'set of data': fingerprint(design),
    'set of rows': JSON.stringify([design.dropped, Array.from(design.kept ?? [])]),
    'set of priors': JSON.stringify(priors),
    seed: String(seed),
    'length of warm-up': String(warmup),
    'number of iterations': String(iterations),
    'choice of what is kept': JSON.stringify([thin, Object.entries(keep).sort()]),
    'choice of kernels': JSON.stringify([rule, kernels.map(({ name }) => name)]),
  };
}

function statNames({ sampleStats }: Fit): string {
  return JSON.stringify(sampleStats?.variables.map(({ name }) => name) ?? []);
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
