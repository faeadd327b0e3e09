import { scatter } from '../design/crossProducts.ts';
import type { Design } from '../design/design.ts';
import { createRng, type Rng } from '../random/rng.ts';
import { type CovarianceWriter, covarianceWriter } from './covarianceWriter.ts';
import type { Kernel, State } from './kernel.ts';
import type { Priors } from './priors.ts';
import { type WhitenedModel, whitenedModel } from './whitenedModel.ts';
import { type WhitenedSampler, whitenedSampler } from './whitenedSampler.ts';

/** The latent entry: phi, then xi. */
const LATENT = 'whitened';
/** Sweeps of the pilot runs, at whose mean phi the pseudo-observations are fitted anew. */
const PILOTS = [400, 400] as const;

/**
 * Draws (Sigma, beta, u) of a binomial model by Metropolis steps in coordinates xi that a Gaussian approximation of the posterior has made nearly
 * independent and standard normal (partial centring by the data: Christensen, Roberts & Sköld 2006), see `whitenedSampler`. The approximation is fitted
 * before sampling, by rounds of its own fixed stream: it is a function of graph and data alone and shared by the chains.
 */
export function whitenedMetropolisKernel(design: Design, priors: Priors): Kernel {
  const writer: CovarianceWriter = covarianceWriter(design.groupTerms);
  const uNames = design.groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  let fitted: { readonly model: WhitenedModel; readonly sampler: WhitenedSampler } | undefined;

  const prepare = () => {
    fitted ??= fit(design, priors);
    return fitted;
  };

  const write = (state: State): void => {
    const { model, sampler } = prepare();
    writer.write(sampler.factor().target, state, 1);
    for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
    scatter(model.weighted.products, sampler.place().x, views, state.at['beta']!);
  };

  return {
    name: 'whitenedMetropolis',
    updates: [...writer.names, ...uNames, 'beta'],
    why: 'covariances, beta and u by Metropolis steps in coordinates whitened by a Gaussian approximation of the posterior; one pass over the merged cells a step',
    init(state, rng) {
      const { sampler } = prepare();
      const latent = new Float64Array(sampler.length);
      state.latent[LATENT] = latent;
      sampler.start(latent, rng);
      write(state);
    },
    step(state, rng) {
      prepare().sampler.sweep(state.latent[LATENT]!, rng);
      write(state);
    },
  };
}

/** The pseudo-model fitted at its mode, then twice at the mean of phi in a pilot run. */
function fit(design: Design, priors: Priors): { model: WhitenedModel; sampler: WhitenedSampler } {
  const model = whitenedModel(design, priors);
  const start = model.start();
  let sampler = whitenedSampler(model, model.propose(start));
  const d = start.length;
  const rng: Rng = createRng([2]);
  for (const sweeps of PILOTS) {
    const latent = new Float64Array(sampler.length);
    sampler.start(latent, rng);
    const mean = new Float64Array(d);
    for (let s = 0; s < sweeps; s += 1) {
      sampler.sweep(latent, rng);
      if (s >= sweeps / 4) for (let k = 0; k < d; k += 1) mean[k] = mean[k]! + latent[k]! / (0.75 * sweeps);
    }
    model.centre(mean);
    sampler = whitenedSampler(model, model.propose(mean));
  }
  return { model, sampler };
}
