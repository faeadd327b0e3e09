import { ModelError } from '../errors.ts';
import { type Columns, copyColumns } from './columns.ts';
import type { Draws, Recorded } from './draws.ts';
import { keptDraws } from './keep.ts';
import { layoutSize, statVariables } from './layout.ts';
import type { Plan } from './plan.ts';
import type { SampleSize } from './sampleSize.ts';

/**
 * The draws of all chains and the statistics of their steps, in their place as soon as they are drawn. At the end of a
 * long run, or when it is stopped, nothing is left to copy: 140 MB, as 4 x 50 000 draws of 87 scalars are, would take
 * longer than a caller who stops should wait.
 */
export interface GatheredDraws {
  /** Where a chain records the iterations that are kept; their numbers count these alone, here and below. */
  columns(chain: number): Columns;
  /** Whether chains are to record elsewhere, and to have it taken. */
  readonly apart: boolean;
  /** Takes iterations that a chain recorded elsewhere. */
  take(chain: number, from: number, to: number, columns: Columns): void;
  /** Takes what the same chains, in their order, have drawn before. */
  takeAll(before: Recorded): void;
  /** Every chain's, all iterations. */
  all(): Recorded;
  /**
   * The first `drawn` iterations of these chains, in ascending order, moved together in place; nothing can be recorded
   * or taken afterwards.
   */
  draws(chains: readonly number[], drawn: number): Recorded;
  /** A copy of the first `drawn` iterations of every chain. */
  copy(drawn: number): Recorded;
}

/**
 * Room for all draws of a fit, of the chains of these numbers (0, 1, ... unless given); the system gives memory as it
 * is filled. Throws `too-many-draws` before anything is drawn.
 */
export function gatheredDraws(
  { kept: { variables, scalars: keptScalars }, recorded, keep, stats }: Plan,
  { chains, iterations: all }: SampleSize,
  numbers: readonly number[] = Array.from({ length: chains }, (_, chain) => chain),
): GatheredDraws {
  const iterations = keptDraws(keep, all);
  const size = layoutSize(variables);
  const scalars = size + stats.length;
  const told = statVariables(stats);
  const values = roomFor(scalars, chains, iterations);
  // Which rows of what chains recorded are those of the draws: where they recorded more, some of them.
  const same = recorded.length === size;
  const rows = Int32Array.from({ length: scalars }, (_, i) =>
    i >= size ? recorded.length + i - size : same ? i : keptScalars[i]!,
  );
  const placeOf = new Map(numbers.map((chain, place) => [chain, place]));
  const columns = (chain: number): Columns => ({
    values,
    row: chains * iterations,
    at: placeOf.get(chain)! * iterations,
  });
  /** Of values as they are laid out here, those of the variables and those of the statistics. */
  const parted = (all: Float64Array, chains: number, iterations: number): Recorded => {
    const end = size * chains * iterations;
    return {
      draws: { variables, chains, iterations, values: all.subarray(0, end) },
      sampleStats: stats.length > 0 ? { variables: told, chains, iterations, values: all.subarray(end) } : null,
    };
  };
  const whole = (): Recorded => parted(values, chains, iterations);
  const put = (before: Draws, first: number): void => {
    const { iterations: drawn } = before;
    for (let series = 0; series * drawn < before.values.length; series += 1) {
      const start = series * drawn;
      values.set(before.values.subarray(start, start + drawn), (first * chains + series) * iterations);
    }
  };
  return {
    columns,
    apart: false,
    take: (chain, from, to, given) => copyColumns(rows, given, columns(chain), from, to),
    takeAll({ draws, sampleStats }) {
      put(draws, 0);
      if (sampleStats && stats.length > 0) put(sampleStats, size);
    },
    all: whole,
    draws(some, drawn) {
      if (some.length === chains && drawn === iterations) return whole();
      let end = 0;
      for (let i = 0; i < scalars; i += 1) {
        for (const chain of some) {
          const start = (i * chains + placeOf.get(chain)!) * iterations;
          values.copyWithin(end, start, start + drawn);
          end += drawn;
        }
      }
      return parted(values.subarray(0, end), some.length, drawn);
    },
    copy(drawn) {
      const some = new Float64Array(scalars * chains * drawn);
      for (let series = 0; series < scalars * chains; series += 1) {
        const start = series * iterations;
        some.set(values.subarray(start, start + drawn), series * drawn);
      }
      return parted(some, chains, drawn);
    },
  };
}

function roomFor(scalars: number, chains: number, iterations: number): Float64Array {
  try {
    return new Float64Array(scalars * chains * iterations);
  } catch {
    const gigabytes = ((8 * scalars * chains * iterations) / 1e9).toFixed(1);
    throw new ModelError(
      'too-many-draws',
      'iterations',
      `iterations: ${chains} chains of ${iterations} draws of ${scalars} quantities need ${gigabytes} GB, more than there is; ask for fewer draws or chains, or run chains apart`,
    );
  }
}
