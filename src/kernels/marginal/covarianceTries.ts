import { exp } from '../../elementary.ts';
import { foldedWalk } from '../../proposals/foldedWalk.ts';
import type { Rng } from '../../random/rng.ts';
import type { MarginalProposal } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** Tries in a sweep, taken in turn: anew from the proposal, and a walk. */
const TRIES = 4;
/** The walk's steps are those of the marginal posterior; given auxiliaries it is narrower. */
const WALK_SCALE = 0.6;

/** Metropolis steps of (phi, sigma) given the auxiliaries of the rows, u and beta integrated out. */
export interface CovarianceTries {
  /** sigma after the last `run`: as it was given, or as it was drawn with the last phi accepted. */
  sigma: number;
  /**
   * Moves phi in place from sigma (1 where it is known) and says whether anything was accepted; the target is left evaluated at phi. Without a fitted
   * proposal nothing is tried. Throws where the density is not finite at phi. Allocates nothing.
   */
  run(phi: Float64Array, sigma: number, fitted: MarginalProposal | null, rng: Rng): boolean;
}

/** Builds the steps over a target; allocates only here. */
export function covarianceTries(target: MarginalTarget): CovarianceTries {
  const { d, q } = target;
  const candidate = new Float64Array(d);
  const noise = new Float64Array(d);
  const tries: CovarianceTries = {
    sigma: 1,
    run(phi, sigma, fitted, rng) {
      tries.sigma = sigma;
      if (!target.at(phi)) throw new Error('the precision matrix of the coefficients is not positive definite');
      if (!fitted) return false;
      const { proposal, walk } = fitted;
      let weight = target.logWeight(sigma);
      let density = proposal.logDensity(phi);
      let moved = false;
      let stale = false;
      for (let t = 0; t < TRIES; t += 1) {
        const walking = d > 0 && t % 2 === 1;
        if (walking) foldedWalk(phi, walk, q, WALK_SCALE, rng, noise, candidate);
        else proposal.draw(rng, candidate);
        stale = true;
        if (!target.at(candidate)) continue;
        const proposed = target.drawSigma(rng);
        const value = target.logWeight(proposed);
        const at = proposal.logDensity(candidate);
        const ratio = walking ? value - weight : value - at - (weight - density);
        if (ratio >= 0 || rng.uniform() < exp(ratio)) {
          phi.set(candidate);
          tries.sigma = proposed;
          weight = value;
          density = at;
          moved = true;
          stale = false;
        }
      }
      if (stale) target.at(phi);
      return moved;
    },
  };
  return tries;
}
