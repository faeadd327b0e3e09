import type { Draws } from './draws.ts';
import { layoutSize } from './layout.ts';
import type { Plan } from './plan.ts';
import type { SampleSize } from './sampleSync.ts';

/** The recorded iterations of some columns: [scalar][row], the first of them at column `at`. */
export interface Columns {
  readonly values: Float64Array;
  readonly row: number;
  readonly at: number;
}

/**
 * The draws of all chains, put in their place as the chains come by them. At the end of a long run, or when it is stopped, nothing is left to copy: 140 MB, as 4 x 50 000 draws of 87 scalars are, would take longer than a caller who stops should wait.
 */
export interface GatheredDraws {
  /** Takes the iterations from `from` up to `to`, counted after warm-up, of a chain. */
  take(chain: number, from: number, to: number, columns: Columns): void;
  /** Every chain's, all iterations. */
  all(): Draws;
  /** The first `drawn` iterations of some chains, in ascending order, moved together in place; nothing can be taken afterwards. */
  draws(chains: readonly number[], drawn: number): Draws;
}

/** Iterations that wait until they are taken, so that each visit to the many rows of the whole is worth its while. */
export const BATCH = 64;

/** Room for all draws of a fit; the system gives memory as it is filled. */
export function gatheredDraws({ variables }: Plan, { chains, iterations }: SampleSize): GatheredDraws {
  const scalars = layoutSize(variables);
  const values = new Float64Array(scalars * chains * iterations);
  const all = (): Draws => ({ variables, chains, iterations, values });
  return {
    take(chain, from, to, columns) {
      for (let i = 0; i < scalars; i += 1) {
        const start = i * columns.row + columns.at;
        values.set(columns.values.subarray(start, start + to - from), (i * chains + chain) * iterations + from);
      }
    },
    all,
    draws(kept, drawn) {
      if (kept.length === chains && drawn === iterations) return all();
      let end = 0;
      for (let i = 0; i < scalars; i += 1) {
        for (const chain of kept) {
          const start = (i * chains + chain) * iterations;
          values.copyWithin(end, start, start + drawn);
          end += drawn;
        }
      }
      return { variables, chains: kept.length, iterations: drawn, values: values.subarray(0, end) };
    },
  };
}

/** Columns of a chain's own record, [scalar][iterations], in an array of their own. */
export function columnsOf(record: Float64Array, iterations: number, from: number, to: number): Float64Array {
  const count = to - from;
  const scalars = record.length / iterations;
  const part = new Float64Array(scalars * count);
  for (let i = 0; i < scalars; i += 1) {
    part.set(record.subarray(i * iterations + from, i * iterations + to), i * count);
  }
  return part;
}
