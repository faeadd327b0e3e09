import { ModelError } from '../errors.ts';
import { type Columns, copyColumns } from './columns.ts';
import type { Draws } from './draws.ts';
import { layoutSize } from './layout.ts';
import type { Plan } from './plan.ts';
import type { SampleSize } from './sampleSize.ts';

/**
 * The draws of all chains, in their place as soon as they are drawn. At the end of a long run, or when it is stopped, nothing is left to copy: 140 MB, as
 * 4 x 50 000 draws of 87 scalars are, would take longer than a caller who stops should wait.
 */
export interface GatheredDraws {
  /** Where a chain records its iterations. */
  columns(chain: number): Columns;
  /** Takes iterations that a chain recorded elsewhere. */
  take(chain: number, from: number, to: number, columns: Columns): void;
  /** Every chain's, all iterations. */
  all(): Draws;
  /** The first `drawn` iterations of some chains, in ascending order, moved together in place; nothing can be recorded or taken afterwards. */
  draws(chains: readonly number[], drawn: number): Draws;
  /** A copy of the first `drawn` iterations of every chain. */
  copy(drawn: number): Draws;
}

/** Room for all draws of a fit, of the chains of these numbers (0, 1, ... unless given); the system gives memory as it is filled. Throws `too-many-draws` before anything is drawn. */
export function gatheredDraws(
  { variables }: Plan,
  { chains, iterations }: SampleSize,
  numbers: readonly number[] = Array.from({ length: chains }, (_, chain) => chain),
): GatheredDraws {
  const scalars = layoutSize(variables);
  const values = roomFor(scalars, chains, iterations);
  const placeOf = new Map(numbers.map((chain, place) => [chain, place]));
  const columns = (chain: number): Columns => ({
    values,
    row: chains * iterations,
    at: placeOf.get(chain)! * iterations,
  });
  const all = (): Draws => ({ variables, chains, iterations, values });
  return {
    columns,
    take: (chain, from, to, recorded) => copyColumns(scalars, recorded, columns(chain), from, to),
    all,
    draws(kept, drawn) {
      if (kept.length === chains && drawn === iterations) return all();
      let end = 0;
      for (let i = 0; i < scalars; i += 1) {
        for (const chain of kept) {
          const start = (i * chains + placeOf.get(chain)!) * iterations;
          values.copyWithin(end, start, start + drawn);
          end += drawn;
        }
      }
      return { variables, chains: kept.length, iterations: drawn, values: values.subarray(0, end) };
    },
    copy(drawn) {
      const some = new Float64Array(scalars * chains * drawn);
      for (let series = 0; series < scalars * chains; series += 1) {
        const start = series * iterations;
        some.set(values.subarray(start, start + drawn), series * drawn);
      }
      return { variables, chains, iterations: drawn, values: some };
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
