import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { Family, FamilyName } from '../../src/families/family.ts';
import { tryFamily } from '../../src/families/familyOf.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { flat, halfT, normal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { check } from '../../src/summary/checks/check.ts';
import { leaveOneOut as looOf } from '../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { icc } from '../../src/summary/icc.ts';
import { noPooling } from '../../src/summary/pooling/noPooling.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { odds } from '../../src/summary/prediction/odds.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';
import { countPosterior } from '../oracle/countPosterior.ts';
import { expectDerivatives } from './expectDerivatives.ts';
import { geometric, withFamily } from './geometric.ts';

interface Estimates {
  readonly beta: readonly number[];
  readonly se: readonly number[];
  readonly tau: number;
  readonly logLik: number;
  readonly u: readonly number[];
}

interface Golden {
  readonly data: { readonly y: number[]; readonly x: number[]; readonly group: string[] };
  readonly laplace: Estimates;
  readonly quadrature: Estimates;
  readonly exact: Omit<Estimates, 'u'>;
  readonly glmmTMB: Omit<Estimates, 'u'>;
  readonly pooled: Pick<Estimates, 'beta' | 'se' | 'logLik'>;
  readonly own: readonly (readonly [estimate: number, se: number])[];
}

const golden: Golden = JSON.parse(
  readFileSync(new URL('../fixtures/families/geometric.json', import.meta.url), 'utf8'),
);
const { data } = golden;
const TEXT = 'y ~ x + (1 | group)';
const ROWS = { rows: data };

/** A model of the family, or of another form of it, which must be known. */
function model(text = TEXT, options: Omit<FormulaOptions, 'family'> = {}, name = 'geometric') {
  return formula(text, { ...options, family: name as FamilyName });
}

describe('geometric rows', () => {
  it('have probabilities that sum to 1, their mean and variance, and derivatives that differences confirm', () => {
    const out = new Float64Array(4);
    for (const exposure of [1, 3]) {
      for (const eta of [-2, 0.3, 1.5]) {
        const [total, mean, square, information] = [0, 0, 0, 0];
        const sums = [total, mean, square, information];
        for (let y = 0; y < 2000; y++) {
          const p = Math.exp(geometric.logLik(y, exposure, eta, 1));
          geometric.derivatives(y, exposure, eta, 1, out);
          [1, y, y * y, out[2]!].forEach((value, k) => {
            sums[k]! += p * value;
          });
        }
        expect(sums[0]).toBeCloseTo(1, 12);
        expect(sums[1]! / (exposure * geometric.mean(eta))).toBeCloseTo(1, 11);
        expect((sums[2]! - sums[1]! ** 2) / geometric.variance(exposure, eta, 1)).toBeCloseTo(1, 9);
        geometric.information(exposure, eta, 1, out);
        expect(sums[3]! / out[0]!).toBeCloseTo(1, 10);
      }
    }
    expectDerivatives(geometric, [-3, 0.2, 4], 8);
  });

  it('are drawn with that mean and variance', () => {
    const rng = createRng([3]);
    const draws = Array.from({ length: 40000 }, () => geometric.simulate(2, 0.7, 1, rng));
    const mean = draws.reduce((sum, value) => sum + value / draws.length, 0);
    const variance = geometric.variance(2, 0.7, 1);
    expect(Math.abs(mean - 2 * Math.exp(0.7))).toBeLessThan(4 * Math.sqrt(variance / draws.length));
  });
});

describe('a family under trial', () => {
  it('is known while it is tried, and to nobody before or after', () => {
    const before = faultOf(() => model());
    expect(withFamily(() => model()).nodes).toMatchObject({ y: { family: 'geometric' } });
    const { code, message } = faultOf(() => model());
    expect(code).toBe('unknown-family');
    expect(message).toMatch(
      /there is no family "geometric"; accepted: "gaussian", .*"probit", "betaBinomial", "betabinomial", "poisson", "negativeBinomial", "negbinomial", "ordinal", "ordinalProbit", "ordinal-probit"$/,
    );
    expect(message).toBe(before.message);
  });
});

describe('maximum likelihood of geometric counts', () => {
  const fitted = (options: Parameters<typeof maximumLikelihood>[2], text = TEXT, family: Family = geometric) =>
    withFamily(() => maximumLikelihood(model(text, {}, family.name), ROWS, options), family);

  it("is glmer's by Laplace's approximation, where glmer's optimiser went that far", () => {
    const { fixef, groups, logLik, convergence } = fitted({ method: 'laplace' });
    const { laplace } = golden;
    // nloptwrap stops within 1e-5 of the estimates, its inner search within 1e-7 of the deviance.
    expect(Math.abs(logLik - laplace.logLik)).toBeLessThan(1e-6);
    laplace.beta.forEach((value, k) => {
      expect(Math.abs(fixef.estimates[k]! - value)).toBeLessThan(2e-5);
    });
    laplace.se.forEach((value, k) => {
      expect(fixef.standardErrors[k]! / value).toBeCloseTo(1, 3);
    });
    expect(groups[0]!.tau[0]! / laplace.tau).toBeCloseTo(1, 5);
    laplace.u.forEach((value, j) => {
      expect(Math.abs(groups[0]!.modes[j]! - value)).toBeLessThan(5e-5);
    });
    expect(convergence.converged).toBe(true);
  });

  it('is the maximum of the exact likelihood by quadrature with 25 points', () => {
    const { fixef, groups, logLik } = fitted({ method: 'agq', points: 25 });
    const { exact } = golden;
    expect(Math.abs(logLik - exact.logLik)).toBeLessThan(1e-6);
    exact.beta.forEach((value, k) => {
      expect(Math.abs(fixef.estimates[k]! - value)).toBeLessThan(1e-5);
      expect(fixef.standardErrors[k]! / exact.se[k]!).toBeCloseTo(1, 4);
    });
    expect(groups[0]!.tau[0]! / exact.tau).toBeCloseTo(1, 5);
  });

  it("is near glmmTMB's, whose Laplace approximation has the observed information in place of the expected", () => {
    const { fixef, groups } = fitted({ method: 'laplace' });
    // The two approximations miss the exact estimates by at most 0.07 (that of the intercept), to different sides.
    golden.glmmTMB.beta.forEach((value, k) => {
      expect(Math.abs(fixef.estimates[k]! - value)).toBeLessThan(0.08);
    });
    expect(Math.abs(groups[0]!.tau[0]! - golden.glmmTMB.tau)).toBeLessThan(0.01);
  });

  it('is the glm without group terms', () => {
    const { fixef, logLik } = fitted({}, 'y ~ x');
    golden.pooled.beta.forEach((value, k) => {
      expect(fixef.estimates[k]! / value).toBeCloseTo(1, 6);
      expect(fixef.standardErrors[k]! / golden.pooled.se[k]!).toBeCloseTo(1, 6);
    });
    expect(Math.abs(logLik - golden.pooled.logLik)).toBeLessThan(1e-8);
  });

  it('is the same whether rows of one eta add up or only equal rows are merged, and from rows or weights', () => {
    const equal: Family = { ...geometric, name: 'geometricEqual' as FamilyName, merge: 'equal' };
    const rows = { ...data, x: data.x.map((value) => Math.round(value)) };
    const twice = { y: [...rows.y, ...rows.y], x: [...rows.x, ...rows.x], group: [...rows.group, ...rows.group] };
    const weighted = { ...rows, w: rows.y.map(() => 2) };
    const ofRows = withFamily(() => maximumLikelihood(model(), { rows: twice }, {}));
    for (const family of [geometric, equal]) {
      withFamily(() => {
        const fit = maximumLikelihood(model('y | weights(w) ~ x + (1 | group)', {}, family.name), { rows: weighted });
        expect(Math.abs(fit.logLik - ofRows.logLik)).toBeLessThan(1e-8);
        expect(fit.fixef.estimates[0]).toBeCloseTo(ofRows.fixef.estimates[0]!, 5);
        expect(fit.groups[0]!.tau[0]).toBeCloseTo(ofRows.groups[0]!.tau[0]!, 5);
      }, family);
    }
  });

  it("gives each group's own estimate", () => {
    withFamily(() => {
      const design = buildDesign(model(), ROWS);
      const own = noPooling(design, 0, { beta: [0, 0.35], u: [new Float64Array(24)] }, 1);
      own.forEach(({ estimate, se, reason }, j) => {
        expect(reason).toBeNull();
        expect(estimate).toBeCloseTo(golden.own[j]![0], 7);
        expect(se).toBeCloseTo(golden.own[j]![1], 6);
      });
      const zeros = { ...data, y: data.y.map((value, i) => (data.group[i] === 'g01' ? 0 : value)) };
      const [none] = noPooling(
        buildDesign(model(), { rows: zeros }),
        0,
        { beta: [0, 0], u: [new Float64Array(24)] },
        1,
      );
      expect(none).toEqual({ estimate: null, se: null, reason: 'separated in g01: all its counts are 0' });
    });
  });
});

describe('the posterior of geometric counts', () => {
  const priors = { 'beta[Intercept]': normal(0, 3), 'beta[x]': normal(0, 1), tau_group: halfT(3, 1) };
  let forget: () => void;
  let fit: Fit;
  beforeAll(() => {
    forget = tryFamily(geometric);
    fit = sampleSync(model(TEXT, { priors }), ROWS, { seed: 11, chains: 4, warmup: 500, iterations: 2000 });
  });
  afterAll(() => forget());

  it('is that of nested quadrature', () => {
    const levels = [...new Set(data.group)].sort();
    const truth = countPosterior(
      { ...data, group: data.group.map((level) => levels.indexOf(level)) },
      // log p(y) = y log p + log(1 - p), p = mu / (1 + mu).
      (y, eta) => y * eta - (y + 1) * Math.log1p(Math.exp(eta)),
      (b0, b1, tau) => -0.5 * (b0 / 3) ** 2 - 0.5 * b1 * b1 - 2 * Math.log1p((tau * tau) / 3),
      [
        [-0.15, 0.22],
        [0.81, 0.22],
        [0.35, 0.13],
      ],
    );
    const rows = summarize(fit);
    const at = (name: string) => rows.find((row) => row.variable === name)!;
    const found = ['beta[Intercept]', 'beta[x]', 'tau_group[Intercept]'].map(at);
    found.forEach(({ mean, sd, mcseMean: mcse }, k) => {
      expect(Math.abs(mean - truth.mean[k]!)).toBeLessThan(4 * mcse);
      expect(Math.abs(sd / truth.sd[k]! - 1)).toBeLessThan(0.06);
    });
    levels.forEach((level, j) => {
      const { mean, mcseMean: mcse } = at(`u_group[${level},Intercept]`);
      expect(Math.abs(mean - truth.u[j]!)).toBeLessThan(4.5 * mcse);
    });
    expect(check(fit).ok).toBe(true);
  });

  it('is sampled by the whitened kernel, in cells of equal rows merged either way', () => {
    expect(fit.sampling.kernels.map(({ name }) => name)).toEqual(['whitenedMetropolis']);
    const equal: Family = { ...geometric, name: 'geometricEqual' as FamilyName, merge: 'equal' };
    const rows = { ...data, x: data.x.map((value) => Math.round(value)) };
    const options = { seed: 4, chains: 2, warmup: 300, iterations: 1500 };
    const [one, other] = [geometric, equal].map((family) =>
      withFamily(() => summarize(sampleSync(model(TEXT, { priors }, family.name), { rows }, options)), family),
    );
    forget = tryFamily(geometric);
    one!.forEach(({ mean, mcseMean: mcse }, k) => {
      const { mean: otherMean, mcseMean: otherMcse } = other![k]!;
      expect(Math.abs(mean - otherMean)).toBeLessThan(4.5 * Math.hypot(mcse, otherMcse));
    });
  });

  it('predicts means and responses, and simulates counts', () => {
    const newdata = { x: [0, 1], group: ['g04', 'new'] };
    const mean = predict(fit, newdata, { newGroups: 'draw', draws: true });
    const eta = predict(fit, newdata, { kind: 'linear', newGroups: 'draw', draws: true });
    eta.draws!.forEach((value, k) => {
      expect(mean.draws![k]! / Math.exp(value)).toBeCloseTo(1, 12);
    });
    const response = predict(fit, newdata, { kind: 'response', newGroups: 'draw', draws: true });
    expect(response.draws!.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
    const first = response.draws!.subarray(0, 8000);
    const share = first.reduce((sum, value) => sum + (value === 0 ? 1 : 0), 0) / 8000;
    // P(0) = 1 / (1 + mu), averaged over the posterior.
    const truth = mean.draws!.subarray(0, 8000).reduce((sum, mu) => sum + 1 / (1 + mu) / 8000, 0);
    expect(Math.abs(share - truth)).toBeLessThan(4 * Math.sqrt(0.25 / 8000));
    const { responses } = simulate(fit, { draws: 400 });
    const average = responses.reduce((sum, value) => sum + value / responses.length, 0);
    const observed = data.y.reduce((sum, value) => sum + value / data.y.length, 0);
    expect(Math.abs(average / observed - 1)).toBeLessThan(0.25);
    const whole = poststratify(fit, { x: [0, 0], group: ['g04', 'g05'], N: [1, 3] });
    const cells = predict(fit, { x: [0, 0], group: ['g04', 'g05'] }).rows;
    expect(whole.rows[0]!.mean).toBeCloseTo((cells[0]!.mean + 3 * cells[1]!.mean) / 4, 10);
    const prior = simulatePrior(model(TEXT, { priors }), ROWS, { draws: 50 });
    expect(prior.responses.every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
  });

  it('shrinks towards the line by the information of the counts, mu / (1 + mu) a row', () => {
    const { rows } = shrinkage(fit, 'group');
    for (const row of rows) {
      const { noPooling: own, partialPooling, populationLine, shrinkageWeight } = row;
      expect(shrinkageWeight).toBeGreaterThan(0.05);
      expect(shrinkageWeight).toBeLessThan(0.7);
      // Between the two, but for the skewness of the likelihood.
      expect(Math.abs(partialPooling - populationLine)).toBeLessThan(Math.abs(own! - populationLine) + 0.1);
    }
    // u given tau = 0.92: 1 / (1 + tau^2 n p), p about 1 - 1 / (1 + mu) of a row of the group, here at posterior means.
    const g04 = rows.find(({ level }) => level === 'g04')!;
    const p = data.x.flatMap((x, i) => {
      if (data.group[i] !== 'g04') return [];
      const mu = Math.exp(g04.partialPooling + 0.35 * x);
      return [mu / (1 + mu)];
    });
    const information = p.reduce((sum, value) => sum + value, 0);
    expect(g04.shrinkageWeight!).toBeCloseTo(1 / (1 + 0.9 ** 2 * information), 1);
    expect(g04.n).toBe(p.length);
  });

  it('has the log-likelihood of its rows, loo, a description, and a file that gives it back', () => {
    const { values, observations } = logLikelihood(fit);
    const eta = predict(fit, undefined, { kind: 'linear', draws: true }).draws!;
    for (const i of [0, 57, 126]) {
      expect(values[5 * observations + i]).toBeCloseTo(geometric.logLik(data.y[i]!, 1, eta[i * 8000 + 5]!, 1), 10);
    }
    expect(looOf(fit).elpd.estimate).toBeLessThan(0);
    const text = describeModel(fit);
    expect(text).toContain('y_i ~ geometric(exp(');
    expect(text).toMatch(/y: geometric, log link; 0 to \d+ a row; \d+ in all/);
    const again = fromJson(toJson(fit));
    expect(summarize(again)).toEqual(summarize(fit));
  });

  it('has no odds, and says so; its intraclass correlation is on the scale of log counts', () => {
    expect(faultOf(() => odds(fit)).message).toMatch(/the link of this one is log$/);
    expect(faultOf(() => predict(fit, undefined, { kind: 'odds' })).code).toBe('no-odds');
    const [row] = icc(fit);
    expect(row).toMatchObject({ reason: null, approximation: expect.stringMatching(/^log-normal/) });
    // tau = 0.82, and the log of a geometric count of mean 3 or so has the variance log(2 + 1 / 3).
    expect(row!.estimate!).toBeGreaterThan(0.3);
    expect(row!.estimate!).toBeLessThan(0.6);
  });
});

describe('geometric counts are refused', () => {
  const first = (y: (number | string)[]) => ({ rows: { ...data, y: [...y, ...data.y.slice(y.length)] } });
  it.each<[string, () => unknown, string, RegExp]>([
    [
      'below 0',
      () => buildDesign(model(), first([-1])),
      'not-a-count',
      /^response y is -1 in .*whole number of 0 or more/,
    ],
    [
      'as fractions',
      () => buildDesign(model(), first([2.5])),
      'not-a-count',
      /^response y is 2.5 in .*every count must be/,
    ],
    ['as text', () => buildDesign(model('group ~ x'), ROWS), 'not-numeric', /^response group/],
    ['with trials', () => model('y | trials(x) ~ x + (1 | group)'), 'formula-syntax', /the family is geometric/],
    ['with standard errors', () => model('y | se(x) ~ x + (1 | group)'), 'formula-syntax', /follows from its mean/],
    ['with nu', () => model(TEXT, { nu: 3 }), 'unknown-option', /nu belongs to the family studentT/],
    ['with a prior of sigma', () => model(TEXT, { priors: { sigma: halfT(3, 1) } }), 'unknown-prior', /no residual sd/],
    ['with REML', () => maximumLikelihood(model(), ROWS, { method: 'REML' }), 'not-supported', /'laplace' and 'agq'/],
    [
      'with weights that count no rows',
      () => buildDesign(model('y | weights(x) ~ 1'), { rows: { ...data, x: data.x.map((v) => Math.abs(v) + 0.5) } }),
      'not-a-count',
      /weight/,
    ],
    [
      'with an offset that no exp survives',
      () => buildDesign(model('y ~ offset(big) + x'), { rows: { ...data, big: data.x.map(() => 600) } }),
      'offset-size',
      /with a log link it is from -500 to 500/,
    ],
    [
      'that are 0 wherever a column is above 0, under maximum likelihood',
      () => maximumLikelihood(model('y ~ late + (1 | group)'), { rows: late() }),
      'separated',
      /late separates its zeros from its other counts/,
    ],
    [
      'that are all 0',
      () => maximumLikelihood(model(), { rows: { ...data, y: data.y.map(() => 0) } }),
      'no-optimum',
      /every level of group has only zeros/,
    ],
    [
      'that are 0 wherever a column is above 0, under a flat prior',
      () =>
        sampleSync(model('y ~ late + (1 | group)', { priors: { beta: flat() } }), {
          rows: late(),
        }),
      'separation',
      /late predicts some of the responses without error/,
    ],
    [
      'with more covariances than the one kernel that takes them has room for',
      () =>
        sampleSync(model('y ~ x + (1 + x + I(x^2) + I(x^3) | group) + (0 + x | late)'), {
          rows: { ...late(), late: late().late.map((value) => `g${value}`) },
        }),
      'no-kernels',
      /nothing samples a geometric response with 11 sds and correlations together/,
    ],
    [
      'of too few groups with a count above 0 for a flat sd',
      () =>
        sampleSync(model(TEXT, { priors: { tau_group: flat() } }), {
          rows: { ...data, y: data.y.map((value, i) => (data.group[i] === 'g06' ? value : 0)) },
        }),
      'improper-posterior',
      /1 groups that have a count above 0/,
    ],
  ])('%s', (_, build, code, message) => {
    const fault = withFamily(() => faultOf(build));
    expect(fault.message).toMatch(message);
    expect(fault.code).toBe(code);
  });

  it('not for a sample under default priors that are proper', () => {
    withFamily(() => {
      const fit = sampleSync(
        model('y ~ late + (1 | group)'),
        { rows: late() },
        { seed: 1, chains: 2, iterations: 200 },
      );
      expect(summarize(fit).find((row) => row.variable === 'beta[late]')!.mean).toBeLessThan(-1);
    });
  });
});

/** Every row of four is late, and has no event. */
function late() {
  const flag = data.y.map((_, i) => (i % 4 === 0 ? 1 : 0));
  return { ...data, late: flag, y: data.y.map((value, i) => (flag[i] === 1 ? 0 : value)) };
}
