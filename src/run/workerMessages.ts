import type { Design } from '../design/design.ts';
import type { ChainCheckpoint } from '../mcmc/chain.ts';
import type { SampleSize } from '../mcmc/sampleSync.ts';

/** What the sampling thread asks of a worker, one request at a time. Everything is plain data: the worker makes its own plan from the design. */
export type WorkerRequest =
  | {
      readonly kind: 'start';
      readonly design: Design;
      readonly rule: string;
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

/** What a worker answers; `faults` are those of this request alone. */
export type WorkerReply =
  | { readonly kind: 'done'; readonly milliseconds: number; readonly faults: readonly ChainFault[] }
  | {
      readonly kind: 'stopped';
      readonly chains: readonly {
        readonly chain: number;
        readonly draws: Float64Array;
        readonly checkpoint: ChainCheckpoint;
      }[];
    }
  /** A fault of the program, not of a chain. */
  | { readonly kind: 'broken'; readonly message: string };
