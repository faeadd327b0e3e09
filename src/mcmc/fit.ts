import type { Design } from '../design/design.ts';
import type { FamilyName } from '../families/family.ts';
import type { ModelGraph } from '../graph/node.ts';
import type { Priors } from '../priors/priors.ts';
import type { ChainCheckpoint } from './chain.ts';
import type { Recorded } from './draws.ts';
import type { KeptQuantiles } from './keptQuantiles.ts';

/** What a kernel did in a fit, as `describe` and the fit file print it. */
export interface KernelNote {
  readonly name: string;
  readonly updates: readonly string[];
  readonly why: string;
  /**
   * A sentence where its steps went otherwise than `why` says, as what was fitted before sampling fitted poorly; absent
   * where they did not.
   */
  readonly departure?: string;
  /** Names of what its steps told of themselves in `sampleStats`, see `Kernel`; none where it was not recorded. */
  readonly stats: readonly string[];
}

/** How the draws were made. */
export interface Sampling {
  readonly chains: number;
  readonly warmup: number;
  /** Of each chain after warm-up; `draws.iterations` says how many are kept. */
  readonly iterations: number;
  /** Each so many-th of them is kept; absent where all are. */
  readonly thin?: number;
  /**
   * What is kept of variables whose draws are not: running summaries, or nothing (false). Absent where there are none.
   */
  readonly keep?: Readonly<Record<string, 'summary' | false>>;
  readonly seed: number;
  /** The rule of kernel choice that was asked for: `auto`, or one by its name. */
  readonly rule: string;
  readonly kernels: readonly KernelNote[];
  /**
   * Summed over chains, the start of the chains (where proposals are fitted) within the warm-up; null where no clock
   * was given.
   */
  readonly warmupSeconds: number | null;
  readonly samplingSeconds: number | null;
}

/**
 * A fitted model: graph, data, priors in force, draws and what the kernels told of their steps. Plain data. F is the
 * family of the response, where the compiler knows it.
 */
export interface Fit<F extends FamilyName = FamilyName> extends Recorded {
  readonly kind: 'mcmc';
  readonly graph: ModelGraph<string, F>;
  readonly design: Design<F>;
  readonly priors: Priors;
  readonly sampling: Sampling;
  /** Where each chain stopped; a fit goes on from here with `extend`. */
  readonly checkpoints: readonly ChainCheckpoint[];
  /**
   * Quantiles of what is kept as a summary (its means and covariances stand in the checkpoints, by chain); absent where
   * nothing is.
   */
  readonly quantiles?: KeptQuantiles;
}
