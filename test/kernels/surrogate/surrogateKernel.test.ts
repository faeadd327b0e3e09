import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { halfNormal, normal } from '../../../src/graph/priors.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { sample } from '../../../src/run/sample.ts';
import { asReference, compareWith, disagreements, namedChains } from '../../statistical/agreement.ts';
import { type CrossedSpec, crossedRows } from '../crossedRows.ts';

const RESPONSES: Readonly<Record<string, CrossedSpec['response']>> = {
  binomialLogit: (eta, rng) => (rng.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0),
  bernoulliProbit: (eta, rng) => (rng.normal() < eta ? 1 : 0),
  poisson: (eta, rng) => {
    let count = -1;
    for (let time = 0; time < Math.exp(eta); time += rng.exponential()) count += 1;
    return count;
  },
};

const spec = (family: string): CrossedSpec => ({ sds: [0.7, 0.6, 0.4], intercept: -0.3, response: RESPONSES[family]! });

/** Of some 200 means and sds the largest z, at a level of 1%: 4.1; Monte Carlo errors of both samplers are in it. */
const LIMIT = 4.1;

describe('the kernel of crossed factors whose rows are not normal', () => {
  it.each([
    ['a border', 'binomialLogit', 'y ~ x + (1 | a) + (1 | b) + (1 | k)'],
    ['two intercepts', 'bernoulliProbit', 'y ~ x + (1 | a) + (1 | b)'],
    ['slopes', 'poisson', 'y ~ x + (1 + x | a) + (1 | b)'],
    // Here the columns of a keep their origin as written, and T is not diagonal.
    ['a prior of the sd of an intercept far from the rows', 'poisson', 'y ~ z + (1 + z | a) + (1 | b)', true],
  ] as const)(
    'has the posterior of the whitened kernel, 12 x 6: %s, %s',
    (_, family, text, written: boolean = false) => {
      const rows = crossedRows(90, 12, 6, 5, spec(family));
      const priors = { beta: normal(0, 3), tau_b: halfNormal(1), ...(written ? { tau_a: halfNormal(1) } : {}) };
      const graph = formula(text, { family, priors });
      const run = (kernels: string, iterations: number, seed: number) =>
        sampleSync(graph, { rows }, { chains: 2, warmup: 200, iterations, seed, kernels });
      const exact = run('whitened', 600, 41);
      const references = asReference(exact);
      expect(references.length).toBeGreaterThan(20);
      const own = run('crossed', 1500, 42);
      expect(own.sampling.kernels.map(({ name }) => name)).toEqual(['surrogate']);
      expect(disagreements(compareWith(own, references), LIMIT)).toEqual([]);
    },
  );

  it('is what auto takes where its sweeps cost less than a factorisation, of a single factor from 30 000 levels on', () => {
    const kernelsOf = (n: number, J: number, K: number, text: string) => {
      const rows = crossedRows(n, J, K, 6, spec('binomialLogit'));
      return plan(text, { rows }, { family: 'binomialLogit' }).kernels.map(({ name }) => name);
    };
    expect(kernelsOf(4000, 400, 200, 'y ~ x + (1 | a) + (1 | b)')).toEqual(['surrogate']);
    expect(kernelsOf(400, 40, 20, 'y ~ x + (1 | a) + (1 | b)')).toEqual(['whitenedMetropolis']);
    expect(kernelsOf(4000, 400, 200, 'y ~ x + (1 | a)')).toEqual(['whitenedMetropolis']);
    const g = Array.from({ length: 60_000 }, (_, i) => `g${i >> 1}`);
    const rows = { y: g.map((_, i) => (i % 3 === 0 ? 1 : 0)), g };
    const alone = plan('y ~ 1 + (1 | g)', { rows }, { family: 'binomialLogit' });
    expect(alone.kernels.map(({ name }) => name)).toEqual(['surrogate']);
  });

  it('draws the same bytes in workers, and says where its pseudo-likelihood holds badly', async () => {
    // A level has a row or two, and events are rare.
    const few: CrossedSpec = {
      ...spec('binomialLogit'),
      response: (eta, rng) => RESPONSES['binomialLogit']!(2 * eta - 2, rng),
    };
    const rows = crossedRows(600, 500, 20, 7, few);
    const size = {
      chains: 2,
      warmup: 5,
      iterations: 10,
      seed: 9,
      kernels: 'crossed',
      family: 'binomialLogit',
    } as const;
    const here = sampleSync('y ~ x + (1 | a) + (1 | b)', { rows }, size);
    const there = await sample('y ~ x + (1 | a) + (1 | b)', { rows }, { ...size, workers: 2 });
    expect(namedChains(there)).toEqual(namedChains(here));
    expect(there.sampling.kernels[0]!.departure).toMatch(/^levels have so few events .* of 100 joint steps accepted/);
  });
});
