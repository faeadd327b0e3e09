import { ModelError } from '../errors.ts';
import type { Kernel, State } from '../kernels/kernel.ts';
import type { Rng, RngState } from '../random/rng.ts';
import type { ChainSummary, RunningSummary } from './chainSummary.ts';
import type { Columns } from './columns.ts';
import type { Recording } from './recording.ts';

/** Where a chain stands, as plain data: enough to go on exactly as if it had never stopped. */
export interface ChainCheckpoint {
  readonly chain: number;
  /** Iterations done, warm-up included. */
  readonly done: number;
  readonly rng: RngState;
  /** In the coordinates that the chain moves in. */
  readonly position: readonly number[];
  readonly latent: Readonly<Record<string, readonly number[]>>;
  /** What it has of variables whose draws are not kept; absent where there are none. */
  readonly summaries?: readonly ChainSummary[];
}

/**
 * One chain: it owns its state and its stream, and is driven in slices so that a caller may report progress or stop
 * between them.
 */
export interface Chain {
  readonly chain: number;
  /** Iterations done, warm-up included. */
  done(): number;
  /** Runs up to `count` further iterations, those after warm-up recorded in `record`; returns how many were run. */
  advance(count: number, record: Columns): number;
  checkpoint(): ChainCheckpoint;
}

export interface ChainOptions {
  readonly chain: number;
  readonly warmup: number;
  readonly iterations: number;
  /** What is recorded of the position; null or absent for the position itself. */
  readonly record?: Recording | null;
  /** Which scalars of it are recorded, in their order: all of them unless given. */
  readonly scalars?: Int32Array;
  /** Each so many-th iteration is recorded: all of them unless given. */
  readonly thin?: number;
  /** What takes every iteration after warm-up, recorded or not. */
  readonly summaries?: readonly RunningSummary[];
  /** How many statistics of the kernels' steps are recorded after the position: all of them, or 0 (unless given). */
  readonly stats?: number;
}

/**
 * Builds one chain over `state`, whose position is set: every kernel is initialised in order, then each iteration steps
 * every kernel in order. Warm-up iterations are not recorded. Throws `ModelError` code `numeric-failure`, naming
 * kernel, chain and iteration, when a kernel throws or leaves a value that is not finite; a kernel's own `ModelError`
 * (no point to start from) passes as it is.
 */
export function createChain(
  kernels: readonly Kernel[],
  state: State,
  rng: Rng,
  options: ChainOptions,
  from?: ChainCheckpoint,
): Chain {
  const { chain, warmup, iterations, thin = 1, summaries = [] } = options;
  const size = state.position.length;
  const toRecorded = options.record ?? null;
  const recorded = toRecorded ? new Float64Array(size) : state.position;
  const scalars = options.scalars ?? Int32Array.from({ length: size }, (_, i) => i);
  const names = kernels.flatMap(({ stats }) => stats);
  const info = new Float64Array(names.length);
  let first = 0;
  // Views of one row, so that a record is one loop.
  const infos = kernels.map(({ stats }) => {
    const own = info.subarray(first, first + stats.length);
    first += stats.length;
    return own;
  });
  const told = options.stats ? names.length : 0;
  const total = warmup + iterations;
  let done = 0;
  // A restored chain is initialised too: that says which arrays its kernels keep.
  for (const kernel of kernels) attempt(kernel, 0, () => kernel.init(state, rng));
  if (from) {
    restore(state, rng, from);
    done = from.done;
  }

  function attempt(kernel: Kernel, iteration: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (error instanceof ModelError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new ModelError(
        'numeric-failure',
        kernel.name,
        `kernel ${kernel.name} failed in chain ${chain + 1}, iteration ${iteration}: ${reason}`,
      );
    }
  }

  function record({ values, row, at }: Columns, iteration: number): void {
    const kept = (iteration + 1) % thin === 0;
    if (!kept && summaries.length === 0) return;
    toRecorded?.(state.position, recorded);
    for (let i = 0; i < size; i += 1) {
      const value = recorded[i]!;
      if (!(value - value === 0)) throw notFinite('drew', value, iteration);
    }
    for (let s = 0; s < summaries.length; s += 1) summaries[s]!.add(recorded);
    if (!kept) return;
    let place = at + (iteration + 1) / thin - 1;
    for (let i = 0; i < scalars.length; i += 1) {
      values[place] = recorded[scalars[i]!]!;
      place += row;
    }
    for (let i = 0; i < told; i += 1) {
      const value = info[i]!;
      if (!(value - value === 0)) throw notFinite(`told of ${names[i]}`, value, iteration);
      values[place] = value;
      place += row;
    }
  }

  function notFinite(what: string, value: number, iteration: number): ModelError {
    return new ModelError(
      'numeric-failure',
      'draws',
      `chain ${chain + 1} ${what} a value that is not finite (${value}) in iteration ${iteration + 1} after warm-up`,
    );
  }

  return {
    chain,
    done: () => done,
    advance(count, columns) {
      const end = Math.min(total, done + count);
      const start = done;
      while (done < end) {
        const phase = done < warmup ? 'warmup' : 'sampling';
        for (let k = 0; k < kernels.length; k += 1) {
          const kernel = kernels[k]!;
          try {
            kernel.step(state, rng, phase, infos[k]!);
          } catch (error) {
            attempt(kernel, done + 1, () => {
              throw error;
            });
          }
        }
        if (phase === 'sampling') record(columns, done - warmup);
        done += 1;
      }
      return done - start;
    },
    checkpoint: () => ({
      chain,
      done,
      rng: rng.save(),
      position: Array.from(state.position),
      latent: plain(state.latent),
      ...(summaries.length > 0 ? { summaries: summaries.map((summary) => summary.taken()) } : {}),
    }),
  };
}

function plain(arrays: Readonly<Record<string, Float64Array>>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)]));
}

/**
 * Puts a checkpoint into a freshly initialised chain; throws `ModelError` code `checkpoint` where its arrays are not
 * those of the kernels.
 */
function restore(state: State, rng: Rng, from: ChainCheckpoint): void {
  put('position', state.position, from.position);
  const own = Object.keys(state.latent).sort().join(', ');
  const given = Object.keys(from.latent).sort().join(', ');
  if (own !== given) {
    throw new ModelError(
      'checkpoint',
      'latent',
      `the checkpoint of chain ${from.chain + 1} has the latent arrays ${given || 'none'}; the kernels of this model keep ${own || 'none'}`,
    );
  }
  for (const [name, values] of Object.entries(from.latent)) put(name, state.latent[name]!, values);
  rng.restore(from.rng);

  function put(name: string, own: Float64Array, values: readonly number[]): void {
    if (own.length !== values.length) {
      throw new ModelError(
        'checkpoint',
        name,
        `the checkpoint of chain ${from.chain + 1} has ${values.length} values in ${name}; the kernels of this model keep ${own.length}`,
      );
    }
    own.set(values);
  }
}
