import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { combine } from '../../src/files/combine.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { extend } from '../../src/run/extend.ts';
import { tiny } from '../mcmc/smallFits.ts';

const size = { chains: 2, warmup: 15, iterations: 12, seed: 20260101 };
const { graph, data } = tiny();
const fit = sampleSync(graph, data, size);
const long = sampleSync(graph, data, { ...size, iterations: 20 });
const names = ['acceptance_rate', 'independent_rate', 'log_marginal'];
// Written by this package before it recorded statistics, when the draws of this model were others.
const before = readFileSync(new URL('../fixtures/files/fitFileWithoutStats.json', import.meta.url), 'utf8');

type Loose = { [key: string]: Loose };

/** The file of the fit, its checksum left out as the first layout allows, with a change. */
function changed(change: (file: Loose) => void): string {
  const file = JSON.parse(toJson(fit)) as Loose;
  delete file['partial_pooling']!['checksum'];
  (file['partial_pooling'] as unknown as { schema: number }).schema = 1;
  change(file);
  return JSON.stringify(file);
}

describe('the statistics of the steps in a fit file', () => {
  test('stand as ArviZ reads them, [chain][draw], and read back to the same bits', () => {
    const stats = JSON.parse(toJson(fit)).sample_stats as Record<string, number[][]>;
    expect(Object.keys(stats)).toEqual(names);
    names.forEach((name, i) => {
      expect(stats[name]).toEqual(scalarChains(fit.sampleStats!, i).map((chain) => Array.from(chain)));
    });
    expect(fromJson(toJson(fit))).toEqual(fit);
    expect(fromJson(toJson(fit, { compact: true }))).toEqual(fit);
  });

  test('are not there of kernels that tell nothing', () => {
    const gibbs = sampleSync(graph, data, { ...size, kernels: 'gibbs' });
    expect(gibbs.sampleStats).toBeNull();
    expect(JSON.parse(toJson(gibbs)).sample_stats).toEqual({});
    expect(fromJson(toJson(gibbs))).toEqual(gibbs);
  });

  test('may be missing or empty, and then there are none', () => {
    for (const change of [
      (file: Loose) => {
        delete file['sample_stats'];
      },
      (file: Loose) => {
        file['sample_stats'] = {};
      },
    ]) {
      const read = fromJson(changed(change));
      expect(read.sampleStats).toBeNull();
      expect(read.draws).toEqual(fit.draws);
      expect(fromJson(toJson(read))).toEqual(read);
    }
  });

  test.each<[string, (stats: Loose, file: Loose) => void, RegExp]>([
    ['one is missing', (stats) => delete stats['log_marginal'], /sample_stats has no "log_marginal"/],
    ['one is strange', (stats) => (stats['lp'] = stats['log_marginal']!), /sample_stats holds "lp", which is no/],
    [
      'a chain is short',
      (stats) => (stats['log_marginal']![1] as unknown as number[]).pop(),
      /log_marginal\[1\] has 11/,
    ],
    [
      'one is text',
      (stats) => Object.assign(stats['log_marginal']![0]!, { 3: 'a' }),
      /log_marginal\[0\]\[3\] holds "a"/,
    ],
    [
      'no kernel names its own',
      (_, file) => {
        for (const kernel of file['partial_pooling']!['kernels'] as unknown as Loose[]) delete kernel['stats'];
      },
      /kernels\[0\] has no "stats"/,
    ],
  ])('are refused where %s', (_, change, sentence) => {
    expect(() => fromJson(changed((file) => change(file['sample_stats']!, file)))).toThrow(sentence);
  });

  test('are guarded by the checksum', () => {
    const file = JSON.parse(toJson(fit));
    file.sample_stats.log_marginal[1][7] += 1e-9;
    expect(() => fromJson(JSON.stringify(file))).toThrow(/checksum/);
  });
});

describe('the statistics of a fit that goes on', () => {
  test('are those of one long run', async () => {
    expect(extendSync(fit, 8).sampleStats).toEqual(long.sampleStats);
    expect((await extend(fit, 8, { workers: false })).sampleStats).toEqual(long.sampleStats);
    expect(extendSync(fromJson(toJson(fit, { compact: true })), 8).sampleStats).toEqual(long.sampleStats);
  });

  test('are left out where the draws so far have none', async () => {
    const read = fromJson(before);
    const written = (JSON.parse(before) as Loose)['posterior']!['beta'] as unknown as number[][][];
    const firstOf = ({ draws }: Fit) => scalarChains(draws, 0).map((chain) => Array.from(chain.slice(0, 12)));
    expect(firstOf(read)).toEqual(written.map((chain) => chain.map(([intercept]) => intercept)));
    expect(read.sampleStats).toBeNull();
    const further = [extendSync(read, 8), await extend(read, 8, { workers: 2 })];
    expect(further[1]!.draws).toEqual(further[0]!.draws);
    expect(further[1]!.checkpoints).toEqual(further[0]!.checkpoints);
    for (const longer of further) {
      expect(longer.draws.iterations).toBe(20);
      expect(firstOf(longer)).toEqual(firstOf(read));
      expect(longer.sampleStats).toBeNull();
      expect(longer.sampling.kernels.flatMap(({ stats }) => stats)).toEqual([]);
    }
  });
});

describe('the statistics of parts of one run', () => {
  const parts = [0, 1].map((chain) => ({
    ...fit,
    draws: { ...fit.draws, chains: 1, values: ofChain(fit.draws.values, chain) },
    sampleStats: { ...fit.sampleStats!, chains: 1, values: ofChain(fit.sampleStats!.values, chain) },
    sampling: { ...fit.sampling, chains: 1 },
    checkpoints: [fit.checkpoints[chain]!],
  }));

  function ofChain(values: Float64Array, chain: number): Float64Array {
    return values.filter((_, i) => Math.floor(i / size.iterations) % size.chains === chain);
  }

  test('are joined as their draws are', () => {
    expect(combine([parts[1]!, parts[0]!])).toEqual(fit);
  });

  test('are left out where a part has none', () => {
    const joined = combine([parts[0]!, { ...parts[1]!, sampleStats: null }]);
    expect(joined.sampleStats).toBeNull();
    expect(joined.draws).toEqual(fit.draws);
    expect(fromJson(toJson(joined))).toEqual(joined);
  });
});
