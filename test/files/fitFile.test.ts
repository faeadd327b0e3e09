import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rhat } from '../../diagnostics/rhat.ts';
import { FIT_FILE_WRITER } from '../../src/files/fitFile.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { type Case, cases, tiny } from '../mcmc/smallFits.ts';

const size = { chains: 2, warmup: 15, iterations: 12, seed: 20260101 };
const fitOf = ({ graph, data, options }: Case): Fit => sampleSync(graph, data, { ...options, ...size });

/** Whether two arrays hold the same bits, so that 0 and -0 differ. */
const sameBits = (a: Float64Array, b: Float64Array): boolean =>
  Buffer.compare(Buffer.from(a.slice().buffer), Buffer.from(b.slice().buffer)) === 0;

/** A parsed fit file that may be changed. */
type Loose = { [key: string]: Loose };
const parsed = (text: string): Loose => JSON.parse(text) as Loose;

describe.each(Object.entries(cases()))('a fit file of %s', (_, make) => {
  const given = make();
  const fit = fitOf(given);
  const text = toJson(fit);
  const read = fromJson(text);

  test('reads back to the same draws, bit for bit, and to the same design, priors and sampling', () => {
    expect(sameBits(read.draws.values, fit.draws.values)).toBe(true);
    expect({ ...read, draws: null }).toEqual({ ...fit, draws: null });
    expect(read.draws.variables).toEqual(fit.draws.variables);
    expect(toJson(read)).toBe(text);
  });

  test('reads back with the data at hand, from a file without data', () => {
    const without = toJson(fit, { data: false });
    expect(parsed(without)).not.toHaveProperty('constant_data');
    expect(parsed(without)).not.toHaveProperty('observed_data');
    expect(fromJson(without, given.data)).toEqual(read);
    expect(faultOf(() => fromJson(without)).code).toBe('fit-file-data');
  });

  test('goes on exactly as the fit in memory and as a run that never stopped', () => {
    const resumed = extendSync(fromJson(text), 8);
    const whole = sampleSync(given.graph, given.data, { ...given.options, ...size, iterations: 20 });
    expect(sameBits(resumed.draws.values, whole.draws.values)).toBe(true);
    expect(resumed.checkpoints).toEqual(whole.checkpoints);
  });
});

describe('the fit file', () => {
  const given = tiny();
  const fit = fitOf(given);
  const file = parsed(toJson(fit));

  test('has the layout that ArviZ reads: draws by chain and draw, dimensions without these two, labels of each dimension', () => {
    expect(Object.keys(file)).toEqual([
      'posterior',
      'sample_stats',
      'observed_data',
      'constant_data',
      'coords',
      'dims',
      'posterior_attrs',
      'attrs',
      'partial_pooling',
    ]);
    expect(file['coords']).toEqual({ term: ['Intercept', 'x'], g_term: ['Intercept'], g: ['a', 'b', 'c'] });
    expect(file['dims']).toEqual({
      beta: ['term'],
      tau_g: ['g_term'],
      u_g: ['g', 'g_term'],
      sigma: [],
      y: ['row'],
      x: ['row'],
      'rows.g': ['row'],
    });
    expect(file['observed_data']).toEqual({ y: [1, 2, 4, 3, 5, 4, 8, 7, 9] });
    expect(Object.keys(file['constant_data']!)).toEqual(['y', 'x', 'rows.g']);
    const u = fit.draws.variables.find(({ name }) => name === 'u_g')!;
    const posterior = file['posterior'] as unknown as Record<string, number[][][][]>;
    expect(posterior['u_g']![1]![3]![2]![0]).toBe(scalarChains(fit.draws, u.offset + 2)[1]![3]);
    expect(posterior['sigma']![0]![5]).toBe(scalarChains(fit.draws, u.offset + 3)[0]![5]);
  });

  test('records graph, priors in force, levels, data, sampler, streams, state and diagnostics under the key of our own', () => {
    const own = file['partial_pooling'] as unknown as Record<string, unknown>;
    expect(own).toMatchObject({
      schema: 2,
      graph: fit.graph,
      levels: { g: ['a', 'b', 'c'] },
      chains: 2,
      warmup: 15,
      iterations: 12,
      seed: 20260101,
      rule: 'auto',
      kernels: fit.sampling.kernels,
      times: { warmupSeconds: null, samplingSeconds: null },
    });
    expect(own['priors']).toMatchObject({
      beta: [
        { term: 'Intercept', distribution: 'flat', source: 'default' },
        { term: 'x', distribution: 'flat', source: 'default' },
      ],
      sigma: { distribution: 'halfT', df: 3 },
      groups: { g: [{ cov: 'Sigma_g', columns: ['Intercept'], kind: 'separation' }] },
    });
    const diagnostics = own['diagnostics'] as Record<string, { rhat: number[] }>;
    expect(diagnostics['beta']!.rhat[1]).toBe(rhat(scalarChains(fit.draws, 1)));
  });

  test('names the package and the version of package.json', () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as Loose;
    expect(FIT_FILE_WRITER).toEqual({ name: manifest['name'], version: manifest['version'] });
  });

  test('is the same bytes for equal fits when the times are left out, and holds them under one key otherwise', () => {
    const clocked = (tick: number): Fit => {
      let now = 0;
      const clock = (): number => {
        now += tick;
        return now;
      };
      return sampleSync(given.graph, given.data, { ...size, clock });
    };
    const [fast, slow] = [clocked(1), clocked(3)];
    expect(toJson(fast, { times: false })).toBe(toJson(slow, { times: false }));
    expect(toJson(fast)).not.toBe(toJson(slow));
    expect(fromJson(toJson(slow)).sampling).toEqual(slow.sampling);
    expect(fromJson(toJson(slow, { times: false })).sampling.samplingSeconds).toBeNull();
  });

  test('holds the group coefficients on request, and reads back without them', () => {
    const text = toJson(fit, { groupCoefficients: true });
    expect(Object.keys(parsed(text)['posterior']!)).toContain('b_g');
    expect(parsed(text)['dims']!['b_g']).toEqual(['g', 'g_term']);
    expect(fromJson(text)).toEqual(fit);
  });

  test.each([-0, 5e-324, 1.7976931348623157e308, 2 ** 53, -(2 ** 63), 123456789012345680000, 0.1 + 0.2, 1 / 3, 1e21])(
    'holds the double %s exactly',
    (value) => {
      const values = fit.draws.values.slice();
      values[3] = value;
      const read = fromJson(toJson({ ...fit, draws: { ...fit.draws, values } }));
      expect(Object.is(read.draws.values[3], value)).toBe(true);
    },
  );

  test('writes integers beyond 2^53 with an exponent, so that no reader takes them for 64-bit integers', () => {
    const values = fit.draws.values.slice();
    values[3] = 2 ** 70;
    expect(toJson({ ...fit, draws: { ...fit.draws, values } })).toContain('1.1805916207174113e+21');
    values[3] = 2 ** 64;
    expect(toJson({ ...fit, draws: { ...fit.draws, values } })).toContain('1.8446744073709552e+19');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])(
    'is refused a draw of %s, naming quantity, draw and chain',
    (value) => {
      const values = fit.draws.values.slice();
      const u = fit.draws.variables.find(({ name }) => name === 'u_g')!;
      values[((u.offset + 1) * 2 + 1) * 12 + 4] = value;
      const error = faultOf(() => toJson({ ...fit, draws: { ...fit.draws, values } }));
      expect(error.code).toBe('non-finite-draw');
      expect(error.message).toMatch(/^u_g\[b,Intercept\]: draw 5 of chain 2 is (NaN|Infinity);/);
    },
  );

  test('keeps values of the state that JSON has no number for', () => {
    const checkpoints = fit.checkpoints.map((checkpoint) => ({
      ...checkpoint,
      latent: { odd: [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -0, 1] },
    }));
    expect(fromJson(toJson({ ...fit, checkpoints })).checkpoints).toEqual(checkpoints);
  });

  test('written when a state had a key for adaptation, always empty, is read all the same', () => {
    const text = toJson(fit);
    const earlier = parsed(text) as unknown as {
      partial_pooling: { schema: number; checksum?: string; state: Record<string, unknown>[] };
    };
    // Such files are of the first layout.
    earlier.partial_pooling.schema = 1;
    delete earlier.partial_pooling.checksum;
    for (const state of earlier.partial_pooling.state) state['tuning'] = {};
    expect(fromJson(JSON.stringify(earlier)).checkpoints).toEqual(fit.checkpoints);
  });

  test('is refused with other data, and with draws that do not belong to its data', () => {
    const text = toJson(fit);
    const { rows } = given.data as { rows: Record<string, unknown[]> };
    const other = { rows: { ...rows, y: [1, 2, 4, 3, 5, 4, 8, 7, 9.5] } } as Case['data'];
    expect(faultOf(() => fromJson(text, other))).toMatchObject({ code: 'fit-file-data' });
    const reordered = { rows: { g: rows['g'], y: rows['y'], x: rows['x'], unused: rows['x'] } } as Case['data'];
    expect(fromJson(text, reordered).draws).toEqual(fit.draws);
    const changed = parsed(text);
    const beta = changed['posterior']!['beta'] as unknown as number[][][];
    beta[0]![0]![0]! += 1e-3;
    const error = faultOf(() => fromJson(JSON.stringify(changed)));
    expect(error.code).toBe('fit-file-data');
    expect(error.message).toMatch(
      /^fit file: the log-likelihood at the first draw is -\d.* in the file; draws, model and data/,
    );
  });

  test('of four chains of a thousand draws of 178 quantities reads back the same', () => {
    const { graph } = cases()['radon, level-2 predictor on the rows']!();
    const few = sampleSync(
      graph,
      { rows: fixtureFrame('radon_arm') },
      { chains: 4, warmup: 0, iterations: 10, seed: 1 },
    );
    // A hundred copies of ten draws: the size is what is tried here.
    const values = Float64Array.from({ length: few.draws.values.length * 100 }, (_, i) => {
      return few.draws.values[Math.floor(i / 1000) * 10 + (i % 10)]!;
    });
    const big: Fit = {
      ...few,
      draws: { ...few.draws, iterations: 1000, values },
      sampleStats: null,
      sampling: { ...few.sampling, iterations: 1000 },
      checkpoints: few.checkpoints.map((checkpoint) => ({ ...checkpoint, done: 1000 })),
    };
    expect(sameBits(fromJson(toJson(big)).draws.values, values)).toBe(true);
  });
});

describe('the fit file of counted and of two-valued responses', () => {
  const file = (name: string): Loose => parsed(toJson(fitOf(cases()[name]!())));

  test('has successes and trials as observed data, and the combinations that the priors are of', () => {
    const herds = file('herds, counted successes');
    expect(herds['observed_data']).toEqual({
      sick: [2, 0, 5, 1, 3, 4, 0, 6],
      trials: [14, 12, 9, 5, 22, 18, 7, 10],
    });
    expect(herds['dims']!['trials']).toEqual(['row']);
    expect(herds['posterior']).not.toHaveProperty('sigma');
    const own = herds['partial_pooling']!;
    // Means of the columns over the trials: 52 of them in period 1, 45 in period 2.
    expect(own['priors']!['combinations']).toEqual([1, expect.closeTo(45 / 97, 12), 0, 1]);
    expect(own['priors']!['sigma']).toBeNull();
    expect(own['data']).not.toHaveProperty('success');
  });

  test('is refused with draws that do not belong to its data', () => {
    const herds = file('herds, counted successes');
    const beta = herds['posterior']!['beta'] as unknown as number[][][];
    beta[0]![0]![1]! += 1e-3;
    const error = faultOf(() => fromJson(JSON.stringify(herds)));
    expect(error.message).toMatch(/^fit file: the log-likelihood at the first draw is -[\d.]+ on these data and/);
  });

  test('has 0 and 1 for two levels, and says which level is success', () => {
    const voters = file('voters, a response of two levels, weights, a probit link');
    expect(voters['observed_data']).toEqual({ vote: [1, 0, 1, 0, 0, 1, 1, 0, 1, 1, 0, 0] });
    expect(voters['constant_data']!['vote']).toHaveLength(12);
    expect(voters['partial_pooling']!['data']).toMatchObject({ success: 'R', failure: 'D' });
  });
});
