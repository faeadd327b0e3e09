import { describe, expect, it } from 'vitest';
import { loo } from '../../diagnostics/loo.ts';
import { formula } from '../../src/formula/formula.ts';
import { halfNormal, normal } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { compare } from '../../src/summary/comparison/compare.ts';
import { compareGroups } from '../../src/summary/comparison/compareGroups.ts';
import { logLikelihood } from '../../src/summary/comparison/logLikelihood.ts';
import { sigma, varCorr } from '../../src/summary/estimates.ts';
import { icc } from '../../src/summary/icc.ts';
import { shrinkage } from '../../src/summary/pooling/shrinkage.ts';
import { predict } from '../../src/summary/prediction/predict.ts';
import { simulate } from '../../src/summary/prediction/simulate.ts';
import { simulatePrior } from '../../src/summary/prediction/simulatePrior.ts';
import { drawOf, syntheticFit } from './syntheticFit.ts';
import { herds, inverseLogit, voters } from './voterData.ts';

const logit = { family: 'binomialLogit' } as const;
const probit = { family: 'bernoulliProbit' } as const;
const model = formula('vote ~ income + avg + (1 + income | state)', logit);
const fit = syntheticFit(model, voters);
const counted = syntheticFit(formula('sick | trials(size) ~ period + (1 | herd)', logit), herds, {
  chains: 4,
  iterations: 2500,
});
const S = 50;

/** eta of a voter in state number j (c, say, is 2), draw by draw. */
const eta = (income: number, avg: number, j: number, s: number): number =>
  drawOf(fit, 'beta', 0, s) +
  income * drawOf(fit, 'beta', 1, s) +
  avg * drawOf(fit, 'beta', 2, s) +
  drawOf(fit, 'u_state', 2 * j, s) +
  income * drawOf(fit, 'u_state', 2 * j + 1, s);

describe('predict of a logit model', () => {
  it('gives the mean probability of a state the fit knows, its linear predictor and its odds by kind', () => {
    const row = [{ income: 1.5, state: 'c' }];
    const linear = predict(fit, row, { kind: 'linear', draws: true }).draws!;
    const mean = predict(fit, row, { draws: true }).draws!;
    const odds = predict(fit, row, { kind: 'odds', draws: true }).draws!;
    for (let s = 0; s < S; s++) {
      const expected = eta(1.5, 0.2, 2, s);
      expect(linear[s]!).toBeCloseTo(expected, 12);
      expect(mean[s]!).toBeCloseTo(inverseLogit(expected), 14);
      expect(odds[s]! / Math.exp(expected)).toBeCloseTo(1, 12);
    }
    // The mean of the probabilities, not the probability at the mean.
    const average = mean.reduce((sum, value) => sum + value / S, 0);
    expect(predict(fit, row).rows[0]!['mean']).toBeCloseTo(average, 14);
  });

  it('has a new state on its line with the spread of states, and the line alone by option', () => {
    const rows = { rows: { income: [1], state: ['zz'] }, groups: { state: { state: ['zz'], avg: [0.3] } } };
    const line = predict(fit, rows, { newGroups: 'population', draws: true }).draws!;
    const none = predict(fit, { income: [1], avg: [0.3] }, { groups: 'none', draws: true }).draws!;
    for (let s = 0; s < S; s++) {
      const expected = drawOf(fit, 'beta', 0, s) + drawOf(fit, 'beta', 1, s) + 0.3 * drawOf(fit, 'beta', 2, s);
      expect(line[s]!).toBeCloseTo(inverseLogit(expected), 14);
      expect(none[s]!).toBeCloseTo(inverseLogit(expected), 14);
    }
    const drawn = predict(fit, rows, { draws: true }).draws!;
    expect(drawn.every((p) => p > 0 && p < 1)).toBe(true);
    expect(drawn).not.toEqual(line);
  });

  it('draws counts among the trials of a row, one where newdata has none, with the mean n p', () => {
    const table = { period: [1, 2], herd: ['h2', 'h3'], size: [30, 7] };
    const counts = predict(counted, table, { kind: 'response', draws: true }).draws!;
    const p = predict(counted, table, { draws: true }).draws!;
    const draws = 10000;
    for (const [i, n] of [30, 7].entries()) {
      let score = 0;
      let information = 0;
      for (let s = 0; s < draws; s++) {
        const count = counts[i * draws + s]!;
        expect(Number.isInteger(count) && count >= 0 && count <= n).toBe(true);
        score += count - n * p[i * draws + s]!;
        information += n * p[i * draws + s]! * (1 - p[i * draws + s]!);
      }
      // Two sums of independent binomial errors; 4.5 standard errors.
      expect(Math.abs(score) / Math.sqrt(information)).toBeLessThan(4.5);
    }
    const one = predict(counted, { period: [1], herd: ['h2'] }, { kind: 'response', draws: true }).draws!;
    expect(new Set(one)).toEqual(new Set([0, 1]));
    for (const [size, message] of [
      [0, /the number of trials size is 0 in row 1 of newdata; .* whole number of 1 or more/],
      [2.5, /the number of trials size is 2\.5 in row 1 of newdata/],
    ] as const) {
      const wrong = { period: [1], herd: ['h2'], size: [size] };
      expect(() => predict(counted, wrong, { kind: 'response' })).toThrow(message);
    }
  });

  it('refuses the odds of a gaussian response and kinds that are none', () => {
    const gaussian = syntheticFit(formula('income ~ vote + (1 | state)'), voters);
    expect(() => predict(gaussian, undefined, { kind: 'odds' })).toThrow(/'odds' is of a logit or probit model/);
    expect(predict(gaussian, undefined, { kind: 'linear' }).rows).toEqual(predict(gaussian).rows);
    expect(() => predict(fit, undefined, { kind: 'probability' })).toThrow(
      "'mean' has the probability of success of a logit or probit model",
    );
    expect(() => predict(fit, undefined, { kind: 'share' as 'mean' })).toThrow(
      "kind: got \"share\"; accepted is 'mean', 'rate', 'probability', 'linear', 'odds' or 'response'",
    );
  });
});

describe('the log-likelihood of the rows', () => {
  it('is that of each row as given: 0/1, or a count with its binomial coefficient', () => {
    const { values, observations } = logLikelihood(fit);
    expect(observations).toBe(16);
    const states = ['a', 'b', 'c', 'd'];
    for (const s of [0, 23, 49]) {
      voters.rows.vote.forEach((y, i) => {
        const j = states.indexOf(voters.rows.state[i]!);
        const p = inverseLogit(eta(voters.rows.income[i]!, voters.groups.state.avg[j]!, j, s));
        expect(values[s * 16 + i]!).toBeCloseTo(Math.log(y === 1 ? p : 1 - p), 11);
      });
    }
    const ofHerds = logLikelihood(counted);
    const p = predict(counted, undefined, { draws: true }).draws!;
    const logChoose = (n: number, k: number): number => {
      let sum = 0;
      for (let m = 0; m < k; m++) sum += Math.log((n - m) / (m + 1));
      return sum;
    };
    for (const s of [0, 4321]) {
      herds.rows.sick.forEach((y, i) => {
        const n = herds.rows.size[i]!;
        const q = p[i * 10000 + s]!;
        const expected = logChoose(n, y) + y * Math.log(q) + (n - y) * Math.log1p(-q);
        expect(ofHerds.values[s * 8 + i]!).toBeCloseTo(expected, 9);
      });
    }
    expect(Number.isFinite(loo(logLikelihood(fit)).elpd.estimate)).toBe(true);
  });

  it('counts a row as often as its weight, and equals the log-likelihood of the rows written out', () => {
    const weighted = syntheticFit(formula('vote | weights(w) ~ 1', logit), {
      rows: { vote: [1, 0, 1], w: [2, 3, 1] },
    });
    const { values } = logLikelihood(weighted);
    const p = inverseLogit(drawOf(weighted, 'beta', 0, 7));
    expect(values[7 * 3]!).toBeCloseTo(2 * Math.log(p), 12);
    expect(values[7 * 3 + 1]!).toBeCloseTo(3 * Math.log(1 - p), 12);
  });
});

describe('simulation', () => {
  it('replicates counts at the draws', () => {
    const { responses, draws } = simulate(counted, { draws: 10000 });
    const p = predict(counted, undefined, { draws: true }).draws!;
    let score = 0;
    let information = 0;
    for (let i = 0; i < 8; i++) {
      const n = herds.rows.size[i]!;
      for (let s = 0; s < draws; s++) {
        score += responses[i * draws + s]! - n * p[i * draws + s]!;
        information += n * p[i * draws + s]! * (1 - p[i * draws + s]!);
      }
    }
    // One sum of independent binomial errors; 4.5 standard errors.
    expect(Math.abs(score) / Math.sqrt(information)).toBeLessThan(4.5);
    expect(responses.every((count, at) => count >= 0 && count <= herds.rows.size[Math.floor(at / draws)]!)).toBe(true);
  });

  it('draws from the default priors: the linear predictor at the centre of the columns has sd 10', () => {
    const draws = 20000;
    const { parameters, design, priors, responses } = simulatePrior(formula('vote ~ income + avg', logit), voters, {
      draws,
      seed: 3,
    });
    expect(design.p).toBe(3);
    const centre = priors.beta.combinations!.subarray(0, 3);
    const value = (k: number, s: number): number => parameters.values[k * draws + s]!;
    let alpha2 = 0;
    let alphaSlope = 0;
    let slope2 = 0;
    for (let s = 0; s < draws; s++) {
      const alpha = value(0, s) + centre[1]! * value(1, s) + centre[2]! * value(2, s);
      alpha2 += (alpha / 10) ** 2 / draws;
      const slope = value(1, s) / priors.beta.sd[1]!;
      slope2 += slope ** 2 / draws;
      alphaSlope += (alpha / 10) * slope;
    }
    // Squares of standard normals: mean 1, sd sqrt(2); products of two: mean 0, sd 1. 4.5 standard errors.
    const limit = 4.5 / Math.sqrt(draws);
    expect(Math.abs(alpha2 - 1)).toBeLessThan(limit * Math.SQRT2);
    expect(Math.abs(slope2 - 1)).toBeLessThan(limit * Math.SQRT2);
    expect(Math.abs(alphaSlope / draws)).toBeLessThan(limit);
    expect(new Set(responses)).toEqual(new Set([0, 1]));
  });
});

describe('variance components', () => {
  it('have the intraclass correlation of the latent scale, pi^2 / 3 for logit and 1 for probit, and no residual sd', () => {
    const normalFit = syntheticFit(formula('vote ~ income + (1 | state)', probit), voters);
    for (const [each, variance] of [
      [fit, Math.PI ** 2 / 3],
      [normalFit, 1],
    ] as const) {
      let expected = 0;
      for (let s = 0; s < S; s++) {
        const tau2 = drawOf(each, 'tau_state', 0, s) ** 2;
        expected += tau2 / (tau2 + variance) / S;
      }
      expect(icc(each)[0]!.estimate).toBeCloseTo(expected, 13);
    }
    expect(sigma(fit)).toEqual({ estimate: null, se: null, reason: 'a logit model has no residual sd' });
    expect(sigma(normalFit).reason).toBe('a probit model has no residual sd');
    expect(varCorr(fit).some((row) => row.factor === 'Residual')).toBe(false);
    const ml = maximumLikelihood(formula('sick | trials(size) ~ 1 + (1 | herd)', logit), herds);
    const tau2 = ml.groups[0]!.tau[0]! ** 2;
    expect(icc(ml)[0]!.estimate).toBeCloseTo(tau2 / (tau2 + Math.PI ** 2 / 3), 13);
  });
});

describe('shrinkage of a logit model', () => {
  const intercepts = syntheticFit(formula('vote ~ 1 + (1 | state)', logit), voters);

  it('has the log odds of each state beside the model, none where all vote alike, and says why', () => {
    const { rows } = shrinkage(intercepts, 'state');
    // Successes of a: 3 of 5, b: 1 of 4, c: 2 of 4, d: 3 of 3; e stands only in its table.
    expect(rows.map((row) => [row.level, row.n])).toEqual([
      ['a', 5],
      ['b', 4],
      ['c', 4],
      ['d', 3],
      ['e', 0],
    ]);
    [3 / 2, 1 / 3, 1].forEach((ratio, j) => {
      expect(rows[j]!.noPooling).toBeCloseTo(Math.log(ratio), 8);
    });
    // 1 / (n p (1 - p)).
    expect(rows[1]!.noPoolingSe).toBeCloseTo(Math.sqrt(1 / (4 * (1 / 4) * (3 / 4))), 8);
    expect(rows[3]).toMatchObject({ noPooling: null, noPoolingSe: null });
    expect(rows[3]!.reason).toMatch(/^separated in d: all its 3 outcomes are successes$/);
    for (const row of rows) expect(row.completePooling).toBeCloseTo(Math.log(9 / 7), 8);
    expect(JSON.stringify(rows)).not.toMatch(/Infinity|NaN/);
  });

  it('weighs the line by the posterior mean of the binomial weights', () => {
    const { rows } = shrinkage(intercepts, 'state');
    rows.forEach((row, j) => {
      let omega = 0;
      for (let s = 0; s < S; s++) {
        const p = inverseLogit(drawOf(intercepts, 'beta', 0, s) + drawOf(intercepts, 'u_state', j, s));
        omega += (row.n * p * (1 - p)) / S;
      }
      let weight = 0;
      for (let s = 0; s < S; s++) weight += 1 / (1 + drawOf(intercepts, 'tau_state', 0, s) ** 2 * omega) / S;
      expect(row.shrinkageWeight).toBeCloseTo(weight, 12);
    });
  });

  it('leaves a state without voters on its line, and counts trials and weights', () => {
    const table = shrinkage(fit, 'state').rows.filter((row) => row.level === 'e');
    expect(table[0]).toMatchObject({ n: 0, noPooling: null, reason: 'e has no rows', shrinkageWeight: 1 });
    const { rows } = shrinkage(counted, 'herd');
    expect(rows.map((row) => row.n)).toEqual([26, 14, 40, 17]);
    const result = shrinkage(
      maximumLikelihood(formula('sick | trials(size) ~ period + (1 | herd)', logit), herds),
      'herd',
    );
    expect(result.rows.every((row) => row.q5 < row.partialPooling && row.partialPooling < row.q95)).toBe(true);
  });

  it('has no complete pooling where the rows are separated as a whole', () => {
    const data = { rows: { y: [0, 0, 0, 1, 1, 1], x: [1, 2, 3, 4, 5, 6], g: ['a', 'a', 'b', 'b', 'c', 'c'] } };
    const { rows } = shrinkage(syntheticFit(formula('y ~ x + (1 | g)', logit), data), 'g');
    expect(rows.map((row) => row.completePooling)).toEqual([null, null, null]);
  });
});

describe('compare with a likelihood fit', () => {
  it('judges the pull on the intercept at the centre of the columns', () => {
    // Income about 1000: an intercept at income 0 is far outside normal(0, 10), the predictor at the centre is not.
    const rows = { ...voters.rows, income: voters.rows.income.map((value) => 1000 + value) };
    const graph = formula('vote ~ income', logit);
    const far = syntheticFit(graph, { rows });
    const { rows: compared } = compare(far, maximumLikelihood(graph, { rows }));
    expect(compared.map((row) => row.parameter)).toEqual(['beta[Intercept]', 'beta[income]']);
    expect(Math.abs(compared[0]!.ml!)).toBeGreaterThan(100);
    expect(compared[0]!.reason ?? '').not.toMatch(/weight of the prior/);
  });

  it('sets deviations and weights of both engines side by side', () => {
    const graph = formula('sick | trials(size) ~ period + (1 | herd)', {
      ...logit,
      priors: { beta: normal(0, 5), Sigma_herd: halfNormal(1) },
    });
    const draws = syntheticFit(graph, herds);
    const ml = maximumLikelihood(graph, herds);
    const { method, rows } = compareGroups(draws, ml, 'herd');
    expect(method).toBe('laplace');
    const tau = ml.groups[0]!.tau[0]!;
    rows.forEach((row, j) => {
      let information = 0;
      for (let i = 0; i < 8; i++) {
        if (ml.design.groupTerms[0]!.index[i] !== j) continue;
        const p = ml.fitted[i]!;
        information += herds.rows.size[i]! * p * (1 - p);
      }
      expect(row.shrinkageWeightMl).toBeCloseTo(1 / (1 + tau * tau * information), 10);
    });
  });
});
