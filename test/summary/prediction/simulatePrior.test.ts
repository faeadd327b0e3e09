import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import {
  exponential,
  flat,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  normal,
  type Prior,
  separation,
  uniform,
} from '../../../src/graph/priors.ts';
import { simulatePrior } from '../../../src/summary/prediction/simulatePrior.ts';

const data = {
  rows: {
    y: [1, 2, 4, 3, 5, 7, 6, 8],
    x: [0, 1, 0, 1, 2, 0, 1, 3],
    v: [1, 0, 2, 1, 0, 1, 2, 0],
    g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'],
  },
};
const D = 20000;

/** Draws of one scalar, by variable and position. */
function draws(text: string, priors: Record<string, Prior>, variable: string, position = 0): Float64Array {
  const { parameters } = simulatePrior(formula(text, { priors }), data, { draws: D, seed: 4 });
  const { offset } = parameters.variables.find(({ name }) => name === variable)!;
  return parameters.values.subarray((offset + position) * D, (offset + position + 1) * D);
}

/** Share of draws below `at` less the probability, in standard errors. */
function z(values: Float64Array, at: number, probability: number): number {
  const share = values.reduce((count, value) => count + (value < at ? 1 : 0), 0) / values.length;
  return Math.abs(share - probability) / Math.sqrt((probability * (1 - probability)) / values.length);
}

// 14 shares in all: 4 standard errors are below 0.1% family-wise.
const LIMIT = 4;

describe('simulatePrior', () => {
  it('draws coefficients and single sds from their priors, judged by known quantiles', () => {
    const base = { beta: normal(0, 1), sigma: halfNormal(1) };
    const sigma = (prior: Prior) => draws('y ~ 1 + (1 | g)', { ...base, sigma: prior }, 'sigma');
    expect(
      z(draws('y ~ x + (1 | g)', { ...base, 'beta[x]': normal(3, 2) }, 'beta', 1), 5, 0.8413447460685429),
    ).toBeLessThan(LIMIT);
    expect(z(sigma(halfNormal(2)), 2, 0.6826894921370859)).toBeLessThan(LIMIT);
    expect(z(sigma(halfCauchy(2)), 2, 0.5)).toBeLessThan(LIMIT);
    // 3 degrees of freedom: P(|t| < 3.182446) = 0.95.
    expect(z(sigma(halfT(3, 2)), 2 * 3.182446305284263, 0.95)).toBeLessThan(LIMIT);
    expect(z(sigma(exponential(2)), Math.LN2 / 2, 0.5)).toBeLessThan(LIMIT);
    expect(z(sigma(uniform(1, 5)), 2, 0.25)).toBeLessThan(LIMIT);
    // Variance InverseGamma(1, b): P(variance < v) = exp(-b / v).
    expect(z(sigma(inverseGamma(1, 3)), 2, Math.exp(-3 / 4))).toBeLessThan(LIMIT);
  });

  it('draws covariance matrices from LKJ, Huang and Wand, and inverse Wishart priors', () => {
    const base = { beta: normal(0, 1), sigma: halfNormal(1) };
    const at = (prior: Prior, variable: string, position: number, text = 'y ~ x + (1 + x | g)') =>
      draws(text, { ...base, Sigma_g: prior }, variable, position);
    const sds = halfNormal(1);
    // LKJ(1) of two: uniform correlation. LKJ(2) of three: (r + 1)/2 ~ Beta(2.5, 2.5), symmetric, its cdf by
    // quadrature.
    expect(z(at(separation({ tau: sds, corr: lkj(1) }), 'corr_g', 0), 0.5, 0.75)).toBeLessThan(LIMIT);
    const wide = 'y ~ x + v + (1 + x + v | g)';
    for (const pair of [0, 1, 2]) {
      expect(z(at(separation({ tau: sds, corr: lkj(2) }), 'corr_g', pair, wide), 0.5, beta25(0.75))).toBeLessThan(
        LIMIT,
      );
    }
    // Huang & Wand with df = 2: sds half-t(2, scale), P(|t_2| < x) = x / sqrt(2 + x^2); correlation uniform.
    expect(z(at(halfTCov(2, 1.5), 'tau_g', 1), 1.5, 1 / Math.sqrt(3))).toBeLessThan(LIMIT);
    expect(z(at(halfTCov(2, 1.5), 'corr_g', 0), 0.5, 0.75)).toBeLessThan(LIMIT);
    // IW(3, 2 I) of two: variances InverseGamma(1, 1), correlation uniform.
    expect(z(at(inverseWishart(3, 2), 'tau_g', 0), 1, Math.exp(-1))).toBeLessThan(LIMIT);
    expect(z(at(inverseWishart(3, 2), 'corr_g', 0), 0.5, 0.75)).toBeLessThan(LIMIT);
  });

  it('draws responses whose variance is that of the sum of its parts', () => {
    const priors = {
      beta: normal(0, 2),
      sigma: uniform(0.999, 1.001),
      Sigma_g: separation({ tau: uniform(1.499, 1.501), corr: lkj(1) }),
    };
    const {
      responses,
      n,
      draws: count,
    } = simulatePrior(formula('y ~ 1 + (1 | g)', { priors }), data, { draws: D, seed: 4 });
    expect([n, count]).toEqual([8, D]);
    let square = 0;
    for (let d = 0; d < D; d++) square += responses[d]! ** 2 / D;
    const variance = 4 + 1.5 ** 2 + 1;
    expect(Math.abs(square - variance)).toBeLessThan((4 * variance * Math.SQRT2) / Math.sqrt(D));
  });

  it('names the quantity whose prior is flat', () => {
    expect(() => simulatePrior(formula('y ~ x + (1 | g)'), data)).toThrow(/^beta\[Intercept\] has the prior flat/);
    const priors = { beta: normal(0, 1), sigma: flat() };
    expect(() => simulatePrior(formula('y ~ x + (1 | g)', { priors }), data)).toThrow(/^sigma has the prior flat/);
  });

  describe("with flat: 'wide'", () => {
    const graph = formula('y ~ x + (1 | g)', { priors: { sigma: halfNormal(1) } });
    const of = (given: typeof data, priors = {}) =>
      simulatePrior(formula('y ~ x + (1 | g)', { priors: { sigma: halfNormal(1), ...priors } }), given, {
        draws: D,
        seed: 4,
        flat: 'wide',
      });
    const betas = ({ parameters }: ReturnType<typeof of>, c: number) => parameters.values.subarray(c * D, (c + 1) * D);

    it('draws the level at the means and the slope with 2.5 sds of the response', () => {
      const simulation = of(data);
      // sd(y) = sqrt(6) = 2.449490, mean 4.5; sd(x) = sqrt(8/7) = 1.0690450, mean 1.
      const [b0, b1] = [betas(simulation, 0), betas(simulation, 1)];
      const level = b0.map((value, s) => value + b1[s]!);
      expect(z(level, 4.5 + 2.5 * Math.sqrt(6), 0.8413447460685429)).toBeLessThan(LIMIT);
      expect(z(b1, (2.5 * Math.sqrt(6)) / Math.sqrt(8 / 7), 0.8413447460685429)).toBeLessThan(LIMIT);
      expect([...simulation.priors.beta.source]).toEqual(['wide', 'wide']);
      expect(() => simulatePrior(graph, data)).toThrow("{ flat: 'wide' }");
    });

    it('draws the same data whatever the origin and the unit of a column', () => {
      const moved = { rows: { ...data.rows, x: data.rows.x.map((x) => 2000 + 0.01 * x) } };
      const [here, there] = [of(data), of(moved)];
      // Rounding of a column of 2000 with steps of 0.01: 2000^2 / 0.01 eps, in units of the response.
      for (let i = 0; i < 2000; i += 1) expect(there.responses[i]).toBeCloseTo(here.responses[i]!, 6);
    });

    it('leaves a prior that is proper as it is', () => {
      const simulation = of(data, { 'beta[x]': normal(3, 2) });
      expect([...simulation.priors.beta.source]).toEqual(['wide', 'beta[x]']);
      expect(z(betas(simulation, 1), 5, 0.8413447460685429)).toBeLessThan(LIMIT);
    });
  });
});

/** Cdf of Beta(2.5, 2.5) at x, by Simpson's rule on its density. */
function beta25(x: number): number {
  const density = (t: number) => (t * (1 - t)) ** 1.5;
  const integral = (to: number) => {
    const steps = 20000;
    let sum = density(0) + density(to);
    for (let i = 1; i < steps; i++) sum += (i % 2 === 1 ? 4 : 2) * density((i * to) / steps);
    return (sum * to) / steps / 3;
  };
  return integral(x) / integral(1);
}
