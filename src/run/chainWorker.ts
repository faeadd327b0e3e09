import type { ModelError } from '../errors.ts';
import type { Chain } from '../mcmc/chain.ts';
import { allocateColumns, type Columns, copyColumns } from '../mcmc/columns.ts';
import { keptDraws } from '../mcmc/keep.ts';
import { keeping, type Plan, type Preparation, planDesign } from '../mcmc/plan.ts';
import type { SampleSize } from '../mcmc/sampleSize.ts';
import { startChain } from '../mcmc/sampleSync.ts';
import { toTheEnd } from '../pausing.ts';
import { attempt, fitKernels } from './chainsInTurn.ts';
import type { DrawnPart, WorkerReply, WorkerRequest } from './workerMessages.ts';

/**
 * Iterations that wait until they are handed over, so that each visit to the many rows of the whole is worth its while.
 */
const BATCH = 64;

/**
 * Doubles of a chain that wait at most, unless a single iteration has more: 2 MB, as what was handed over by all chains
 * stays in memory until it is collected (by 8 MB, 0.2 GB more of 100 000 groups).
 */
const BATCH_LENGTH = 1 << 18;

/**
 * Answers the requests of a sampling thread; never throws. A worker holds the chains it was given and draws that were
 * not yet handed over.
 */
export function chainWorker(): (request: WorkerRequest) => WorkerReply {
  let running: { readonly chain: Chain; record: Columns }[] = [];
  let model: Plan | null = null;
  let scalars = 0;
  let batch = BATCH;
  let size: SampleSize = { chains: 0, warmup: 0, iterations: 0, seed: 0 };
  /** The records have room for the iterations from `handed` up to `end`. */
  let handed = 0;
  let end = 0;
  const drawn = (further = 0): number => {
    const done = (running[0]?.chain.done() ?? 0) + further;
    // Without a plan no chain has begun.
    return model === null ? 0 : keptDraws(model.keep, Math.min(size.iterations, Math.max(0, done - size.warmup)));
  };

  const makeRoom = (count: number): void => {
    const reached = drawn();
    const next = drawn(count);
    if (next <= end) return;
    end = Math.max(next, handed + 2 * batch);
    for (const each of running) {
      const record = allocateColumns(scalars, handed, end);
      copyColumns(scalars, each.record, record, handed, reached);
      each.record = record;
    }
  };

  /** The draws not yet handed over when they are at least so many, else null. */
  const part = (fewest: number): DrawnPart | null => {
    const from = handed;
    const to = drawn();
    if (to - from < fewest) return null;
    handed = to;
    end = to;
    return { from, to, chains: running.map(({ chain, record }) => ({ chain: chain.chain, columns: record })) };
  };

  return (request) => {
    const start = performance.now();
    const failures = new Map<number, ModelError>();
    let waiting: DrawnPart | null = null;
    let made: Preparation | null = null;
    try {
      switch (request.kind) {
        case 'plan':
          model = keeping(planDesign(request.design, request.rule), request.keep, request.whole);
          scalars = model.recorded.length + model.stats.length;
          batch = Math.max(1, Math.min(BATCH, Math.floor(BATCH_LENGTH / scalars)));
          break;
        case 'prepare':
          made = toTheEnd(fitKernels(model!, request.made ?? undefined));
          // What was given need not go back.
          if (request.made) made = null;
          break;
        case 'start': {
          const { chains, checkpoints } = request;
          size = request.size;
          running = [];
          chains.forEach((index, i) => {
            attempt(index, failures, () => {
              const chain = startChain(model!, size, index, checkpoints?.[i]);
              running.push({ chain, record: allocateColumns(scalars, 0, 0) });
            });
          });
          handed = drawn();
          end = handed;
          break;
        }
        case 'advance':
          makeRoom(request.count);
          for (const { chain, record } of running) {
            attempt(chain.chain, failures, () => chain.advance(request.count, record));
          }
          running = running.filter(({ chain }) => !failures.has(chain.chain));
          waiting = part(batch);
          break;
        case 'stop':
          return { kind: 'stopped', checkpoints: running.map(({ chain }) => chain.checkpoint()), part: part(1) };
      }
    } catch (error) {
      return { kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    const faults = [...failures].map(([chain, { code, where, message }]) => ({ chain, code, where, message }));
    return { kind: 'done', milliseconds: performance.now() - start, faults, made, part: waiting };
  };
}
