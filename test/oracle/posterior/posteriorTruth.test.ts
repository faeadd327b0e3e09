import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  defaultPrior,
  formula,
  halfT,
  halfTCov,
  inverseWishart,
  lkj,
  normal,
  type Prior,
  plan,
  uniform,
} from '../../../src/index.ts';
import { createRng } from '../../../src/random/rng.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';
import { denseMarginal } from '../denseMarginal.ts';
import { exactDeviance } from '../exactDeviance.ts';
import { posteriorDensity } from './posteriorDensity.ts';
import { posteriorModel } from './posteriorModel.ts';
import { type PosteriorTruth, posteriorTruth } from './posteriorTruth.ts';
import { truthBelow, truthMean, truthQuantile, worth } from './truthMeasures.ts';

/** Monte Carlo errors by which a right oracle may be off; about one in 16 000 for each number. */
const ERRORS = 4;

describe('the oracle of posteriors', () => {
  it('has the heights of the dense marginal likelihood times the priors written down by hand', () => {
    const rng = createRng([1]);
    const rows = { g: [] as string[], h: [] as string[], x: [] as number[], y: [] as number[], w: [] as number[] };
    for (let i = 0; i < 24; i += 1) {
      rows.g.push(`g${i % 6}`);
      rows.h.push(`h${Math.floor(i / 8)}`);
      rows.x.push(2000 + i + rng.normal());
      rows.y.push(rng.normal());
      rows.w.push(1 + (i % 3));
    }
    const mean = rows.x.reduce((sum, x) => sum + x, 0) / 24;
    const graph = (Sigma: Prior | null) =>
      formula('y | weights(w) ~ x + (1 + x | g) + (1 | h)', {
        priors: {
          'beta[x]': normal(0.1, 0.01),
          tau_h: halfT(3, 2),
          sigma: halfT(4, 1),
          ...(Sigma ? { Sigma_g: Sigma } : { tau_g: halfT(2, 0.5), corr_g: lkj(3) }),
        },
      });
    const points = [
      { tau: [0.4, 0.01], corr: 0.3, h: 0.2, sigma: 0.9 },
      { tau: [3, 0.0015], corr: -0.9998, h: 1.3, sigma: 1.4 },
      { tau: [40, 0.2], corr: 0.8, h: 0.02, sigma: 0.5 },
    ];
    const half = (df: number, scale: number, t: number) => (-(df + 1) / 2) * Math.log1p(t ** 2 / (df * scale ** 2));
    /** Log prior of the block of g with respect to d tau d R. */
    const priors: [Prior | null, (a: number, b: number, r: number) => number][] = [
      [null, (a, b, r) => half(2, 0.5, a) + half(2, 0.5, b) + 2 * Math.log(1 - r * r)],
      [
        // Huang & Wand: |Sigma|^-(df + 2q)/2 prod (df Sigma^-1_kk + 1 / A_k^2)^-(df + q)/2; d Sigma is 4 (a b)^2 d a
        // d b d r.
        halfTCov(2, [3, 0.1]),
        (a, b, r) => {
          const d = 1 - r * r;
          const each = (t: number, A: number) => -2 * Math.log(2 / (t * t * d) + 1 / (A * A));
          return -3 * Math.log(a * a * b * b * d) + each(a, 3) + each(b, 0.1) + 2 * Math.log(a * b);
        },
      ],
      [
        inverseWishart(4, [
          [2, 0.1],
          [0.1, 0.03],
        ]),
        (a, b, r) => {
          const d = a * a * b * b * (1 - r * r);
          const trace = (2 * b * b + 0.03 * a * a - 2 * 0.1 * r * a * b) / d;
          return -3.5 * Math.log(d) - trace / 2 + 2 * Math.log(a * b);
        },
      ],
    ];
    // The default's sds are those about the mean of x; (a b)^2 d a d b d r is the same there.
    const planned = plan(graph(defaultPrior()), { rows }).priors.groups[0]![0]!;
    const scales =
      planned.kind === 'separation' ? planned.tau.map((one) => (one.distribution === 'halfT' ? one.scale : 0)) : [];
    priors.push([
      defaultPrior(),
      (a, b, r) => {
        const middle = Math.sqrt(a * a + 2 * mean * r * a * b + (mean * b) ** 2);
        return half(3, scales[0]!, middle) + half(3, scales[1]!, b) + 2 * Math.log(a / middle);
      },
    ]);
    for (const [Sigma, logPrior] of priors) {
      const planned = plan(graph(Sigma), { rows });
      for (const system of ['centred', 'written'] as const) {
        const density = posteriorDensity(posteriorModel(planned), system);
        const differences = points.map(({ tau, corr, h, sigma }) => {
          const [a, b] = tau as [number, number];
          const c = corr * a * b;
          const Sigmas = [
            new Matrix([
              [a * a, c],
              [c, b * b],
            ]),
            new Matrix([[h * h]]),
          ];
          const dense = denseMarginal(planned.design, sigma, Sigmas, { mean: [0, 0.1], precision: [0, 1e4] });
          const prior = logPrior(a, b, corr) + half(3, 2, h) + half(4, 1, sigma) + Math.log(a * b * h * sigma);
          return (
            density.height({
              blocks: [
                { tau, corr: [corr] },
                { tau: [h], corr: [] },
              ],
              sigma,
            }) -
            dense -
            prior
          );
        });
        // The dense covariance of columns 2 000 from zero has ten digits or so.
        expect(differences[1]! - differences[0]!).toBeCloseTo(0, 4);
        expect(differences[2]! - differences[0]!).toBeCloseTo(0, 4);
      }
    }
  });

  it('keeps its digits at sds of 1e9 standard errors and on a column far from zero: fixed-point numbers of 400 digits', () => {
    const rng = createRng([9]);
    const rows = { g: [] as string[], h: [] as string[], x: [] as number[], y: [] as number[], s: [] as number[] };
    for (let i = 0; i < 14; i += 1) {
      rows.g.push(`g${i % 4}`);
      rows.h.push(`h${i % 3}`);
      rows.x.push(30 + rng.normal());
      rows.y.push(10 * rng.normal());
      rows.s.push(0.5 + rng.uniform());
    }
    const wide = uniform(0, 1e15);
    const graph = formula('y | se(s) ~ x + (x | g) + (1 | h)', {
      priors: { 'tau_g[Intercept]': wide, 'tau_g[x]': wide, corr_g: lkj(1), tau_h: wide },
    });
    const planned = plan(graph, { rows });
    const points = [
      [1, 0.1, -0.2, 1],
      [1e9, 1, 0.5, 3],
      [1e9, 3e7, -0.9, 2e9],
      [40, 3e5, 0.3, 1e-3],
      [2e7, 7e5, -0.999, 1e8],
    ] as const;
    const density = posteriorDensity(posteriorModel(planned), 'written');
    const differences = points.map(([a, b, corr, h]) => {
      const lambda = [a, 0, corr * b, Math.sqrt((1 - corr) * (1 + corr)) * b];
      const { deviance } = exactDeviance(planned.design, [lambda, [h]], 'REML');
      const blocks = [
        { tau: [a, b], corr: [corr] },
        { tau: [h], corr: [] },
      ];
      return density.height({ blocks, sigma: null }) - (Math.log(a * b * h) - 0.5 * deviance);
    });
    // Entries of 30 tau[x] standard errors are rounded to 1e-16 of themselves, and residuals are some ten: 1e-8.
    for (const difference of differences.slice(1)) expect(difference - differences[0]!).toBeCloseTo(0, 6);
  });

  it('has the balanced one-way model of its closed form, by quadrature and by tempered particles', () => {
    const y = [-1.1, 0.1, -2.2, -2.8, -1.4, 0, 0.8, -0.1, 0.4, 0.6, -1.2, -2.9];
    const g = y.map((_, i) => `g${Math.floor(i / 2)}`);
    const graph = formula('y ~ 1 + (1 | g)', { priors: { tau_g: halfT(3, 2), sigma: halfT(3, 1) } });
    const model = posteriorModel(plan(graph, { rows: { y, g } }));
    const exact = oneWay(y, 2, (t, s) => -2 * Math.log1p(t ** 2 / 12) - 2 * Math.log1p(s ** 2 / 3));
    for (const method of ['grid', 'centred'] as const) {
      const truth = posteriorTruth(model, { method, seed: 3 });
      expectMean(truth, 'tau_g[Intercept]', exact.tau);
      expectMean(truth, 'sigma', exact.sigma);
    }
  });

  it('weighs two modes of a slope on a column far from zero (sleepstudy by year): quadrature has P(tau[year] > 1) = .060', () => {
    const rows = fixtureFrame('sleepstudy');
    const spread = halfT(3, 2.5 * 56.32876);
    const year = 'I(Days + 2000)';
    const priors = { tau_Subject: spread, sigma: spread, corr_Subject: lkj(1) };
    const graph = formula(`Reaction ~ ${year} + (1 + ${year} | Subject)`, { priors });
    const truth = posteriorTruth(posteriorModel(plan(graph, { rows })), { particles: 120, seed: 5 });
    const above = truthBelow(truth, `tau_Subject[${year}]`, 1);
    expect(Math.abs(1 - above.value - 0.06)).toBeLessThan(ERRORS * above.error);
  });

  it('has a logit model of three groups by quadrature over every coefficient', () => {
    const successes = [1, 7, 2];
    const g = Array.from({ length: 24 }, (_, i) => `g${Math.floor(i / 8)}`);
    const y = g.map((_, i) => (i % 8 < successes[Math.floor(i / 8)]! ? 1 : 0));
    for (const family of ['binomial', 'probit'] as const) {
      const graph = formula('y ~ 1 + (1 | g)', {
        family,
        priors: { 'beta[Intercept]': normal(0, 2), tau_g: halfT(3, 1) },
      });
      const model = posteriorModel(plan(graph, { rows: { y, g } }));
      const exact = threeGroups(successes, 8, family === 'probit');
      // Latent variables of logit rows have the test after this one.
      const methods = [['centred', 100] as const, ...(family === 'probit' ? [['augmented', 1000] as const] : [])];
      for (const [method, particles] of methods) {
        const truth = posteriorTruth(model, { seed: 2, particles, method });
        expectMean(truth, 'tau_g[Intercept]', exact.tau);
        expectMean(truth, 'beta[Intercept]', exact.beta);
        if (method === 'augmented') expect(worth(truth)).toBeGreaterThan(500);
      }
    }
  });

  it('has counts of eight trials as it has single responses', () => {
    const successes = [1, 7, 2];
    const rows = { y: successes, t: [8, 8, 8], g: ['a', 'b', 'c'] };
    const graph = formula('y | trials(t) ~ 1 + (1 | g)', {
      family: 'binomial',
      priors: { 'beta[Intercept]': normal(0, 2), tau_g: halfT(3, 1) },
    });
    const model = posteriorModel(plan(graph, { rows }));
    const exact = threeGroups(successes, 8, false);
    const truth = posteriorTruth(model, { seed: 3, particles: 1000, method: 'augmented' });
    expectMean(truth, 'tau_g[Intercept]', exact.tau);
    expectMean(truth, 'beta[Intercept]', exact.beta);
  });

  it('has Student-t rows: three coefficients by quadrature, sds known', () => {
    const y = [0, 0.5, 6, 2, -1];
    const g = ['a', 'a', 'a', 'b', 'b'];
    const known = uniform(0.9999, 1.0001);
    const graph = formula('y ~ 1 + (1 | g)', { family: 'student', nu: 3, priors: { tau_g: known, sigma: known } });
    const truth = posteriorTruth(posteriorModel(plan(graph, { rows: { y, g } })), { seed: 2 });
    const at = Array.from({ length: 241 }, (_, i) => (i - 100) / 10);
    const log = (r: number) => -2 * Math.log1p(r ** 2 / 3);
    const group = (members: number[], beta: number) =>
      at.reduce((sum, u) => sum + Math.exp(members.reduce((s, v) => s + log(v - beta - u), (-u * u) / 2)), 0);
    let mass = 0;
    let sum = 0;
    for (const beta of at) {
      const weight = group([0, 0.5, 6], beta) * group([2, -1], beta);
      mass += weight;
      sum += weight * beta;
    }
    expectMean(truth, 'beta[Intercept]', sum / mass);
  });

  it('says quantiles with an error that covers a normal posterior', () => {
    const draws = Array.from({ length: 4 }, (_, r) => {
      const rng = createRng([9, r]);
      return Float64Array.from({ length: 1000 }, () => rng.normal()).sort();
    });
    const truth: PosteriorTruth = { method: 'grid', names: ['z'], draws: new Map([['z', draws]]), logEvidence: {} };
    const { value, error } = truthQuantile(truth, 'z', 0.95);
    expect(Math.abs(value - 1.6448536)).toBeLessThan(ERRORS * error);
    expect(error).toBeLessThan(0.15);
  });

  it('knows by all its quantiles that chains which hardly move are worth few draws', () => {
    const draws = Array.from({ length: 4 }, (_, r) => {
      const rng = createRng([10, r]);
      let z = 0;
      return Float64Array.from({ length: 1000 }, () => {
        z = 0.98 * z + Math.sqrt(1 - 0.98 ** 2) * rng.normal();
        return z;
      }).sort();
    });
    const truth: PosteriorTruth = {
      method: 'augmented',
      names: ['z'],
      draws: new Map([['z', draws]]),
      logEvidence: {},
    };
    // An autoregression of .98 has 4 000 / 99 = 40 independent draws.
    expect(worth(truth)).toBeGreaterThan(10);
    expect(worth(truth)).toBeLessThan(160);
  });
});

function expectMean(truth: PosteriorTruth, name: string, exact: number): void {
  const { value, error } = truthMean(truth, name);
  expect(Math.abs(value - exact), `${name}: ${value} for ${exact}`).toBeLessThan(ERRORS * error);
}

/** p(tau, sigma | y) of balanced groups of m, beta flat, on a grid of logs. */
function oneWay(y: readonly number[], m: number, logPrior: (tau: number, sigma: number) => number) {
  const J = y.length / m;
  const means = Array.from({ length: J }, (_, j) => y.slice(j * m, j * m + m).reduce((a, b) => a + b, 0) / m);
  const grand = means.reduce((a, b) => a + b, 0) / J;
  const within = y.reduce((sum, value, i) => sum + (value - means[Math.floor(i / m)]!) ** 2, 0);
  const between = m * means.reduce((sum, value) => sum + (value - grand) ** 2, 0);
  let mass = 0;
  let tauSum = 0;
  let sigmaSum = 0;
  for (let a = -12; a < 6; a += 0.03) {
    for (let b = -4; b < 4; b += 0.03) {
      const tau = Math.exp(a);
      const sigma = Math.exp(b);
      const v = sigma ** 2 + m * tau ** 2;
      const height =
        -J * (m - 1) * b - within / (2 * sigma ** 2) - ((J - 1) / 2) * Math.log(v) - between / (2 * v) + a + b;
      const weight = Math.exp(height + logPrior(tau, sigma));
      mass += weight;
      tauSum += weight * tau;
      sigmaSum += weight * sigma;
    }
  }
  return { tau: tauSum / mass, sigma: sigmaSum / mass };
}

/** Successes of three groups of `trials`, beta ~ N(0, 4), tau ~ half_t(3, 1). */
function threeGroups(successes: readonly number[], trials: number, probit: boolean) {
  // Trapezoidal sums of densities that are smooth and fall to 1e-14 at both ends: half the steps change no digit here.
  const z = Array.from({ length: 81 }, (_, i) => (i - 40) / 5);
  const density = z.map((e) => Math.exp((-e * e) / 2));
  let mass = 0;
  let tauSum = 0;
  let betaSum = 0;
  for (let a = -8; a < 4; a += 0.2) {
    const tau = Math.exp(a);
    for (let beta = -10; beta <= 10; beta += 0.4) {
      let weight = Math.exp(a - beta ** 2 / 8 - 2 * Math.log1p(tau ** 2 / 3));
      const p = z.map((e) => (probit ? normalCdf(beta + tau * e) : 1 / (1 + Math.exp(-beta - tau * e))));
      for (const s of successes) {
        let sum = 0;
        for (let k = 0; k < z.length; k++) sum += density[k]! * p[k]! ** s * (1 - p[k]!) ** (trials - s);
        weight *= sum;
      }
      mass += weight;
      tauSum += weight * tau;
      betaSum += weight * beta;
    }
  }
  return { tau: tauSum / mass, beta: betaSum / mass };
}

/** By its series; the tails beyond 6 do not count here. */
function normalCdf(x: number): number {
  if (Math.abs(x) > 6) return x > 0 ? 1 : 0;
  let term = x;
  let sum = x;
  for (let k = 1; k < 100 && sum + term !== sum; k += 1) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
