import type { DrawnLines } from '../files/drawsLines.ts';
import { callback, either, oneOf, wholeNumber } from '../input/acceptedValue.ts';
import type { OptionTable } from '../input/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { type GatheredDraws, gatheredDraws } from '../mcmc/gatheredDraws.ts';
import { keptDraws } from '../mcmc/keep.ts';
import { layoutSize } from '../mcmc/layout.ts';
import { keeping, type Plan, type Preparation, prepare } from '../mcmc/plan.ts';
import { FEWEST_DRAWS, type SampleSize } from '../mcmc/sampleSize.ts';
import { assembleFit } from '../mcmc/sampleSync.ts';
import { toTheEnd } from '../pausing.ts';
import { ChainFailure } from './chainFailure.ts';
import { type ChainStart, fromCheckpoints } from './chainStart.ts';
import { type ChainsInTurn, chainsInTurn, fitKernels } from './chainsInTurn.ts';
import { chainsInWorkers } from './chainsInWorkers.ts';
import type { ChainTeam, RoundTime } from './chainTeam.ts';
import { type DrawnStream, drawnStream } from './drawnStream.ts';
import { isNode } from './nodeModule.ts';
import { threadsEnded, type WorkerSource } from './openWorker.ts';
import { processors } from './processors.ts';
import { readyWorkers, type WorkersToCome, workersToCome } from './readyWorkers.ts';
import type { SampleProgress } from './sampleProgress.ts';
import type { StopSignal } from './stopSignal.ts';

/** How chains are run without blocking; none of it changes a draw. */
export interface RunOptions {
  /** Called before anything is fitted, some 25 to 50 times a second, and once at the end. */
  readonly onProgress?: (progress: SampleProgress) => void;
  /**
   * An AbortSignal: stops sampling, and the fitting of kernels before it, within a tenth of a second, unless a few
   * iterations of every chain, or evaluations of all groups, take longer or more than 100 MB of draws are to be moved
   * together. With at least four draws in every chain the promise resolves to the fit of what was drawn, all chains of
   * one length; with fewer it rejects with the signal's reason.
   */
  readonly signal?: StopSignal;
  /**
   * Where chains run. `false`: in turn, in this thread. A number from 1 to 1000: in so many workers. `'auto'`
   * (default): in turn, until the pace says that moving the chains to one worker per processor saves more than a
   * second; they go on there from where they were. In a page that takes `worker`.
   */
  readonly workers?: number | 'auto' | false;
  /**
   * Where the code of a worker is: a function that makes one, or an address. Node needs none unless the program was
   * bundled; a page does: `() => new Worker(new URL('./chains.worker.js', import.meta.url), { type: 'module' })`, that
   * file being `import 'partial-pooling/worker'`.
   */
  readonly worker?: WorkerSource;
  /**
   * Called with the draws as they come, of all variables, whatever is kept of them (each `thin`-th): draw by draw, each
   * of all chains, in the same order and to the same bits however chains are run. `drawsHeader` and `drawsLines` write
   * them to a file.
   */
  readonly onDraws?: (draws: DrawnLines) => void;
  /**
   * Called when sampling begins and every `checkpointSeconds` with where it stands: what `resume` goes on from,
   * exactly.
   */
  readonly onCheckpoint?: (unfinished: Unfinished) => void;
  /** Seconds between two checkpoints, more where they take long; default 30. */
  readonly checkpointSeconds?: number;
}

/**
 * A fit under way: the draws so far, none in warm-up, where the chains stand, and how many iterations of each chain it
 * is to have.
 */
export interface Unfinished {
  readonly fit: Fit;
  readonly iterations: number;
}

export const RUN_OPTIONS: OptionTable<RunOptions> = {
  onProgress: callback,
  onCheckpoint: callback,
  onDraws: callback,
  checkpointSeconds: { words: 'a number of 0 or more', accepts: (value) => typeof value === 'number' && value >= 0 },
  signal: {
    words: 'the signal of an AbortController',
    accepts: (value) => typeof (value as StopSignal | null)?.throwIfAborted === 'function',
  },
  workers: either(wholeNumber(1, 1000), oneOf('auto'), { words: 'false', accepts: (value) => value === false }),
  worker: {
    words: 'a function that makes a worker, or an address',
    accepts: (value) =>
      typeof value === 'function' || typeof value === 'string' || typeof (value as URL | null)?.href === 'string',
  },
};

/**
 * Milliseconds of the rounds that are under way, between two yields to the event loop, and at least between two reports
 * of progress.
 */
const ROUND = 20;

/** Seconds of sampling before the pace is believed: by then the engine has compiled the kernels. */
const PACE = 0.25;

/** Seconds that a move to workers has to save: a worker needs 0.1 to 0.3 to load the code and to compile it anew. */
const WORTH = 1;

/** Quantities of a fit whose workers hold hundreds of megabytes. */
const LARGE = 3e4;

/** Checkpoints take at most one part in so many of the time. */
const COSTLY = 20;

/**
 * Runs chains of a plan to the end of `size`, from `start` on; `before` is the fit of what they drew up to there.
 * Throws (rejects) as `sample` does.
 */
export async function runChains(
  planned: Plan,
  size: SampleSize,
  start: ChainStart,
  options: RunOptions,
  before: Fit | null = null,
): Promise<Fit> {
  const { signal, onProgress, onCheckpoint, onDraws, checkpointSeconds = 30, workers = 'auto', worker } = options;
  signal?.throwIfAborted();
  const begin = performance.now();
  const model = onDraws ? keeping(planned, planned.keep, true) : planned;
  const own = gatheredDraws(model, size, start.chains);
  if (before) own.takeAll(before);
  const stream: DrawnStream | undefined =
    onDraws &&
    drawnStream(
      own,
      model,
      start.chains,
      { drawn: before?.draws.iterations ?? 0, iterations: size.iterations },
      onDraws,
    );
  const gathered = stream ?? own;
  const length = size.warmup + size.iterations;
  const begun = start.from?.[0]?.done ?? 0;
  let reported = Number.NEGATIVE_INFINITY;
  const preparing = (): void => {
    if (!onProgress || performance.now() - reported < ROUND) return;
    reported = performance.now();
    const { chains } = size;
    onProgress({ phase: 'preparing', chains, done: begun * chains, total: length * chains, secondsLeft: null });
  };
  preparing();
  let team: ChainTeam;
  let inTurn: ChainsInTurn | null = null;
  let made: Preparation | null = null;
  if (typeof workers === 'number') {
    const onMade = (own: Preparation | null): void => {
      made = own;
    };
    const few = { workers: Math.min(workers, size.chains), source: worker, made: null, signal, onMade };
    team = await chainsInWorkers(await readyWorkers(model, few), size, gathered, signal, start);
  } else {
    const checkStop = (): void => {
      signal?.throwIfAborted();
      preparing();
    };
    inTurn = await chainsInTurn(model, size, gathered, checkStop, start);
    team = inTurn;
    // Fitted when the chains were started: nothing is computed here, unless none of them could be.
    if (team.failures.size < size.chains) made = toTheEnd(fitKernels(model));
  }
  reported = Number.NEGATIVE_INFINITY;
  const seconds = { warmup: (performance.now() - begin) / 1000, sampling: 0 };

  /** Makes workers ready, while chains go on in turn, where that pays. */
  const openWorkers = async (secondsLeft: number): Promise<WorkersToCome | null> => {
    const count = Math.min(size.chains, await processors());
    const share = Math.ceil(size.chains / count) / size.chains;
    if (!(secondsLeft * (1 - share) > WORTH)) return null;
    return workersToCome(model, { workers: count, source: worker, made: toTheEnd(prepare(model)), signal });
  };

  let done = begun;
  let asked = done;
  let pace = { since: performance.now(), done };
  let count = 1;
  let moving: WorkersToCome | null = null;
  let nextCheckpoint = 0;
  const rounds: { readonly step: number; readonly warming: boolean; readonly time: Promise<RoundTime> }[] = [];
  if (!(workers === 'auto' && size.chains > 1 && (isNode() || worker !== undefined))) inTurn = null;
  try {
    while (done < length) {
      const due = onCheckpoint !== undefined && performance.now() >= nextCheckpoint && team.failures.size === 0;
      if (due && rounds.length === 0) {
        const began = performance.now();
        const stopped = await team.stop();
        if (team.failures.size === 0) {
          const drawn = Math.max(0, done - size.warmup);
          const copy = gathered.copy(keptDraws(model.keep, drawn));
          const reached = { ...size, iterations: drawn };
          const some = assembleFit(model, reached, copy, stopped, seconds, made, before?.quantiles);
          onCheckpoint({ fit: some, iterations: size.iterations });
        }
        const now = performance.now();
        nextCheckpoint = now + Math.max(1000 * checkpointSeconds, COSTLY * (now - began));
        continue;
      }
      const going = !due && !signal?.aborted && team.failures.size < size.chains;
      while (going && asked < length && rounds.length < team.ahead) {
        const warming = asked < size.warmup;
        const step = Math.min(count, (warming ? size.warmup : length) - asked);
        rounds.push({ step, warming, time: team.advance(step) });
        asked += step;
      }
      const through = rounds.shift();
      if (!through) break;
      const { step, warming } = through;
      const { summed, longest } = await through.time;
      seconds[warming ? 'warmup' : 'sampling'] += summed / 1000;
      done += step;
      stream?.flush(team.failures);
      // Twice at most: the first iterations, before the engine has compiled them, say little of the later ones.
      count = Math.max(1, Math.min(2 * step, Math.floor((step * ROUND) / team.ahead / Math.max(longest, 0.01))));
      const now = performance.now();
      const elapsed = (now - pace.since) / 1000;
      const secondsLeft = (elapsed * (length - done)) / (done - pace.done);
      if (onProgress && (now - reported >= ROUND || done === length)) {
        reported = now;
        onProgress({
          phase: warming ? 'warmup' : 'sampling',
          chains: size.chains,
          done: done * size.chains,
          total: length * size.chains,
          secondsLeft,
        });
      }
      if (inTurn === null || signal?.aborted || team.failures.size > 0) continue;
      if (moving === null && elapsed > PACE) moving = await openWorkers(secondsLeft);
      if (!moving?.workers) continue;
      const from = fromCheckpoints(inTurn.chains().map((chain) => chain.checkpoint()));
      inTurn = null;
      team = (await chainsInWorkers(moving.workers, size, gathered, signal, from).catch(() => null)) ?? team;
      pace = { since: performance.now(), done };
    }
    return await finish(model, size, team, gathered, done, seconds, made, signal, before, () =>
      stream?.flush(team.failures),
    );
  } finally {
    team.close();
    moving?.close();
  }
}

async function finish(
  model: Plan,
  size: SampleSize,
  team: ChainTeam,
  gathered: GatheredDraws,
  done: number,
  seconds: { warmup: number; sampling: number },
  made: Preparation | null,
  signal: StopSignal | undefined,
  before: Fit | null,
  handedOver: () => void,
): Promise<Fit> {
  const iterations = Math.max(0, done - size.warmup);
  const drawn = keptDraws(model.keep, iterations);
  const { failures } = team;
  if (drawn < FEWEST_DRAWS && failures.size === 0) signal?.throwIfAborted();
  const stopped = await team.stop();
  handedOver();
  team.close();
  // What workers of a large fit hold is free when their threads have ended; the main thread has much to do after that.
  if (team.ahead > 1 && layoutSize(model.variables) > LARGE) await threadsEnded();
  // Quantiles of before are of all chains together: without one of them they are of no use to the others.
  const parted = failures.size > 0 && before?.quantiles !== undefined;
  const enough = drawn >= FEWEST_DRAWS && stopped.length > 0 && !parted;
  const recorded = enough
    ? gathered.draws(
        stopped.map(({ chain }) => chain),
        drawn,
      )
    : null;
  const fit =
    recorded &&
    assembleFit(
      model,
      { ...size, chains: recorded.draws.chains, iterations },
      recorded,
      stopped,
      seconds,
      made,
      before?.quantiles,
    );
  if (fit && failures.size === 0) return fit;
  throw new ChainFailure(
    [...failures].sort(([a], [b]) => a - b).map(([, failure]) => failure),
    fit,
  );
}
