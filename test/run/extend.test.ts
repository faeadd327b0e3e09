import { describe, expect, it } from 'vitest';
import { fromCheckpoint, fromJson } from '../../src/files/fromJson.ts';
import { toCheckpoint } from '../../src/files/toJson.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { extend, resume } from '../../src/run/extend.ts';
import type { Unfinished } from '../../src/run/runChains.ts';
import { sample } from '../../src/run/sample.ts';
import { cases } from '../mcmc/smallFits.ts';

const size = { chains: 3, warmup: 40, iterations: 30, seed: 11 };

describe.each(Object.entries(cases()))('%s', (_, make) => {
  const { graph, data, options } = make();
  const whole = sampleSync(graph, data, { ...options, ...size });

  it('goes on asynchronously as in one run', async () => {
    const part = await sample(graph, data, { ...options, ...size, iterations: 12 });
    const longer = await extend(part, 18, { workers: false });
    expect(longer.draws).toEqual(whole.draws);
    expect(longer.checkpoints).toEqual(whole.checkpoints);
  });

  it('is resumed from every checkpoint, in warm-up and after, to the same fit', async () => {
    const texts: string[] = [];
    await sample(graph, data, {
      ...options,
      ...size,
      workers: false,
      checkpointSeconds: 0,
      onCheckpoint: (unfinished: Unfinished) => texts.push(Array.from(toCheckpoint(unfinished)).join('')),
    });
    const states = texts.map((text) => fromCheckpoint(text));
    expect(states[0]!.fit.checkpoints[0]!.done).toBe(0);
    const places = new Set([0, Math.floor(states.length / 2), states.length - 1]);
    for (const unfinished of Array.from(places, (place) => states[place]!)) {
      expect(unfinished.iterations).toBe(30);
      const resumed = await resume(unfinished, { workers: false });
      expect(resumed.draws).toEqual(whole.draws);
      expect(resumed.checkpoints).toEqual(whole.checkpoints);
    }
    expect(() => fromJson(texts[0]!)).toThrow('a checkpoint of a fit that has no draws yet');
  });

  it('gives the chains that are asked for alone', async () => {
    const some = await sample(graph, data, { ...options, ...size, only: [3, 1] });
    expect(some.checkpoints).toEqual([whole.checkpoints[0], whole.checkpoints[2]]);
  });
});

describe('extend', () => {
  it('stopped by its signal keeps what was drawn, and reports how far it is', async () => {
    const { graph, data, options } = Object.values(cases())[0]!();
    const part = sampleSync(graph, data, { ...options, ...size });
    const controller = new AbortController();
    const seen: number[] = [];
    const stopped = await extend(part, 1_000_000, {
      workers: false,
      signal: controller.signal,
      onProgress: ({ done, phase }) => {
        if (phase === 'preparing') return;
        seen.push(done);
        controller.abort();
      },
    });
    const { iterations } = stopped.sampling;
    expect(iterations).toBeGreaterThan(30);
    expect(seen[0]).toBe(3 * (40 + iterations));
    expect(stopped.draws).toEqual(extendSync(part, iterations - 30).draws);
    await expect(extend(part, 0)).rejects.toThrow('iterations');
  });
});

describe('a request that no memory holds', () => {
  it('is refused before sampling, with what it needs', async () => {
    const { graph, data, options } = Object.values(cases())[0]!();
    const asked = sample(graph, data, { ...options, chains: 1000, iterations: 1e7 });
    await expect(asked).rejects.toThrow(
      /1000 chains of 10000000 draws of \d+ quantities need [\d.]+ GB of memory, more than the limit of/,
    );
  });
});
