import type { Rng } from '../../random/rng.ts';
import type { WhitenedFactor, WhitenedPlace } from './whitenedMap.ts';

/** Correlation of the xi of a block, or of a branch, in a walk. */
export const LEVEL_CORRELATION = 0.8;
export const LEVEL_FRESH = Math.sqrt(1 - LEVEL_CORRELATION * LEVEL_CORRELATION);
/**
 * sd of their proposals: a little wider than the approximation, so that no block sticks in a tail (effective tail draws
 * a draw, Contraception's slopes under inverse-Wishart priors, at the worst: .68 at 1.05, .58 at 1, .65 at 1.1).
 */
export const LEVEL_SCALE = 1.05;
/** The log density of such a proposal is -SLACK xi'xi. */
export const SLACK = 0.5 / (LEVEL_SCALE * LEVEL_SCALE);

/** Where a chain is, and workspaces: of the sampler. */
export interface LevelPosition {
  readonly xi: Float64Array;
  readonly nextXi: Float64Array;
  current(): WhitenedFactor;
  here(): WhitenedPlace;
  /** Free. */
  there(): WhitenedPlace;
}

/** What became of the levels in one step: how many were accepted, by their proposals and by walks after a refusal. */
export interface LevelStep {
  accepted: number;
  walked: number;
}

/** Steps of many levels at once that are independent given the rest, each accepted by itself. */
export interface LevelSteps {
  readonly count: number;
  /** With what chance each level's independent proposal is accepted, 1 at most, after `try`. */
  readonly chances: Float64Array;
  /** Draws proposals and fills their chances; nothing moves. */
  try(rng: Rng): void;
  /** Independent proposals, and walks of those that are refused. */
  step(rng: Rng): LevelStep;
}
