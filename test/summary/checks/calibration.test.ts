import { describe, expect, it } from 'vitest';
import { isotonic } from '../../../diagnostics/isotonic.ts';
import { relativeEfficiency } from '../../../diagnostics/logLikelihood.ts';
import { psis } from '../../../diagnostics/psis.ts';
import {
  type Calibration,
  calibration,
  createRng,
  type Fit,
  formula,
  logLikelihood,
  normal,
  sampleSync,
} from '../../../src/index.ts';

const rng = createRng([31]);
const n = 120;
const x = Array.from({ length: n }, () => rng.normal());
const g = x.map((_, i) => `g${i % 12}`);
const inverse = (eta: number) => 1 / (1 + Math.exp(-eta));
const yes: number[] = x.map((value, i) => (rng.uniform() < inverse(0.3 + 1.2 * value + 0.1 * (i % 12) - 0.6) ? 1 : 0));
const SHORT = { chains: 2, warmup: 20, iterations: 20, seed: 4 };
const options = { chains: 2, warmup: 100, iterations: 100, seed: 4 };
const rows = { yes, x, g, count: x.map((_, i) => (i % 5 === 0 ? 0 : 4 + (i % 7))) };
const fit = sampleSync(formula('yes ~ x + (1 | g)', { family: 'binomial' }), { rows }, options);
const [own] = calibration(fit);

/** Leave-one-out probabilities of 0/1 rows by hand: those of the draws, weighted by psis of 1 / p(y). */
function leftOut(of: Fit, deviation: (i: number, s: number) => number): number[] {
  const { values, draws: S, chains, observations } = logLikelihood(of);
  const beta = of.draws.variables.find(({ name }) => name === 'beta')!.offset;
  const { X, p } = of.design;
  return Array.from({ length: observations }, (_, i) => {
    const logLik = Float64Array.from({ length: S }, (_, s) => values[s * observations + i]!);
    const [efficiency] = relativeEfficiency({ values: logLik, draws: S, observations: 1, chains });
    const { logWeights } = psis(
      logLik.map((value) => -value),
      efficiency!,
    );
    let sum = 0;
    for (let s = 0; s < S; s += 1) {
      let eta = deviation(i, s);
      for (let k = 0; k < p; k += 1) eta += X[i * p + k]! * of.draws.values[(beta + k) * S + s]!;
      sum += Math.exp(logWeights[s]!) * inverse(eta);
    }
    return sum;
  });
}

describe('calibration', () => {
  it('has the probabilities of leave-one-out, the isotonic fit on them, and Brier scores', () => {
    const { index } = fit.design.groupTerms[0]!;
    const u = fit.draws.variables.find(({ name }) => name === 'u_g')!.offset;
    const draws = logLikelihood(fit).draws;
    const expected = leftOut(fit, (i, s) => fit.draws.values[(u + index[i]!) * draws + s]!);
    const sorted = [...expected].sort((a, b) => a - b);
    own!.probabilities.forEach((p, i) => {
      expect(p).toBeCloseTo(sorted[i]!, 10);
    });
    const order = expected.map((_, i) => i).sort((a, b) => expected[a]! - expected[b]!);
    const outcomes = order.map((i) => yes[i]!);
    const curve = isotonic(
      outcomes,
      outcomes.map(() => 1),
    );
    const brier = (of: (k: number) => number) => outcomes.reduce((sum, y, k) => sum + (y - of(k)) ** 2, 0) / n;
    expect(own!.brier).toBeCloseTo(
      brier((k) => sorted[k]!),
      10,
    );
    expect(own!.miscalibration).toBeCloseTo(brier((k) => sorted[k]!) - brier((k) => curve[k]!), 10);
    for (const { probability, share } of own!.curve) {
      const k = sorted.findIndex((p) => Math.abs(p - probability) < 1e-9);
      expect(share).toBeCloseTo(curve[k]!, 10);
    }
  });

  it('finds nothing where the model made the data, and counts that are not of its family', () => {
    expect(own!.p).toBeGreaterThan(0.05);
    const inside = own!.curve.filter(({ share, q5, q95 }) => share >= q5 && share <= q95).length;
    expect(inside / own!.curve.length).toBeGreaterThan(0.7);
    // Counts that do not depend on x at all, and fewer zeros than their mean has in no Poisson model.
    const counts = sampleSync(formula('count ~ x + (1 | g)', { family: 'poisson' }), { rows }, options);
    const found = calibration(counts);
    expect(found.map(({ above }) => above)).toEqual([0, 6]);
    expect(found[0]!.p).toBeLessThan(0.02);
  });

  it('is of each level but the last of ordered answers, of weights as of the rows they stand for, and of no numbers', () => {
    const answer = x.map((value) => (value < -0.5 ? 'a' : value < 0.5 ? 'b' : 'c'));
    const ordered = sampleSync(
      formula('answer ~ 1 + (1 | g)', { family: 'ordinal', levels: ['a', 'b', 'c'] }),
      { rows: { answer, g } },
      { ...options, warmup: 60, iterations: 40 },
    );
    expect(calibration(ordered).map(({ above, probabilities }) => [above, probabilities.length])).toEqual([
      [0, n],
      [1, n],
    ]);
    const few: Readonly<Record<'y' | 'w' | 'x', number[]>> = {
      y: [0, 1, 1, 0, 1, 1],
      w: [2, 1, 3, 1, 2, 1],
      x: [0, 1, 2, 0, 1, 2],
    };
    const short = { ...options, warmup: 60, iterations: 40 };
    const weighted = sampleSync(formula('y | weights(w) ~ x', { family: 'binomial' }), { rows: few }, short);
    const p = leftOut(weighted, () => 0);
    const squares = p.reduce((sum, value, i) => sum + few.w[i]! * (few.y[i]! - value) ** 2, 0);
    expect(calibration(weighted)[0]!.brier).toBeCloseTo(squares / 10, 10);
    const numbers = sampleSync(formula('x ~ 1 + (1 | g)'), { rows: { x, g } }, short);
    expect(calibration(numbers)).toEqual([]);
  });

  it('of beta-binomial rows has a band as wide as data sets of the model are far from their probabilities', () => {
    // 12 data sets from 1 / (1 + exp(-0.2 - 0.7 x)), 30 trials, precision 3, by their definition; the model knows both.
    const data = createRng([32]);
    const trials = 30;
    const precision = 3;
    let low = 0;
    let far = 0;
    let ratio = 0;
    for (let set = 0; set < 12; set += 1) {
      const y = x.map((value) => {
        const mu = inverse(0.2 + 0.7 * value);
        const a = data.gamma(mu * precision, 1);
        const chance = a / (a + data.gamma((1 - mu) * precision, 1));
        let sum = 0;
        for (let t = 0; t < trials; t += 1) sum += data.uniform() < chance ? 1 : 0;
        return sum;
      });
      const graph = formula('y | trials(n) ~ 0 + z', {
        family: 'betaBinomial',
        precision,
        priors: { beta: normal(1, 1e-3) },
      });
      const z = x.map((value) => 0.2 + 0.7 * value);
      const known = sampleSync(graph, { rows: { y, z, n: x.map(() => trials) } }, SHORT);
      const [{ p, miscalibration, expected }] = calibration(known) as [Calibration];
      low += p < 0.1 ? 1 : 0;
      far += p > 0.9 ? 1 : 0;
      ratio += miscalibration / expected / 12;
    }
    // p is uniform: of 12 the tenth at each end has 1.2, and 6 or more with a chance of 0.0005.
    expect(low).toBeLessThan(6);
    expect(far).toBeLessThan(6);
    // A miscalibration has a relative sd of 0.5 about: 4 sds of the mean of 12.
    expect(Math.abs(ratio - 1)).toBeLessThan(0.6);
  });
});
