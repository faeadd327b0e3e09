import { ModelError } from '../errors.ts';
import type { Chain, ChainCheckpoint } from '../mcmc/chain.ts';
import type { GatheredDraws } from '../mcmc/gatheredDraws.ts';
import { type Plan, prepare } from '../mcmc/plan.ts';
import type { SampleSize } from '../mcmc/sampleSync.ts';
import type { ChainTeam, RoundTime } from './chainTeam.ts';
import { type OpenWorker, openWorker, type WorkerSource } from './openWorker.ts';
import { type StopSignal, unlessStopped } from './stopSignal.ts';
import type { WorkerReply, WorkerRequest } from './workerMessages.ts';

/** How a team of workers is made. */
export interface WorkersOptions {
  /** How many workers; chain c is in worker c mod `workers`. */
  readonly workers: number;
  readonly source: WorkerSource | undefined;
  /** Chains that go on from where they are; without it all chains of `size` start in the workers. */
  readonly from?: readonly Chain[];
  /** Gives up while the workers start. */
  readonly signal: StopSignal | undefined;
}

/** A second round waits in every worker, so that none idles until the slowest is through and its draws are taken. */
const AHEAD = 2;

interface Member {
  readonly worker: OpenWorker;
  chains: number[];
}

/**
 * Starts workers and the chains in them; each makes its own plan from the design, so that its draws are those of a chain in this thread, bit for bit. What
 * the kernels fit beforehand is fitted once: here if the chains come from here, otherwise by the first worker, while this thread stays free.
 * When a worker stops by itself (out of memory, say), its chains have failed with `worker-stopped` and the others go on.
 * Throws `ModelError` code `worker-start` when a worker cannot be started, and the signal's reason when stopped before all have.
 */
export async function chainsInWorkers(
  model: Plan,
  size: SampleSize,
  gathered: GatheredDraws,
  options: WorkersOptions,
): Promise<ChainTeam> {
  const { workers, source, from, signal } = options;
  const failures = new Map<number, ModelError>();
  const chains = from?.map(({ chain }) => chain) ?? Array.from({ length: size.chains }, (_, chain) => chain);
  const earlier = new Map(from?.map((chain) => [chain.chain, chain]));
  let members: Member[] = [];

  const close = (): void => {
    for (const { worker } of members) worker.close();
    members = [];
  };

  /** Asks every worker; one that does not answer is left out, with its chains. */
  const askAll = async (request: (member: Member) => WorkerRequest): Promise<WorkerReply[]> => {
    const replies = await Promise.all(
      members.map(async (member) => {
        try {
          return await member.worker.ask(request(member));
        } catch (error) {
          lose(member, error);
          return null;
        }
      }),
    );
    return replies.filter((reply) => reply !== null);
  };

  const lose = (member: Member, error: unknown): void => {
    const reason = error instanceof Error ? error.message : String(error);
    for (const chain of member.chains) {
      const message = `the worker of chain ${chain + 1} stopped, and with it the chain's draws: ${reason}`;
      failures.set(chain, new ModelError('worker-stopped', 'workers', message));
    }
    member.worker.close();
    members = members.filter((each) => each !== member);
  };

  const takeDraws = (reply: WorkerReply): void => {
    if (reply.kind === 'broken' || reply.part === null) return;
    const { from, to, chains: parts } = reply.part;
    for (const { chain, columns } of parts) gathered.take(chain, from, to, columns);
  };

  const note = (replies: readonly WorkerReply[]): RoundTime => {
    let summed = 0;
    let longest = 0;
    for (const reply of replies) {
      takeDraws(reply);
      if (reply.kind !== 'done') continue;
      summed += reply.milliseconds;
      longest = Math.max(longest, reply.milliseconds);
      for (const { chain, code, where, message } of reply.faults) {
        failures.set(chain, new ModelError(code, where, message));
      }
    }
    for (const member of members) member.chains = member.chains.filter((chain) => !failures.has(chain));
    return { summed, longest };
  };

  try {
    for (let w = 0; w < Math.min(workers, chains.length); w += 1) {
      members.push({ worker: await openWorker(source), chains: chains.filter((_, i) => i % workers === w) });
    }
    const { design, rule } = model;
    const ask = async (some: readonly Member[], request: (member: Member) => WorkerRequest): Promise<WorkerReply[]> => {
      const replies = await unlessStopped(
        Promise.all(some.map((member) => member.worker.ask(request(member)))),
        signal,
      );
      note(replies);
      return replies;
    };
    const planned = ask(members, () => ({ kind: 'plan', design, rule }));
    // It is awaited below; should the first preparation fail before, that is the error.
    planned.catch(() => {});
    let made = from ? prepare(model) : null;
    if (made === null) {
      const [reply] = await ask(members.slice(0, 1), () => ({ kind: 'prepare', made: null }));
      made = reply?.kind === 'done' ? reply.made : null;
    }
    await planned;
    await ask(from ? members : members.slice(1), () => ({ kind: 'prepare', made }));
    await ask(members, ({ chains: own }) => ({
      kind: 'start',
      size,
      chains: own,
      checkpoints: from ? own.map((chain) => earlier.get(chain)!.checkpoint()) : null,
    }));
  } catch (error) {
    close();
    signal?.throwIfAborted();
    throw startError(error);
  }

  return {
    ahead: AHEAD,
    failures,
    close,
    advance: async (count) => note(await askAll(() => ({ kind: 'advance', count }))),
    async stop() {
      const stopped: ChainCheckpoint[] = [];
      for (const reply of await askAll(() => ({ kind: 'stop' }))) {
        takeDraws(reply);
        if (reply.kind === 'stopped') stopped.push(...reply.checkpoints);
      }
      return stopped.sort((a, b) => a.chain - b.chain);
    },
  };
}

function startError(error: unknown): ModelError {
  if (error instanceof ModelError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ModelError(
    'worker-start',
    'workers',
    `workers: a worker could not be started (${reason}); give workers: false, or say where its code is with the option worker`,
  );
}
