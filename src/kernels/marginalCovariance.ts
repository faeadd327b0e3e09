import type { GroupTerm } from '../design/design.ts';
import { exp } from '../elementary.ts';
import { covarianceWriter } from './covarianceWriter.ts';
import { foldedWalk } from './foldedWalk.ts';
import type { Kernel, State } from './kernel.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';
import { type MarginalProposal, marginalProposal } from './marginalProposal.ts';
import { type MarginalTarget, marginalTarget } from './marginalTarget.ts';
import type { BlockPrior, ScalePrior } from './priors.ts';

/** The latent entry: phi, sigma, log weight, log proposal density. */
const LATENT = 'marginal';
/** Share of random-walk steps: enough to make the support complete, few enough to cost nothing. */
const WALK_SHARE = 0.05;
/**
 * Independence steps per recorded draw. A second removes most repeats where the proposal is a mixture (effective draws of the worst parameter from some 0.65
 * to 0.9 of the recorded ones, for a third more time); the table of one covariance parameter is accepted 19 times of 20.
 */
const STEPS = 2;
const STEPS_OF_ONE = 1;

/**
 * Draws (Sigma, sigma) with u and beta integrated out: an independence Metropolis-Hastings step whose proposal is fitted to the
 * marginal posterior once, before sampling, as a function of graph and data alone. The chain keeps (phi, sigma, log weight, log proposal density).
 * `typical` (q) is where phi's sds start the search for the mode; `propose` fits the proposal, any that is right everywhere giving right draws.
 * A kernel that draws (u, beta) given (Sigma, sigma) must follow it in every sweep (van Dyk & Park 2008, partially collapsed Gibbs).
 */
export function marginalCovarianceKernel(
  terms: readonly GroupTerm[],
  likelihood: MarginalLikelihood,
  typical: Float64Array,
  priors: readonly (readonly BlockPrior[])[],
  sigmaPrior: ScalePrior | null,
  propose: (target: MarginalTarget, typical: Float64Array) => MarginalProposal = marginalProposal,
): Kernel {
  const target = marginalTarget(likelihood, terms, priors, sigmaPrior);
  const { d, q } = target;
  const writer = covarianceWriter(terms);
  const candidate = new Float64Array(d);
  const noise = new Float64Array(d);
  let fitted: MarginalProposal | undefined;

  /** The proposal is fitted when a first chain starts, and shared by all. */
  const prepare = (): MarginalProposal => {
    fitted ??= propose(target, typical);
    return fitted;
  };

  /** Takes the point that `target` was last evaluated at, with its sigma, into the state. */
  const write = (state: State, sigma: number): void => {
    if (sigmaPrior) state.at['sigma']![0] = sigma;
    writer.write(target, state, sigma);
  };

  return {
    name: 'marginalCovariance',
    updates: [...writer.names, ...(sigmaPrior ? ['sigma'] : [])],
    why: `${d} covariance parameter${d === 1 ? '' : 's'}: drawn${sigmaPrior ? ' with the residual sd' : ''} with all coefficients integrated out`,
    init(state, rng) {
      const { proposal, start } = prepare();
      const latent = new Float64Array(d + 3);
      state.latent[LATENT] = latent;
      for (let attempt = 0; attempt < 100; attempt += 1) {
        proposal.draw(rng, candidate);
        if (attempt === 99) candidate.set(start);
        if (!target.at(candidate)) continue;
        const sigma = target.drawSigma(rng);
        const weight = target.logWeight(sigma);
        if (!Number.isFinite(weight)) continue;
        latent.set(candidate);
        latent[d] = sigma;
        latent[d + 1] = weight;
        latent[d + 2] = proposal.logDensity(candidate);
        write(state, sigma);
        return;
      }
    },
    step(state, rng, phase) {
      const { proposal, walk } = prepare();
      const latent = state.latent[LATENT]!;
      const steps = phase === 'warmup' ? 1 : d === 1 ? STEPS_OF_ONE : STEPS;
      for (let s = 0; s < steps; s += 1) {
        const walking = rng.uniform() < WALK_SHARE;
        if (walking) foldedWalk(latent, walk, q, 1, rng, noise, candidate);
        else proposal.draw(rng, candidate);
        if (!target.at(candidate)) continue;
        const sigma = target.drawSigma(rng);
        const weight = target.logWeight(sigma);
        const density = proposal.logDensity(candidate);
        const ratio = walking ? weight - latent[d + 1]! : weight - density - (latent[d + 1]! - latent[d + 2]!);
        if (ratio >= 0 || rng.uniform() < exp(ratio)) {
          for (let i = 0; i < d; i += 1) latent[i] = candidate[i]!;
          latent[d] = sigma;
          latent[d + 1] = weight;
          latent[d + 2] = density;
          write(state, sigma);
        }
      }
    },
  };
}
