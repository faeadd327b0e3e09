import { describe, expect, it } from 'vitest';
import { studentT } from '../../src/families/studentT.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { formula } from '../../src/formula/formula.ts';
import {
  exponential,
  gamma,
  halfCauchy,
  halfNormal,
  halfT,
  inverseGamma,
  lkj,
  normal,
  type Prior,
  uniform,
} from '../../src/graph/priors.ts';
import { extendSync, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { LEAST, logParameterDensity } from '../../src/priors/parameterPrior.ts';
import { logScaleDensity } from '../../src/priors/priors.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { compareWith, disagreements, fixtureJson, type Reference } from './agreement.ts';
import { type Engine, referenceOf } from './referenceOf.ts';

describe('Student-t rows against Stan', () => {
  it.each<[string, string, string, string, readonly string[], number, Record<string, Prior>]>([
    [
      'stan_student_sleep',
      'sleepstudy',
      'Reaction ~ Days + (1 + Days | Subject)',
      'Subject',
      ['Intercept', 'Days'],
      2000,
      { beta: normal(0, 1000), tau_Subject: halfCauchy(25), corr_Subject: lkj(2), sigma: halfCauchy(25) },
    ],
    [
      'stan_student_radon',
      'radon',
      'log_radon ~ floor + (1 | county)',
      'county',
      ['Intercept'],
      1200,
      { beta: normal(0, 100), tau_county: halfCauchy(2.5), sigma: halfCauchy(2.5) },
    ],
  ])(
    '%s: every mean and sd within 4 combined standard errors',
    (name, data, text, factor, terms, iterations, priors) => {
      const fit = sampleSync(
        formula(text, { family: 'student', priors: { ...priors, nu: gamma(2, 0.1) } }),
        { rows: fixtureFrame(data) },
        { chains: 4, warmup: 200, iterations, seed: 401 },
      );
      const reference = referenceOf(fixtureJson<Engine>(name), factor, terms);
      const found = compareWith(fit, reference);
      expect(found.length).toBeGreaterThan(40);
      expect(disagreements(found, 4)).toEqual([]);
    },
  );
});

/** Seven rows about 2, four further off and an outlier. */
const small = [1.8, 2.3, 2.1, 1.6, 2, 2.6, 1.9, 3.1, 0.9, 2.2, 1.4, 9];

describe('Student-t rows against quadrature', () => {
  it.each<[string, Prior, Prior]>([
    ['the default prior of nu', halfT(3, 2), gamma(2, 0.1)],
    ['an exponential one', halfNormal(1), exponential(0.2)],
    ['a uniform one', inverseGamma(2, 1), uniform(2, 8)],
  ])('y ~ 1 with %s: means and sds of mu, sigma, nu within 4 standard errors', (_name, sigma, nu) => {
    const graph = formula('y ~ 1', { family: 'student', priors: { beta: normal(0, 10), sigma, nu } });
    const fit = sampleSync(graph, { rows: { y: small } }, { chains: 4, warmup: 200, iterations: 4000, seed: 402 });
    const { priors } = fit;
    const sums = { mass: 0, mu: [0, 0], sigma: [0, 0], nu: [0, 0] };
    const [low, high] = priors.nu?.distribution === 'uniform' ? [priors.nu.low, priors.nu.high] : [1, Infinity];
    const square = new Float64Array(small.length);
    for (let a = -60; a <= 60; a += 2) {
      // mu = 2 + sinh(t) / 4, sigma = exp(s); nu = 1 + exp(t), or a midpoint rule between the ends.
      const mu = 2 + 0.25 * Math.sinh(0.075 * a);
      for (let i = 0; i < small.length; i += 1) square[i] = (small[i]! - mu) ** 2;
      const forMu = Math.cosh(0.075 * a) * Math.exp(-0.5 * (mu / 10) ** 2);
      for (let b = -70; b <= 50; b += 2) {
        const s = Math.exp(0.06 * b);
        const forSigma = forMu * s * Math.exp(logScaleDensity(priors.sigma!, s));
        for (let c = 0; c < 100; c += 1) {
          const t = -9 + 0.15 * c;
          const value = high < Infinity ? low + ((c + 0.5) * (high - low)) / 100 : 1 + Math.exp(t);
          const width = high < Infinity ? 1 : Math.exp(t);
          let l =
            logParameterDensity(priors.nu!, LEAST.nu, value) + small.length * (studentT.logLik(0, 1, 0, s, value) + 20);
          let product = 1;
          for (let i = 0; i < small.length; i += 1) product *= 1 + square[i]! / (value * s * s);
          l -= 20 * small.length + 0.5 * (value + 1) * Math.log(product);
          const mass = forSigma * width * Math.exp(l);
          sums.mass += mass;
          for (const [into, x] of [
            [sums.mu, mu],
            [sums.sigma, s],
            [sums.nu, value],
          ] as const) {
            into[0]! += mass * x;
            into[1]! += mass * x * x;
          }
        }
      }
    }
    const exact = (name: string, [first, second]: number[]): Reference => {
      const mean = first! / sums.mass;
      return { name, mean, sd: Math.sqrt(second! / sums.mass - mean * mean), mcseMean: 0, mcseSd: 0 };
    };
    const found = compareWith(fit, [
      exact('beta[Intercept]', sums.mu),
      exact('sigma', sums.sigma),
      exact('nu', sums.nu),
    ]);
    expect(disagreements(found, 4)).toEqual([]);
    expect(found.filter(({ mcseMean: error, sd }) => error > 0.02 * sd)).toEqual([]);
  });
});

describe('the limits of Student-t rows', () => {
  it('are those of a gaussian model as nu grows: sleepstudy, every mean and sd within 4 combined standard errors', () => {
    const rows = fixtureFrame('sleepstudy');
    const size = { chains: 4, warmup: 200, iterations: 1500, seed: 403 };
    const text = 'Reaction ~ Days + (1 + Days | Subject)';
    const student = sampleSync(formula(text, { family: 'student', nu: 1e8 }), { rows }, size);
    const gaussian = sampleSync(formula(text), { rows }, { ...size, seed: 404 });
    const means = posteriorMeans(gaussian);
    const references = compareWith(gaussian, means).map(({ name, sd, mcseMean: error, mcseSd }, i) => ({
      name,
      mean: means[i]!.mean,
      sd,
      mcseMean: error,
      mcseSd,
    }));
    expect(disagreements(compareWith(student, references), 4)).toEqual([]);
  });
});

/** The posterior means of all scalars of a fit, as references. */
function posteriorMeans(fit: Parameters<typeof compareWith>[0]): Reference[] {
  const { draws } = fit;
  const length = draws.chains * draws.iterations;
  return fit.draws.variables.flatMap((variable) => {
    const labels = variable.coords.reduce<string[]>(
      (before, dimension) =>
        before.length === 0 ? [...dimension] : before.flatMap((b) => dimension.map((l) => `${b},${l}`)),
      [],
    );
    return Array.from({ length: variable.size }, (_, i) => {
      const at = (variable.offset + i) * length;
      const values = draws.values.subarray(at, at + length);
      const mean = values.reduce((sum, value) => sum + value, 0) / length;
      return {
        name: labels.length === 0 ? variable.name : `${variable.name}[${labels[i]}]`,
        mean,
        sd: 1,
        mcseMean: 1,
        mcseSd: 1,
      };
    });
  });
}

describe('the draws of Student-t rows', () => {
  const rows = fixtureFrame('sleepstudy');
  const graph = formula('Reaction ~ Days + (1 + Days | Subject)', { family: 'student' });

  it('are a function of graph, data and seed, and go on from a file bit by bit', () => {
    const size = { chains: 2, warmup: 40, iterations: 60, seed: 405 };
    const whole = sampleSync(graph, { rows }, size);
    const part = sampleSync(graph, { rows }, { ...size, iterations: 20 });
    const back = fromJson(toJson(part));
    expect(extendSync(back, 40).draws.values).toEqual(whole.draws.values);
    expect(Object.keys(part.checkpoints[0]!.latent)).toEqual([]);
  });

  it('mix: at least 0.2 effective draws of every scalar per draw, 0.3 of sigma and nu', () => {
    const fit = sampleSync(graph, { rows }, { chains: 4, warmup: 200, iterations: 1500, seed: 406 });
    const share = new Map(
      compareWith(fit, posteriorMeans(fit)).map(({ name, sd, mcseMean: error }) => [name, (sd / error) ** 2 / 6000]),
    );
    expect(Math.min(...share.values())).toBeGreaterThan(0.2);
    expect(share.get('sigma')).toBeGreaterThan(0.3);
    expect(share.get('nu')).toBeGreaterThan(0.3);
  });
});
