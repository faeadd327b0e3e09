import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { formula } from '../../src/formula/formula.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { sample } from '../../src/run/sample.ts';
import type { SampleProgress } from '../../src/run/sampleProgress.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const rows = parseCsv(readFileSync(new URL('../../examples/data/radon_arm.csv', import.meta.url), 'utf8'), 'radon');
const schools = fixtureFrame('eight_schools');
const meta = formula('y | se(sigma) ~ 1 + (1 | school)');
const radon = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');
const pastes = fixtureFrame('pastes');
const nested = formula('strength ~ 1 + (1 | batch / cask)');

const size = { chains: 3, warmup: 60, iterations: 70, seed: 20260101 };

describe('sample', () => {
  it.each([
    ['two varying coefficients', radon, rows, 'auto'],
    ['two varying coefficients by Gibbs', radon, rows, 'gibbs'],
    ['known standard errors', meta, schools, 'auto'],
    ['two grouping factors', nested, pastes, 'auto'],
  ])('gives the draws and checkpoints of sampleSync bit for bit: %s', async (_, graph, table, kernels) => {
    const options = { ...size, kernels };
    const fit = await sample(graph, { rows: table }, options);
    const twin = sampleSync(graph, { rows: table }, options);
    expect(fit.draws).toEqual(twin.draws);
    expect(fit.checkpoints).toEqual(twin.checkpoints);
    expect({ ...fit.sampling, warmupSeconds: null, samplingSeconds: null }).toEqual(twin.sampling);
    expect(fit.sampling.samplingSeconds).toBeGreaterThan(0);
  });

  it('reports progress that ends at the total with no time left', async () => {
    const seen: SampleProgress[] = [];
    await sample(meta, { rows: schools }, { ...size, onProgress: (progress) => seen.push(progress) });
    expect(seen[0]).toEqual({ phase: 'preparing', chains: 3, done: 0, total: 390, secondsLeft: null });
    const drawing = seen.filter(({ phase }) => phase !== 'preparing');
    expect(drawing[0]!.phase).toBe('warmup');
    expect(seen.at(-1)).toEqual({ phase: 'sampling', chains: 3, done: 390, total: 390, secondsLeft: 0 });
    expect(drawing.every((progress, i) => i === 0 || progress.done > drawing[i - 1]!.done)).toBe(true);
  });

  it('lets other events happen while it runs', async () => {
    let ticks = 0;
    const timer = setInterval(() => {
      ticks += 1;
    }, 1);
    await sample(radon, { rows }, { chains: 2, warmup: 100, iterations: 200 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0);
  });

  it('stopped early, returns the first draws of every chain and can be extended to the whole', async () => {
    const controller = new AbortController();
    const options = { chains: 2, warmup: 10, iterations: 100_000, seed: 5 };
    const fit = await sample(
      meta,
      { rows: schools },
      {
        ...options,
        signal: controller.signal,
        onProgress: ({ done }) => {
          if (done > 2 * 30) controller.abort();
        },
      },
    );
    const drawn = fit.sampling.iterations;
    expect(drawn).toBeGreaterThan(20);
    expect(drawn).toBeLessThan(options.iterations);
    const twin = sampleSync(meta, { rows: schools }, { ...options, iterations: drawn + 5 });
    expect(extendSync(fit, 5).draws.values).toEqual(twin.draws.values);
    expect(sampleSync(meta, { rows: schools }, { ...options, iterations: drawn }).draws).toEqual(fit.draws);
  });

  it("rejects with the signal's reason when stopped before every chain has four draws", async () => {
    const reason = new Error('changed my mind');
    const options = { ...size, signal: AbortSignal.abort(reason) };
    await expect(sample(meta, { rows: schools }, options)).rejects.toBe(reason);
    const controller = new AbortController();
    const warming = { ...size, signal: controller.signal, onProgress: () => controller.abort(reason) };
    await expect(sample(meta, { rows: schools }, warming)).rejects.toBe(reason);
  });

  it('rejects wrong options and wrong data before sampling', async () => {
    await expect(sample(meta, { rows: schools }, { chains: 0 })).rejects.toThrow(/chains: got 0/);
    await expect(sample(formula('y ~ absent'), { rows: schools })).rejects.toThrow(/absent/);
  });
});
