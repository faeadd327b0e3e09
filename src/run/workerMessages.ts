import type { Design } from '../design/design.ts';
import type { ChainCheckpoint } from '../mcmc/chain.ts';
import type { Columns } from '../mcmc/columns.ts';
import type { Keep } from '../mcmc/keep.ts';
import type { Preparation } from '../mcmc/plan.ts';
import type { SampleSize } from '../mcmc/sampleSize.ts';

/**
 * What the sampling thread asks of a worker, in this order. Everything is plain data: the worker makes its own plan
 * from the design.
 */
export type WorkerRequest =
  | {
      readonly kind: 'plan';
      readonly design: Design;
      readonly rule: string;
      readonly keep: Keep;
      readonly whole: boolean;
    }
  /** Fits what all chains share (null), or takes what another thread has fitted. */
  | { readonly kind: 'prepare'; readonly made: Preparation | null }
  | {
      readonly kind: 'start';
      readonly size: SampleSize;
      /** The chains of this worker, from their start or, with a checkpoint each, from where they are. */
      readonly chains: readonly number[];
      readonly checkpoints: readonly ChainCheckpoint[] | null;
    }
  | { readonly kind: 'advance'; readonly count: number }
  | { readonly kind: 'stop' };

/** A chain that failed, and the parts of its `ModelError`. */
export interface ChainFault {
  readonly chain: number;
  readonly code: string;
  readonly where: string;
  readonly message: string;
}

/** Draws that were not yet handed over: those from `from` up to `to`, counted after warm-up, of each chain. */
export interface DrawnPart {
  readonly from: number;
  readonly to: number;
  readonly chains: readonly { readonly chain: number; readonly columns: Columns }[];
}

/** What a worker answers; `faults` are those of this request alone. */
export type WorkerReply =
  | {
      readonly kind: 'done';
      readonly milliseconds: number;
      readonly faults: readonly ChainFault[];
      /** What was asked for by `prepare`. */
      readonly made: Preparation | null;
      readonly part: DrawnPart | null;
    }
  | { readonly kind: 'stopped'; readonly checkpoints: readonly ChainCheckpoint[]; readonly part: DrawnPart | null }
  /** A fault of the program, not of a chain. */
  | { readonly kind: 'broken'; readonly message: string };
