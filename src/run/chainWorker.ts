import type { ModelError } from '../errors.ts';
import type { Chain } from '../mcmc/chain.ts';
import { BATCH, columnsOf } from '../mcmc/gatheredDraws.ts';
import { planDesign } from '../mcmc/plan.ts';
import { type SampleSize, startChain } from '../mcmc/sampleSync.ts';
import { attempt } from './chainsInTurn.ts';
import type { DrawnPart, WorkerReply, WorkerRequest } from './workerMessages.ts';

/** Answers the requests of a sampling thread; never throws. A worker holds the chains it was given and nothing else. */
export function chainWorker(): (request: WorkerRequest) => WorkerReply {
  let running: Chain[] = [];
  let whole: SampleSize = { chains: 0, warmup: 0, iterations: 0, seed: 0 };
  let handed = 0;
  const drawn = (): number => Math.max(0, (running[0]?.done() ?? 0) - whole.warmup);

  /** The draws not yet handed over when they are at least so many, else null. */
  const part = (fewest: number): DrawnPart | null => {
    const from = handed;
    const to = drawn();
    if (to - from < fewest) return null;
    handed = to;
    const chains = running.map((chain) => ({
      chain: chain.chain,
      values: columnsOf(chain.draws(), whole.iterations, from, to),
    }));
    return { from, to, chains };
  };

  return (request) => {
    const start = performance.now();
    const failures = new Map<number, ModelError>();
    let waiting: DrawnPart | null = null;
    try {
      switch (request.kind) {
        case 'start': {
          const { design, rule, size, chains, checkpoints } = request;
          const model = planDesign(design, rule);
          whole = size;
          running = [];
          chains.forEach((chain, i) => {
            attempt(chain, failures, () => running.push(startChain(model, size, chain, checkpoints?.[i])));
          });
          handed = drawn();
          break;
        }
        case 'advance':
          for (const chain of running) attempt(chain.chain, failures, () => chain.advance(request.count));
          running = running.filter(({ chain }) => !failures.has(chain));
          waiting = part(BATCH);
          break;
        case 'stop':
          return { kind: 'stopped', checkpoints: running.map((chain) => chain.checkpoint()), part: part(1) };
      }
    } catch (error) {
      return { kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    const faults = [...failures].map(([chain, { code, where, message }]) => ({ chain, code, where, message }));
    return { kind: 'done', milliseconds: performance.now() - start, faults, part: waiting };
  };
}

/** The arrays of a reply, for a move to the other thread without a copy. */
export function movable(reply: WorkerReply): ArrayBuffer[] {
  if (reply.kind === 'broken' || reply.part === null) return [];
  return reply.part.chains.map(({ values }) => values.buffer as ArrayBuffer);
}
