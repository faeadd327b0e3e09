import type { ModelError } from '../errors.ts';
import type { Chain } from '../mcmc/chain.ts';
import { planDesign } from '../mcmc/plan.ts';
import { startChain } from '../mcmc/sampleSync.ts';
import { attempt } from './chainsInTurn.ts';
import type { WorkerReply, WorkerRequest } from './workerMessages.ts';

/** Answers the requests of a sampling thread; never throws. A worker holds the chains it was given and nothing else. */
export function chainWorker(): (request: WorkerRequest) => WorkerReply {
  let running: Chain[] = [];
  return (request) => {
    const start = performance.now();
    const failures = new Map<number, ModelError>();
    try {
      switch (request.kind) {
        case 'start': {
          const { design, rule, size, chains, checkpoints } = request;
          const model = planDesign(design, rule);
          running = [];
          chains.forEach((chain, i) => {
            attempt(chain, failures, () => running.push(startChain(model, size, chain, checkpoints?.[i])));
          });
          break;
        }
        case 'advance':
          for (const chain of running) attempt(chain.chain, failures, () => chain.advance(request.count));
          running = running.filter(({ chain }) => !failures.has(chain));
          break;
        case 'stop':
          return {
            kind: 'stopped',
            chains: running.map((chain) => ({
              chain: chain.chain,
              draws: chain.draws(),
              checkpoint: chain.checkpoint(),
            })),
          };
      }
    } catch (error) {
      return { kind: 'broken', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    }
    const faults = [...failures].map(([chain, { code, where, message }]) => ({ chain, code, where, message }));
    return { kind: 'done', milliseconds: performance.now() - start, faults };
  };
}
