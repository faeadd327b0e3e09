import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { betaBinomial } from '../../src/families/betaBinomial.ts';
import { binomialLogit } from '../../src/families/binomialLogit.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { modelGraph } from '../../src/graph/modelGraph.ts';
import { group, linearPredictor, betaBinomial as node, population } from '../../src/graph/nodes.ts';
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
import { externalFit } from '../../src/summary/comparison/externalFit.ts';
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

type Columns = Readonly<Record<string, (number | string)[]>>;

interface Reference {
  readonly logLik: number;
  readonly fixef: Readonly<Record<string, number>>;
  readonly se: Readonly<Record<string, number>>;
  readonly sds: Readonly<Record<string, number | readonly number[]>>;
  readonly precision: number;
}

const golden: Readonly<Record<'cbpp' | 'made' | 'many', Columns>> & {
  readonly ml: Readonly<Record<string, Reference>>;
  readonly jags: readonly Readonly<Record<'mean' | 'sd' | 'mcse_mean' | 'mcse_sd', number>>[];
  readonly exact: readonly number[][];
} = JSON.parse(readFileSync(new URL('../fixtures/families/betaBinomial.json', import.meta.url), 'utf8'));

/** 32 rows of 8 groups with 1 to 8 trials, one group without a success. */
const small = (() => {
  const x = Array.from({ length: 32 }, (_, i) => ((7 * i) % 5) - 2);
  const n = x.map((_, i) => 1 + ((3 * i + Math.floor(i / 8)) % 8));
  const g = x.map((_, i) => `g0${i % 8}`);
  const y = x.map((_, i) => (i % 8 === 3 ? 0 : (i * i + 3 * i) % (1 + n[i]!)));
  return { y, x, n, g };
})();

const model = (text: string, options: Omit<FormulaOptions, 'family'> = {}) =>
  formula(text, { ...options, family: 'betaBinomial' });

describe('beta-binomial rows', () => {
  it('have the densities and derivatives of 60 digits, by eta and by the precision', () => {
    const out = new Float64Array(4);
    const own = new Float64Array(3);
    for (const [y, n, eta, precision, logLik, score, weight, third, slope, scoreSlope, weightSlope] of golden.exact) {
      const near = (value: number, truth: number, size: number) =>
        expect(Math.abs(value - truth), `${y} ${n} ${eta} ${precision}`).toBeLessThan(1e-13 * size);
      // Logarithms of this size cancel in the log-likelihood; its derivatives by eta have full relative precision.
      const size = Math.abs(logLik!) + n! * (3 + Math.log(n!) + Math.abs(Math.log(precision!))) + Math.abs(y! * eta!);
      near(betaBinomial.logLik(y!, n!, eta!, 1, precision), logLik!, size);
      betaBinomial.derivatives(y!, n!, eta!, 1, out, precision);
      near(out[1]!, score!, Math.abs(score!));
      near(out[2]!, weight!, Math.abs(weight!));
      near(out[3]!, third!, Math.abs(third!));
      const v = 1 / Math.sqrt(precision!);
      betaBinomial.search!.derivatives(y!, n!, eta!, v, own);
      near(own[0]! / (2 * v), slope!, Math.abs(slope!) + (n! * n!) / (1 + n! / precision!) + 1);
      near(own[1]! / (2 * v), scoreSlope!, 10 * Math.abs(scoreSlope!) + 1);
      near(own[2]! / (2 * v), weightSlope!, 10 * Math.abs(weightSlope!) + 1);
    }
  });

  it('have probabilities that sum to 1, their mean, variance and information with its slope', () => {
    const out = new Float64Array(4);
    const two = new Float64Array(2);
    const shifted = new Float64Array(2);
    for (const precision of [0.02, 0.7, 5, 3000]) {
      for (const n of [1, 2, 13, 300]) {
        for (const eta of [-3, 0.3, 2]) {
          const sums = [0, 0, 0, 0, 0];
          for (let y = 0; y <= n; y++) {
            const p = Math.exp(betaBinomial.logLik(y, n, eta, 1, precision));
            betaBinomial.derivatives(y, n, eta, 1, out, precision);
            [1, y, y * y, out[1]! ** 2, out[2]!].forEach((value, k) => {
              sums[k]! += p * value;
            });
          }
          const mu = 1 / (1 + Math.exp(-eta));
          const variance = (n * mu * (1 - mu) * (precision + n)) / (precision + 1);
          expect(sums[0]).toBeCloseTo(1, 10);
          expect(sums[1]! / (n * mu)).toBeCloseTo(1, 9);
          expect((sums[2]! - sums[1]! ** 2) / variance).toBeCloseTo(1, 7);
          expect(betaBinomial.variance(n, eta, 1, precision) / variance).toBeCloseTo(1, 12);
          betaBinomial.information(n, eta, 1, two, precision);
          expect(sums[3]! / two[0]!).toBeCloseTo(1, 9);
          expect(sums[4]! / two[0]!).toBeCloseTo(1, 8);
          betaBinomial.information(n, eta + 1e-5, 1, shifted, precision);
          const slope = (shifted[0]! - two[0]!) / 1e-5;
          expect(Math.abs(slope / two[1]! - 1) < 1e-3 || Math.abs(slope - two[1]!) < 1e-4 * two[0]!).toBe(true);
          // The best linear score tells no more than the score.
          const linear = betaBinomial.stepInformation!(n, eta, precision);
          expect(linear).toBeGreaterThan(0);
          expect(linear / two[0]!).toBeLessThan(1 + 1e-9);
        }
      }
    }
  });

  it('are binomial ones without end of the precision, and of one trial whatever it is', () => {
    const [one, other] = [new Float64Array(4), new Float64Array(4)];
    const same = (y: number, n: number, eta: number, precision: number | undefined, tolerance: number) => {
      const l = binomialLogit.logLik(y, n, eta, 1);
      expect(Math.abs(betaBinomial.logLik(y, n, eta, 1, precision) - l)).toBeLessThan(tolerance * (1 + Math.abs(l)));
      betaBinomial.derivatives(y, n, eta, 1, one, precision);
      binomialLogit.derivatives(y, n, eta, 1, other);
      one.forEach((value, k) => {
        expect(Math.abs(value - other[k]!), `${y} ${n} ${eta} ${precision}`).toBeLessThan(
          tolerance * (1e-3 + Math.abs(other[k]!)),
        );
      });
    };
    for (const eta of [-30, -3, 0.2, 4]) {
      for (const y of [0, 3, 60]) {
        same(y, 60, eta, undefined, 1e-11);
        // Where the parameters of the beta distribution are far above the counts.
        if (eta > -10) same(y, 60, eta, 1e14, 1e-9);
      }
      for (const precision of [1e-9, 0.3, 20, 1e9]) for (const y of [0, 1]) same(y, 1, eta, precision, 1e-11);
    }
  });

  it('are numbers for |eta| up to 700, with weights below 0 far from the mean', () => {
    const out = new Float64Array(4);
    const own = new Float64Array(3);
    const two = new Float64Array(2);
    for (const eta of [-700, 700]) {
      for (const precision of [1e-3, 3, 1e9]) {
        betaBinomial.derivatives(3, 1000, eta, 1, out, precision);
        betaBinomial.search!.derivatives(3, 1000, eta, 1 / Math.sqrt(precision), own);
        betaBinomial.information(1000, eta, 1, two, precision);
        const logLik = betaBinomial.logLik(3, 1000, eta, 1, precision);
        expect([...out, ...own, ...two, logLik].every(Number.isFinite), `${eta} ${precision}`).toBe(true);
        expect(logLik).toBeLessThan(-500);
      }
    }
    betaBinomial.derivatives(100, 100, -4, 1, out, 5);
    expect(out[2]).toBeLessThan(-0.3);
  });

  it('are drawn with their mean and variance, chances near 0 and 1 and precisions near 0 included', () => {
    const rng = createRng([31]);
    const count = 30_000;
    for (const [n, eta, precision] of [
      [9, 0.4, 0.6],
      [200, -2, 12],
      [5, 1, 1e-4],
      [5, 1, 1e-305],
      [30, 0.5, 1e12],
    ] as const) {
      const draws = Array.from({ length: count }, () => betaBinomial.simulate(n, eta, 1, rng, precision));
      const mean = draws.reduce((sum, y) => sum + y / count, 0);
      const squares = draws.map((y) => (y - mean) ** 2);
      const variance = squares.reduce((sum, y) => sum + y / count, 0);
      const spread = Math.sqrt(squares.reduce((sum, y) => sum + (y - variance) ** 2 / count, 0) / count);
      const truth = betaBinomial.variance(n, eta, 1, precision);
      expect(Math.abs(mean - n * betaBinomial.mean(eta))).toBeLessThan(4 * Math.sqrt(truth / count));
      expect(Math.abs(variance - truth)).toBeLessThan(4 * spread);
    }
  });
});

describe('maximum likelihood of beta-binomial successes', () => {
  const fits = [
    ['cbpp', 'incidence | trials(size) ~ period + (1 | herd)', golden.cbpp],
    ['slope', 'y | trials(trials) ~ x + (1 + x | g)', golden.made],
    ['crossed', 'y | trials(trials) ~ x + (1 | g) + (1 | h)', golden.made],
    ['many', 'y | trials(trials) ~ x + (1 | g)', golden.many],
    ['plain', 'incidence | trials(size) ~ period', golden.cbpp],
  ] as const;

  it.each(fits)("is glmmTMB's: %s", (name, text, rows) => {
    const { fixef, groups, logLik, own, convergence } = maximumLikelihood(model(text), { rows });
    const reference = golden.ml[name]!;
    expect(convergence.converged).toBe(true);
    expect(fixef.estimates).toHaveLength(fixef.labels.length);
    expect(logLik - reference.logLik).toBeGreaterThan(-1e-8);
    // glmmTMB stops up to 1e-6 below the top, where its estimates are known to the square root of that, in standard
    // errors.
    expect(logLik - reference.logLik).toBeLessThan(1e-6);
    expect(Math.abs(own! / reference.precision - 1)).toBeLessThan(1e-4);
    const se = Object.values(reference.se);
    Object.values(reference.fixef).forEach((value, k) => {
      expect(Math.abs(fixef.estimates[k]! - value)).toBeLessThan(Math.max(1e-5 * Math.abs(value), 1e-4 * se[k]!));
      expect(Math.abs(fixef.standardErrors[k]! / se[k]! - 1)).toBeLessThan(1e-4);
    });
    const found = groups.flatMap(({ tau }) => [...tau]).sort();
    [...Object.values(reference.sds).flat()].sort().forEach((sd, k) => {
      expect(Math.abs(found[k]! - sd)).toBeLessThan(2e-5);
    });
  });

  it('by quadrature is the integral over every group, at the top of it', () => {
    const text = 'y | trials(n) ~ x + (1 | g)';
    const at = (precision: number | undefined) =>
      maximumLikelihood(model(text, { precision }), { rows: small }, { method: 'agq', points: 25 });
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
          if (own === level) l += betaBinomial.logLik(small.y[i]!, small.n[i]!, eta, 1, fit.own!);
        });
        sum += Math.exp(l) / 50;
      }
      logLik += Math.log(sum);
    }
    expect(fit.logLik).toBeCloseTo(logLik, 6);
    const held = [0.98, 1 / 0.98].map((factor) => at(factor * fit.own!));
    // A top: an eighth of the curvature away it has fallen by the same to both sides.
    const [low, high] = held.map((each) => fit.logLik - each.logLik);
    expect(low).toBeGreaterThan(0);
    expect(low! / high!).toBeCloseTo(1, 0);
    expect(held[0]!.df).toBe(fit.df - 1);
  });

  it('has its optimum where rows lie far from one another and curvatures are below 0', () => {
    const rng = createRng([11]);
    const J = 8;
    const x = Array.from({ length: 48 }, () => rng.normal());
    const g = x.map((_, i) => `g${i % J}`);
    const n = x.map((_, i) => [3, 40, 300][i % 3]!);
    for (const [b0, precision] of [
      [0, 0.3],
      [-3, 0.1],
    ] as const) {
      const u = Array.from({ length: J }, () => 1.5 * rng.normal());
      const y = x.map((value, i) => betaBinomial.simulate(n[i]!, b0 + 0.5 * value + u[i % J]!, 1, rng, precision));
      for (const text of ['y | trials(n) ~ x + (1 | g)', 'y | trials(n) ~ x']) {
        const fit = maximumLikelihood(model(text), { rows: { x, y, g, n } });
        expect(fit.convergence.converged, `${text} ${b0}`).toBe(true);
        for (const factor of [0.95, 1.05]) {
          const held = maximumLikelihood(model(text, { precision: factor * fit.own! }), { rows: { x, y, g, n } });
          expect(held.logLik, `${text} ${b0}`).toBeLessThan(fit.logLik);
        }
      }
    }
  });

  it('says where successes vary no more than binomial ones, and where no row has two trials', () => {
    const y = small.x.map((value, i) => Math.round(small.n[i]! / (1 + Math.exp(0.3 - 0.4 * value))));
    const text = 'y | trials(n) ~ x + (1 | g)';
    const rows = { ...small, y };
    const { own, messages, logLik } = maximumLikelihood(model(text), { rows });
    const binomial = maximumLikelihood(formula(text, { family: 'binomial' }), { rows });
    expect(own).toBe(Infinity);
    expect(messages.join()).toContain('precision grows without end: the successes vary about their means no more');
    expect(logLik).toBeCloseTo(binomial.logLik, 6);
    const single = { ...small, n: small.n.map(() => 1), y: small.y.map((value) => Math.min(1, value)) };
    const one = maximumLikelihood(model(text), { rows: single });
    const other = maximumLikelihood(formula(text, { family: 'binomial' }), { rows: single });
    expect(one.own).toBeNull();
    expect(one.identified).toBe(false);
    expect(one.unidentified).toMatchObject([{ parameters: ['precision'] }]);
    expect(one.messages).toEqual([
      'precision is not identified: no row has more than one trial, and rows of one trial are binomial whatever the precision; no estimate is given, and the fit is that of the simpler family',
    ]);
    expect([one.logLik, one.df]).toEqual([other.logLik, other.df]);
    other.fixef.standardErrors.forEach((se, k) => {
      expect(one.fixef.standardErrors[k]! / se).toBeCloseTo(1, 7);
    });
  });

  it('bootstraps the precision too, and prints it', () => {
    const fit = maximumLikelihood(model('y | trials(n) ~ x + (1 | g)'), { rows: small });
    const { parameters, values } = bootstrap(fit, { seed: 1, simulations: 3 });
    expect(parameters[parameters.length - 1]).toBe('precision');
    expect(values[values.length - 1]!.every((value) => value > 0)).toBe(true);
    expect(maximumLikelihoodText(fit)).toMatch(/\nprecision \d/);
  });
});

describe('the posterior of beta-binomial successes', () => {
  const priors = { beta: normal(0, 3), tau_g: halfT(3, 1), precision: gamma(2, 0.5) };
  let fit: Fit;
  beforeAll(() => {
    fit = sampleSync(
      model('y | trials(n) ~ 1 + (1 | g)', { priors }),
      { rows: small },
      { seed: 12, warmup: 200, iterations: 1500 },
    );
  });
  const at = (name: string, of = fit) => summarize(of).find((row) => row.variable === name)!;
  const logs = (): Float64Array => {
    const { draws } = fit;
    const { offset } = draws.variables.find(({ name }) => name === 'precision')!;
    const S = draws.chains * draws.iterations;
    return draws.values.slice(offset * S, (offset + 1) * S).map(Math.log);
  };

  it('is that of nested quadrature, the precision included', () => {
    const levels = [...new Set(small.g)].sort();
    const index = small.y.map((_, i) => i);
    const rows = { y: index, x: small.x.map(() => 0), group: small.g.map((level) => levels.indexOf(level)) };
    // The second coefficient is the logarithm of the precision; the response names the row.
    const truth = countPosterior(
      rows,
      (i, eta, t) => {
        const [y, n, precision] = [small.y[i]!, small.n[i]!, Math.exp(t)];
        const mu = 1 / (1 + Math.exp(-eta));
        let product = 1;
        for (let k = 0; k < y; k++) product *= mu * precision + k;
        for (let k = 0; k < n - y; k++) product *= (1 - mu) * precision + k;
        for (let k = 0; k < n; k++) product /= precision + k;
        return Math.log(product);
      },
      (b0, t, tau) => -0.5 * (b0 / 3) ** 2 + 2 * t - 0.5 * Math.exp(t) - 2 * Math.log1p((tau * tau) / 3),
      [
        [Math.log(at('tau_g[Intercept]').mean), at('tau_g[Intercept]').sd / at('tau_g[Intercept]').mean],
        [at('beta[Intercept]').mean, at('beta[Intercept]').sd],
        [Math.log(at('precision').mean), at('precision').sd / at('precision').mean],
      ],
      0.5,
    );
    const references = ['beta[Intercept]', 'tau_g[Intercept]'].map((name, k) => {
      return { name, mean: truth.mean[2 * k]!, sd: truth.sd[2 * k]!, mcseMean: 0, mcseSd: 0 };
    });
    expect(disagreements(compareWith(fit, references), 4)).toEqual([]);
    const values = logs();
    const mean = values.reduce((sum, value) => sum + value / values.length, 0);
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2 / values.length, 0));
    const ess = at('precision').essBulk;
    expect(Math.abs(mean - truth.mean[1]!)).toBeLessThan((4 * truth.sd[1]!) / Math.sqrt(ess));
    expect(Math.abs(sd / truth.sd[1]! - 1)).toBeLessThan(4 / Math.sqrt(ess));
    levels.forEach((level, j) => {
      const { mean: found, mcseMean } = at(`u_g[${level},Intercept]`);
      expect(Math.abs(found - truth.u[j]!)).toBeLessThan(4.5 * mcseMean);
    });
    expect(check(fit).ok).toBe(true);
  });

  it('is that of JAGS, with a beta variable for each row, on cbpp', () => {
    const herds = sampleSync(
      model('incidence | trials(size) ~ period + (1 | herd)', {
        priors: { beta: normal(0, 5), tau_herd: halfCauchy(2.5), precision: gamma(2, 0.1) },
      }),
      { rows: golden.cbpp },
      { seed: 5, warmup: 200, iterations: 800 },
    );
    const names = ['Intercept', 'period2', 'period3', 'period4'].map((label) => `beta[${label}]`);
    const order = [...names, 'precision', 'tau_herd[Intercept]'];
    const references = golden.jags.map(({ mean, sd, mcse_mean: mcseMean, mcse_sd: mcseSd }, k) => {
      return { name: order[k]!, mean, sd, mcseMean, mcseSd };
    });
    expect(references).toHaveLength(6);
    expect(disagreements(compareWith(herds, references), 4)).toEqual([]);
  });

  it('holds a precision that is known, and of a large one has the posterior of binomial successes', () => {
    const options = { seed: 4, warmup: 100, iterations: 800 };
    const text = 'y | trials(n) ~ x + (1 | g)';
    const own = { beta: normal(0, 3), tau_g: halfT(3, 1) };
    const one = sampleSync(model(text, { priors: own, precision: 1e9 }), { rows: small }, options);
    const other = sampleSync(formula(text, { priors: own, family: 'binomial' }), { rows: small }, options);
    expect(one.draws.variables.map(({ name }) => name)).not.toContain('precision');
    for (const row of summarize(one)) {
      const { mean, mcseMean } = at(row.variable, other);
      expect(Math.abs(row.mean - mean), row.variable).toBeLessThan(4.5 * Math.hypot(mcseMean, row.mcseMean));
    }
  });

  it('of one trial a row is that of 0/1 rows, and says that the precision has its prior', () => {
    const rows = { ...small, n: small.n.map(() => 1), y: small.y.map((value) => Math.min(1, value)) };
    const options = { seed: 4, warmup: 100, iterations: 1000 };
    const text = 'y | trials(n) ~ x + (1 | g)';
    const one = sampleSync(model(text, { priors: { ...priors, precision: uniform(0.1, 2) } }), { rows }, options);
    const other = sampleSync(
      formula(text, { priors: { beta: priors.beta, tau_g: priors.tau_g }, family: 'binomial' }),
      { rows },
      options,
    );
    for (const row of summarize(other)) {
      const { mean, mcseMean } = at(row.variable, one);
      expect(Math.abs(row.mean - mean), row.variable).toBeLessThan(4.5 * Math.hypot(mcseMean, row.mcseMean));
    }
    const { mean, sd, q5, q95 } = at('precision', one);
    expect([mean, sd, q5, q95].map((value, k) => Math.abs(value - [1.05, 0.548, 0.195, 1.905][k]!) < 0.05)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    const found = check(one).findings.find(({ variable }) => variable === 'precision');
    expect(found?.code).toBe('priorOnly');
    expect(found?.message).toContain('precision: its posterior is its prior');
  });

  it('predicts probabilities and responses, and has replicated data like the data', () => {
    const draws = (kind: 'mean' | 'response') => predict(fit, undefined, { kind, draws: true }).draws!;
    const [mean, response] = (['mean', 'response'] as const).map(draws);
    const S = mean!.length / 32;
    const average = (list: Float64Array) => list.reduce((sum, value) => sum + value / list.length, 0);
    const precisions = logs().map(Math.exp);
    for (const i of [5, 20]) {
      const n = small.n[i]!;
      const p = mean!.subarray(i * S, (i + 1) * S);
      const drawn = response!.subarray(i * S, (i + 1) * S);
      expect(drawn.every((value) => Number.isInteger(value) && value >= 0 && value <= n)).toBe(true);
      const squares = drawn.map((value, s) => (value - n * p[s]!) ** 2);
      const truth = p.map((value, s) => (n * value * (1 - value) * (precisions[s]! + n)) / (precisions[s]! + 1));
      const spread = Math.sqrt(average(squares.map((value) => value * value)) / S);
      expect(Math.abs(average(squares) - average(truth))).toBeLessThan(4 * spread);
    }
    const { responses, draws: count } = simulate(fit, { draws: 400 });
    const replicated = responses.reduce((sum, value) => sum + value, 0) / count;
    const observed = small.y.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(replicated / observed - 1)).toBeLessThan(0.15);
    const whole = poststratify(fit, { g: ['g04', 'g05'], N: [1, 3] }).rows[0]!;
    const [a, b] = predict(fit, { g: ['g04', 'g05'] }).rows;
    expect(whole['mean']).toBeCloseTo((a!.mean + 3 * b!.mean) / 4, 10);
    const prior = simulatePrior(model('y | trials(n) ~ 1 + (1 | g)', { priors }), { rows: small }, { draws: 50 });
    expect(prior.responses.every((value) => value >= 0 && value <= 8)).toBe(true);
  });

  it('shrinks the own estimates given the precision, by the information that it leaves', () => {
    expect(shrinkage(fit, 'g').rows.find(({ level }) => level === 'g03')!.noPooling).toBeNull();
    const ml = maximumLikelihood(model('y | trials(n) ~ 1 + (1 | g)', { precision: 2 }), { rows: small });
    const own = shrinkage(ml, 'g').rows.find(({ level }) => level === 'g07')!;
    const members = small.y.flatMap((_, i) => (i % 8 === 7 ? [i] : []));
    const logLik = (eta: number) =>
      members.reduce((sum, i) => sum + betaBinomial.logLik(small.y[i]!, small.n[i]!, eta, 1, 2), 0);
    // The top of the group's own likelihood, and its expected curvature there.
    const top = own.noPooling!;
    expect(logLik(top)).toBeGreaterThan(Math.max(logLik(top - 1e-3), logLik(top + 1e-3)));
    const informationAt = (eta: number) => {
      const out = new Float64Array(4);
      return members.reduce((sum, i) => {
        let each = 0;
        for (let y = 0; y <= small.n[i]!; y++) {
          betaBinomial.derivatives(y, small.n[i]!, eta, 1, out, 2);
          each += Math.exp(betaBinomial.logLik(y, small.n[i]!, eta, 1, 2)) * out[2]!;
        }
        return sum + each;
      }, 0);
    };
    expect(own.noPoolingSe! ** 2 * informationAt(top)).toBeCloseTo(1, 6);
    const eta = ml.fixef.estimates[0]! + ml.groups[0]!.modes[7]!;
    const v = ml.groups[0]!.tau[0]! ** 2;
    expect(own.shrinkageWeight).toBeCloseTo(1 / (1 + informationAt(eta) * v), 6);
    // A trial is a 0/1 row of its own, whatever the precision.
    expect(icc(ml)[0]!.estimate).toBeCloseTo(v / (v + Math.PI ** 2 / 3), 12);
  });

  it('has the log-likelihood of its rows, loo, comparisons, a description, and a file that gives it back', () => {
    const { values, observations } = logLikelihood(fit);
    const linear = predict(fit, undefined, { kind: 'linear', draws: true }).draws!;
    const S = linear.length / 32;
    const precision = Math.exp(logs()[5]!);
    for (const i of [0, 17, 31]) {
      const truth = betaBinomial.logLik(small.y[i]!, small.n[i]!, linear[i * S + 5]!, 1, precision);
      expect(values[5 * observations + i]).toBeCloseTo(truth, 10);
    }
    expect(leaveOneOut(fit).elpd.estimate).toBeLessThan(0);
    const ml = maximumLikelihood(model('y | trials(n) ~ 1 + (1 | g)'), { rows: small });
    expect(compare(fit, ml).rows.find(({ parameter }) => parameter === 'precision')!.ml).toBe(ml.own);
    const outside = externalFit({ fixef: [], varCorr: [], precision: 3 });
    expect(compare(fit, outside).rows.find(({ parameter }) => parameter === 'precision')!.ml).toBe(3);
    const text = describeModel(fit);
    expect(text).toContain('y_i ~ beta_binomial(n_i, mean inverse_logit(');
    expect(text).toMatch(/precision +gamma\(2, 0\.5\) +precision/);
    const again = fromJson(toJson(fit));
    expect(summarize(again)).toEqual(summarize(fit));
    expect(predict(again).rows).toEqual(predict(fit).rows);
  });
});

describe('the graph of a beta-binomial response', () => {
  it('is that of the formula, the precision a prior or a number', () => {
    const byHand = modelGraph({
      beta: normal(0, 2),
      tau: halfT(3, 1),
      population: population({ terms: ['1', 'x'], coef: 'beta' }),
      u: group({ by: 'g', terms: ['1'], cov: 'tau' }),
      eta: linearPredictor('population', 'u'),
      precision: gamma(2, 1),
      y: node('y', { eta: 'eta', precision: 'precision', trials: 'n' }),
    });
    const written = model('y | trials(n) ~ x + (1 | g)', { priors: { precision: gamma(2, 1) } }).nodes;
    expect(written).toMatchObject({ y: byHand.nodes.y, precision: byHand.nodes.precision });
    expect(model('y | trials(n) ~ x', { precision: 3 }).nodes).toMatchObject({ y: { precision: 3 } });
    expect(formula('y | trials(n) ~ x', { family: 'betabinomial' })).toEqual(model('y | trials(n) ~ x'));
  });
});

describe('beta-binomial successes are refused', () => {
  const text = 'y | trials(n) ~ x';
  const first = (y: number, n: number) => ({
    rows: { ...small, y: [y, ...small.y.slice(1)], n: [n, ...small.n.slice(1)] },
  });
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'above their trials',
      () => buildDesign(model(text), first(4, 3)),
      'too-many-successes',
      /^response y is 4 in .*exceed/,
    ],
    ['below 0', () => buildDesign(model(text), first(-1, 3)), 'not-a-count', /^response y is -1 in .*0 or more$/],
    ['as fractions', () => buildDesign(model(text), first(1.5, 3)), 'not-a-count', /^response y is 1.5 in .*or more$/],
    ['of no trial', () => buildDesign(model(text), first(0, 0)), 'not-a-count', /trials.* is 0 in .*1 or more$/],
    ['without trials', () => model('y ~ x'), 'invalid-node', /give trials, how many trials a row has/],
    ['with exposure', () => model('y | exposure(n) ~ x'), 'formula-syntax', /exposure\(\.\.\.\) belongs to/],
    [
      'with a precision of 0',
      () => model(text, { precision: 0 }),
      'option',
      /^precision: got 0; accepted is a positive finite number$/,
    ],
    [
      'with a precision that belongs to another family',
      () => formula(text, { family: 'binomial', precision: 2 }),
      'unknown-option',
      /precision belongs to the family betaBinomial \(in short betabinomial\), and the family is binomialLogit/,
    ],
    [
      'with a precision given twice, as a number and by a prior',
      () => model(text, { precision: 2, priors: { precision: gamma(2, 1) } }),
      'unknown-prior',
      /precision is fixed at 2/,
    ],
    [
      'with a prior of a precision that takes none such',
      () => sampleSync(model(text, { priors: { precision: flat() } } as never), { rows: small }),
      'wrong-parent',
      /the prior of a precision: gamma, exponential or uniform/,
    ],
    [
      'without a precision in the graph',
      () => node('y', { eta: 'eta', trials: 'n' } as never),
      'invalid-node',
      /give precision \(its prior, or its number\)/,
    ],
    [
      'with a precision below 0 in the graph',
      () => node('y', { eta: 'eta', trials: 'n', precision: -1 }),
      'invalid-node',
      /precision must be the name of a prior, or the precision, a positive number, not -1/,
    ],
    [
      'by another name',
      () => formula(text, { family: 'beta_binomial' as never }),
      'unknown-family',
      /did you mean "betabinomial"/,
    ],
  ])('%s', (_, build, code, message) => {
    const fault = faultOf(build);
    expect(fault.message).toMatch(message);
    expect(fault.code).toBe(code);
  });
});
