import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { Design } from '../../src/design/design.ts';
import { families, familyOf } from '../../src/families/familyOf.ts';
import { formula } from '../../src/formula/formula.ts';
import { cells } from '../../src/products/cells.ts';
import { cellRows, familyRows, fillRows, simulateRows } from '../../src/products/familyRows.ts';
import { createRng } from '../../src/random/rng.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { handDesign } from '../oracle/handDesign.ts';

type Golden = readonly [y: number, trials: number, eta: number, ...values: number[]];

const golden: Readonly<Record<'binomialLogit' | 'bernoulliProbit', readonly Golden[]>> = JSON.parse(
  readFileSync(new URL('../fixtures/families/derivatives.json', import.meta.url), 'utf8'),
);

const relative = (value: number, truth: number): number => Math.abs(value - truth) / Math.max(Math.abs(truth), 1e-290);

describe.each(['binomialLogit', 'bernoulliProbit'] as const)('%s', (name) => {
  const family = families[name];
  // Rounding: a few units in the last place; near z = -4 the probit's closed form loses digits, up to 1e-10 in the
  // third derivative.
  const tolerance = name === 'binomialLogit' ? [1e-13, 1e-14, 1e-14, 1e-14] : [1e-13, 1e-12, 1e-12, 1e-10];

  it('agrees with 400-digit arithmetic in the log-likelihood and three derivatives for |eta| up to 700', () => {
    const out = new Float64Array(4);
    let checked = 0;
    for (const [y, trials, eta, ...truth] of golden[name]) {
      family.derivatives(y, trials, eta, 1, out);
      const found = [family.logLik(y, trials, eta, 1), out[1]!, out[2]!, out[3]!];
      for (const [d, value] of found.entries()) expect(relative(value, truth[d]!)).toBeLessThan(tolerance[d]!);
      expect(relative(out[0]! + family.logConstant(y, trials), truth[0]!)).toBeLessThan(1e-12);
      checked += 1;
    }
    expect(checked).toBe(154);
  });

  it('is a certainty, not a NaN, where the tail that no trial fell in is beyond all numbers', () => {
    const out = new Float64Array(4).fill(7);
    for (const [y, eta] of [
      [3, 1e200],
      [0, -1e200],
    ] as const) {
      family.derivatives(y, 3, eta, 1, out);
      expect([...out].map(Math.abs)).toEqual([0, 0, 0, 0]);
      expect(family.logLik(y, 3, eta, 1)).toBe(0);
    }
  });

  it('gives probabilities that sum to 1, and their mean and variance', () => {
    for (const eta of [-3, -0.4, 0, 1.7]) {
      for (const n of [1, 4, 150]) {
        let total = 0;
        let mean = 0;
        let square = 0;
        for (let y = 0; y <= n; y++) {
          const p = Math.exp(family.logLik(y, n, eta, 1));
          total += p;
          mean += p * y;
          square += p * y * y;
        }
        expect(relative(total, 1)).toBeLessThan(1e-12);
        expect(relative(mean, n * family.mean(eta))).toBeLessThan(1e-12);
        expect(relative(square - mean * mean, family.variance(n, eta, 1))).toBeLessThan(1e-10);
      }
    }
  });

  it('has a link that undoes the mean', () => {
    for (const eta of [-30, -5, -0.1, 0, 2, 5]) {
      expect(family.linkOf(family.mean(eta))).toBeCloseTo(eta, 9);
      expect(family.mean(eta) + family.mean(-eta)).toBeCloseTo(1, 15);
    }
  });

  it('simulates counts of the right distribution: chi-square at 1e-4 over 20 000 draws each', () => {
    const rng = createRng([4001]);
    for (const [n, eta] of [
      [1, -2],
      [12, 0.3],
      [60, -2.5],
      [60, 1.1],
    ] as const) {
      const draws = 20000;
      const counts = new Float64Array(n + 1);
      for (let s = 0; s < draws; s++) counts[family.simulate(n, eta, 1, rng)]! += 1;
      let statistic = 0;
      let bins = 0;
      let pooledSeen = 0;
      let pooledExpected = 0;
      for (let y = 0; y <= n; y++) {
        pooledSeen += counts[y]!;
        pooledExpected += draws * Math.exp(family.logLik(y, n, eta, 1));
        if (pooledExpected < 20 && y < n) continue;
        statistic += (pooledSeen - pooledExpected) ** 2 / Math.max(pooledExpected, 1e-12);
        bins += 1;
        pooledSeen = 0;
        pooledExpected = 0;
      }
      // Wilson & Hilferty: the 1 - 1e-4 quantile of chi-square with bins degrees of freedom, one more than it has.
      const quantile = bins * (1 - 2 / (9 * bins) + 3.72 * Math.sqrt(2 / (9 * bins))) ** 3;
      expect(statistic).toBeLessThan(quantile);
    }
  });
});

describe('gaussian', () => {
  const { gaussian } = families;

  it('is the normal density with variance sigma^2 / size, and its derivatives, over whatever the array held', () => {
    const out = new Float64Array(4).fill(7);
    gaussian.derivatives(2.5, 4, 1, 0.8, out);
    const variance = 0.64 / 4;
    expect(gaussian.variance(4, 1, 0.8)).toBeCloseTo(variance, 15);
    expect(gaussian.logLik(2.5, 4, 1, 0.8)).toBeCloseTo(
      -0.5 * Math.log(2 * Math.PI * variance) - 1.5 ** 2 / 2 / variance,
      13,
    );
    expect(out[0]! + gaussian.logConstant(2.5, 4)).toBeCloseTo(gaussian.logLik(2.5, 4, 1, 0.8), 13);
    expect([...out.slice(1)]).toEqual([expect.closeTo(1.5 / variance, 13), expect.closeTo(1 / variance, 13), 0]);
  });

  it('simulates with the mean and the variance it states', () => {
    const rng = createRng([4002]);
    const draws = Float64Array.from({ length: 20000 }, () => gaussian.simulate(4, 1, 0.8, rng));
    const mean = draws.reduce((sum, y) => sum + y, 0) / draws.length;
    const variance = draws.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (draws.length - 1);
    // 4 standard errors.
    expect(Math.abs(mean - 1)).toBeLessThan((4 * 0.4) / Math.sqrt(20000));
    expect(Math.abs(variance / 0.16 - 1)).toBeLessThan(4 * Math.sqrt(2 / 20000));
  });
});

describe('rows of a family', () => {
  const eta = Float64Array.of(0.3, -1.2, 2, 0.3);
  const X = [[1], [1], [1], [1]];

  it('weigh counts as equal rows and gaussian weights as precisions', () => {
    const counted = handDesign({
      family: 'binomialLogit',
      y: [1, 0, 3, 2],
      trials: [1, 2, 4, 5],
      weights: [3, 1, 2, 1],
      X,
    });
    const rows = familyRows(counted);
    expect(rows.family).toBe(familyOf(counted));
    const logLik = new Float64Array(4);
    const score = new Float64Array(4);
    const weight = new Float64Array(4);
    const third = new Float64Array(4);
    const total = fillRows(rows, eta, 1, { logLik, score, weight, third });
    const { binomialLogit } = families;
    expect(logLik[0]).toBeCloseTo(3 * binomialLogit.logLik(1, 1, 0.3, 1), 14);
    expect(logLik[2]).toBeCloseTo(2 * binomialLogit.logLik(3, 4, 2, 1), 14);
    expect(total).toBeCloseTo(
      logLik.reduce((sum, value) => sum + value, 0),
      13,
    );
    const h = 1e-5;
    const at = (e: number) => binomialLogit.logLik(3, 4, e, 1);
    // Central differences: error h^2 and rounding / h.
    expect(score[2]).toBeCloseTo((2 * (at(2 + h) - at(2 - h))) / (2 * h), 7);
    expect(weight[2]).toBeCloseTo((-2 * (at(2 + h) - 2 * at(2) + at(2 - h))) / h ** 2, 4);
    const single = new Float64Array(4);
    binomialLogit.derivatives(3, 4, 2, 1, single);
    expect(third[2]).toBe(2 * single[3]!);
    const normal = familyRows(handDesign({ y: [1, 0, 3, 2], weights: [3, 1, 2, 1], X }));
    expect([...normal.size]).toEqual([3, 1, 2, 1]);
    expect([...normal.copies]).toEqual([1, 1, 1, 1]);
    expect(fillRows(normal, eta, 0.5, {})).toBeCloseTo(
      [0, 1, 2, 3].reduce(
        (sum, i) => sum + families.gaussian.logLik([1, 0, 3, 2][i]!, [3, 1, 2, 1][i]!, eta[i]!, 0.5),
        0,
      ),
      12,
    );
  });

  it.each(['binomialLogit', 'bernoulliProbit'] as const)(
    'of merged cells have the log-likelihood of the rows: %s',
    (family) => {
      const y = [1, 0, 1, 1, 0, 1, 0, 0, 1, 1];
      const x = [1, 1, 2, 1, 1, 2, 2, 2, 3, 1];
      const weights = [1, 2, 1, 5, 1, 1, 1, 3, 1, 1];
      const design: Design = handDesign({ family, y, weights, X: x.map((value) => [1, value]) });
      const merged = cells(design);
      expect(merged.design.n).toBe(3);
      const line = (of: Design) => Float64Array.from({ length: of.n }, (_, i) => 0.4 - 0.9 * of.X[2 * i + 1]!);
      const whole = fillRows(familyRows(design), line(design), 1, {});
      const logLik = new Float64Array(3);
      const total = fillRows(cellRows(design, merged), line(merged.design), 1, { logLik });
      expect(relative(total, whole)).toBeLessThan(1e-14);
      expect(logLik[2]).toBeCloseTo(families[family].logLik(1, 1, 0.4 - 2.7, 1), 14);
    },
  );

  it('are simulated one by one with their trials', () => {
    const design = handDesign({ family: 'binomialLogit', y: [1, 0, 3, 2], trials: [1, 2, 4, 5], X });
    const out = new Float64Array(4);
    simulateRows(familyRows(design), Float64Array.of(800, -800, 800, -800), 1, createRng([1]), out);
    expect([...out]).toEqual([1, 0, 4, 0]);
  });
});

describe('a binomial model of a published data set', () => {
  it("has the log-likelihood that R's glm reports at its estimates: cbpp, incidence of size by period", () => {
    const table = fixtureFrame('cbpp');
    const text = 'incidence | trials(size) ~ factor(period)';
    const design = buildDesign(formula(text, { family: 'binomial' }), { rows: table });
    // coef(glm(cbind(incidence, size - incidence) ~ period, binomial, cbpp)) and its logLik, of R 4.
    const estimates = [-1.26902348936715, -1.17076272514038, -1.30140533385901, -1.78227863534165];
    const at = (of: Design) =>
      Float64Array.from({ length: of.n }, (_, i) =>
        estimates.reduce((sum, value, k) => sum + value * of.X[i * of.p + k]!, 0),
      );
    const score = new Float64Array(design.n);
    expect(fillRows(familyRows(design), at(design), 1, { score })).toBeCloseTo(-99.0291994893634, 10);
    for (let k = 0; k < 4; k++) {
      // glm stops when the deviance has settled to 1e-8, which leaves the score at about the root of that.
      expect(score.reduce((sum, value, i) => sum + value * design.X[i * 4 + k]!, 0)).toBeCloseTo(0, 4);
    }
    const merged = cells(design);
    expect(merged.design.n).toBe(4);
    expect(fillRows(cellRows(design, merged), at(merged.design), 1, {})).toBeCloseTo(-99.0291994893634, 10);
  });
});
