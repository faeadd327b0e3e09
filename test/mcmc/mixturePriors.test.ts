import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mcseMean, mcseSd } from '../../diagnostics/mcse.ts';
import { rhat } from '../../diagnostics/rhat.ts';
import {
  cauchy,
  type Fit,
  formula,
  horseshoe,
  laplace,
  normal,
  type Prior,
  parsePrior,
  plan,
  sampleSync,
  studentT,
  summarize,
} from '../../src/index.ts';
import { scalarChains, scalarDraws } from '../../src/mcmc/draws.ts';
import { scalarNames } from '../../src/mcmc/layout.ts';
import { horseshoeDensity } from '../../src/priors/horseshoeDensity.ts';
import { describe as described } from '../../src/report/describe.ts';
import { faultOf } from '../faultOf.ts';

const x = [-1.5, -0.5, 0.5, 1.5, -1.5, -0.5, 0.5, 1.5, -1.5, -0.5, 0.5, 1.5];

/** log(1 + exp(-z)). */
const softplus = (z: number): number => Math.log1p(Math.exp(-Math.abs(z))) + Math.max(0, -z);

/** Responses, and the log-likelihood of one of them at eta. */
const families = {
  gaussian: {
    text: 'y | se(s) ~ x',
    columns: { y: x.map((v, i) => 0.6 * v + Math.sin(7 * i)), s: x.map(() => 0.9) },
    logLik: (y: number, eta: number) => -0.5 * ((y - eta) / 0.9) ** 2,
  },
  binomialLogit: {
    text: 'y ~ x',
    columns: { y: [0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1] },
    logLik: (y: number, eta: number) => -softplus(y === 1 ? eta : -eta),
  },
  poisson: {
    text: 'y ~ x',
    columns: { y: [0, 1, 1, 5, 1, 0, 2, 3, 0, 1, 2, 6] },
    logLik: (y: number, eta: number) => y * eta - Math.exp(eta),
  },
} as const;

/** The densities as they are written, up to a constant. */
const densities = {
  studentT: { prior: studentT(3, 0.2, 0.3), log: (b: number) => -2 * Math.log1p(((b - 0.2) / 0.3) ** 2 / 3) },
  cauchy: { prior: cauchy(-0.5, 0.2), log: (b: number) => -Math.log1p(((b + 0.5) / 0.2) ** 2) },
  laplace: { prior: laplace(0.1, 0.2), log: (b: number) => -Math.abs(b - 0.1) / 0.2 },
  horseshoe: {
    prior: horseshoe(0.2, 4, 1),
    log: (b: number) => densityOfOne(Float64Array.of(b)),
  },
} as const;
const densityOfOne = horseshoeDensity({ distribution: 'horseshoe', globalScale: 0.2, slabDf: 4, slabScale: 1 }, 1);

/** Mean and sd of the slope by a sum over a grid, the intercept normal(0, 1). */
function quadrature(family: keyof typeof families, prior: keyof typeof densities): { mean: number; sd: number } {
  const { columns, logLik } = families[family];
  let [total, first, second] = [0, 0, 0];
  for (let b = -4; b <= 6; b += 0.02) {
    const slope = b + 0.01;
    const logPrior = densities[prior].log(slope);
    for (let a = -3; a <= 3; a += 0.06) {
      let sum = logPrior - 0.5 * a * a;
      for (let i = 0; i < x.length; i++) sum += logLik(columns.y[i]!, a + slope * x[i]!);
      const weight = Math.exp(sum);
      total += weight;
      first += weight * slope;
      second += weight * slope * slope;
    }
  }
  const mean = first / total;
  return { mean, sd: Math.sqrt(second / total - mean * mean) };
}

function chainsOf(fit: Fit, name: string): ArrayLike<number>[] {
  const variable = fit.draws.variables.find((each) => scalarNames(each).includes(name))!;
  return scalarChains(fit.draws, variable.offset + scalarNames(variable).indexOf(name));
}

function moments(fit: Fit, name: string): { mean: number; sd: number; mcseMean: number; mcseSd: number } {
  const chains = chainsOf(fit, name);
  const all = chains.flatMap((chain) => Array.from(chain));
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const sd = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1));
  return { mean, sd, mcseMean: mcseMean(chains), mcseSd: mcseSd(chains) };
}

describe('coefficients with a scale mixture of normals as their prior', () => {
  // Differences below four Monte Carlo errors, with seeds that were fixed before.
  it.each([
    ['gaussian', 'studentT', 'gibbs'],
    ['gaussian', 'cauchy', 'gibbs'],
    ['gaussian', 'laplace', 'gibbs'],
    ['gaussian', 'horseshoe', 'gibbs'],
    ['binomialLogit', 'studentT', 'whitened'],
    ['binomialLogit', 'cauchy', 'polyaGamma'],
    ['binomialLogit', 'laplace', 'polyaGamma'],
    ['binomialLogit', 'horseshoe', 'whitened'],
    ['poisson', 'cauchy', 'whitened'],
    ['poisson', 'laplace', 'whitened'],
  ] as const)('have the posterior of a quadrature: %s, %s, %s', (family, name, kernels) => {
    const { text, columns } = families[family];
    const priors = { 'beta[Intercept]': normal(0, 1), 'beta[x]': densities[name].prior as Prior };
    const fit = sampleSync(
      formula(text, { family, priors }),
      { rows: { ...columns, x } },
      {
        kernels,
        chains: 4,
        warmup: 200,
        iterations: 2500,
        seed: 23,
      },
    );
    expect(fit.sampling.kernels.map((kernel) => kernel.name)).toContain('coefficientVariances');
    const exact = quadrature(family, name);
    const found = moments(fit, 'beta[x]');
    expect(Math.abs(found.mean - exact.mean) / found.mcseMean).toBeLessThan(4);
    expect(Math.abs(found.sd - exact.sd) / found.mcseSd).toBeLessThan(4);
  });

  it('go over into normal ones as degrees of freedom grow', () => {
    const { text, columns } = families.gaussian;
    const of = (prior: Prior) =>
      sampleSync(
        formula(text, { priors: { beta: prior } }),
        { rows: { ...columns, x } },
        { chains: 4, iterations: 2000, seed: 4 },
      );
    const limit = moments(of(studentT(1e9, 0.3, 0.5)), 'beta[x]');
    // Closed form: x sums to 0, so that the slope stands alone.
    const precision = x.reduce((sum, v) => sum + v * v, 0) / 0.81;
    const side = x.reduce((sum, v, i) => sum + v * columns.y[i]!, 0) / 0.81;
    const variance = 1 / (precision + 4);
    expect(Math.abs(limit.mean - variance * (side + 4 * 0.3)) / limit.mcseMean).toBeLessThan(4);
    expect(Math.abs(limit.sd - Math.sqrt(variance)) / limit.mcseSd).toBeLessThan(4);
  });

  interface Outside {
    readonly data: Readonly<Record<string, readonly (number | string)[]>>;
    readonly posteriors: readonly {
      readonly prior: string;
      readonly summary: readonly {
        readonly variable: string;
        readonly mean: number;
        readonly sd: number;
        readonly mcse_mean: number;
        readonly mcse_sd: number;
      }[];
    }[];
  }
  const path = new URL('../fixtures/posteriors/jags_mixtures.json', import.meta.url);
  const outside = JSON.parse(readFileSync(path, 'utf8')) as Outside;
  it.each(outside.posteriors)('have the posterior of JAGS beside groups: $prior', ({ prior, summary }) => {
    const text = prior.replace('studentT', 'student_t');
    const priors: Record<string, Prior> = {
      beta: parsePrior(`beta ~ ${text}`).prior,
      'beta[Intercept]': normal(0, 5),
      sigma: parsePrior('sigma ~ half_t(3, 1)').prior,
      tau_g: parsePrior('tau_g ~ half_t(3, 1)').prior,
    };
    const fit = sampleSync(
      formula('y ~ x + z + v + w + (1 | g)', { priors }),
      { rows: outside.data },
      {
        chains: 4,
        warmup: 300,
        iterations: 3000,
        seed: 31,
      },
    );
    expect(summary).toHaveLength(7);
    for (const { variable, mean, sd, mcse_mean, mcse_sd } of summary) {
      const found = moments(fit, variable);
      expect(Math.abs(found.mean - mean) / Math.hypot(found.mcseMean, mcse_mean), `mean of ${variable}`).toBeLessThan(
        4,
      );
      expect(Math.abs(found.sd - sd) / Math.hypot(found.mcseSd, mcse_sd), `sd of ${variable}`).toBeLessThan(4);
    }
  });

  it.each([
    ['cauchy', cauchy(0, 1)],
    ['studentT', studentT(3, 0, 1)],
    ['horseshoe', horseshoe(1, 4, 2)],
  ] as const)('far from the data let them go: %s at 0, data at 1000', (_, prior) => {
    const far = Array.from({ length: 40 }, (_v, i) => ((i % 10) - 4.5) / 3);
    const rows = {
      x: far,
      y: far.map((value, i) => 1000 * value + 0.7 * Math.sin(12.9898 * i)),
      g: far.map((_v, i) => `g${i % 5}`),
    };
    const fit = sampleSync(
      formula('y ~ x + (1 | g)', { priors: { 'beta[x]': prior } }),
      { rows },
      { chains: 4, warmup: 300, iterations: 500, seed: 2 },
    );
    const found = moments(fit, 'beta[x]');
    expect(rhat(chainsOf(fit, 'beta[x]'))).toBeLessThan(1.02);
    expect(Math.abs(found.mean - 1000)).toBeLessThan(4 * found.sd);
    expect(found.sd).toBeLessThan(0.2);
  });

  it('far from counts let them go', () => {
    const far = Array.from({ length: 40 }, (_v, i) => ((i % 10) - 4.5) / 3);
    const rows = { x: far, y: far.map((v) => Math.round(Math.exp(1 + 2.5 * v))), g: far.map((_v, i) => `g${i % 5}`) };
    const priors = { 'beta[x]': cauchy(0, 0.01) };
    const fit = sampleSync(
      formula('y ~ x + (1 | g)', { family: 'poisson', priors }),
      { rows },
      { chains: 2, warmup: 200, iterations: 500, seed: 2 },
    );
    expect(rhat(chainsOf(fit, 'beta[x]'))).toBeLessThan(1.02);
    expect(Math.abs(moments(fit, 'beta[x]').mean - 2.5)).toBeLessThan(0.3);
  });

  it('are on the columns as written', () => {
    const { columns } = families.gaussian;
    const of = (unit: number) =>
      sampleSync(
        formula('y | se(s) ~ x', { priors: { 'beta[x]': studentT(3, 0, 0.25 * unit) } }),
        { rows: { ...columns, x: x.map((v) => v / unit) } },
        { chains: 1, warmup: 50, iterations: 50, seed: 8 },
      );
    // A power of 2: no rounding.
    const [one, four] = [of(1), of(4)].map((fit) => scalarDraws(fit.draws, 1));
    expect(Array.from(four!, (value) => value / 4)).toEqual(Array.from(one!));
  });
});

describe('a horseshoe', () => {
  const rows = {
    y: Array.from({ length: 30 }, (_, i) => Math.sin(3.1 * i) + (i % 3)),
    ...Object.fromEntries(
      ['a', 'b', 'c'].map((name, k) => [name, Array.from({ length: 30 }, (_, i) => Math.cos((k + 1.3) * i))]),
    ),
  };

  it('is shared by the coefficients it is given to, and leaves an intercept its default', () => {
    const model = plan(formula('y ~ a + b + c', { priors: { beta: horseshoe(0.1, 4, 2), 'beta[c]': normal(0, 1) } }), {
      rows,
    });
    const text = described(model);
    expect(text).toMatch(/beta\[Intercept\] +flat\(\) +default/);
    expect(text).toMatch(/beta of 2 columns together: a, b +horseshoe\(0\.1, 4, 2\) +beta\n/);
    expect(text).toMatch(/beta\[c\] +normal\(0, 1\) +beta\[c\]/);
    expect(text).toContain('coefficients with a horseshoe prior are normal given a variance each');
    expect(model.priors.beta.mixtures!.map((each) => each?.distribution ?? null)).toEqual([
      null,
      'horseshoe',
      'horseshoe',
      null,
    ]);
  });

  it('that no coefficient takes is refused', () => {
    const fault = faultOf(() => plan(formula('y ~ 1', { priors: { beta: horseshoe(0.1, 4, 2) } }), { rows }));
    expect(fault.code).toBe('prior-kind');
    expect(fault.message).toContain(
      'beta has a horseshoe, which shrinks the coefficients of columns, and no column takes it',
    );
  });

  it('takes more columns than rows', () => {
    const wide = Object.fromEntries(
      Array.from({ length: 40 }, (_, k) => [
        `x${k}`,
        Array.from({ length: 30 }, (_v, i) => Math.sin((k + 1) * 1.7 * (i + 1))),
      ]),
    );
    const y = wide['x3']!.map((value, i) => 2 * value + 0.3 * Math.sin(1.3 * i * i));
    const fit = sampleSync(
      formula(`y ~ ${Object.keys(wide).join(' + ')}`, { priors: { beta: horseshoe(0.02, 4, 2) } }),
      { rows: { ...wide, y } },
      { chains: 2, warmup: 200, iterations: 200, seed: 5 },
    );
    const means = summarize(fit).filter(({ variable }) => variable.startsWith('beta[x'));
    expect(Math.abs(means[3]!.mean - 2)).toBeLessThan(0.3);
    means.forEach(({ mean }, k) => {
      if (k !== 3) expect(Math.abs(mean)).toBeLessThan(0.2);
    });
  });
});

describe('what takes no scale mixture', () => {
  const rows = { y: ['a', 'b', 'c', 'a', 'b', 'c'], x: [1, 2, 3, 4, 5, 7], z: [1, 3, 2, 5, 1, 2] };

  it('says so: thresholds', () => {
    const given: Record<string, Prior> = { threshold: cauchy(0, 1) };
    const fault = faultOf(() => plan(formula('y ~ x', { family: 'ordinal', priors: given }), { rows }));
    expect(fault.message).toContain('accepted: a proper prior of the thresholds: normal(mean, sd)');
  });

  it('says so: changes of log sigma', () => {
    const given: Record<string, Prior> = { 'delta[x]': laplace(0, 1) };
    const fault = faultOf(() => plan(formula('z ~ x', { sigma: '~ x', priors: given }), { rows }));
    expect(fault.message).toBe('node "delta[x]" is laplace; accepted: normal(mean, sd)');
  });

  it('says so: rules of kernels whose proposals stand on fixed priors', () => {
    const table = { y: [1, 2, 4, 3, 5, 4, 8, 7, 9], x: [0, 1, 2, 0, 1, 2, 0, 1, 2], g: 'aaabbbccc'.split('') };
    const graph = formula('y ~ x + (1 | g)', { priors: { 'beta[x]': laplace(0, 1) } });
    expect(plan(graph, { rows: table }).kernels.map(({ name }) => name)).toContain('interweaving');
    expect(() => plan(graph, { rows: table }, { kernels: 'marginal' })).toThrow(
      'marginal takes a gaussian response, coefficients with normal or flat priors',
    );
  });
});
