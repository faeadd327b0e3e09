import { ModelError } from '../errors.ts';
import { layoutSize } from '../mcmc/layout.ts';
import type { Plan, Preparation } from '../mcmc/plan.ts';
import { type OpenWorker, openWorker, type WorkerSource } from './openWorker.ts';
import { type StopSignal, unlessStopped } from './stopSignal.ts';

/** How workers are made ready. */
export interface WorkersOptions {
  readonly workers: number;
  readonly source: WorkerSource | undefined;
  /** What the kernels have fitted already; null: the first worker fits it, while this thread stays free. */
  readonly made: Preparation | null;
  /** Gives up while the workers start. */
  readonly signal: StopSignal | undefined;
  /** Told of what the first worker has fitted. */
  readonly onMade?: (made: Preparation | null) => void;
}

/**
 * Starts workers. Each makes its own plan from the design; what the kernels fit beforehand is fitted once, and sent to
 * those that have not.
 * Throws `ModelError` code `worker-start` when a worker cannot be started, and the signal's reason when stopped before
 * all have; no worker is left open then.
 */
export async function readyWorkers(model: Plan, options: WorkersOptions): Promise<OpenWorker[]> {
  const { source, signal } = options;
  const workers: OpenWorker[] = [];
  await whileStarting(workers, signal, async () => {
    while (workers.length < options.workers) workers.push(await openWorker(source));
    const { design, rule, keep, recorded, variables } = model;
    const whole = recorded.length === layoutSize(variables);
    const planned = Promise.all(workers.map((worker) => worker.ask({ kind: 'plan', design, rule, keep, whole })));
    // It is awaited below; should the first preparation fail before, that is the error.
    planned.catch(() => {});
    let { made } = options;
    let others = workers;
    if (made === null) {
      const reply = await unlessStopped(workers[0]!.ask({ kind: 'prepare', made: null }), signal);
      made = reply.kind === 'done' ? reply.made : null;
      options.onMade?.(made);
      others = workers.slice(1);
    }
    const prepared = others.map((worker) => worker.ask({ kind: 'prepare', made }));
    await unlessStopped(Promise.all([planned, ...prepared]), signal);
  });
  return workers;
}

/** Workers that are being made ready. */
export interface WorkersToCome {
  /** Null until they are ready, and for good where they cannot be. */
  readonly workers: readonly OpenWorker[] | null;
  /** Closes them, or gives up. */
  close(): void;
}

/** `readyWorkers` for a thread that goes on with other work until they are. */
export function workersToCome(model: Plan, options: WorkersOptions): WorkersToCome {
  let workers: readonly OpenWorker[] | null = null;
  let closed = false;
  const signal: StopSignal = {
    get aborted() {
      return closed || options.signal?.aborted === true;
    },
    throwIfAborted() {
      options.signal?.throwIfAborted();
      if (closed) throw new Error('the workers are no longer needed');
    },
  };
  readyWorkers(model, { ...options, signal }).then(
    (ready) => {
      workers = ready;
    },
    () => {},
  );
  return {
    get workers() {
      return workers;
    },
    close() {
      closed = true;
      for (const worker of workers ?? []) worker.close();
    },
  };
}

/**
 * What starts workers: where it fails they are closed, and the error is the signal's reason or one of code
 * `worker-start`.
 */
export async function whileStarting(
  workers: readonly OpenWorker[],
  signal: StopSignal | undefined,
  action: () => Promise<void>,
): Promise<void> {
  try {
    await action();
  } catch (error) {
    for (const worker of workers) worker.close();
    signal?.throwIfAborted();
    throw startError(error);
  }
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
