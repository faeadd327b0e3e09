import { ModelError } from '../errors.ts';
import type { ChainCheckpoint } from '../mcmc/chain.ts';
import type { GatheredDraws } from '../mcmc/gatheredDraws.ts';
import type { SampleSize } from '../mcmc/sampleSize.ts';
import { type ChainStart, fromTheBeginning } from './chainStart.ts';
import type { ChainTeam, RoundTime } from './chainTeam.ts';
import type { OpenWorker } from './openWorker.ts';
import { whileStarting } from './readyWorkers.ts';
import { type StopSignal, unlessStopped } from './stopSignal.ts';
import type { WorkerReply, WorkerRequest } from './workerMessages.ts';

/** A second round waits in every worker, so that none idles until the slowest is through and its draws are taken. */
const AHEAD = 2;

interface Member {
  readonly worker: OpenWorker;
  chains: number[];
}

/**
 * Starts chains in workers that are ready, all chains of `size` from their beginning unless `start` says otherwise: the
 * c-th is in worker c mod the number of workers. Their draws are those of chains in this thread, bit for bit. When a
 * worker stops by itself (out of memory, say), its chains have failed with `worker-stopped` and the others go on.
 * Throws as `readyWorkers` does, and closes the workers then.
 */
export async function chainsInWorkers(
  workers: readonly OpenWorker[],
  size: SampleSize,
  gathered: GatheredDraws,
  signal: StopSignal | undefined,
  start: ChainStart = fromTheBeginning(size),
): Promise<ChainTeam> {
  const failures = new Map<number, ModelError>();
  const { chains, from } = start;
  const checkpoints = new Map(from?.map((checkpoint) => [checkpoint.chain, checkpoint]));
  let members: Member[] = workers.map((worker, w) => ({
    worker,
    chains: chains.filter((_, i) => i % workers.length === w),
  }));

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

  await whileStarting(workers, signal, async () => {
    const started = members.map(({ worker, chains: own }) =>
      worker.ask({
        kind: 'start',
        size,
        chains: own,
        checkpoints: from ? own.map((chain) => checkpoints.get(chain)!) : null,
      }),
    );
    note(await unlessStopped(Promise.all(started), signal));
  });

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
