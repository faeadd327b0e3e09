import { scatter } from '../design/crossProducts.ts';
import type { Design } from '../design/design.ts';
import { type CovarianceWriter, covarianceWriter } from './covarianceWriter.ts';
import type { Kernel, State } from './kernel.ts';
import type { Priors } from './priors.ts';
import { type WhitenedModel, whitenedModel } from './whitenedModel.ts';
import { type WhitenedSampler, whitenedSampler } from './whitenedSampler.ts';

/** The latent entry: phi, then xi. */
const LATENT = 'whitened';

/**
 * Draws (Sigma, beta, u) of a binomial model by Metropolis steps in coordinates xi that a Gaussian approximation of the posterior has made nearly
 * independent and standard normal (partial centring by the data: Christensen, Roberts & Sköld 2006), see `whitenedSampler`. The approximation is fitted
 * before sampling: it is a function of graph and data alone and shared by the chains.
 */
export function whitenedMetropolisKernel(design: Design, priors: Priors): Kernel {
  const writer: CovarianceWriter = covarianceWriter(design.groupTerms);
  const uNames = design.groupTerms.map(({ factor }) => `u_${factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  let fitted: { readonly model: WhitenedModel; readonly sampler: WhitenedSampler } | undefined;

  const prepare = () => {
    if (!fitted) {
      const model = whitenedModel(design, priors);
      fitted = { model, sampler: whitenedSampler(model) };
    }
    return fitted;
  };

  const write = (state: State): void => {
    const { model, sampler } = prepare();
    writer.write(sampler.factor().target, state, 1);
    for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
    scatter(model.products, sampler.place().x, views, state.at['beta']!);
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
