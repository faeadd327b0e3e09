import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import { flat, inverseGamma, normal, type Prior, uniform } from '../../src/graph/priors.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const radon = fixtureFrame('radon_arm');
const m2 = formula('log_radon ~ floor + (1 | county)', {});
const small = { chains: 2, warmup: 20, iterations: 30 };

describe('equal seeds', () => {
  it.each(['marginal', 'gibbs'])('give equal draws, and other seeds other draws (%s)', (kernels) => {
    const draws = (seed: number): Float64Array =>
      sampleSync(m2, { rows: radon }, { ...small, seed, kernels }).draws.values;
    expect(draws(1)).toEqual(draws(1));
    expect(draws(1)).not.toEqual(draws(2));
  });

  it('give chain c the same draws whatever the number of chains', () => {
    const two = sampleSync(m2, { rows: radon }, { ...small, seed: 5 });
    const three = sampleSync(m2, { rows: radon }, { ...small, seed: 5, chains: 3 });
    const first = (values: Float64Array, chains: number): number[] =>
      Array.from(values.subarray(30, 60), (v) => v * (chains / chains));
    expect(first(three.draws.values, 3)).toEqual(first(two.draws.values, 2));
  });

  it.each(['marginal', 'gibbs'])('give the draws of one long run when a fit is extended (%s)', (kernels) => {
    const whole = sampleSync(m2, { rows: radon }, { ...small, iterations: 50, kernels });
    const part = sampleSync(m2, { rows: radon }, { ...small, iterations: 30, kernels });
    expect(extendSync(part, 20).draws.values).toEqual(whole.draws.values);
  });
});

describe('a checkpoint that is not of this model', () => {
  const fit = sampleSync(m2, { rows: radon }, small);
  const changed = (change: (latent: Record<string, readonly number[]>) => Record<string, readonly number[]>) => ({
    ...fit,
    checkpoints: fit.checkpoints.map((checkpoint) => ({ ...checkpoint, latent: change({ ...checkpoint.latent }) })),
  });

  it('is refused when an array has another length, or another name', () => {
    const short = faultOf(() =>
      extendSync(
        changed(({ marginal }) => ({ marginal: marginal!.slice(1) })),
        4,
      ),
    );
    expect(short.message).toBe('the checkpoint of chain 1 has 3 values in marginal; the kernels of this model keep 4');
    const other = faultOf(() =>
      extendSync(
        changed(({ marginal }) => ({ omega: marginal! })),
        4,
      ),
    );
    expect(other.message).toBe(
      'the checkpoint of chain 1 has the latent arrays omega; the kernels of this model keep marginal',
    );
  });
});

describe('a sweep', () => {
  it('is free of the number of rows: a hundred copies of weight 1/100 give the posterior of one', () => {
    const rows = (copies: number): Table => {
      const repeat = (name: string): (string | number)[] => {
        const column = radon.columns.get(name)!;
        return Array.from({ length: copies }, () => Array.from(column.values as ArrayLike<string | number>)).flat();
      };
      return {
        log_radon: repeat('log_radon') as number[],
        floor: repeat('floor') as number[],
        county: repeat('county') as string[],
        w: new Float64Array(copies * radon.n).fill(1 / copies),
      };
    };
    // The same likelihood but for the power of sigma: fix that by comparing at known standard errors.
    const graph = formula('log_radon | se(s) ~ floor + (1 | county)', {});
    const known = (copies: number): Table => ({
      ...(rows(copies) as Record<string, number[]>),
      s: new Float64Array(copies * radon.n).fill(0.76 * Math.sqrt(copies)),
    });
    const one = sampleSync(graph, { rows: known(1) }, { ...small, iterations: 200 });
    const many = sampleSync(graph, { rows: known(4) }, { ...small, iterations: 200 });
    // Equal streams and equal cross-products but for rounding: equal draws but for rounding, as long as no decision
    // flips.
    let largest = 0;
    one.draws.values.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - many.draws.values[i]!));
    });
    expect(largest).toBeLessThan(1e-6);
  });
});

describe('invariants', () => {
  const graph = formula('Reaction ~ Days + (Days | Subject)', {});
  const sleep = fixtureFrame('sleepstudy');
  const columns = (order: readonly number[], change: (name: string, value: number) => number): Table => {
    const pick = (name: string): number[] => {
      const values = Array.from(sleep.columns.get(name)!.values as ArrayLike<number>);
      return order.map((i) => change(name, values[i]!));
    };
    return { Reaction: pick('Reaction'), Days: pick('Days'), Subject: pick('Subject') };
  };
  const identity = Array.from({ length: sleep.n }, (_, i) => i);
  const base = sampleSync(graph, { rows: columns(identity, (_, v) => v) }, { ...small, iterations: 200 });
  const close = (values: Float64Array, factor: (scalar: number) => number): number => {
    const per = base.draws.chains * base.draws.iterations;
    let largest = 0;
    base.draws.values.forEach((value, i) => {
      const scaled = value * factor(Math.floor(i / per));
      largest = Math.max(largest, Math.abs(values[i]! - scaled) / (1e-3 + Math.abs(scaled)));
    });
    return largest;
  };

  it('permuting the rows changes the draws by rounding only', () => {
    const rng = createRng([77]);
    const order = identity
      .map((i) => ({ i, u: rng.uniform() }))
      .sort((a, b) => a.u - b.u)
      .map(({ i }) => i);
    const fit = sampleSync(graph, { rows: columns(order, (_, v) => v) }, { ...small, iterations: 200 });
    expect(close(fit.draws.values, () => 1)).toBeLessThan(1e-6);
  });

  it('renaming the levels in their order changes nothing', () => {
    const fit = sampleSync(
      graph,
      { rows: columns(identity, (name, v) => (name === 'Subject' ? v + 5000 : v)) },
      { ...small, iterations: 200 },
    );
    expect(fit.draws.values).toEqual(base.draws.values);
  });

  it('measuring the response in other units (a power of two) scales every draw that has its unit, and no correlation', () => {
    const fit = sampleSync(
      graph,
      { rows: columns(identity, (name, v) => (name === 'Reaction' ? v / 1024 : v)) },
      { ...small, iterations: 200 },
    );
    const corr = base.draws.variables.find(({ name }) => name === 'corr_Subject')!.offset;
    expect(close(fit.draws.values, (scalar) => (scalar === corr ? 1 : 1 / 1024))).toBeLessThan(1e-6);
  });
});

describe('tiny and empty groups', () => {
  const rng = createRng([31]);
  const y = Array.from({ length: 12 }, () => 5 + rng.normal());
  const letters = 'ABCDEFGHIJKL'.split('');
  const runs: readonly [string, Table, Record<string, Table> | undefined, string][] = [
    ['one row per group', { y, g: letters }, undefined, 'y ~ 1 + (1 | g)'],
    ['three groups', { y, g: letters.map((_, i) => 'ABC'[i % 3]!) }, undefined, 'y ~ 1 + (1 | g)'],
    [
      'three groups with slopes',
      { y, x: y.map((_, i) => i), g: letters.map((_, i) => 'ABC'[i % 3]!) },
      undefined,
      'y ~ x + (x | g)',
    ],
    ['two groups', { y, g: letters.map((_, i) => 'AB'[i % 2]!) }, undefined, 'y ~ 1 + (1 | g)'],
    [
      'a group in the table without rows',
      { y, g: letters.map((_, i) => 'ABC'[i % 3]!) },
      { g: { g: ['A', 'B', 'C', 'D'], w: [1, 2, 3, 4] } },
      'y ~ w + (1 | g)',
    ],
    [
      'groups that do not differ at all',
      { y: y.map((_, i) => (i % 4) - 1.5), g: letters.map((_, i) => 'ABC'[i >> 2]!) },
      undefined,
      'y ~ 1 + (1 | g)',
    ],
  ];
  it.each(runs.flatMap(([title, ...run]) => ['marginal', 'gibbs'].map((kernels) => [title, kernels, ...run] as const)))(
    '%s: every draw is finite (%s kernels)',
    (_title, kernels, rows, groups, text) => {
      const fit = sampleSync(formula(text, {}), groups ? { rows, groups } : { rows }, {
        chains: 2,
        warmup: 100,
        iterations: 300,
        kernels,
      });
      expect(fit.draws.values.every((value) => Number.isFinite(value))).toBe(true);
      for (const name of ['tau_g', 'sigma']) {
        const { offset, size } = fit.draws.variables.find((variable) => variable.name === name)!;
        const per = fit.draws.chains * fit.draws.iterations;
        expect(fit.draws.values.subarray(offset * per, (offset + size) * per).every((value) => value > 0)).toBe(true);
      }
    },
  );
});

describe('wrong options and improper priors', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ chains: 0 }, 'chains: got 0; accepted is a whole number from 1 to 1000'],
    [{ iterations: 2.5 }, 'iterations: got 2.5; accepted is a whole number from 4 to 10000000'],
    [{ seed: -1 }, 'seed: got -1; accepted is a whole number from 0 to 4294967295'],
    [{ warmup: Number.NaN }, 'warmup: got NaN; accepted is a whole number from 0 to 10000000'],
    [
      { kernels: 'hmc' },
      'kernels: got "hmc"; accepted are auto, whitened, marginal, crossed, polyaGamma, albertChib, scaleMixture, gibbs, structured',
    ],
  ])('%o is refused in one sentence', (options, sentence) => {
    expect(faultOf(() => sampleSync(m2, { rows: radon }, options)).message).toBe(sentence);
  });

  const groups = (J: number): Table => ({
    y: Array.from({ length: 4 * J }, (_, i) => Math.sin(i)),
    g: Array.from({ length: 4 * J }, (_, i) => `g${i % J}`),
  });
  const fitWith = (J: number, priors: Record<string, Prior>) => () =>
    sampleSync(formula('y ~ 1 + (1 | g)', { priors }), { rows: groups(J) }, small);

  it('a flat sd needs more than m + 1 groups', () => {
    expect(faultOf(fitWith(2, { tau_g: flat() })).code).toBe('improper-posterior');
    expect(fitWith(3, { tau_g: flat() })().kind).toBe('mcmc');
    expect(fitWith(2, { tau_g: flat(), beta: normal(0, 10) })().kind).toBe('mcmc');
    expect(fitWith(2, { tau_g: uniform(0, 10) })().kind).toBe('mcmc');
  });

  it('a flat variance needs more than m + 2 groups, and 1/tau is refused whatever their number', () => {
    expect(faultOf(fitWith(3, { tau_g: inverseGamma(-1, 0) })).message).toContain('proportional to tau^1');
    expect(fitWith(4, { tau_g: inverseGamma(-1, 0) })().kind).toBe('mcmc');
    expect(faultOf(fitWith(2, { tau_g: inverseGamma(-0.5, 0) })).code).toBe('improper-posterior');
    expect(fitWith(3, { tau_g: inverseGamma(-0.5, 0) })().kind).toBe('mcmc');
    expect(faultOf(fitWith(40, { tau_g: inverseGamma(0, 0) })).message).toContain('no finite integral at 0');
  });

  it('inverse gamma with shape and scale above 0 is proper with two groups', () => {
    expect(fitWith(2, { tau_g: inverseGamma(1, 1) })().kind).toBe('mcmc');
  });

  it('a prior for gamma holds in both spellings of a level-2 predictor', () => {
    const priors = { gamma_county: normal(0, 2) };
    const plain = formula('log_radon ~ floor * log_uranium + (1 + floor | county)', { priors });
    const level2 = formula('log_radon ~ floor + (1 + floor | county)', { level2: { county: '~ log_uranium' }, priors });
    const fits = [plain, level2].map((graph) => sampleSync(graph, { rows: radon }, small));
    expect(Array.from(fits[0]!.priors.beta.sd)).toEqual([2, 2, 2, 2]);
    expect(fits[1]!.draws.values).toEqual(fits[0]!.draws.values);
  });

  it('a prior for a column that is not there names those that are', () => {
    const error = faultOf(() =>
      sampleSync(
        formula('log_radon ~ floor + (1 | county)', { priors: { 'beta[flor]': normal(0, 1) } }),
        { rows: radon },
        small,
      ),
    );
    expect(error.message).toContain('beta[flor]');
    expect(error.message).toContain('beta[Intercept], beta[floor]');
  });
});
