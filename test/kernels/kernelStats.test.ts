import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { halfT, normal } from '../../src/graph/priors.ts';
import type { Kernel, State } from '../../src/kernels/kernel.ts';
import { fitWhitenedModel } from '../../src/kernels/whitened/fitWhitenedModel.ts';
import { logSum } from '../../src/kernels/whitened/whitenedMap.ts';
import { whitenedMetropolisKernel } from '../../src/kernels/whitened/whitenedMetropolis.ts';
import { initialValues } from '../../src/mcmc/initialValues.ts';
import { emptyState } from '../../src/mcmc/layout.ts';
import { type Plan, plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { toTheEnd } from '../../src/pausing.ts';
import { createRng } from '../../src/random/rng.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { fittedElsewhere } from './fittedElsewhere.ts';

const binomial = { family: 'binomial' } as const;
const student = { family: 'student' } as const;
const models: readonly [string, string, Parameters<typeof formula>[1], string, number][] = [
  ['eight_schools', 'y | se(sigma) ~ 1 + (1 | school)', {}, 'marginal', 1],
  ['sleepstudy', 'Reaction ~ Days + (Days | Subject)', {}, 'marginal', 1],
  ['penicillin', 'diameter ~ 1 + (1 | plate) + (1 | sample)', {}, 'marginal', 2],
  ['sleepstudy', 'Reaction ~ Days + (Days | Subject)', student, 'scaleMixture', 1],
  ['cbpp', 'incidence | trials(size) ~ 1 + (1 | herd)', binomial, 'whitened', 1],
  ['cbpp', 'incidence | trials(size) ~ period + (1 | herd)', binomial, 'polyaGamma', 1],
  ['contraception', 'use ~ age + (1 | district)', { family: 'probit' }, 'albertChib', 1],
  ['tumors', 'y | trials(K) ~ 1', binomial, 'whitened', 0],
  ['tumors', 'y | trials(K) ~ 1', binomial, 'polyaGamma', 0],
];

/** A plan's kernels, started. */
function started(model: Plan, seed: number): { state: State; rng: ReturnType<typeof createRng> } {
  const state = emptyState(model.variables);
  const rng = createRng([seed]);
  initialValues(model, state, rng);
  for (const kernel of model.kernels) kernel.init(state, rng);
  return { state, rng };
}

/** What a step of the kernel changes by being accepted: the covariances. */
function covariances(kernel: Kernel, state: State): number[] {
  const names = kernel.updates.filter((name) => /^(tau|corr)_/.test(name));
  return names.flatMap((name) => Array.from(state.at[name]!));
}

/** Whether values differ by more than the rounding of an sd over sigma and back. */
const differ = (a: readonly number[], b: readonly number[]): boolean =>
  a.some((value, i) => Math.abs(value - b[i]!) > 1e-13 * Math.abs(value));

describe('what a step tells of itself', () => {
  it.each(models)(
    'is finite, shares from 0 to 1, and true of what moved: %s, %s, %o, %s',
    (data, text, options, kernels, factors) => {
      const model = plan(formula(text, options), { rows: fixtureFrame(data) }, { kernels });
      expect(new Set(model.stats).size).toBe(model.stats.length);
      const { state, rng } = started(model, 31);
      const seen = { moved: 0, stayed: 0 };
      for (let i = 0; i < 300; i += 1) {
        for (const kernel of model.kernels) {
          const before = covariances(kernel, state);
          const info = new Float64Array(kernel.stats.length).fill(Number.NaN);
          kernel.step(state, rng, i < 20 ? 'warmup' : 'sampling', info);
          const told = Object.fromEntries(kernel.stats.map((name, k) => [name, info[k]!]));
          for (const [name, value] of Object.entries(told)) {
            expect(Number.isFinite(value)).toBe(true);
            if (!name.endsWith('_rate')) continue;
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
          }
          const accepted =
            told['acceptance_rate'] ?? told['covariance_independent_rate']! + told['covariance_walk_rate']!;
          if (kernel.stats.length === 0 || factors === 0) continue;
          const moved = differ(covariances(kernel, state), before);
          expect(accepted > 0).toBe(moved);
          seen[moved ? 'moved' : 'stayed'] += 1;
          if (told['independent_rate'] !== undefined) expect(told['independent_rate']).toBeLessThanOrEqual(accepted);
        }
      }
      if (factors > 0) expect(seen.moved).toBeGreaterThan(10);
    },
  );

  it('is told by the kernels that can refuse, and by no other', () => {
    const stats = (kernels: string) =>
      plan(formula('Reaction ~ Days + (Days | Subject)'), { rows: fixtureFrame('sleepstudy') }, { kernels }).stats;
    expect(stats('marginal')).toEqual(['acceptance_rate', 'independent_rate', 'log_marginal']);
    expect(stats('gibbs')).toEqual([]);
  });

  it('has names of their own for two kernels that draw the same, of a rare outcome', () => {
    const rows = Array.from({ length: 200 }, (_, i) => ({ y: i % 67 === 0 ? 1 : 0, g: `g${i % 5}` }));
    const model = plan(formula('y ~ 1 + (1 | g)', binomial), rows, { kernels: 'polyaGamma' });
    expect(model.kernels.map(({ name }) => name)).toEqual(['whitenedMetropolis', 'polyaGamma']);
    // Polya-Gamma steps follow, so that the density of the first kernel's place is not that of the draw.
    expect(model.stats).toEqual([
      'acceptance_rate',
      'independent_rate',
      'block_acceptance_rate',
      'block_independent_rate',
      'covariance_independent_rate',
      'covariance_walk_rate',
    ]);
  });
});

describe('log_marginal', () => {
  // y_j ~ N(mu, s_j^2 + tau^2) given tau, mu ~ N(0, 20^2): y is normal with covariance diag(s^2 + tau^2) + 400 1 1'.
  it('is the log density of sqrt(tau) with u and mu integrated out, but for a constant: eight schools', () => {
    const schools = fixtureFrame('eight_schools');
    const [y, s] = ['y', 'sigma'].map((name) => schools.columns.get(name)!.values as ArrayLike<number>) as [
      ArrayLike<number>,
      ArrayLike<number>,
    ];
    const logDensity = (tau: number): number => {
      let logDet = 0;
      let [sum, weighted, square] = [0, 0, 0];
      for (let j = 0; j < y.length; j += 1) {
        const v = s[j]! * s[j]! + tau * tau;
        logDet += Math.log(v);
        sum += 1 / v;
        weighted += y[j]! / v;
        square += (y[j]! * y[j]!) / v;
      }
      // Sherman and Morrison's inverse, and the determinant to it.
      const rank1 = (400 * weighted * weighted) / (1 + 400 * sum);
      const prior = -2 * Math.log1p((tau / 10) ** 2 / 3);
      return -0.5 * (logDet + Math.log1p(400 * sum) + square - rank1) + prior + Math.log(2 * Math.sqrt(tau));
    };
    const priors = { beta: normal(0, 20), tau_school: halfT(3, 10) };
    const graph = formula('y | se(sigma) ~ 1 + (1 | school)', { priors });
    const { draws, sampleStats } = sampleSync(
      graph,
      { rows: schools },
      { chains: 2, warmup: 20, iterations: 300, seed: 3 },
    );
    const tau = draws.variables.find(({ name }) => name === 'tau_school')!.offset;
    const told = sampleStats!.variables.findIndex(({ name }) => name === 'log_marginal');
    const gaps = Array.from({ length: 600 }, (_, i) => {
      return sampleStats!.values[told * 600 + i]! - logDensity(draws.values[tau * 600 + i]!);
    });
    // Two sums of some 30 terms of size 1 to 100: rounding of 1e-12.
    expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThan(1e-11);
    expect(new Set(sampleStats!.values.slice(told * 600, (told + 1) * 600)).size).toBeGreaterThan(100);
  });
});

describe('lp', () => {
  it.each([
    ['cbpp', 'incidence | trials(size) ~ period + (1 | herd)'],
    ['contraception', 'use ~ age + (1 + urban | district)'],
    ['cbpp', 'incidence | trials(size) ~ 1 + (1 | herd) + (1 | period)'],
  ])('is the density of the map at the place where the step ended, evaluated anew: %s, %s', (data, text) => {
    const own = plan(formula(text, binomial), { rows: fixtureFrame(data) });
    const { design, priors } = own.moving;
    const model = toTheEnd(fitWhitenedModel(design, priors));
    const kernel = whitenedMetropolisKernel(
      design,
      fittedElsewhere(() => model),
    );
    const state = emptyState(own.variables);
    const rng = createRng([5]);
    kernel.init(state, rng);
    const info = new Float64Array(kernel.stats.length);
    const lp = kernel.stats.indexOf('lp');
    const factor = model.allocateFactor();
    const place = model.map.allocatePlace();
    const d = model.proposal.start.length;
    for (let i = 0; i < 40; i += 1) {
      kernel.step(state, rng, 'sampling', info);
      const latent = state.latent['whitened']!;
      expect(model.map.factorAt(factor, latent.slice(0, d))).toBe(true);
      model.map.placeBorder(factor, place, latent.subarray(d));
      model.map.placeBlocks(factor, place, latent.subarray(d));
      const anew = factor.logBase + logSum(place.values, place.factors) + place.border;
      // Blocks are evaluated one by one in the sampler, all at once here: the sums differ by rounding.
      expect(Math.abs(info[lp]! - anew)).toBeLessThan(1e-9 * Math.abs(anew));
    }
  });
});
