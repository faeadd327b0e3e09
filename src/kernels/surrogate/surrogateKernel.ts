import type { Design } from '../../design/design.ts';
import { log } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { factorCovariance } from '../crossed/factorCovariance.ts';
import { fittedOnce } from '../fittedOnce.ts';
import type { Kernel } from '../kernel.ts';
import { boundedStarts } from '../marginal/priorStarts.ts';
import { type FittedPseudoLikelihood, fitPseudoLikelihood } from './fitPseudoLikelihood.ts';
import { type SurrogateSampler, surrogateSampler, surrogateStats } from './surrogateSampler.ts';

/** Sweeps of the pseudo-posterior in which a chain forgets where the pilot run ended. */
const APART = 20;

/**
 * Draws (Sigma, beta, u) of a model without sigma with large factors, one or more, one large factor at a time, by
 * Metropolis steps on a Gaussian pseudo-likelihood that was fitted and frozen beforehand; see the room's README.
 * `sweeps` of them make a draw.
 */
export function surrogateKernel(design: Design, products: CrossProducts, priors: MovingPriors, sweeps: number): Kernel {
  let made: SurrogateSampler | undefined;
  const sampler = (): SurrogateSampler => {
    made ??= surrogateSampler(design, products, priors);
    return made;
  };
  const once = fittedOnce<FittedPseudoLikelihood, FittedPseudoLikelihood>(
    function* (): Pausing<FittedPseudoLikelihood> {
      return yield* fitPseudoLikelihood(design, sampler(), startingPlace(design, products, priors));
    },
    (fitted) => fitted,
    (fitted) => fitted,
  );
  let frozen = false;
  const rates = new Float64Array(surrogateStats.length);
  const fitted = (): FittedPseudoLikelihood => {
    const own = once.get();
    if (!frozen) sampler().freeze(own.pseudo);
    frozen = true;
    return own;
  };
  const names = design.groupTerms.flatMap(({ factor, blocks }) => [
    `tau_${factor}`,
    ...(blocks.some(({ size }) => size > 1) ? [`corr_${factor}`] : []),
    `u_${factor}`,
  ]);

  return {
    name: 'surrogate',
    updates: [...names, ...(design.p > 0 ? ['beta'] : [])],
    why: sentence(sweeps),
    prepare: once.prepare,
    departs: (own) => poor(own as FittedPseudoLikelihood),
    stats: surrogateStats,
    init(state, rng) {
      const { start } = fitted();
      sampler().take(start);
      for (let s = 0; s < APART; s += 1) sampler().pseudoSweep(rng);
      sampler().store(state);
    },
    step(state, rng, _phase, info) {
      const { scales } = fitted();
      sampler().load(state);
      info.fill(0);
      for (let s = 0; s < sweeps; s += 1) {
        sampler().sweep(rng, scales, rates);
        for (let k = 0; k < rates.length; k += 1) info[k] = info[k]! + rates[k]! / sweeps;
      }
      sampler().store(state);
    },
  };
}

/**
 * Coefficients 0, and sds that add 1 to the variance of the linear predictor; those that the prior of a factor calls
 * usual where bounds leave that none: from a point of density 0 no slice ever moves.
 */
function startingPlace({ groupTerms }: Design, { size, coordinates }: CrossProducts, priors: MovingPriors) {
  return {
    x: new Float64Array(size),
    covariances: groupTerms.map((term, f) => {
      const { q } = term;
      const map = coordinates.groups[f]!;
      const own = factorCovariance(term, priors.groups[f]!, map);
      for (let k = 0; k < q; k += 1) own.coordinates[k] = log(map.T[k * q + k]! / q);
      if (own.logPrior() > -Infinity) return own.coordinates;
      const usual = boundedStarts([term], [priors.groups[f]!], null)[0];
      return usual ? usual.map((v, k) => (k < q ? 2 * log(v) : v)) : own.coordinates;
    }),
  };
}

function sentence(sweeps: number): string {
  const times = sweeps === 1 ? 'one sweep a draw' : `${sweeps} sweeps a draw`;
  return `each large factor in turn given the others, with its covariance, beta and the small factors, proposed from a Gaussian pseudo-likelihood and accepted level by level, so that nothing large is factored; ${times}`;
}

/** What a pseudo-likelihood that holds badly has changed in the sweep, and what is to be expected of it. */
function poor({ jointRate, scales }: FittedPseudoLikelihood): string | null {
  if (!scales) return null;
  return `levels have so few events that the pseudo-likelihood holds badly (${Math.round(100 * jointRate)} of 100 joint steps accepted in a pilot run), so that every sweep also moves all sds and beta given standardised effects; expect about one effective draw of the sds in ten`;
}
