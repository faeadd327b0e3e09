import { afterEach, describe, expect, it, vi } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { gatheredDraws } from '../../src/mcmc/gatheredDraws.ts';
import { plan, prepare } from '../../src/mcmc/plan.ts';
import { sampleSize } from '../../src/mcmc/sampleSize.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { toTheEnd } from '../../src/pausing.ts';
import { ChainFailure } from '../../src/run/chainFailure.ts';
import { fromCheckpoints } from '../../src/run/chainStart.ts';
import { chainsInTurn } from '../../src/run/chainsInTurn.ts';
import { chainsInWorkers } from '../../src/run/chainsInWorkers.ts';
import { chainWorker } from '../../src/run/chainWorker.ts';
import type { NodeWorker } from '../../src/run/nodeModule.ts';
import type { WebWorkerLike } from '../../src/run/openWorker.ts';
import { readyWorkers } from '../../src/run/readyWorkers.ts';
import { sample } from '../../src/run/sample.ts';
import type { SampleProgress } from '../../src/run/sampleProgress.ts';
import type { WorkerRequest } from '../../src/run/workerMessages.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

/** The chain that fails after 30 iterations; none. */
const broken = vi.hoisted(() => ({ chain: -1 }));

vi.mock('../../src/mcmc/chain.ts', async (original) => {
  const { createChain } = await original<typeof import('../../src/mcmc/chain.ts')>();
  const breaking: typeof createChain = (kernels, state, rng, options, from) => {
    const chain = createChain(kernels, state, rng, options, from);
    if (options.chain !== broken.chain) return chain;
    const advance: typeof chain.advance = (count, record) => {
      if (chain.done() <= 30) return chain.advance(count, record);
      throw new ModelError('numeric-failure', 'covariance', 'kernel covariance failed in chain 1');
    };
    return { ...chain, advance };
  };
  return { createChain: breaking };
});

const sleepstudy = { rows: fixtureFrame('sleepstudy') };
const slopes = formula('Reaction ~ Days + (Days | Subject)');
const schools = { rows: fixtureFrame('eight_schools') };
const meta = formula('y | se(sigma) ~ 1 + (1 | school)');
const pastes = { rows: fixtureFrame('pastes') };
const dyestuff = { rows: fixtureFrame('dyestuff') };
const heavy = formula('Reaction ~ Days + (Days | Subject)', { family: 'studentT' });
const cbpp = { rows: fixtureFrame('cbpp') };
const herds = formula('incidence | trials(size) ~ factor(period) + (1 | herd)', { family: 'binomial' });
const few = {
  rows: {
    y: Array.from({ length: 400 }, (_, i) => (i % 67 === 0 ? 1 : 0)),
    g: Array.from({ length: 400 }, (_, i) => `g${i % 8}`),
  },
};
const rare = formula('y ~ 1 + (1 | g)', { family: 'binomial' });
const nested = formula('strength ~ 1 + (1 | batch / cask)');
const size = { chains: 3, warmup: 40, iterations: 50, seed: 20260101 };

/**
 * A page's worker without a thread: it clones every message, as a thread would, and answers in a later turn. After
 * `answers` replies it breaks.
 */
function pageWorker(answers = Infinity): WebWorkerLike & { closed: boolean } {
  const answer = chainWorker();
  const listeners = new Map<string, (event: { data?: unknown; message?: unknown }) => void>();
  let left = answers;
  const worker = {
    closed: false,
    addEventListener: (type: string, listener: (event: { data?: unknown; message?: unknown }) => void) =>
      listeners.set(type, listener),
    postMessage(message: unknown): void {
      const data = structuredClone(message) as WorkerRequest;
      setTimeout(() => {
        left -= 1;
        if (left >= 0) listeners.get('message')!({ data: structuredClone(answer(data)) });
        else listeners.get('error')!({ message: 'out of memory' });
      }, 0);
    },
    terminate(): void {
      worker.closed = true;
    },
  };
  return worker;
}

/** The draws of some chains of a fit, scalar by scalar. */
function drawsOf({ draws }: Fit, chains: readonly number[]): number[][] {
  const rows = draws.values.length / (draws.chains * draws.iterations);
  return Array.from({ length: rows }, (_, row) =>
    chains.flatMap((chain) => {
      const from = (row * draws.chains + chain) * draws.iterations;
      return Array.from(draws.values.subarray(from, from + draws.iterations));
    }),
  );
}

afterEach(() => vi.restoreAllMocks());

describe('sample in workers', () => {
  it.each([
    // In threads; then what a model of each kind sends, by workers that clone it as threads do and need not be started.
    ['two varying coefficients', slopes, sleepstudy, 'auto', 2],
    ['two varying coefficients by Gibbs, more workers than chains', slopes, sleepstudy, 'gibbs', 5],
    ['known standard errors, one worker', meta, schools, 'auto', 1],
    ['two grouping factors, a table of their sds', nested, pastes, 'marginal', 2],
    ['few rows, a table of the power of sigma', formula('Yield ~ 1 + (1 | Batch)'), dyestuff, 'marginal', 2],
    ['two varying coefficients and Student-t rows', heavy, sleepstudy, 'scaleMixture', 2],
    ['counts, whitened', herds, cbpp, 'whitened', 2],
    ['counts, Pólya-Gamma', herds, cbpp, 'polyaGamma', 2],
    ['rare events, two kernels of one model', rare, few, 'polyaGamma', 3],
  ])('gives the draws and checkpoints of sampleSync bit for bit: %s', async (_, graph, data, kernels, workers) => {
    const options = { ...size, kernels };
    const threads = kernels === 'auto' || workers > size.chains;
    const fit = await sample(graph, data, { ...options, workers, ...(threads ? {} : { worker: pageWorker }) });
    const twin = sampleSync(graph, data, options);
    expect(fit.draws).toEqual(twin.draws);
    expect(fit.sampleStats).toEqual(twin.sampleStats);
    expect(fit.checkpoints).toEqual(twin.checkpoints);
    expect({ ...fit.sampling, warmupSeconds: null, samplingSeconds: null }).toEqual(twin.sampling);
  });

  it('gives them too where the worker is loaded from its sources, file by file', async () => {
    vi.stubEnv('PARTIAL_POOLING_BUNDLE', undefined);
    try {
      const short = { ...size, chains: 1 };
      const fit = await sample(slopes, sleepstudy, { ...short, workers: 1 });
      expect(fit.draws.values).toEqual(sampleSync(slopes, sleepstudy, short).draws.values);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('gives them too in the workers of a page', async () => {
    const made: { closed: boolean }[] = [];
    const worker = (): WebWorkerLike => {
      const one = pageWorker();
      made.push(one);
      return one;
    };
    const fit = await sample(slopes, sleepstudy, { ...size, workers: 2, worker });
    expect(fit.draws).toEqual(sampleSync(slopes, sleepstudy, size).draws);
    expect(made.map(({ closed }) => closed)).toEqual([true, true]);
  });

  it('fits what the chains share in the first worker alone, or not at all where chains move there', async () => {
    const asked: unknown[][] = [];
    const listening = () => {
      const worker = pageWorker();
      const own: unknown[] = [];
      asked.push(own);
      return {
        ...worker,
        postMessage(message: WorkerRequest): void {
          if (message.kind === 'prepare') own.push(message.made?.length ?? 'fit');
          worker.postMessage(message);
        },
      };
    };
    const model = plan(slopes, sleepstudy);
    const whole = sampleSize(size);
    const gathered = gatheredDraws(model, whole);
    const options = { workers: 3, source: listening, signal: undefined };
    for (const made of [null, toTheEnd(prepare(model))]) {
      const team = await chainsInWorkers(await readyWorkers(model, { ...options, made }), whole, gathered, undefined);
      team.close();
    }
    expect(asked).toEqual([['fit'], [2], [2], [2], [2], [2]]);
  });

  it.each([
    ['in warm-up', 17],
    ['while draws are recorded', 58],
  ])('goes on bit for bit with chains that move there %s', async (_, before) => {
    const model = plan(slopes, sleepstudy, { kernels: 'gibbs' });
    const whole = sampleSize(size);
    const gathered = gatheredDraws(model, whole);
    const first = await chainsInTurn(model, whole, gathered, () => {});
    await first.advance(before);
    const options = { workers: 2, source: pageWorker, made: toTheEnd(prepare(model)), signal: undefined };
    const ready = await readyWorkers(model, options);
    const team = await chainsInWorkers(
      ready,
      whole,
      gathered,
      undefined,
      fromCheckpoints(first.chains().map((chain) => chain.checkpoint())),
    );
    await team.advance(size.warmup + size.iterations - before);
    const stopped = await team.stop();
    const twin = sampleSync(slopes, sleepstudy, { ...size, kernels: 'gibbs' });
    expect(stopped).toEqual(twin.checkpoints);
    expect(gathered.draws([0, 1, 2], size.iterations)).toEqual({ draws: twin.draws, sampleStats: null });
  });

  it('by auto moves the chains when the pace says that it saves seconds, and gives the same draws', async () => {
    // A clock that says every step took 0.2 seconds.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 200;
      return now;
    });
    const worker = vi.fn(pageWorker);
    const options = { chains: 2, warmup: 20, iterations: 400, seed: 3 };
    const fit = await sample(slopes, sleepstudy, { ...options, worker: () => worker() });
    expect(worker).toHaveBeenCalled();
    expect(fit.draws).toEqual(sampleSync(slopes, sleepstudy, options).draws);
  });

  it('by auto ends in turn, and closes the workers, where they are not ready in time', async () => {
    // A clock that says every step took 0.2 seconds.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 200;
      return now;
    });
    const made: { terminate: ReturnType<typeof vi.fn> }[] = [];
    const silent = () => {
      const worker = { ...pageWorker(), postMessage: () => {}, terminate: vi.fn() };
      made.push(worker);
      return worker;
    };
    const options = { ...size, chains: 2, iterations: 200 };
    const fit = await sample(slopes, sleepstudy, { ...options, worker: silent });
    vi.restoreAllMocks();
    expect(fit.draws).toEqual(sampleSync(slopes, sleepstudy, options).draws);
    expect(made.length).toBeGreaterThan(0);
    await vi.waitFor(() => {
      for (const { terminate } of made) expect(terminate).toHaveBeenCalled();
    });
  });

  it('by auto goes on in turn where no worker starts', async () => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 200;
      return now;
    });
    const worker = vi.fn(() => {
      throw new Error('refused');
    });
    const options = { chains: 2, warmup: 20, iterations: 400, seed: 3 };
    const fit = await sample(slopes, sleepstudy, { ...options, worker });
    expect(worker).toHaveBeenCalledTimes(1);
    expect(fit.draws).toEqual(sampleSync(slopes, sleepstudy, options).draws);
  });

  it('by auto starts none where sampling takes milliseconds', async () => {
    const worker = vi.fn(pageWorker);
    await sample(meta, schools, { chains: 2, warmup: 10, iterations: 10, worker: () => worker() });
    expect(worker).not.toHaveBeenCalled();
  });

  it('reports progress that ends at the total with no time left', async () => {
    const seen: SampleProgress[] = [];
    const onProgress = (progress: SampleProgress): unknown => seen.push(progress);
    await sample(meta, schools, { ...size, workers: 2, onProgress });
    expect(seen[0]).toEqual({ phase: 'preparing', chains: 3, done: 0, total: 270, secondsLeft: null });
    const drawing = seen.filter(({ phase }) => phase !== 'preparing');
    expect(drawing[0]!.phase).toBe('warmup');
    expect(seen.at(-1)).toEqual({ phase: 'sampling', chains: 3, done: 270, total: 270, secondsLeft: 0 });
    expect(drawing.every((progress, i) => i === 0 || progress.done > drawing[i - 1]!.done)).toBe(true);
  });

  it('stopped early, returns the first draws of every chain and can be extended to the whole', async () => {
    const controller = new AbortController();
    const options = { chains: 3, warmup: 10, iterations: 100_000, seed: 5 };
    const onProgress = ({ done }: SampleProgress): void => {
      if (done > 3 * 30) controller.abort();
    };
    const fit = await sample(meta, schools, { ...options, workers: 2, signal: controller.signal, onProgress });
    const drawn = fit.sampling.iterations;
    expect(drawn).toBeGreaterThan(20);
    expect(drawn).toBeLessThan(options.iterations);
    const twin = sampleSync(meta, schools, { ...options, iterations: drawn + 5 });
    expect(extendSync(fit, 5).draws.values).toEqual(twin.draws.values);
  });

  it.each([
    ['in warm-up', 20],
    ['while draws were recorded', 1],
  ])('stopped early after chains moved there %s, returns the first draws of every chain', async (_, warmup) => {
    // A clock that says every step took 0.2 seconds.
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 200;
      return now;
    });
    const controller = new AbortController();
    const worker = vi.fn(pageWorker);
    const options = { chains: 2, warmup, iterations: 100_000, seed: 3 };
    const onProgress = ({ done }: SampleProgress): void => {
      if (worker.mock.calls.length > 0 && done > 2 * 60) controller.abort();
    };
    const { signal } = controller;
    const fit = await sample(slopes, sleepstudy, { ...options, worker: () => worker(), signal, onProgress });
    expect(worker).toHaveBeenCalled();
    const { iterations } = fit.sampling;
    expect(iterations).toBeLessThan(options.iterations);
    expect(fit.draws).toEqual(sampleSync(slopes, sleepstudy, { ...options, iterations }).draws);
  });

  it("rejects with the signal's reason when stopped while workers start, and closes them", async () => {
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    const silent = { ...pageWorker(), postMessage: () => controller.abort(reason), terminate: vi.fn() };
    const stopped = sample(meta, schools, { ...size, workers: 1, worker: () => silent, signal: controller.signal });
    await expect(stopped).rejects.toBe(reason);
    expect(silent.terminate).toHaveBeenCalled();
  });

  it('ends a thread of Node that is busy when stopped only after it has answered all it was asked', async () => {
    const controller = new AbortController();
    const reason = new Error('changed my mind');
    let answer: (reply: unknown) => void = () => {};
    const terminate = vi.fn();
    let asked = 0;
    const busy: NodeWorker = {
      postMessage() {
        asked += 1;
        controller.abort(reason);
      },
      terminate,
      on(event, listener) {
        if (event === 'message') answer = listener;
      },
    };
    const stopped = sample(meta, schools, { ...size, workers: 1, worker: () => busy, signal: controller.signal });
    await expect(stopped).rejects.toBe(reason);
    vi.useFakeTimers();
    await vi.runAllTimersAsync();
    expect(asked).toBeGreaterThan(0);
    for (let left = asked; left > 0; left -= 1) {
      expect(terminate).not.toHaveBeenCalled();
      answer({ kind: 'done', milliseconds: 1, faults: [], made: null, part: null });
      await vi.runAllTimersAsync();
    }
    vi.useRealTimers();
    expect(terminate).toHaveBeenCalledTimes(1);
  });

  it('rejects workers that are no number of threads, and workers that do not start', async () => {
    await expect(sample(meta, schools, { workers: 0 })).rejects.toThrow(/workers: got 0; accepted is a whole number/);
    await expect(sample(meta, schools, { workers: 2, worker: '/no/such/file.js' })).rejects.toMatchObject({
      code: 'worker-start',
    });
    const ends: NodeWorker = {
      postMessage() {},
      terminate() {},
      on(event, listener) {
        if (event === 'exit') setTimeout(() => listener(3), 0);
      },
    };
    await expect(sample(meta, schools, { workers: 2, worker: () => ends })).rejects.toThrow(/it ended with code 3/);
  });
});

describe('a chain that fails', () => {
  it('gives its error and leaves the other chains their draws: a worker that stops', async () => {
    let made = 0;
    const worker = (): WebWorkerLike => {
      made += 1;
      return pageWorker(made === 2 ? 4 : Infinity);
    };
    const failure = await sample(slopes, sleepstudy, { ...size, workers: 2, worker }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ChainFailure);
    const { code, message, fit, failures } = failure as ChainFailure;
    expect(code).toBe('worker-stopped');
    expect(message).toContain('chain 2');
    expect(message).toContain('out of memory');
    expect(failures).toHaveLength(1);
    expect(drawsOf(fit!, [0, 1])).toEqual(drawsOf(sampleSync(slopes, sleepstudy, size), [0, 2]));
    expect(fit!.checkpoints.map(({ chain }) => chain)).toEqual([0, 2]);
  });

  it('names kernel, chain and iteration, and the others run to their end', async () => {
    const model = plan(slopes, sleepstudy, { kernels: 'gibbs' });
    const whole = sampleSize(size);
    const gathered = gatheredDraws(model, whole);
    const first = await chainsInTurn(model, whole, gathered, () => {});
    await first.advance(5);
    // Chain 2 moves with an sd that is no number.
    const from = first.chains().map((chain) => {
      const at = chain.checkpoint();
      const position = at.position.map((value, i) => (i === 2 ? Number.NaN : value));
      return chain.chain === 1 ? { ...at, position } : at;
    });
    const options = { workers: 2, source: pageWorker, made: toTheEnd(prepare(model)), signal: undefined };
    const team = await chainsInWorkers(
      await readyWorkers(model, options),
      whole,
      gathered,
      undefined,
      fromCheckpoints(from),
    );
    await team.advance(whole.warmup + whole.iterations - 5);
    const stopped = await team.stop();
    expect(stopped.map(({ chain }) => chain)).toEqual([0, 2]);
    expect(team.failures.get(1)).toMatchObject({ code: 'numeric-failure', where: 'coefficients' });
    expect(team.failures.get(1)!.message).toMatch(/^kernel coefficients failed in chain 2, iteration 6: /);
  });

  it('in turn, gives its error with the fit of the others too', async () => {
    broken.chain = 0;
    const failure = await sample(slopes, sleepstudy, { ...size, workers: false }).catch((error: unknown) => error);
    broken.chain = -1;
    expect(failure).toBeInstanceOf(ChainFailure);
    expect((failure as ChainFailure).message).toBe('kernel covariance failed in chain 1');
    expect(drawsOf((failure as ChainFailure).fit!, [0, 1])).toEqual(
      drawsOf(sampleSync(slopes, sleepstudy, size), [1, 2]),
    );
  });
});
