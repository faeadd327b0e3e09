import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { poisson } from '../../src/families/poisson.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { modelGraph } from '../../src/graph/modelGraph.ts';
import { group, linearPredictor, poisson as poissonNode, population } from '../../src/graph/nodes.ts';
import { flat, halfCauchy, halfT, normal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { cells } from '../../src/products/cells.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { check } from '../../src/summary/checks/check.ts';
import { compareModels } from '../../src/summary/comparison/compareModels.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { icc } from '../../src/summary/icc.ts';
import { noPooling } from '../../src/summary/pooling/noPooling.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';
import { countPosterior } from '../oracle/countPosterior.ts';
import { compareWith, disagreements } from '../statistical/agreement.ts';
import { expectDerivatives } from './expectDerivatives.ts';
import { smallCounts as small } from './smallCounts.ts';

type Columns = Readonly<Record<string, (number | string)[]>>;

interface Reference {
  readonly logLik: number;
  readonly fixef: Readonly<Record<string, number>>;
  readonly se: Readonly<Record<string, number>>;
  readonly sds: Readonly<Record<string, number>>;
}

interface Golden {
  readonly grouseticks: Columns;
  readonly mmmec: Columns;
  readonly ml: Readonly<Record<string, Reference>>;
  readonly jags: readonly Readonly<Record<'mean' | 'sd' | 'mcse_mean' | 'mcse_sd', number>>[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../fixtures/families/poisson.json', import.meta.url), 'utf8'));

const model = (text: string, options: Omit<FormulaOptions, 'family'> = {}) =>
  formula(text, { ...options, family: 'poisson' });

describe('poisson rows', () => {
  it('have probabilities that sum to 1, their mean, variance and information', () => {
    const out = new Float64Array(4);
    for (const exposure of [1, 2.5]) {
      for (const eta of [-2, 0.3, 3]) {
        const sums = [0, 0, 0, 0];
        for (let y = 0; y < 300; y++) {
          const p = Math.exp(poisson.logLik(y, exposure, eta, 1));
          poisson.derivatives(y, exposure, eta, 1, out);
          expect(out[0]! + poisson.logConstant(y, exposure)).toBeCloseTo(poisson.logLik(y, exposure, eta, 1), 10);
          [1, y, y * y, out[2]!].forEach((value, k) => {
            sums[k]! += p * value;
          });
        }
        expect(sums[0]).toBeCloseTo(1, 12);
        expect(sums[1]! / (exposure * poisson.mean(eta))).toBeCloseTo(1, 11);
        expect((sums[2]! - sums[1]! ** 2) / poisson.variance(exposure, eta, 1)).toBeCloseTo(1, 9);
        poisson.information(exposure, eta, 1, out);
        expect(sums[3]! / out[0]!).toBeCloseTo(1, 10);
        expect(out[1]).toBe(out[0]);
      }
    }
  });

  it('have derivatives that differences confirm, and numbers for |eta| up to 700', () => {
    expectDerivatives(poisson, [-3, 0.2, 2], 7);
    const at = new Float64Array(4);
    for (const eta of [-700, 700]) {
      poisson.derivatives(3, 1e6, eta, 1, at);
      expect([...at, poisson.logLik(3, 1e6, eta, 1)].every(Number.isFinite)).toBe(true);
    }
  });

  it('of one eta add up to one cell, with the likelihood of the rows', () => {
    const rows = { ...small, x: small.x.map((value) => (value > 0 ? 1 : 0)) };
    const design = buildDesign(model('y | exposure(t) ~ x + (1 | g)'), { rows });
    const merged = cells(design).design;
    expect(merged.n).toBeLessThan(design.n / 2);
    const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
    expect(total(merged.response.y)).toBe(total(design.response.y));
    expect(total(merged.response.exposure!)).toBeCloseTo(total(design.response.exposure!), 10);
  });
});

describe('maximum likelihood of poisson counts', () => {
  const TICKS = 'TICKS ~ YEAR + cHEIGHT + (1 | BROOD)';
  it.each([
    ['grouseticks_poisson_brood', TICKS, { method: 'laplace' }],
    ['grouseticks_poisson_brood_agq25', TICKS, { method: 'agq', points: 25 }],
    ['grouseticks_poisson_full', `${TICKS} + (1 | INDEX) + (1 | LOCATION)`, { method: 'laplace' }],
    [
      'mmmec_poisson_offset',
      'deaths ~ uvb + offset(log(expected)) + (1 | nation) + (1 | nation:region)',
      { method: 'laplace' },
    ],
  ] as const)("is glmer's: %s", (name, text, options) => {
    const { fixef, groups, logLik, convergence } = maximumLikelihood(
      model(text),
      { rows: name.startsWith('mmmec') ? golden.mmmec : golden.grouseticks },
      options,
    );
    const reference = golden.ml[name]!;
    expect(convergence.converged).toBe(true);
    // glmer's search stops within 3e-5 of the top. Its logLik by quadrature leaves out a constant.
    if (options.method === 'laplace') {
      expect(logLik - reference.logLik).toBeGreaterThan(-1e-6);
      expect(logLik - reference.logLik).toBeLessThan(3e-5);
    }
    Object.values(reference.fixef).forEach((value, k) => {
      // Within 1e-5 or, where the flat top leaves glmer further off, 1e-4 of a standard error.
      const { se } = reference;
      expect(Math.abs(fixef.estimates[k]! - value)).toBeLessThan(
        Math.max(1e-5 * Math.abs(value), 1e-4 * Object.values(se)[k]!),
      );
    });
    for (const { factor, tau } of groups) {
      const key = factor === 'nation:region' ? 'region:nation' : factor;
      expect(Math.abs(tau[0]! / reference.sds[key]! - 1)).toBeLessThan(1e-5);
    }
  });

  it('has the standard errors of glmer where its differences hold', () => {
    const { fixef } = maximumLikelihood(model(TICKS), { rows: golden.grouseticks }, { method: 'agq', points: 25 });
    Object.values(golden.ml['grouseticks_poisson_brood_agq25']!.se).forEach((value, k) => {
      expect(Math.abs(fixef.standardErrors[k]! / value - 1)).toBeLessThan(1e-5);
    });
  });

  it('is the same with an exposure and with the offset of its log', () => {
    const [one, other] = [
      'deaths | exposure(expected) ~ uvb + (1 | nation)',
      'deaths ~ uvb + offset(log(expected)) + (1 | nation)',
    ].map((text) => maximumLikelihood(model(text), { rows: golden.mmmec }, {}));
    expect(Math.abs(one!.logLik - other!.logLik)).toBeLessThan(1e-7);
    one!.fixef.estimates.forEach((value, k) => {
      expect(Math.abs(value - other!.fixef.estimates[k]!)).toBeLessThan(1e-6);
    });
    expect(one!.groups[0]!.tau[0]).toBeCloseTo(other!.groups[0]!.tau[0]!, 6);
  });

  it('takes counts up to 1e6 and rare ones: the mean of one group factor in closed form without it', () => {
    for (const scale of [1e6, 1e-3]) {
      const y = small.y.map((value, i) => (scale > 1 ? scale + 1000 * value : Number(i === 7)));
      const { fixef, logLik } = maximumLikelihood(model('y ~ 1'), { rows: { ...small, y } });
      const sum = y.reduce((total, value) => total + value, 0);
      expect(fixef.estimates[0]).toBeCloseTo(Math.log(sum / y.length), 9);
      expect(fixef.standardErrors[0]! * Math.sqrt(sum)).toBeCloseTo(1, 8);
      expect(Number.isFinite(logLik)).toBe(true);
    }
  });

  it("gives each group's own rate and its se, and none for a group of zeros", () => {
    const design = buildDesign(model('y | exposure(t) ~ 1 + (1 | g)'), { rows: small });
    const own = noPooling(design, 0, { beta: [0], u: [new Float64Array(12)] }, 1);
    own.forEach(({ estimate, se, reason }, j) => {
      const members = small.g.flatMap((level, i) => (level === `g${String(j).padStart(2, '0')}` ? [i] : []));
      const events = members.reduce((sum, i) => sum + small.y[i]!, 0);
      const exposure = members.reduce((sum, i) => sum + small.t[i]!, 0);
      if (events === 0) {
        expect([estimate, se]).toEqual([null, null]);
        expect(reason).toMatch(/^separated in g\d\d: all its counts are 0$/);
      } else {
        expect(estimate).toBeCloseTo(Math.log(events / exposure), 7);
        expect(se! * Math.sqrt(events)).toBeCloseTo(1, 6);
      }
    });
    expect(own[3]!.estimate).toBeNull();
  });
});

describe('the posterior of poisson counts', () => {
  const priors = { 'beta[Intercept]': normal(0, 3), 'beta[x]': normal(0, 1), tau_g: halfT(3, 1) };
  let fit: Fit;
  beforeAll(() => {
    const options = { seed: 12, chains: 4, warmup: 500, iterations: 1500 };
    fit = sampleSync(model('y | exposure(t) ~ x + (1 | g)', { priors }), { rows: small }, options);
  });
  const at = (name: string, of = fit) => summarize(of).find((row) => row.variable === name)!;

  it('is that of nested quadrature', () => {
    const levels = [...new Set(small.g)].sort();
    // The exposure of row i by its place: the oracle gives rows in the order of their groups, so y carries it.
    const packed = small.y.map((y, i) => y + 1e-4 * small.t[i]!);
    const rows = { y: packed, x: small.x, group: small.g.map((level) => levels.indexOf(level)) };
    const truth = countPosterior(
      rows,
      (value, eta) => {
        const y = Math.floor(value);
        return y * eta - 1e4 * (value - y) * Math.exp(eta);
      },
      (b0, b1, tau) => -0.5 * (b0 / 3) ** 2 - 0.5 * b1 * b1 - 2 * Math.log1p((tau * tau) / 3),
      ['tau_g[Intercept]', 'beta[Intercept]', 'beta[x]'].map((name, k) => {
        const { mean, sd } = at(name);
        return k === 0 ? [Math.log(mean), sd / mean] : [mean, sd];
      }),

      0.1,
    );
    const exact = { mcseMean: 0, mcseSd: 0 };
    const references = ['beta[Intercept]', 'beta[x]', 'tau_g[Intercept]'].map((name, k) => ({
      name,
      mean: truth.mean[k]!,
      sd: truth.sd[k]!,
      ...exact,
    }));
    expect(disagreements(compareWith(fit, references), 4)).toEqual([]);
    levels.forEach((level, j) => {
      const { mean, mcseMean: mcse } = at(`u_g[${level},Intercept]`);
      expect(Math.abs(mean - truth.u[j]!)).toBeLessThan(4.5 * mcse);
    });
    expect(check(fit).ok).toBe(true);
  });

  it('is that of JAGS on the ticks of grouse chicks, within 4 combined standard errors', () => {
    const ticks = sampleSync(
      model('TICKS ~ YEAR + cHEIGHT + (1 | BROOD)', {
        priors: { beta: normal(0, 10), tau_BROOD: halfCauchy(2.5) },
      }),
      { rows: golden.grouseticks },
      { seed: 5, chains: 4, warmup: 500, iterations: 1000 },
    );
    const names = ['beta[Intercept]', 'beta[YEAR96]', 'beta[YEAR97]', 'beta[cHEIGHT]', 'tau_BROOD[Intercept]'];
    const references = golden.jags.map(({ mean, sd, mcse_mean: mcseMean, mcse_sd: mcseSd }, k) => {
      return { name: names[k]!, mean, sd, mcseMean, mcseSd };
    });
    expect(references).toHaveLength(5);
    expect(disagreements(compareWith(ticks, references), 4)).toEqual([]);
  });

  it('predicts means at an exposure, rates, and responses', () => {
    const rows = { x: [0, 1, 0], g: ['g04', 'g05', 'new'], t: [2, 5, 1] };
    const draws = (kind: 'mean' | 'rate' | 'linear' | 'response', newdata: Columns = rows) =>
      predict(fit, newdata, { kind, draws: true }).draws!;
    const [mean, rate, linear, response] = (['mean', 'rate', 'linear', 'response'] as const).map((k) => draws(k));
    const S = mean!.length / 3;
    rate!.forEach((value, k) => {
      expect(value / Math.exp(linear![k]!)).toBeCloseTo(1, 12);
      expect(mean![k]! / (rows.t[Math.floor(k / S)]! * value)).toBeCloseTo(1, 12);
    });
    expect(response!.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    const second = (values: Float64Array) => values.subarray(S, 2 * S);
    const average = (values: Float64Array) => values.reduce((sum, value) => sum + value / values.length, 0);
    const noise = average(second(mean!)) / S;
    expect(Math.abs(average(second(response!)) - average(second(mean!)))).toBeLessThan(4 * Math.sqrt(noise));
    // Without its column the exposure is 1.
    expect([...draws('mean', { x: rows.x, g: rows.g })]).toEqual([...rate!]);
    const fitted = predict(fit, undefined, { draws: true }).draws!;
    const fittedRate = predict(fit, undefined, { kind: 'rate', draws: true }).draws!;
    expect(fitted[5]! / fittedRate[5]!).toBeCloseTo(small.t[0]!, 12);
    const { responses, draws: count } = simulate(fit, { draws: 400 });
    const replicated = responses.reduce((sum, value) => sum + value, 0) / count;
    const observed = small.y.reduce((sum, value) => sum + value, 0);
    expect(Math.abs(replicated / observed - 1)).toBeLessThan(0.1);
    const whole = poststratify(fit, { x: [0, 1], g: ['g04', 'g05'], t: [2, 5], N: [1, 3] }).rows[0]!;
    const [a, b] = predict(fit, rows).rows;
    expect(whole['mean']).toBeCloseTo((a!.mean + 3 * b!.mean) / 4, 10);
    expect(faultOf(() => predict(fit, rows, { kind: 'odds' })).code).toBe('no-odds');
    expect(faultOf(() => predict(fit, { ...rows, t: [0, 1, 1] }, { kind: 'mean' })).message).toMatch(
      /exposure t is 0 .*above 0/,
    );
  });

  it('shrinks the own estimates, has an intraclass correlation of log counts, and says which', () => {
    const { rows } = shrinkage(fit, 'g');
    const zeros = rows.find(({ level }) => level === 'g03')!;
    expect(zeros.noPooling).toBeNull();
    expect(zeros.partialPooling).toBeLessThan(zeros.populationLine);
    for (const { noPooling: own, partialPooling, populationLine } of rows) {
      if (own === null) continue;
      expect(Math.abs(partialPooling - populationLine)).toBeLessThan(Math.abs(own - populationLine) + 0.2);
    }
    const [row] = icc(fit);
    expect(row!.approximation).toBe('log-normal approximation (Nakagawa, Johnson & Schielzeth 2017)');
    // At posterior means: tau^2 / (tau^2 + log(1 + 1 / lambda)), lambda = exp(m + tau^2 / 2).
    const tau2 = at('tau_g[Intercept]').mean ** 2;
    const logs = small.t.reduce((sum, t) => sum + Math.log(t) / 60, 0);
    const x = small.x.reduce((sum, value) => sum + value / 60, 0);
    const m = at('beta[Intercept]').mean + at('beta[x]').mean * x + logs;
    expect(row!.estimate).toBeCloseTo(tau2 / (tau2 + Math.log1p(Math.exp(-m - tau2 / 2))), 1);
    const ml = maximumLikelihood(model('y | exposure(t) ~ x + (1 | g)'), { rows: small });
    const v = ml.groups[0]!.tau[0]! ** 2;
    const centre = ml.fixef.estimates[0]! + ml.fixef.estimates[1]! * x + logs;
    expect(icc(ml)[0]!.estimate).toBeCloseTo(v / (v + Math.log1p(Math.exp(-centre - v / 2))), 10);
  });

  it('has the log-likelihood of its rows, loo, comparisons, a description, and a file that gives it back', () => {
    const { values, observations } = logLikelihood(fit);
    const linear = predict(fit, undefined, { kind: 'linear', draws: true }).draws!;
    for (const i of [0, 31, 59]) {
      const truth = poisson.logLik(small.y[i]!, small.t[i]!, linear[i * 6000 + 5]!, 1);
      expect(values[5 * observations + i]).toBeCloseTo(truth, 10);
    }
    expect(leaveOneOut(fit).elpd.estimate).toBeLessThan(0);
    const options = { seed: 3, chains: 2, iterations: 500 };
    const bare = sampleSync(model('y | exposure(t) ~ 1 + (1 | g)'), { rows: small }, options);
    expect(compareModels({ fit, bare }).models).toHaveLength(2);
    const other = sampleSync(model('y ~ x + (1 | g)'), { rows: small }, options);
    expect(faultOf(() => compareModels({ fit, other })).code).toBe('different-data');
    const text = describeModel(fit);
    expect(text).toContain('y | exposure(t) ~ 1 + x + (1 | g)');
    expect(text).toContain('y_i ~ poisson(t_i exp(');
    expect(text).toMatch(/y: poisson, log link; 0 to \d+ a row, in exposures of 0.5 to 3; \d+ in all/);
    const again = fromJson(toJson(fit));
    expect(summarize(again)).toEqual(summarize(fit));
    expect(predict(again).rows).toEqual(predict(fit).rows);
  });

  it('is the same with the default priors whether the exposure or the offset of its log is written', () => {
    const options = { seed: 9, chains: 2, warmup: 300, iterations: 1000 };
    const [one, other] = ['y | exposure(t) ~ x + (1 | g)', 'y ~ x + offset(log(t)) + (1 | g)'].map((text) =>
      summarize(sampleSync(model(text), { rows: small }, options)),
    );
    one!.forEach(({ mean, mcseMean: mcse }, k) => {
      expect(Math.abs(mean - other![k]!.mean)).toBeLessThan(4.5 * Math.hypot(mcse, other![k]!.mcseMean));
    });
  });
});

describe('the graph of a poisson response', () => {
  it('is that of the formula', () => {
    const byHand = modelGraph({
      beta: normal(0, 2),
      tau: halfT(3, 1),
      population: population({ terms: ['1', 'x'], coef: 'beta' }),
      u: group({ by: 'g', terms: ['1'], cov: 'tau' }),
      eta: linearPredictor('population', 'u'),
      y: poissonNode('y', { eta: 'eta', exposure: 't', weights: 'w' }),
    });
    const written = model('y | exposure(t) + weights(w) ~ x + (1 | g)').nodes;
    expect(written).toMatchObject({ y: byHand.nodes.y });
  });
});

describe('poisson counts are refused', () => {
  const first = (y: number) => ({ rows: { ...small, y: [y, ...small.y.slice(1)] } });
  it.each<[string, () => unknown, string, RegExp]>([
    ['below 0', () => buildDesign(model('y ~ x'), first(-1)), 'not-a-count', /^response y is -1 in .*0 or more$/],
    ['as fractions', () => buildDesign(model('y ~ x'), first(2.5)), 'not-a-count', /^response y is 2.5 in .*or more$/],
    ['beyond 1e12', () => buildDesign(model('y ~ x'), first(2e12)), 'count-size', /2000000000000 in .*at most 1e\+12/],
    [
      'with an exposure of 0',
      () => buildDesign(model('y | exposure(z) ~ x'), { rows: { ...small, z: [0, ...small.t.slice(1)] } }),
      'not-positive',
      /^the exposure z is 0 in .*; every exposure must be above 0$/,
    ],
    [
      'with trials',
      () => model('y | trials(t) ~ x'),
      'formula-syntax',
      /belongs to the families binomialLogit.*poisson/,
    ],
    ['with se', () => model('y | se(t) ~ x'), 'formula-syntax', /the variance of poisson follows from its mean/],
    [
      'where the exposure belongs to another family',
      () => formula('y | exposure(t) ~ x'),
      'formula-syntax',
      /exposure\(\.\.\.\) belongs to the families poisson and negativeBinomial.*, and the family is gaussian/,
    ],
    [
      'with trials in the graph',
      () => poissonNode('y', { eta: 'eta', trials: 'n' } as never),
      'invalid-node',
      /the family poisson has no trials/,
    ],
    [
      'that are all 0, under maximum likelihood',
      () => maximumLikelihood(model('y ~ 1 + (1 | g)'), { rows: { ...small, y: small.y.map(() => 0) } }),
      'no-optimum',
      /only zeros/,
    ],
    [
      'of one group with a count above 0, under a flat sd',
      () =>
        sampleSync(model('y ~ 1 + (1 | g)', { priors: { tau_g: flat() } }), {
          rows: { ...small, y: small.y.map((value, i) => (i % 12 === 5 ? value + 1 : 0)) },
        }),
      'improper-posterior',
      /1 groups that have a count above 0/,
    ],
  ])('%s', (_, build, code, message) => {
    const fault = faultOf(build);
    expect(fault.message).toMatch(message);
    expect(fault.code).toBe(code);
  });
});
