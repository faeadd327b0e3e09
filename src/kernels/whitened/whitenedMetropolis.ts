import type { Design } from '../../design/design.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import type { FittedOnce } from '../fittedOnce.ts';
import type { Kernel, State } from '../kernel.ts';
import { covarianceParameters } from '../modelSetting.ts';
import { followVariances } from '../state/coefficientVariances.ts';
import type { PreparedModel } from './fitWhitenedModel.ts';
import { MANY_PAIRS } from './pilotSteps.ts';
import type { WhitenedModel } from './whitenedModel.ts';
import { type WhitenedSampler, whitenedSampler } from './whitenedSampler.ts';
import { whitenedState } from './whitenedState.ts';
import { whitenedStats } from './whitenedStats.ts';

/** The latent entry: phi, then xi. */
const LATENT = 'whitened';

/**
 * Draws (Sigma, beta, u), and the family's own parameter where it is estimated, of a model without sigma by Metropolis
 * steps in coordinates xi that a Gaussian approximation of the posterior has made nearly independent and standard
 * normal (partial centring by the data: Christensen, Roberts & Sköld 2006), see `whitenedSampler`. The approximation is
 * fitted before sampling: it is a function of graph and data alone and shared by the chains. `modelOnce` gives that
 * approximation, fitted when a first chain starts. Where other kernels draw the same quantities (`alone` false) every
 * step starts from the state's values.
 */
export function whitenedMetropolisKernel(design: Design, modelOnce: FittedOnce<WhitenedModel>, alone = true): Kernel {
  const place = whitenedState(design);
  const parameter = estimatedParameter(design);
  const own = parameter ?? (design.response.levels ? 'threshold' : null);
  const phi = new Float64Array(covarianceParameters(design) + (parameter ? 1 : 0));
  let fitted:
    | { readonly model: WhitenedModel; readonly sampler: WhitenedSampler; readonly x: Float64Array }
    | undefined;

  const proposed = () => {
    if (!fitted) {
      const model = modelOnce.get();
      fitted = { model, sampler: whitenedSampler(model), x: new Float64Array(model.products.size) };
    }
    return fitted;
  };

  const write = (state: State): void => {
    const { model, sampler } = proposed();
    place.write(state, model, sampler.factor(), sampler.place().x);
  };

  return {
    name: 'whitenedMetropolis',
    updates: place.names,
    why: `covariances, ${own === null ? '' : `${own}, `}beta and u by Metropolis steps in coordinates whitened by a Gaussian approximation of the posterior; one pass over the merged cells a step`,
    prepare: modelOnce.prepare,
    departs: (made) => pairsOrSlices(made as PreparedModel),
    // Where other kernels follow, what they leave is not what the density was of.
    stats: alone ? whitenedStats : whitenedStats.filter((name) => name !== 'lp'),
    init(state, rng) {
      const { model, sampler } = proposed();
      followVariances(model.prior, state);
      const latent = new Float64Array(sampler.length);
      state.latent[LATENT] = latent;
      sampler.start(latent, rng);
      write(state);
    },
    step(state, rng, _phase, info) {
      const { model, sampler, x } = proposed();
      const latent = state.latent[LATENT]!;
      followVariances(model.prior, state);
      if (!alone) {
        place.read(state, model, phi, x);
        if (!sampler.adopt(latent, phi, x)) {
          info.fill(0);
          return;
        }
      }
      sampler.sweep(latent, rng, info);
      write(state);
    },
  };
}

/** What a poor approximation has changed in the sweep. */
function pairsOrSlices({ steps: { pairs, slices } }: PreparedModel): string | null {
  const poor = 'the Gaussian approximation does not hold here, as a pilot run found';
  if (slices > 0)
    return `${poor}, so that every iteration also draws each coordinate by slice sampling, ${times(slices)}`;
  return pairs > MANY_PAIRS ? `${poor}, so that every iteration repeats its steps ${times(pairs)}` : null;
}

function times(count: number): string {
  return count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`;
}
