import type { Pausing } from '../pausing.ts';
import type { Rng } from '../random/rng.ts';

/** Everything a chain depends on. Nothing that affects later draws lives anywhere else. */
export interface State {
  /** The monitored values, laid out by the plan: one row of the draws. */
  readonly position: Float64Array;
  /** Named views into `position`: beta (p), u_<factor> (J x q), tau_<factor> (q), corr_<factor> (pairs), sigma (1). */
  readonly at: Readonly<Record<string, Float64Array>>;
  /** Values that are not monitored but carry the chain (auxiliaries, where a walk stands); saved in checkpoints. */
  readonly latent: Record<string, Float64Array>;
}

export type Phase = 'warmup' | 'sampling';

/**
 * A transition that leaves the posterior invariant; it changes what it names in `updates` and its own latent entries,
 * nothing else.
 */
export interface Kernel {
  readonly name: string;
  /** Names of entries of `state.at` (or of latent quantities) this kernel draws. */
  readonly updates: readonly string[];
  /** One sentence for `describe`: why the plan chose this kernel. */
  readonly why: string;
  /**
   * Fits what all chains share, a function of graph and data alone, where a kernel has anything of the kind, and gives
   * it as plain data (null where it is none); or takes what the same kernel of an equal plan gave, in another thread.
   * Without a call the first chain's start fits it.
   */
  prepare?(made?: object): Pausing<object | null>;
  /**
   * Of what `prepare` gave: a sentence where steps go otherwise than `why` says, as what was to be fitted fits poorly;
   * null where they do not.
   */
  departs?(made: object): string | null;
  /** Creates this kernel's latent entries for a chain whose position is set. */
  init(state: State, rng: Rng): void;
  /**
   * What a step tells of itself: names, one of its own for each within a sweep, in the words of ArviZ where they mean
   * the same (`acceptance_rate`, `lp`); none where every step is a draw from a conditional distribution. Names that end
   * in `_rate` are shares from 0 to 1.
   */
  readonly stats: readonly string[];
  /**
   * One transition, in place; allocates nothing. Fills `info`, which is its caller's, with the values of `stats`, all
   * finite. No draw depends on them.
   */
  step(state: State, rng: Rng, phase: Phase, info: Float64Array): void;
}
