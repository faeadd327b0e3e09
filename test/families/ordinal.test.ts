import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import { logitLink } from '../../src/families/logitLink.ts';
import {
  IntervalPlace as At,
  INTERVAL_LENGTH,
  levelInformation,
  logLevelProbability,
} from '../../src/families/orderedLink.ts';
import { ordinal } from '../../src/families/ordinal.ts';
import { probitLink } from '../../src/families/probitLink.ts';
import { fromJson } from '../../src/files/fromJson.ts';
import { toJson } from '../../src/files/toJson.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { modelGraph } from '../../src/graph/modelGraph.ts';
import { group, linearPredictor, ordinal as node, population } from '../../src/graph/nodes.ts';
import { defaultPrior, flat, halfCauchy, halfNormal, normal } from '../../src/graph/priors.ts';
import { bootstrap } from '../../src/likelihood/inference/bootstrap.ts';
import { intervals } from '../../src/likelihood/inference/intervals.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { describe as describeModel } from '../../src/report/describe.ts';
import { maximumLikelihoodText } from '../../src/report/text.ts';
import { check } from '../../src/summary/checks/check.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { leaveOneOut } from '../../src/summary/comparison/leaveOneOut.ts';
import { icc } from '../../src/summary/icc.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { odds } from '../../src/summary/prediction/odds.ts';
import { poststratify } from '../../src/summary/prediction/poststratify.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';
import { levelProbability, orderedMarginal, orderedPosterior } from '../oracle/orderedIntegral.ts';
import { withFamily } from './geometric.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/families/${name}`, import.meta.url), 'utf8');
const wine = parseCsv(fixture('wine.csv'));
const soup = parseCsv(fixture('soup.csv'));
interface Reference {
  readonly logLik: number;
  readonly alpha: Readonly<Record<string, number>>;
  readonly beta: Readonly<Record<string, number>>;
  readonly se: Readonly<Record<string, number>>;
  readonly sds: Readonly<Record<string, number>>;
}
const golden: {
  readonly ml: Readonly<Record<string, Reference>>;
  readonly jags: readonly Readonly<Record<'mean' | 'sd' | 'mcse_mean' | 'mcse_sd', number>>[];
} = JSON.parse(fixture('ordinal.json'));

const model = (
  text: string,
  options: Omit<FormulaOptions, 'family'> = {},
  family: 'ordinal' | 'ordinalProbit' = 'ordinal',
) => formula(text, { ...options, family });
const WINE = 'rating ~ temp + contact + (1 | judge)';
const levelsOf = (table: typeof wine, name: string): number[] => {
  const column = table.columns.get(name)!;
  const values = [...column.values];
  const sorted = [...new Set(values)].sort();
  return values.map((value) => sorted.indexOf(value));
};

describe('an interval of a latent variable', () => {
  it('has the probability and the slopes of 60 digits in both tails (probit)', () => {
    const out = new Float64Array(INTERVAL_LENGTH);
    // mpmath: log(Phi(b) - Phi(a)) and its derivatives by b and a.
    for (const [b, a, l, byB, byA] of [
      [1.5, -0.5, -0.470555365415899, 0.207342519880202, -0.563615404057262],
      [-30, -30.5, -454.321244221885, 30.0332676425232, -8.10771637135037e-6],
      [12.0001, 12, -82.1298788468494, 9994.00116670494, -10006.0012166949],
      [0.001, 0, -7.82669397885347, 999.999666666711, -1000.00016666667],
      [-2, -9, -3.78318433368203, 2.37321553282284, -4.51855558248384e-17],
      [37, 36, -652.503227593798, 5.0686041063566e-15, -36.0277350752811],
    ] as const) {
      probitLink.interval(b, a, out);
      expect(Math.abs(out[At.l]! - l)).toBeLessThan(2e-11 * Math.abs(l));
      expect(Math.abs(out[At.scoreB]! - byB)).toBeLessThan(1e-8 * byB);
      expect(Math.abs(out[At.scoreA]! - byA)).toBeLessThan(1e-8 * Math.abs(byA));
    }
  });

  it.each([
    ['logit', logitLink, false],
    ['probit', probitLink, true],
  ] as const)(
    'has derivatives, a Hessian of three squares and a curvature that are those of its logarithm: %s',
    (_, link, probit) => {
      const out = new Float64Array(INTERVAL_LENGTH);
      const f = (b: number, a: number): number => link.logInterval(b, a);
      for (const [b, a] of [
        [1.3, -0.4],
        [-0.2, -2.5],
        [3.1, 2.7],
        [0.4, -3],
      ] as const) {
        link.interval(b, a, out);
        expect(out[At.l]).toBeCloseTo(Math.log(levelProbability(1, 0, [-b, -a], probit)), 12);
        const h = 1e-4;
        const byB = (f(b + h, a) - f(b - h, a)) / (2 * h);
        const byA = (f(b, a + h) - f(b, a - h)) / (2 * h);
        const near = (value: number, truth: number) => expect(Math.abs(value - truth)).toBeLessThan(2e-6);
        near(out[At.scoreB]! + out[At.scoreGap]!, byB);
        near(out[At.scoreA]! - out[At.scoreGap]!, byA);
        const bb = (f(b + h, a) - 2 * f(b, a) + f(b - h, a)) / (h * h);
        const aa = (f(b, a + h) - 2 * f(b, a) + f(b, a - h)) / (h * h);
        const ab = (f(b + h, a + h) - f(b + h, a - h) - f(b - h, a + h) + f(b - h, a - h)) / (4 * h * h);
        near(out[At.weightB]! + out[At.weightGap]!, -bb);
        near(out[At.weightA]! + out[At.weightGap]!, -aa);
        near(out[At.weightGap]!, ab);
        expect(Math.min(out[At.weightB]!, out[At.weightA]!, out[At.weightGap]!)).toBeGreaterThan(0);
        const curvature = (shiftB: number, shiftA: number): number => {
          const other = new Float64Array(INTERVAL_LENGTH);
          link.interval(b + shiftB, a + shiftA, other);
          return other[At.weightB]! + other[At.weightA]!;
        };
        near(-out[At.thirdB]!, (curvature(h, 0) - curvature(-h, 0)) / (2 * h));
        near(-out[At.thirdA]!, (curvature(0, h) - curvature(0, -h)) / (2 * h));
      }
      const thresholds = [-1, 0.2, 1.5];
      let [sum, information] = [0, 0];
      for (let k = 0; k <= 3; k++) {
        const p = (eta: number) => Math.exp(logLevelProbability(link, k, eta, thresholds));
        sum += p(0.3);
        information += ((p(0.3001) - p(0.2999)) / 2e-4) ** 2 / p(0.3);
      }
      expect(sum).toBeCloseTo(1, 13);
      expect(levelInformation(link, 0.3, thresholds)).toBeCloseTo(information, 7);
    },
  );
});

describe('maximum likelihood of ordered answers', () => {
  const expectNear = (
    fit: ReturnType<typeof maximumLikelihood>,
    reference: Reference,
    coefficients: number,
    ses: number,
  ) => {
    const relative = (value: number, truth: number) => Math.abs(value / truth - 1);
    fit.thresholds!.labels.forEach((label, k) => {
      expect(relative(fit.thresholds!.estimates[k]!, reference.alpha[label]!)).toBeLessThan(coefficients);
      expect(relative(fit.thresholds!.standardErrors[k]!, reference.se[label]!)).toBeLessThan(ses);
    });
    fit.fixef.labels.forEach((label, k) => {
      expect(relative(fit.fixef.estimates[k]!, reference.beta[label]!)).toBeLessThan(coefficients);
      expect(relative(fit.fixef.standardErrors[k]!, reference.se[label]!)).toBeLessThan(ses);
    });
    for (const { factor, tau } of fit.groups)
      expect(relative(tau[0]!, reference.sds[factor]!)).toBeLessThan(coefficients);
  };

  it('is that of clmm by quadrature (wine)', () => {
    const fit = maximumLikelihood(model(WINE), wine, { method: 'agq', points: 20 });
    expect(Math.abs(fit.logLik - golden.ml['wine_clmm_logit_agq20']!.logLik)).toBeLessThan(1e-6);
    expectNear(fit, golden.ml['wine_clmm_logit_agq20']!, 1e-5, 1e-5);
    expect(fit.df).toBe(7);
  });

  it.each([
    ['wine_clmm_logit', 'ordinal'],
    ['wine_clmm_probit', 'ordinalProbit'],
  ] as const)('is that of clmm by Laplace, whose own criterion is not quite at its modes: %s', (name, family) => {
    const fit = maximumLikelihood(model(WINE, {}, family), wine, { method: 'laplace' });
    const reference = golden.ml[name]!;
    expect(Math.abs(fit.logLik - reference.logLik)).toBeLessThan(5e-6);
    expectNear(fit, reference, 1e-5, 1e-4);
    // The slow criterion says which of the two it is: here to its own rounding, and at clmm's estimates no higher.
    const data = { y: levelsOf(wine, 'rating'), group: levelsOf(wine, 'judge'), probit: family === 'ordinalProbit' };
    const [temp, contact] = [levelsOf(wine, 'temp'), levelsOf(wine, 'contact')];
    const slow = (beta: ArrayLike<number>, thresholds: readonly number[], tau: number, how: 'laplace' | 'integral') =>
      orderedMarginal(
        data,
        temp.map((value, i) => value * beta[0]! + contact[i]! * beta[1]!),
        thresholds,
        tau,
        how,
      );
    const { thresholds, fixef, groups } = fit;
    const ours = slow(fixef.estimates, [...thresholds!.estimates], groups[0]!.tau[0]!, 'laplace');
    expect(Math.abs(fit.logLik - ours)).toBeLessThan(1e-6);
    const theirs = slow(
      Object.values(reference.beta),
      Object.values(reference.alpha),
      reference.sds['judge']!,
      'laplace',
    );
    expect(theirs).toBeLessThan(ours + 1e-8);
    const quadrature = maximumLikelihood(model(WINE, {}, family), wine, { method: 'agq', points: 25 });
    const integral = slow(
      quadrature.fixef.estimates,
      [...quadrature.thresholds!.estimates],
      quadrature.groups[0]!.tau[0]!,
      'integral',
    );
    expect(Math.abs(quadrature.logLik - integral)).toBeLessThan(1e-6);
  });

  it('is that of clmm or above for 1847 rows (soup), two crossed factors', () => {
    const logit = maximumLikelihood(model('SURENESS ~ PROD + DAY + (1 | RESP)'), soup, { method: 'laplace' });
    const probit = maximumLikelihood(model('SURENESS ~ PROD + (1 | RESP) + (1 | PRODID)', {}, 'ordinalProbit'), soup, {
      method: 'laplace',
    });
    expect(logit.logLik - golden.ml['soup_clmm_logit']!.logLik).toBeGreaterThan(-1e-6);
    expect(logit.logLik - golden.ml['soup_clmm_logit']!.logLik).toBeLessThan(2e-4);
    expectNear(logit, golden.ml['soup_clmm_logit']!, 1e-4, 1e-5);
    expect(Math.abs(probit.logLik - golden.ml['soup_clmm_probit_prodid']!.logLik)).toBeLessThan(1e-6);
    expectNear(probit, golden.ml['soup_clmm_probit_prodid']!, 2e-4, 2e-4);
  });

  it.each([
    ['ordinal', 'binomial'],
    ['ordinalProbit', 'probit'],
  ] as const)('of two levels is that of successes, its threshold less the intercept: %s, %s', (family, other) => {
    const rows = {
      y: levelsOf(wine, 'rating').map((k) => (k > 2 ? 1 : 0)),
      x: levelsOf(wine, 'temp'),
      g: levelsOf(wine, 'judge'),
    };
    for (const text of ['y ~ x', 'y ~ x + (1 | g)']) {
      // Laplace's approximation with the probit link is taken with the expected information of successes.
      const how = text.includes('|') ? ({ method: 'agq', points: 25 } as const) : {};
      const two = maximumLikelihood(formula(text, { family }), rows, how);
      const one = maximumLikelihood(formula(text, { family: other }), rows, how);
      expect(two.fixef.estimates[0]).toBeCloseTo(one.fixef.estimates[1]!, 4);
      expect(two.thresholds!.estimates[0]).toBeCloseTo(-one.fixef.estimates[0]!, 4);
      expect(two.logLik).toBeCloseTo(one.logLik, 7);
    }
  });

  it('has intervals, replicates and a text with its thresholds, and refuses what has no estimate', () => {
    const fit = maximumLikelihood(model(WINE), wine);
    expect(intervals(fit, { method: 'wald' }).map(({ parameter }) => parameter)).toContain('threshold[2|3]');
    const { parameters, values } = bootstrap(fit, { simulations: 3, seed: 1 });
    expect(parameters.indexOf('threshold[4|5]')).toBe(5);
    expect(values[5]!.every((value) => value > 2)).toBe(true);
    expect(maximumLikelihoodText(fit)).toMatch(/threshold {2}estimate {4}se\n.*\n1\|2 +-1\.62 {2}0\.68/);
    expect(fit.fitted.every((value) => value > 1 && value < 5)).toBe(true);
    const fault = (text: string, options: Omit<FormulaOptions, 'family'>, rows: Record<string, number[]>) =>
      faultOf(() => maximumLikelihood(model(text, options), rows)).code;
    expect(fault('r ~ x', {}, { r: [1, 1, 2, 2, 3, 3], x: [1, 2, 3, 4, 5, 6] })).toBe('separated');
    expect(fault('r ~ x', { levels: [1, 2, 3, 4] }, { r: [1, 1, 2, 2, 4, 4], x: [1, 5, 3, 4, 2, 6] })).toBe(
      'level-without-rows',
    );
    expect(faultOf(() => predict(fit)).code).toBe('not-supported');
  });
});

describe('the posterior of ordered answers', () => {
  const y = [0, 1, 1, 2, 0, 0, 1, 0, 2, 2, 1, 2, 2, 0, 1, 1];
  const rows = { y, g: y.map((_, i) => Math.floor(i / 4)) };
  const text = 'y ~ 1 + (1 | g)';
  const priors = { threshold: normal(0, 1.5), tau_g: halfNormal(1) };
  const short = { chains: 2, warmup: 100, iterations: 2000, seed: 5 };
  const departures = (fit: Fit, exact: { mean: number[]; sd: number[] }): number[] =>
    ['threshold[0|1]', 'threshold[1|2]', 'tau_g[Intercept]'].map((name, k) => {
      const row = summarize(fit).find(({ variable }) => variable === name)!;
      return (row.mean - exact.mean[k]!) / row.mcseMean!;
    });

  it('is that of nested quadrature, and a likelihood without its gaps between thresholds is found not to be', () => {
    const exact = orderedPosterior({ y, group: rows.g }, 1.5, 1);
    const fit = sampleSync(model(text, { priors }), rows, short);
    expect(departures(fit, exact).filter((z) => !(Math.abs(z) < 4))).toEqual([]);
    const mutant = { ...ordinal, ordered: { ...logitLink, logGap: () => 0 } };
    const wrong = withFamily(() => sampleSync(model(text, { priors }), rows, { ...short, iterations: 400 }), mutant);
    expect(Math.max(...departures(wrong, exact).map(Math.abs))).toBeGreaterThan(8);
  });

  it('gives a level that nobody gave the room that its prior leaves it', () => {
    // Without rows the thresholds of three levels are a sorted sample of their prior, whatever the others say.
    const fit = sampleSync(model(text, { priors, levels: [0, 0.5, 1, 2, 3] }), rows, { ...short, iterations: 1000 });
    const draws = summarize(fit);
    const mean = (name: string) => draws.find(({ variable }) => variable === `threshold[${name}]`)!.mean;
    expect(mean('0|0.5')).toBeLessThan(mean('0.5|1'));
    expect(mean('2|3')).toBeGreaterThan(mean('1|2') + 0.5);
    expect(check(fit).ok).toBe(true);
  });
});

describe('a fit of ordered answers', () => {
  let fit: Fit;
  const graph = model(WINE, { priors: { threshold: normal(0, 5), beta: normal(0, 5), tau_judge: halfCauchy(2.5) } });
  beforeAll(() => {
    fit = sampleSync(graph, wine, { chains: 4, warmup: 200, iterations: 1000, seed: 7 });
  });

  it('is that of JAGS (wine)', () => {
    const draws = summarize(fit);
    const names = [
      'threshold[1|2]',
      'threshold[2|3]',
      'threshold[3|4]',
      'threshold[4|5]',
      'beta[tempwarm]',
      'beta[contactyes]',
      'tau_judge[Intercept]',
    ];
    const z = names.flatMap((name, k) => {
      const row = draws.find(({ variable }) => variable === name)!;
      const other = golden.jags[k]!;
      return [
        (row.mean - other.mean) / Math.hypot(row.mcseMean!, other.mcse_mean),
        (row.sd - other.sd) / Math.hypot(row.mcseMean!, other.mcse_sd),
      ];
    });
    expect(z.filter((value) => !(Math.abs(value) < 4))).toEqual([]);
    expect(check(fit).ok).toBe(true);
    expect(Math.min(...draws.map(({ essBulk }) => essBulk!))).toBeGreaterThan(0.4 * 4000);
  });

  it('predicts the probability of every level, replicates, and summarises groups', () => {
    const newdata = { temp: ['cold', 'warm'], contact: ['yes', 'no'], judge: ['1', 'new'] };
    const found = predict(fit, newdata, { kind: 'probability' }).rows;
    expect(found.map(({ answer }) => answer)).toEqual(['1', '2', '3', '4', '5', '1', '2', '3', '4', '5']);
    const sum = (from: number, value: (k: number) => number) =>
      [0, 1, 2, 3, 4].reduce((all, k) => all + value(k) * Number(found[from + k]!['mean']), 0);
    expect(sum(0, () => 1)).toBeCloseTo(1, 12);
    expect(sum(5, () => 1)).toBeCloseTo(1, 12);
    const mean = predict(fit, newdata).rows[0]!['mean'];
    expect(sum(0, (k) => k + 1)).toBeCloseTo(Number(mean), 10);
    const cells = { ...newdata, judge: ['1', '2'], N: [1, 0] };
    expect(poststratify(fit, cells).rows[0]!['mean']).toBeCloseTo(Number(mean), 10);
    const { responses } = simulate(fit, { draws: 50 });
    expect(new Set(responses)).toEqual(new Set([1, 2, 3, 4, 5]));
    const average = predict(fit).rows.reduce((all, row) => all + Number(row['mean']) / 72, 0);
    expect(Math.abs(responses.reduce((all, value) => all + value / responses.length, 0) - average)).toBeLessThan(0.1);
    expect(faultOf(() => predict(fit, undefined, { kind: 'odds' })).code).toBe('no-odds');
    const { rows, icc: share } = shrinkage(fit, 'judge');
    expect(
      rows.every(({ shrinkageWeight, noPooling }) => shrinkageWeight > 0 && shrinkageWeight < 1 && noPooling !== null),
    ).toBe(true);
    expect(share).toBeCloseTo(icc(fit)[0]!.estimate!, 12);
    expect(odds(fit).map(({ kind }) => kind)).toEqual(['oddsRatio', 'oddsRatio']);
    expect(leaveOneOut(fit).elpd.estimate).toBeCloseTo(-85.5, 0);
  });

  it("takes a group's own estimate to be the maximum of its likelihood at the thresholds", () => {
    const { rows } = shrinkage(fit, 'judge');
    const means = summarize(fit);
    const mean = (name: string) => means.find(({ variable }) => variable === name)!.mean;
    const thresholds = ['1|2', '2|3', '3|4', '4|5'].map((label) => mean(`threshold[${label}]`));
    const [level, judge] = [levelsOf(wine, 'rating'), levelsOf(wine, 'judge')];
    const [temp, contact] = [levelsOf(wine, 'temp'), levelsOf(wine, 'contact')];
    const logLik = (u: number): number =>
      level.reduce((sum, k, i) => {
        if (judge[i] !== 3) return sum;
        const eta = temp[i]! * mean('beta[tempwarm]') + contact[i]! * mean('beta[contactyes]') + u;
        return sum + Math.log(levelProbability(k, eta, thresholds));
      }, 0);
    const own = rows[3]!.noPooling!;
    expect(logLik(own)).toBeGreaterThan(Math.max(logLik(own - 1e-3), logLik(own + 1e-3)));
  });

  it('is compared with maximum likelihood, written and read', () => {
    const { rows } = compare(fit, maximumLikelihood(graph, wine));
    const threshold = rows.find(({ parameter }) => parameter === 'threshold[3|4]')!;
    expect(threshold.ml).toBeCloseTo(4.2285, 3);
    expect(threshold.mlSe).toBeCloseTo(0.809, 3);
    const text = toJson(fit);
    const read = fromJson(text);
    expect(toJson(read)).toBe(text);
    expect(JSON.parse(text).dims.threshold).toEqual(['between']);
    expect(JSON.parse(text).coords.between).toEqual(['1|2', '2|3', '3|4', '4|5']);
  });
});

describe('a model of ordered answers', () => {
  it('is one graph from its formula and by hand, and is described', () => {
    const byHand = modelGraph({
      beta: defaultPrior(),
      Sigma_judge: defaultPrior(),
      threshold: normal(0, 2),
      population: population({ terms: ['1', 'temp', 'contact'], coef: 'beta' }),
      u_judge: group({ by: 'judge', terms: ['1'], cov: 'Sigma_judge' }),
      eta: linearPredictor('population', 'u_judge'),
      rating: node('rating', { eta: 'eta', threshold: 'threshold', levels: [1, 2, 3, 4, 5] }),
    });
    const written = model(WINE, { priors: { threshold: normal(0, 2) }, levels: ['1', '2', '3', '4', '5'] });
    expect(byHand).toEqual(written);
    expect(JSON.parse(JSON.stringify(written))).toEqual(byHand);
    const text = describeModel(plan(model(WINE), wine));
    expect(text).toContain('rating: cumulative, logit link; levels 1 < 2 < 3 < 4 < 5');
    expect(text).toMatch(/threshold \(ascending\) +normal\(0, 5\) at the centre +default/);
  });

  it('draws from its prior what its thresholds at the centre of the columns say, wherever the origin', () => {
    const x = [1, 2, 3, 4, 5, 6];
    const rows = { r: [1, 2, 3, 1, 2, 3], x };
    const shares = (shift: number) => {
      const { responses } = simulatePrior(
        model('r ~ x'),
        { ...rows, x: x.map((value) => value + shift) },
        { draws: 400, seed: 3 },
      );
      return [1, 2, 3].map((k) => responses.filter((value) => value === k).length);
    };
    expect(shares(1000)).toEqual(shares(0));
  });

  it.each<[string, string, Omit<FormulaOptions, 'family'>, Record<string, (number | string)[]>, RegExp]>([
    [
      'one-level',
      'r ~ x',
      {},
      { r: ['a', 'a'], x: [1, 2] },
      /^response r is "a" in every row; an ordered answer has two levels or more$/,
    ],
    [
      'unknown-level',
      'r ~ x',
      { levels: ['a', 'b'] },
      { r: ['a', 'c', 'b'], x: [1, 2, 3] },
      /^response r is "c" in row 2 of rows, which is not among the levels "a", "b"$/,
    ],
    [
      'invalid-node',
      'r ~ x',
      { levels: ['a', 'a'] },
      { r: ['a', 'b'], x: [1, 2] },
      /lowest first, each once: "a" stands twice$/,
    ],
    ['formula-syntax', 'r ~ 0 + x', {}, { r: ['a', 'b'], x: [1, 2] }, /thresholds in place of an intercept/],
    [
      'formula-syntax',
      'r | trials(x) ~ x',
      {},
      { r: ['a', 'b'], x: [1, 2] },
      /trials\(\.\.\.\) belongs to the families binomialLogit/,
    ],
    ['unknown-prior', 'r ~ x', { priors: { sigma: halfNormal(1) } }, { r: ['a', 'b'], x: [1, 2] }, /has no "sigma"/],
    [
      'wrong-parent',
      'r ~ x',
      { priors: { threshold: flat() as never } },
      { r: ['a', 'b'], x: [1, 2] },
      /accepted: a proper prior of the thresholds: normal\(mean, sd\)$/,
    ],
    [
      'separation',
      'r ~ x',
      { priors: { beta: flat() } },
      { r: ['a', 'a', 'b', 'b'], x: [-2, -1, 1, 2] },
      /^response r: x predicts every response/,
    ],
  ])('refuses what has no answer: %s, %s', (code, text, options, rows, message) => {
    const fault = faultOf(() => plan(model(text, options), rows));
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
  });

  it('keeps its levels to itself', () => {
    expect(faultOf(() => formula('y ~ x', { family: 'poisson', levels: [1, 2] })).message).toMatch(
      /^formula: levels belong to the families ordinal/,
    );
    expect(faultOf(() => formula('y ~ x', { family: 'poisson', priors: { threshold: normal(0, 1) } })).code).toBe(
      'unknown-prior',
    );
  });
});
