import { exp } from '../../elementary.ts';
import { foldedWalk } from '../../proposals/foldedWalk.ts';
import type { Rng } from '../../random/rng.ts';
import type { MarginalProposal } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** Tries in a sweep, an even number, taken in turn: anew from the proposal, and a walk. */
const TRIES = 4;
/** The walk's steps are those of the marginal posterior; given auxiliaries it is narrower. */
const WALK_SCALE = 0.6;

/** What a run of tries came to. */
export interface CovarianceMove {
  /** As it was given, or as it was drawn with the last phi accepted. */
  readonly sigma: number;
  /** Tries accepted of those from the proposal and of the walks. */
  readonly independent: number;
  readonly walks: number;
}

/** Metropolis steps of (phi, sigma) given the auxiliaries of the rows, u and beta integrated out. */
export interface CovarianceTries {
  /**
   * Moves phi in place from sigma (1 where it is known) and gives what came of it, overwritten by the next run; the
   * target is left evaluated at phi. Without a fitted proposal nothing is tried. Throws where the density is not finite
   * at phi. Allocates nothing.
   */
  run(phi: Float64Array, sigma: number, fitted: MarginalProposal | null, rng: Rng): CovarianceMove;
}

/** What `tellTries` tells. */
export const TRIES_STATS: readonly string[] = ['covariance_independent_rate', 'covariance_walk_rate'];

/** Fills in the shares of a run's tries from the proposal, and of its walks, that were accepted. */
export function tellTries({ independent, walks }: CovarianceMove, info: Float64Array): void {
  info[0] = independent / (TRIES / 2);
  info[1] = walks / (TRIES / 2);
}

/** Builds the steps over a target; allocates only here. */
export function covarianceTries(target: MarginalTarget): CovarianceTries {
  const { d, q } = target;
  const candidate = new Float64Array(d);
  const noise = new Float64Array(d);
  const move = { sigma: 1, independent: 0, walks: 0 };
  return {
    run(phi, sigma, fitted, rng) {
      move.sigma = sigma;
      move.independent = 0;
      move.walks = 0;
      if (!target.at(phi)) throw new Error('the precision matrix of the coefficients is not positive definite');
      if (!fitted) return move;
      const { proposal, walk } = fitted;
      let weight = target.logWeight(sigma);
      let density = proposal.logDensity(phi);
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
          move.sigma = proposed;
          weight = value;
          density = at;
          if (walking) move.walks += 1;
          else move.independent += 1;
          stale = false;
        }
      }
      if (stale) target.at(phi);
      return move;
    },
  };
}
