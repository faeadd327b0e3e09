import { describe, expect, it } from 'vitest';
import { essBulk } from '../../diagnostics/ess.ts';
import type { ModelData, Table } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import { halfCauchy, halfNormal, lkj, normal, type Prior } from '../../src/graph/priors.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { type SampleOptions, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { logitQuadrature } from '../oracle/logitQuadrature.ts';
import { asReference, compareWith, disagreements, fixtureJson, namedChains, type Reference } from './agreement.ts';
import { logitData } from './logitData.ts';
import { referenceOf } from './referenceOf.ts';

/** Agreement is within this many combined Monte Carlo standard errors, of means and of sds. */
const LIMIT = 4;
const vague = { beta: normal(0, 100), tau_g: halfCauchy(2.5) };

function sampled(
  text: string,
  data: ModelData | Table,
  priors: Readonly<Record<string, Prior>>,
  options: SampleOptions,
  family: 'binomialLogit' | 'bernoulliProbit' = 'binomialLogit',
): Fit {
  const given = 'rows' in data && typeof data.rows === 'object' && !Array.isArray(data.rows);
  const model = given ? (data as ModelData) : { rows: data as Table };
  return sampleSync(formula(text, { family, priors }), model, { warmup: 200, seed: 505, ...options });
}

const grid = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1));

describe('logit models against quadrature', () => {
  it.each(['whitened', 'polyaGamma'])('intercept and slope, no groups: %s', (kernels) => {
    const rows = { y: [2, 5, 9], n: [12, 11, 10], x: [-1, 0.5, 2] };
    const fit = sampled('y | trials(n) ~ x', rows, { beta: normal(0, 2) }, { kernels, iterations: 5000 });
    let mass = 0;
    const sums = [0, 0, 0, 0];
    for (const a of grid(-6, 6, 601)) {
      for (const b of grid(-6, 6, 601)) {
        let log = -0.125 * (a * a + b * b);
        for (let i = 0; i < 3; i += 1) {
          const eta = a + b * rows.x[i]!;
          log += rows.y[i]! * eta - rows.n[i]! * Math.log1p(Math.exp(eta));
        }
        const w = Math.exp(log + 17);
        mass += w;
        [a, a * a, b, b * b].forEach((value, k) => {
          sums[k]! += w * value;
        });
      }
    }
    const exact = (name: string, k: number): Reference => {
      const mean = sums[k]! / mass;
      return { name, mean, sd: Math.sqrt(sums[k + 1]! / mass - mean * mean), mcseMean: 0, mcseSd: 0 };
    };
    const references = [exact('beta[Intercept]', 0), exact('beta[x]', 2)];
    expect(disagreements(compareWith(fit, references), LIMIT)).toEqual([]);
  });

  it.each(['whitened', 'polyaGamma'])('two groups, beta and tau by brute force: %s', (kernels) => {
    const groups = [
      { y: [4], trials: [6] },
      { y: [3], trials: [15] },
    ];
    const rows = { y: [4, 3], n: [6, 15], g: ['a', 'b'] };
    const priors = { beta: normal(0, 1.5), tau_g: { kind: 'prior', distribution: 'halfNormal', scale: 1 } as Prior };
    const fit = sampled('y | trials(n) ~ 1 + (1 | g)', rows, priors, { kernels, iterations: 5000 });
    const logPrior = (beta: number, tau: number): number => (-0.5 * beta * beta) / 2.25 - 0.5 * tau * tau;
    const taus = grid(Math.log(1e-4), Math.log(8), 240).map(Math.exp);
    const { beta, tau, u } = logitQuadrature(groups, logPrior, grid(-7, 7, 201), taus);
    const exact = (name: string, of: { mean: number; sd: number }): Reference => ({
      name,
      ...of,
      mcseMean: 0,
      mcseSd: 0,
    });
    const references = [
      exact('beta[Intercept]', beta),
      exact('tau_g[Intercept]', tau),
      exact('u_g[a,Intercept]', u[0]!),
      exact('u_g[b,Intercept]', u[1]!),
    ];
    expect(disagreements(compareWith(fit, references), LIMIT)).toEqual([]);
  });
});

describe('Stan under the same priors', () => {
  const cases: readonly [string, string, string, string, number, Record<string, Prior>][] = [
    [
      'stan_contra_ri',
      'contraception',
      'use ~ age + urban + livch + (1 | district)',
      'district',
      1500,
      { beta: normal(0, 100), tau_district: halfCauchy(2.5) },
    ],
    [
      'stan_contra_rs',
      'contraception',
      'use ~ age + urban + livch + (1 + urban | district)',
      'district',
      2500,
      { beta: normal(0, 100), tau_district: halfCauchy(2.5), corr_district: lkj(2) },
    ],
    [
      'stan_voters',
      'voters_sim',
      'y ~ income * avgincome + (1 + income | state)',
      'state',
      1500,
      { beta: normal(0, 100), tau_state: halfCauchy(2.5), corr_state: lkj(2) },
    ],
  ];
  it.each(cases)('%s: every mean and sd', (name, data, text, factor, iterations, priors) => {
    const fit = sampled(text, { rows: fixtureFrame(data) }, priors, { iterations });
    const terms = fit.design.groupTerms[0]!.labels;
    expect(disagreements(compareWith(fit, referenceOf(fixtureJson(name), factor, terms)), LIMIT)).toEqual([]);
  });
});

/** What one engine found, as a reference for the other. */
function sampledReference(fit: Fit): Reference[] {
  return asReference(
    fit,
    [...namedChains(fit).keys()].filter((name) => !name.startsWith('b_')),
  );
}

describe('whitened Metropolis and Pólya-Gamma', () => {
  const one = 'y | trials(n) ~ 1 + (1 | g)';
  const some = { y: [1, 0, 1, 9, 12, 30, 0, 3, 1], n: [1, 1, 1, 20, 25, 60, 5, 3, 2], g: [...'abcdefhik'] };
  const cases: readonly [string, string, ModelData | Table, Readonly<Record<string, Prior>>, number][] = [
    ['three groups', one, logitData(6, 3, () => [[30, 0]], 0.3, 0.6), vague, 3000],
    ['groups of one voter, and groups that all vote alike', one, some, {}, 4000],
    ['forty groups of two', one, logitData(3, 40, () => [[2, 0]], 0, 1), vague, 2000],
    [
      'groups without rows, in the table of groups',
      one,
      { rows: some, groups: { g: { g: [...'abcdefghijk'] } } } as ModelData,
      {},
      4000,
    ],
    [
      'a slope that varies, correlated',
      'y | trials(n) ~ x + (1 + x | g)',
      logitData(8, 12, () => [-1, 0, 1].map((x) => [8, x] as const), 0.2, 0.7, 0.5),
      { ...vague, corr_g: lkj(2) },
      3000,
    ],
    ['one success in a hundred', one, logitData(2, 20, () => [[300, 0]], -4.6, 0.7), vague, 3000],
  ];
  it.each(cases)('agree: %s', (_title, text, data, priors, iterations) => {
    const first = sampled(text, data, priors, { kernels: 'whitened', iterations });
    const second = sampled(text, data, priors, { kernels: 'polyaGamma', iterations: 2 * iterations, seed: 506 });
    expect(disagreements(compareWith(first, sampledReference(second)), LIMIT)).toEqual([]);
  });

  it('agree: crossed factors of a survey', () => {
    const text = 'incidence | trials(size) ~ 1 + (1 | herd) + (1 | period)';
    const data = { rows: fixtureFrame('cbpp') };
    // Four periods: the sds have tails as heavy as the prior's; under the default one errors have errors of their own,
    // which took 15 000 draws a chain.
    const priors = { tau_herd: halfNormal(1), tau_period: halfNormal(1) };
    const first = sampled(text, data, priors, { kernels: 'whitened', iterations: 3000 });
    const second = sampled(text, data, priors, { kernels: 'polyaGamma', iterations: 5000, seed: 506 });
    expect(disagreements(compareWith(first, sampledReference(second)), LIMIT)).toEqual([]);
  });

  it('agree with Albert and Chib on a probit model', () => {
    const data = logitData(9, 10, () => [-1, 0, 1].map((x) => [1, x] as const), 0.2, 0.7, 0.5);
    const text = 'y ~ x + (1 | g)';
    const first = sampled(text, data, {}, { kernels: 'whitened', iterations: 8000 }, 'bernoulliProbit');
    const options = { kernels: 'albertChib', iterations: 16000, seed: 506 };
    const second = sampled(text, data, {}, options, 'bernoulliProbit');
    expect(disagreements(compareWith(first, sampledReference(second)), LIMIT)).toEqual([]);
  });
});

describe('rare events', () => {
  it('agree and mix by Pólya-Gamma with whitened steps before it, at one success in a thousand', () => {
    const data = logitData(13, 30, () => [[2000, 0]], -7, 0.8);
    const text = 'y | trials(n) ~ 1 + (1 | g)';
    const first = sampled(text, data, vague, { kernels: 'whitened', iterations: 4000 });
    const second = sampled(text, data, vague, { kernels: 'polyaGamma', iterations: 3000, seed: 506 });
    expect(second.sampling.kernels.map(({ name }) => name)).toEqual(['whitenedMetropolis', 'polyaGamma']);
    expect(disagreements(compareWith(first, sampledReference(second)), LIMIT)).toEqual([]);
    const worst = Math.min(...[...namedChains(second).values()].map((chains) => essBulk(chains)));
    expect(worst / 12000).toBeGreaterThan(0.3);
  });

  it('mix under the default plan: at one success in a thousand every parameter has 0.3 effective draws a draw', () => {
    const data = logitData(12, 100, () => [[1000, 0]], -7, 1);
    const fit = sampled('y | trials(n) ~ 1 + (1 | g)', data, vague, { iterations: 2500 });
    const worst = Math.min(...[...namedChains(fit).values()].map((chains) => essBulk(chains)));
    expect(worst / 10000).toBeGreaterThan(0.3);
  });
});

describe('degenerate data', () => {
  const groups = (J: number, y: (j: number) => number, n: number): Table => ({
    y: Array.from({ length: J }, (_, j) => y(j)),
    n: Array.from({ length: J }, () => n),
    g: Array.from({ length: J }, (_, j) => `g${j}`),
  });
  const cases: readonly [string, Table][] = [
    ['five groups, every voter votes yes', groups(5, () => 10, 10)],
    ['five groups that vote yes or no to a man', groups(5, (j) => (j % 2 === 0 ? 5 : 0), 5)],
    ['sixty groups of one voter', groups(60, (j) => ((7 * j) % 10 < 4 ? 1 : 0), 1)],
  ];
  it.each(cases)(
    'mix under the default plan and priors, 0.1 effective draws a draw for the worst parameter: %s',
    (_title, data) => {
      const fit = sampled('y | trials(n) ~ 1 + (1 | g)', data, {}, { iterations: 500 });
      const worst = Math.min(...[...namedChains(fit).values()].map((chains) => essBulk(chains)));
      expect(worst / 2000).toBeGreaterThan(0.1);
    },
  );
});
