import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { FamilyName } from '../../src/families/family.ts';
import { tryFamily } from '../../src/families/familyOf.ts';
import { negativeBinomial } from '../../src/families/negativeBinomial.ts';
import { poisson } from '../../src/families/poisson.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { modelGraph } from '../../src/graph/modelGraph.ts';
import { group, linearPredictor, negativeBinomial as node, population } from '../../src/graph/nodes.ts';
import { flat, gamma, halfCauchy, halfT, normal, uniform } from '../../src/graph/priors.ts';
import { bootstrap } from '../../src/likelihood/inference/bootstrap.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { maximumLikelihoodText } from '../../src/report/text.ts';
import { check } from '../../src/summary/checks/check.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { hypothesis } from '../../src/summary/comparison/hypothesis.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { icc } from '../../src/summary/icc.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';
import { countPosterior } from '../oracle/countPosterior.ts';
import { compareWith, disagreements } from '../statistical/agreement.ts';
import { smallCounts as small } from './smallCounts.ts';

type Columns = Readonly<Record<string, (number | string)[]>>;

interface Reference {
  readonly logLik: number;
  readonly fixef: Readonly<Record<string, number>>;
  readonly se: Readonly<Record<string, number>>;
  readonly sds: Readonly<Record<string, number | readonly number[]>>;
  readonly dispersion: number;
}

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/families/${name}.json`, import.meta.url), 'utf8'));
const golden: Readonly<Record<'epil2' | 'owls' | 'salamanders', Columns>> & {
  readonly ml: Readonly<Record<string, Reference>>;
  readonly stan: readonly Readonly<Record<'mean' | 'sd' | 'mcse_mean' | 'mcse_sd', number>>[];
  readonly glmNb: { logLik: number; theta: number; coef: number[]; se: number[] };
  readonly exact: readonly number[][];
} = read('negativeBinomial');
const { grouseticks, mmmec } = read('poisson') as Record<string, Columns>;

const model = (text: string, options: Omit<FormulaOptions, 'family'> = {}) =>
  formula(text, { ...options, family: 'negativeBinomial' });

describe('negative binomial rows', () => {
  it('have the densities and derivatives of 60 digits, by eta and by the shape', () => {
    const out = new Float64Array(4);
    const own = new Float64Array(3);
    for (const [y, t, eta, shape, logLik, score, weight, third, slope, scoreSlope, weightSlope] of golden.exact) {
      const near = (value: number, truth: number, size: number) =>
        expect(Math.abs(value - truth), `${y} ${t} ${eta} ${shape}`).toBeLessThan(1e-11 * size);
      const mu = t! * Math.exp(eta!);
      // Terms of this size cancel in the log-likelihood.
      const size = Math.abs(logLik!) + y! * (1 + Math.abs(eta!)) + 1 + Math.abs(y! * Math.log(shape!));
      near(negativeBinomial.logLik(y!, t!, eta!, 1, shape), logLik!, size);
      negativeBinomial.derivatives(y!, t!, eta!, 1, out, shape);
      near(out[1]!, score!, y! + mu + 1);
      near(out[2]!, weight!, Math.abs(weight!) + 1);
      near(out[3]!, third!, Math.abs(third!) + 1);
      const v = 1 / Math.sqrt(shape!);
      negativeBinomial.search!.derivatives(y!, t!, eta!, v, own);
      near(own[0]! / (2 * v), slope!, y! * y! + mu * Math.min(mu, shape!) + mu * y! + 1);
      near(own[1]! / (2 * v), scoreSlope!, Math.abs(scoreSlope!) + (y! + mu) * Math.min(mu, shape!) + 1);
      near(own[2]! / (2 * v), weightSlope!, Math.abs(weightSlope!) + (y! + 1) * mu + 1);
    }
  });

  it('have probabilities that sum to 1, their mean, variance and information', () => {
    const out = new Float64Array(4);
    for (const shape of [0.7, 5]) {
      for (const eta of [-2, 0.3, 2]) {
        const sums = [0, 0, 0, 0];
        for (let y = 0; y < 2000; y++) {
          const p = Math.exp(negativeBinomial.logLik(y, 1.5, eta, 1, shape));
          negativeBinomial.derivatives(y, 1.5, eta, 1, out, shape);
          [1, y, y * y, out[2]!].forEach((value, k) => {
            sums[k]! += p * value;
          });
        }
        const mu = 1.5 * Math.exp(eta);
        expect(sums[0]).toBeCloseTo(1, 11);
        expect(sums[1]! / mu).toBeCloseTo(1, 10);
        expect((sums[2]! - sums[1]! ** 2) / (mu + (mu * mu) / shape)).toBeCloseTo(1, 9);
        negativeBinomial.information(1.5, eta, 1, out, shape);
        expect(sums[3]! / out[0]!).toBeCloseTo(1, 9);
      }
    }
  });

  it('are Poisson ones without end of the shape, and numbers for |eta| up to 700', () => {
    const [one, other] = [new Float64Array(4), new Float64Array(4)];
    for (const eta of [-3, 0.2, 4]) {
      for (const y of [0, 3, 60]) {
        expect(negativeBinomial.logLik(y, 2, eta, 1)).toBeCloseTo(poisson.logLik(y, 2, eta, 1), 10);
        negativeBinomial.derivatives(y, 2, eta, 1, one, 1e12);
        poisson.derivatives(y, 2, eta, 1, other);
        one.forEach((value, k) => {
          expect(Math.abs(value - other[k]!)).toBeLessThan(1e-8 * (1 + Math.abs(other[k]!)));
        });
      }
    }
    for (const eta of [-700, 700]) {
      for (const shape of [1e-3, 3, 1e9]) {
        negativeBinomial.derivatives(3, 1e6, eta, 1, one, shape);
        const own = new Float64Array(3);
        negativeBinomial.search!.derivatives(3, 1, eta / 3, 1 / Math.sqrt(shape), own);
        const logLik = negativeBinomial.logLik(3, 1e6, eta, 1, shape);
        expect([...one, ...own, logLik].every(Number.isFinite)).toBe(true);
        expect(logLik).toBeLessThan(0);
        // Beyond all counts it falls by the shape with eta.
        if (eta > 0 && shape < 4) {
          expect(negativeBinomial.logLik(3, 1e6, eta + 20, 1, shape) - logLik).toBeCloseTo(-20 * shape, 6);
        }
      }
    }
  });

  it('are drawn with their mean and variance', () => {
    const rng = createRng([31]);
    const n = 40_000;
    for (const [eta, shape] of [
      [1, 0.6],
      [3, 12],
    ] as const) {
      const draws = Array.from({ length: n }, () => negativeBinomial.simulate(2, eta, 1, rng, shape));
      const mean = draws.reduce((sum, y) => sum + y / n, 0);
      const squares = draws.map((y) => (y - mean) ** 2);
      const variance = squares.reduce((sum, y) => sum + y / n, 0);
      const spread = Math.sqrt(squares.reduce((sum, y) => sum + (y - variance) ** 2 / n, 0) / n);
      const truth = negativeBinomial.variance(2, eta, 1, shape);
      expect(Math.abs(mean - 2 * Math.exp(eta))).toBeLessThan(4 * Math.sqrt(truth / n));
      expect(Math.abs(variance - truth)).toBeLessThan(4 * spread);
    }
  });
});

describe('maximum likelihood of negative binomial counts', () => {
  it.each([
    ['grouseticks_nb2', 'TICKS ~ YEAR + cHEIGHT + (1 | BROOD) + (1 | LOCATION)', grouseticks],
    ['epil2_nb2_ri', 'y ~ Base * trt + Age + (1 | subject)', golden.epil2],
    ['epil2_nb2_rs', 'y ~ Base * trt + Age + Visit + (1 + Visit | subject)', golden.epil2],
    ['mmmec_nb2_offset', 'deaths ~ uvb + offset(log(expected)) + (1 | nation) + (1 | nation:region)', mmmec],
    [
      'owls_nb2_offset',
      'SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize) + (1 | Nest)',
      golden.owls,
    ],
    ['salamanders_nb2', 'count ~ spp * mined + (1 | site)', { ...golden.salamanders }],
  ] as const)("is glmmTMB's: %s", (name, text, rows) => {
    const coded = name.startsWith('salamanders')
      ? { ...rows, mined: rows!['mined']!.map((value) => (value === 'no' ? 'zno' : value)) }
      : rows!;
    const { fixef, groups, logLik, own, convergence } = maximumLikelihood(model(text), { rows: coded });
    const reference = golden.ml[name]!;
    expect(convergence.converged).toBe(true);
    expect(fixef.estimates).toHaveLength(fixef.labels.length);
    expect(logLik - reference.logLik).toBeGreaterThan(-1e-9);
    // glmmTMB stops up to 2e-7 below the top, where its estimates are known to the square root of that, in standard
    // errors.
    expect(logLik - reference.logLik).toBeLessThan(1e-6);
    expect(Math.abs(own! / reference.dispersion - 1)).toBeLessThan(2e-5);
    const se = Object.values(reference.se);
    Object.values(reference.fixef).forEach((value, k) => {
      expect(Math.abs(fixef.estimates[k]! - value)).toBeLessThan(Math.max(1e-5 * Math.abs(value), 1e-4 * se[k]!));
      expect(Math.abs(fixef.standardErrors[k]! / se[k]! - 1)).toBeLessThan(1e-4);
    });
    const sds = Object.values(reference.sds).flat();
    const found = groups.flatMap(({ tau }) => [...tau]).sort();
    [...sds].sort().forEach((sd, k) => {
      expect(Math.abs(found[k]! - sd)).toBeLessThan(1e-5);
    });
  });

  it("is R's glm.nb without groups", () => {
    const text = 'SiblingNegotiation ~ FoodTreatment * SexParent + offset(logBroodSize)';
    const { fixef, logLik, own, df } = maximumLikelihood(model(text), { rows: golden.owls });
    const { glmNb } = golden;
    expect(logLik).toBeCloseTo(glmNb.logLik, 7);
    expect(own! / glmNb.theta).toBeCloseTo(1, 7);
    expect(df).toBe(5);
    glmNb.coef.forEach((value, k) => {
      expect(fixef.estimates[k]).toBeCloseTo(value, 7);
      expect(fixef.standardErrors[k]! / glmNb.se[k]!).toBeCloseTo(1, 6);
    });
  });

  it('by quadrature is the integral over every group, at the top of it', () => {
    const text = 'y ~ x + (1 | g)';
    const at = (shape: number | undefined) =>
      maximumLikelihood(model(text, { shape }), { rows: small }, { method: 'agq', points: 25 });
    const fit = at(undefined);
    const tau = fit.groups[0]!.tau[0]!;
    let logLik = 0;
    for (const level of fit.groups[0]!.levels) {
      let sum = 0;
      for (let k = -400; k <= 400; k++) {
        const z = k / 50;
        let l = -0.5 * z * z - 0.5 * Math.log(2 * Math.PI);
        small.g.forEach((own, i) => {
          const eta = fit.fixef.estimates[0]! + fit.fixef.estimates[1]! * small.x[i]! + tau * z;
          if (own === level) l += negativeBinomial.logLik(small.y[i]!, 1, eta, 1, fit.own!);
        });
        sum += Math.exp(l) / 50;
      }
      logLik += Math.log(sum);
    }
    expect(fit.logLik).toBeCloseTo(logLik, 6);
    for (const factor of [0.98, 1.02]) {
      const held = at(factor * fit.own!);
      expect(held.own).toBe(factor * fit.own!);
      expect(held.df).toBe(fit.df - 1);
      expect(held.logLik).toBeLessThan(fit.logLik);
    }
    // A top: an eighth of the curvature away it has fallen by the same to both sides.
    const [low, high] = [0.98, 1 / 0.98].map((factor) => fit.logLik - at(factor * fit.own!).logLik);
    expect(low! / high!).toBeCloseTo(1, 0);
  });

  it('has its optimum at small and large means, and of two covariances', () => {
    const rng = createRng([11]);
    const [J, n] = [10, 95];
    for (const b0 of [-1, 6, 12]) {
      const u = Array.from({ length: J }, () => 1.2 * rng.normal());
      const x = Array.from({ length: n }, () => rng.normal());
      const g = x.map((_, i) => `g${i % J}`);
      const y = x.map((value, i) => negativeBinomial.simulate(1, b0 + 0.5 * value + u[i % J]!, 1, rng, 0.5));
      for (const text of ['y ~ x + (1 | g)', 'y ~ x + (1 + x | g)']) {
        const fit = maximumLikelihood(model(text), { rows: { x, y, g } });
        expect(fit.convergence.converged, `${text} ${b0}`).toBe(true);
        for (const factor of [0.97, 1.03]) {
          const held = maximumLikelihood(model(text, { shape: factor * fit.own! }), { rows: { x, y, g } });
          expect(held.logLik, `${text} ${b0}`).toBeLessThan(fit.logLik);
        }
      }
    }
  });

  it('says where counts vary no more than Poisson ones', () => {
    const y = small.x.map((value, i) => Math.round(Math.exp(1 + 0.3 * value + 0.2 * ((i % 12) - 5.5) * 0.3)));
    const { own, messages, logLik } = maximumLikelihood(model('y ~ x + (1 | g)'), { rows: { ...small, y } });
    expect(own).toBe(Infinity);
    expect(messages.join()).toContain('shape grows without end: the counts vary about their means no more');
    const other = maximumLikelihood(formula('y ~ x + (1 | g)', { family: 'poisson' }), { rows: { ...small, y } });
    expect(logLik).toBeCloseTo(other.logLik, 5);
  });

  it('bootstraps the shape too, prints it, and tests what it is asked of it', () => {
    const fit = maximumLikelihood(model('y | exposure(t) ~ x + (1 | g)'), { rows: small });
    const { parameters, values } = bootstrap(fit, { seed: 1, simulations: 5 });
    expect(parameters[parameters.length - 1]).toBe('shape');
    expect(values[values.length - 1]!.every((value) => value > 0)).toBe(true);
    expect(maximumLikelihoodText(fit)).toMatch(/\nshape \d/);
  });
});

describe('the posterior of negative binomial counts', () => {
  const priors = { beta: normal(0, 3), tau_g: halfT(3, 1), shape: gamma(2, 0.5) };
  let fit: Fit;
  beforeAll(() => {
    fit = sampleSync(
      model('y ~ 1 + (1 | g)', { priors }),
      { rows: small },
      { seed: 12, warmup: 200, iterations: 1500 },
    );
  });
  const at = (name: string, of = fit) => summarize(of).find((row) => row.variable === name)!;

  it('is that of nested quadrature, the shape included, and that of a family that takes the shape for its inverse is not', () => {
    const levels = [...new Set(small.g)].sort();
    const rows = { y: small.y, x: small.x.map(() => 0), group: small.g.map((level) => levels.indexOf(level)) };
    // The second coefficient is the logarithm of the shape.
    const known = new Map<number, number[]>();
    const rising = (t: number): number[] => {
      const found = known.get(t);
      if (found) return found;
      const sums = [0];
      for (let y = 0; y < 12; y++) sums.push(sums[y]! + Math.log1p(y * Math.exp(-t)));
      known.set(t, sums);
      return sums;
    };
    const truth = countPosterior(
      rows,
      (y, eta, t) => {
        const shape = Math.exp(t);
        return rising(t)[y]! + y * eta - (y + shape) * Math.log1p(Math.exp(eta) / shape);
      },
      (b0, t, tau) => -0.5 * (b0 / 3) ** 2 + 2 * t - 0.5 * Math.exp(t) - 2 * Math.log1p((tau * tau) / 3),
      [
        [Math.log(at('tau_g[Intercept]').mean), at('tau_g[Intercept]').sd / at('tau_g[Intercept]').mean],
        [at('beta[Intercept]').mean, at('beta[Intercept]').sd],
        [Math.log(at('shape').mean), at('shape').sd / at('shape').mean],
      ],
      0.3,
    );
    const references = ['beta[Intercept]', 'tau_g[Intercept]'].map((name, k) => {
      return { name, mean: truth.mean[2 * k]!, sd: truth.sd[2 * k]!, mcseMean: 0, mcseSd: 0 };
    });
    expect(disagreements(compareWith(fit, references), 4)).toEqual([]);
    const { estimate, se, ess } = (() => {
      const { draws, variables } = { draws: fit.draws, variables: fit.draws.variables };
      const { offset } = variables.find(({ name }) => name === 'shape')!;
      const S = draws.chains * draws.iterations;
      const logs = draws.values.slice(offset * S, (offset + 1) * S).map(Math.log);
      const mean = logs.reduce((sum, value) => sum + value / S, 0);
      return {
        estimate: mean,
        se: Math.sqrt(logs.reduce((sum, value) => sum + (value - mean) ** 2 / S, 0)),
        ess: at('shape').essBulk,
      };
    })();
    expect(Math.abs(estimate - truth.mean[1]!)).toBeLessThan((4 * truth.sd[1]!) / Math.sqrt(ess));
    expect(Math.abs(se / truth.sd[1]! - 1)).toBeLessThan(4 / Math.sqrt(ess));
    levels.forEach((level, j) => {
      const { mean, mcseMean: mcse } = at(`u_g[${level},Intercept]`);
      expect(Math.abs(mean - truth.u[j]!)).toBeLessThan(4.5 * mcse);
    });
    expect(check(fit).ok).toBe(true);
    const name = 'inverseShape' as FamilyName;
    const end = tryFamily({
      ...negativeBinomial,
      name,
      derivatives: (y, size, eta, scale, out, own = 1) =>
        negativeBinomial.derivatives(y, size, eta, scale, out, 1 / own),
    });
    try {
      const options = { seed: 12, chains: 2, warmup: 100, iterations: 300 };
      const mutant = sampleSync(formula('y ~ 1 + (1 | g)', { family: name, priors }), { rows: small }, options);
      const shape = [{ name: 'shape', mean: at('shape').mean, sd: at('shape').sd, mcseMean: 0, mcseSd: 0 }];
      // Not by `disagreements`, which keeps what it compares as evidence.
      expect(compareWith(mutant, shape).some(({ zMean }) => Math.abs(zMean) > 4)).toBe(true);
    } finally {
      end();
    }
  }, 600_000);

  it('is that of Stan on seizures, and has .5 effective draws a draw', () => {
    const seizures = sampleSync(
      model('y ~ Base * trt + Age + (1 | subject)', {
        priors: { beta: normal(0, 5), tau_subject: halfCauchy(2.5), shape: gamma(2, 0.1) },
      }),
      { rows: golden.epil2 },
      { seed: 5, warmup: 100, iterations: 2000 },
    );
    const names = ['Intercept', 'Base', 'trtprogabide', 'Age', 'Base:trtprogabide'].map((label) => `beta[${label}]`);
    const references = golden.stan.map(({ mean, sd, mcse_mean: mcseMean, mcse_sd: mcseSd }, k) => {
      return { name: [...names, 'tau_subject[Intercept]', 'shape'][k]!, mean, sd, mcseMean, mcseSd };
    });
    expect(references).toHaveLength(7);
    expect(disagreements(compareWith(seizures, references), 4)).toEqual([]);
    for (const { variable, essBulk, essTail } of summarize(seizures)) {
      expect(Math.min(essBulk, essTail), variable).toBeGreaterThan(4000);
    }
  });

  it('holds a shape that is known, and of a large one has the posterior of Poisson counts', () => {
    const options = { seed: 4, warmup: 100, iterations: 800 };
    const text = 'y | exposure(t) ~ x + (1 | g)';
    const own = { beta: normal(0, 3), tau_g: halfT(3, 1) };
    const one = sampleSync(model(text, { priors: own, shape: 1e9 }), { rows: small }, options);
    const other = sampleSync(formula(text, { priors: own, family: 'poisson' }), { rows: small }, options);
    expect(one.draws.variables.map(({ name }) => name)).not.toContain('shape');
    for (const row of summarize(one)) {
      const { mean, mcseMean } = at(row.variable, other);
      expect(Math.abs(row.mean - mean), row.variable).toBeLessThan(4.5 * Math.hypot(mcseMean, row.mcseMean));
    }
  });

  it('takes counts to 1e6, no groups, and a shape within bounds', () => {
    const large = small.y.map((y, i) => 1000 * y + 10 ** ((i % 7) - 0));
    const options = { seed: 2, chains: 2, warmup: 200, iterations: 500 };
    const whole = sampleSync(model('y ~ x'), { rows: { ...small, y: large } }, options);
    expect(check(whole).ok).toBe(true);
    const bounded = sampleSync(
      model('y ~ x + (1 | g)', { priors: { shape: uniform(0.5, 1) } }),
      { rows: { ...small, y: large } },
      options,
    );
    const { mean, q5, q95 } = at('shape', bounded);
    expect([q5, mean, q95].every((value) => value > 0.5 && value < 1)).toBe(true);
  });

  it('predicts means, rates and responses, and has replicated data like the data', () => {
    const draws = (kind: 'mean' | 'rate' | 'response') => predict(fit, undefined, { kind, draws: true }).draws!;
    const [mean, rate, response] = (['mean', 'rate', 'response'] as const).map(draws);
    expect([...mean!]).toEqual([...rate!]);
    expect(response!.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    const S = mean!.length / 60;
    const { draws: values, variables } = fit.draws as unknown as { draws: never; variables: never } & Fit['draws'];
    expect([values, variables]).toHaveLength(2);
    const shape = at('shape');
    // The variance of the noise of row 5: E(mu + mu^2 / shape), by draws.
    const noise = response!.subarray(5 * S, 6 * S).map((value, s) => (value - mean![5 * S + s]!) ** 2);
    const average = (list: Float64Array) => list.reduce((sum, value) => sum + value / list.length, 0);
    const m = average(mean!.subarray(5 * S, 6 * S));
    expect(average(noise)).toBeGreaterThan(m);
    expect(average(noise)).toBeLessThan(1.5 * (m + (m * m) / shape.mean + 1));
    const { responses, draws: count } = simulate(fit, { draws: 400 });
    const replicated = responses.reduce((sum, value) => sum + value, 0) / count;
    const observed = small.y.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(replicated / observed - 1)).toBeLessThan(0.15);
    const whole = poststratify(fit, { g: ['g04', 'g05'], N: [1, 3] }).rows[0]!;
    const [a, b] = predict(fit, { g: ['g04', 'g05'] }).rows;
    expect(whole['mean']).toBeCloseTo((a!.mean + 3 * b!.mean) / 4, 10);
    const prior = simulatePrior(model('y ~ 1 + (1 | g)', { priors }), { rows: small }, { draws: 50 });
    expect(prior.responses.every((value) => value >= 0)).toBe(true);
  });

  it('shrinks the own estimates given the shape, by the information that it leaves', () => {
    const { rows } = shrinkage(fit, 'g');
    expect(rows.find(({ level }) => level === 'g03')!.noPooling).toBeNull();
    const ml = maximumLikelihood(model('y ~ 1 + (1 | g)'), { rows: small });
    const own = shrinkage(ml, 'g').rows.find(({ level }) => level === 'g07')!;
    const members = small.y.filter((_, i) => i % 12 === 7);
    const mean = members.reduce((sum, y) => sum + y, 0) / 5;
    // One intercept: its estimate is the mean count whatever the shape, which its standard error tells.
    expect(own.noPooling).toBeCloseTo(Math.log(mean), 6);
    expect(own.noPoolingSe! ** 2).toBeCloseTo((1 + mean / ml.own!) / (5 * mean), 6);
    const eta = ml.fixef.estimates[0]! + ml.groups[0]!.modes[7]!;
    const information = 5 / (Math.exp(-eta) + 1 / ml.own!);
    expect(own.shrinkageWeight).toBeCloseTo(1 / (1 + information * ml.groups[0]!.tau[0]! ** 2), 6);
    const v = ml.groups[0]!.tau[0]! ** 2;
    const lambda = Math.exp(ml.fixef.estimates[0]! + v / 2);
    expect(icc(ml)[0]!.estimate).toBeCloseTo(v / (v + Math.log1p(1 / lambda + 1 / ml.own!)), 9);
    expect(icc(fit)[0]!.estimate).toBeGreaterThan(0);
  });

  it('has the log-likelihood of its rows, loo, comparisons, a description, and a file that gives it back', () => {
    const { values, observations } = logLikelihood(fit);
    const linear = predict(fit, undefined, { kind: 'linear', draws: true }).draws!;
    const S = linear.length / 60;
    const { offset } = fit.draws.variables.find(({ name }) => name === 'shape')!;
    const shape = fit.draws.values[offset * S + 5]!;
    for (const i of [0, 31, 59]) {
      const truth = negativeBinomial.logLik(small.y[i]!, 1, linear[i * S + 5]!, 1, shape);
      expect(values[5 * observations + i]).toBeCloseTo(truth, 10);
    }
    expect(leaveOneOut(fit).elpd.estimate).toBeLessThan(0);
    const ml = maximumLikelihood(model('y ~ 1 + (1 | g)'), { rows: small });
    const row = compare(fit, ml).rows.find(({ parameter }) => parameter === 'shape')!;
    expect(row.ml).toBe(ml.own);
    expect(hypothesis(fit, 'shape > 1').label).toContain('shape');
    const text = describeModel(fit);
    expect(text).toContain('y_i ~ negative_binomial(mean exp(');
    expect(text).toMatch(/shape +gamma\(2, 0\.5\) +shape/);
    const again = fromJson(toJson(fit));
    expect(summarize(again)).toEqual(summarize(fit));
    expect(predict(again).rows).toEqual(predict(fit).rows);
  });
});

describe('the graph of a negative binomial response', () => {
  it('is that of the formula, the shape a prior or a number', () => {
    const parts = {
      beta: normal(0, 2),
      tau: halfT(3, 1),
      population: population({ terms: ['1', 'x'], coef: 'beta' }),
      u: group({ by: 'g', terms: ['1'], cov: 'tau' }),
      eta: linearPredictor('population', 'u'),
    };
    const byHand = modelGraph({
      ...parts,
      shape: gamma(2, 1),
      y: node('y', { eta: 'eta', shape: 'shape', exposure: 't' }),
    });
    const written = model('y | exposure(t) ~ x + (1 | g)', { priors: { shape: gamma(2, 1) } }).nodes;
    expect(written).toMatchObject({ y: byHand.nodes.y, shape: byHand.nodes.shape });
    expect(model('y ~ x', { shape: 3 }).nodes).toMatchObject({ y: { shape: 3 } });
    expect(formula('y ~ x', { family: 'negbinomial' })).toEqual(model('y ~ x'));
  });
});

describe('negative binomial counts are refused', () => {
  const first = (y: number) => ({ rows: { ...small, y: [y, ...small.y.slice(1)] } });
  it.each<[string, () => unknown, string, RegExp]>([
    ['below 0', () => buildDesign(model('y ~ x'), first(-1)), 'not-a-count', /^response y is -1 in .*0 or more$/],
    ['as fractions', () => buildDesign(model('y ~ x'), first(2.5)), 'not-a-count', /^response y is 2.5 in .*or more$/],
    ['with trials', () => model('y | trials(t) ~ x'), 'formula-syntax', /belongs to the families binomialLogit/],
    [
      'with a shape of 0',
      () => model('y ~ x', { shape: 0 }),
      'option',
      /^shape: got 0; accepted is a positive finite number$/,
    ],
    [
      'with a shape that belongs to another family',
      () => formula('y ~ x', { family: 'poisson', shape: 2 }),
      'unknown-option',
      /shape belongs to the family negativeBinomial \(in short negbinomial\), and the family is poisson/,
    ],
    [
      'with a prior of a shape that is fixed',
      () => model('y ~ x', { shape: 2, priors: { shape: gamma(2, 1) } }),
      'unknown-prior',
      /shape is fixed at 2/,
    ],
    [
      'with a prior of a shape that takes none such',
      () => sampleSync(model('y ~ x', { priors: { shape: flat() } }), { rows: small }),
      'wrong-parent',
      /the prior of a shape: gamma, exponential or uniform/,
    ],
    [
      'without a shape in the graph',
      () => node('y', { eta: 'eta' } as never),
      'invalid-node',
      /give shape \(its prior, or its number\)/,
    ],
    [
      'with a shape below 0 in the graph',
      () => node('y', { eta: 'eta', shape: -1 }),
      'invalid-node',
      /shape must be the name of a prior, or the shape, a positive number, not -1/,
    ],
    [
      'by another name',
      () => formula('y ~ x', { family: 'nbinom2' as never }),
      'unknown-family',
      /did you mean "negbinomial"/,
    ],
  ])('%s', (_, build, code, message) => {
    const fault = faultOf(build);
    expect(fault.message).toMatch(message);
    expect(fault.code).toBe(code);
  });
});
