import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { inverseGamma } from '../../src/graph/priors.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../src/likelihood/maximumLikelihoodFit.ts';
import { scalarDraws } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { type SampleOptions, sampleSync } from '../../src/mcmc/sampleSync.ts';
import { createRng } from '../../src/random/rng.ts';

const rng = createRng([20260110]);
const J = 12;
const n = 96;
const normals = (count: number): number[] => Array.from({ length: count }, () => rng.normal());
const u = normals(J);
const x = normals(n);
const z = normals(n);
const g = Array.from({ length: n }, (_, i) => `g${i % J}`);
const own = Array.from({ length: n }, (_, i) => `r${i}`);
const y = normals(n).map((e, i) => 1 + 0.5 * x[i]! + u[i % J]! + 0.7 * e);
const k = y.map((value) => (value > 1 ? 1 : 0));

const intercepts = formula('y ~ x + (1 | g)');
const slopes = formula('y ~ x + (1 + x | g)');
const votes = formula('k ~ x + (1 | g)', { family: 'binomial' });
const size = { chains: 1, warmup: 60, iterations: 40, seed: 4 };

const draw = (graph: ModelGraph, rows: Table, options: SampleOptions = {}): Fit =>
  sampleSync(graph, { rows }, { ...size, ...options });
const estimate = (graph: ModelGraph, rows: Table, method?: 'REML' | 'ML'): MaximumLikelihoodFit =>
  maximumLikelihood(graph, { rows }, { method });

const columns = (fit: Fit): { name: string; draws: Float64Array }[] =>
  fit.draws.variables.flatMap(({ name, offset, size: count }) =>
    Array.from({ length: count }, (_, i) => ({ name: `${name}[${i}]`, draws: scalarDraws(fit.draws, offset + i) })),
  );

function spread(draws: Float64Array): number {
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  return Math.sqrt(draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / draws.length);
}

/**
 * Largest difference of two fits' draws, each scalar in its own posterior sds; `unit` gives the factor and the shift of
 * a scalar.
 */
function apart(found: Fit, base: Fit, unit: (name: string) => readonly [number, number]): number {
  const other = columns(base);
  return columns(found).reduce((most, { name, draws }, c) => {
    const [factor, shift] = unit(name);
    const expected = other[c]!.draws.map((value) => factor * value + shift);
    const sd = spread(expected);
    return draws.reduce((worst, value, s) => Math.max(worst, Math.abs(value - expected[s]!) / sd), most);
  }, 0);
}

/** What every number of a likelihood fit differs by, relative to its standard error or size. */
function apartMl(found: MaximumLikelihoodFit, base: MaximumLikelihoodFit, c: number): number {
  const differences = base.fixef.estimates.map(
    (value, b) => (found.fixef.estimates[b]! / c - value) / base.fixef.standardErrors[b]!,
  );
  const errors = base.fixef.standardErrors.map((value, b) => found.fixef.standardErrors[b]! / c / value - 1);
  const taus = base.groups[0]!.tau.map((value, t) => found.groups[0]!.tau[t]! / c / value - 1);
  return Math.max(...[...differences, ...errors, ...taus, found.sigma! / c / base.sigma! - 1].map(Math.abs));
}

const scaled = (name: string, c: number): readonly [number, number] => [name.startsWith('corr') ? 1 : c, 0];

describe.each([
  ['marginal', 'varying intercepts', intercepts],
  ['gibbs', 'varying intercepts', intercepts],
  ['marginal', 'varying slopes', slopes],
  ['gibbs', 'varying slopes', slopes],
])('draws by %s of %s', (kernels, _, graph) => {
  const base = draw(graph, { y, x, g }, { kernels });

  // The draws are those of the unscaled response to rounding, not to the bit: proposals are fitted by searches that
  // amplify it (1e-9 of an sd seen).
  it.each([2 ** -27, 2 ** 27, 1e-8, 1e8])('scale with a response in units of %s', (c) => {
    const found = draw(graph, { y: y.map((value) => c * value), x, g }, { kernels });
    expect(apart(found, base, (name) => scaled(name, c))).toBeLessThan(1e-5);
  });

  // A response of 1e9 + y holds y to 1.2e-7 / 2 only, and so do the draws.
  it('move with a response moved by 1e9, and not with an offset of 1e9 that is taken off again', () => {
    const far = y.map((value) => value + 1e9);
    const moved = draw(graph, { y: far, x, g }, { kernels });
    expect(apart(moved, base, (name) => [1, name === 'beta[0]' ? 1e9 : 0])).toBeLessThan(1e-4);
    const withOffset = formula(graph === slopes ? 'y ~ x + offset(o) + (1 + x | g)' : 'y ~ x + offset(o) + (1 | g)');
    const same = draw(withOffset, { y: far, x, g, o: y.map(() => 1e9) }, { kernels });
    expect(apart(same, base, () => [1, 0])).toBeLessThan(1e-4);
  });

  it('give the slope of a predictor that stands at 1e9', () => {
    const found = draw(intercepts, { y, x: x.map((value) => value + 1e9), g }, { kernels });
    const near = graph === intercepts ? base : draw(intercepts, { y, x, g }, { kernels });
    const at = (fit: Fit, i: number): Float64Array => scalarDraws(fit.draws, i);
    const sd = spread(at(near, 1));
    at(found, 1).forEach((value, s) => {
      expect(Math.abs(value - at(near, 1)[s]!) / sd).toBeLessThan(1e-4);
      expect(at(found, 0)[s]! / -1e9).toBeCloseTo(value, 6);
    });
  });
});

describe.each([
  ['REML', 'varying intercepts', intercepts],
  ['ML', 'varying intercepts', intercepts],
  ['REML', 'varying slopes', slopes],
  ['ML', 'varying slopes', slopes],
] as const)('%s estimates of %s', (method, _, graph) => {
  const base = estimate(graph, { y, x, g }, method);

  it.each([2 ** -27, 2 ** 27, 1e-8, 1e8])('scale with a response in units of %s', (c) => {
    expect(apartMl(estimate(graph, { y: y.map((value) => c * value), x, g }, method), base, c)).toBeLessThan(1e-11);
  });

  // The criterion is flat at its optimum: half the digits of a response that is known to 6e-8 are left of theta.
  it('move with a response moved by 1e9', () => {
    const found = estimate(graph, { y: y.map((value) => value + 1e9), x, g }, method);
    const estimates = found.fixef.estimates.map((value, b) => (b === 0 ? value - 1e9 : value));
    expect(apartMl({ ...found, fixef: { ...found.fixef, estimates } }, base, 1)).toBeLessThan(1e-4);
  });

  it('scale with a predictor in units of 1e-8 and 1e8, and keep the slope of one that stands at 1e9', () => {
    for (const c of [1e-8, 1e8]) {
      const found = estimate(graph, { y, x: x.map((value) => c * value), g }, method);
      expect((found.fixef.estimates[1]! * c) / base.fixef.estimates[1]!).toBeCloseTo(1, 10);
      expect(found.sigma! / base.sigma!).toBeCloseTo(1, 12);
    }
    const far = estimate(graph, { y, x: x.map((value) => value + 1e9), g }, method);
    expect(far.fixef.estimates[1]! / base.fixef.estimates[1]!).toBeCloseTo(1, 6);
    expect(far.sigma! / base.sigma!).toBeCloseTo(1, 6);
  });
});

describe('two predictors with a correlation of 1 - 1e-12', () => {
  const c = 1.4e-6;
  const near = x.map((value, i) => value + c * z[i]!);

  it('give what the predictor and the difference would, by REML', () => {
    const both = estimate(formula('y ~ x + near + (1 | g)'), { y, x, near, g });
    const apartOnes = estimate(formula('y ~ x + z + (1 | g)'), { y, x, z, g });
    expect((both.fixef.estimates[2]! * c) / apartOnes.fixef.estimates[2]!).toBeCloseTo(1, 6);
    expect((both.fixef.standardErrors[2]! * c) / apartOnes.fixef.standardErrors[2]!).toBeCloseTo(1, 6);
    expect(both.fixef.estimates[1]! + both.fixef.estimates[2]!).toBeCloseTo(apartOnes.fixef.estimates[1]!, 5);
    expect(both.sigma! / apartOnes.sigma!).toBeCloseTo(1, 9);
  });

  it('and the same draws', () => {
    const both = draw(formula('y ~ x + near + (1 | g)'), { y, x, near, g });
    const apartOnes = draw(formula('y ~ x + z + (1 | g)'), { y, x, z, g });
    const sd = spread(scalarDraws(apartOnes.draws, 2));
    scalarDraws(both.draws, 2).forEach((value, s) => {
      expect(Math.abs(c * value - scalarDraws(apartOnes.draws, 2)[s]!) / sd).toBeLessThan(1e-4);
    });
  });

  it.each(['gaussian', 'binomial', 'probit'] as const)(
    'are refused once they are equal, naming both (%s)',
    (family) => {
      const graph = formula(family === 'gaussian' ? 'y ~ x + near + (1 | g)' : 'k ~ x + near + (1 | g)', { family });
      // The default coefficients of logit and probit models have proper priors: their posterior is sampled whole.
      for (const engine of family === 'gaussian' ? [draw, estimate] : [estimate]) {
        expect(() => engine(graph, { y, k, x, near: x, g })).toThrow(/near depends on x; leave it out/);
      }
    },
  );
});

describe('a response without noise', () => {
  const exact = x.map((value, i) => 1 + value + u[i % J]!);
  const constant = y.map(() => 3);

  it('is refused where it is constant, by both engines, in groups and in groups of one row', () => {
    for (const by of [g, own]) {
      for (const engine of [draw, estimate]) {
        for (const value of [3, 0, 1e9, 1e-9]) {
          const rows = { y: y.map(() => value), x, g: by };
          expect(() => engine(intercepts, rows)).toThrow(
            by === own && engine === estimate ? /one row/ : `y is ${value} in every row`,
          );
        }
      }
    }
  });

  it('is refused where the columns give it exactly', () => {
    for (const rows of [
      { y: exact, x, g },
      { y: x.map((value) => 1 + 2 * value), x, g },
      { y: exact.map((v) => 1e8 * v), x, g },
    ]) {
      for (const engine of [draw, estimate])
        expect(() => engine(intercepts, rows)).toThrow(/y is fitted exactly by the columns/);
    }
  });

  it('is sampled where the prior of sigma is 0 at 0', () => {
    const graph = formula('y ~ x + (1 | g)', { priors: { sigma: inverseGamma(2, 1) } });
    const { values } = draw(graph, { y: exact, x, g }).draws;
    expect(values.every(Number.isFinite)).toBe(true);
    expect(draw(graph, { y: constant, x, g }).draws.values.every(Number.isFinite)).toBe(true);
  });

  it('is answered where nothing is exact but nearly so, until the sds among groups are 1e9 of the residual sd', () => {
    const noisy = (size: number): number[] => exact.map((value, i) => value + size * z[i]!);
    const sd = Math.sqrt(z.reduce((sum, value) => sum + value * value, 0) / n);
    const share = estimate(intercepts, { y: noisy(1e-7), x, g }).sigma! / (1e-7 * sd);
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1.25);
    expect(() => estimate(intercepts, { y: noisy(1e-10), x, g })).toThrow(
      /keeps improving as the residual sd goes to 0/,
    );
  });
});

describe('groups of one row each', () => {
  it('are refused by REML, which cannot tell the two sds apart, and have a posterior', () => {
    expect(() => estimate(intercepts, { y, x, g: own })).toThrow(
      /one row, so that the sd among levels and the residual sd/,
    );
    expect(draw(intercepts, { y, x, g: own }).draws.values.every(Number.isFinite)).toBe(true);
    expect(() => estimate(votes, { k, x, g: own })).toThrow(/only successes or only failures/);
  });

  it('are answered by both engines where the standard errors are known', () => {
    const meta = formula('y | se(s) ~ x + (1 | g)');
    const rows = { y, x, g: own, s: y.map(() => 0.5) };
    expect(estimate(meta, rows).groups[0]!.tau[0]).toBeGreaterThan(0);
    expect(draw(meta, rows).draws.values.every(Number.isFinite)).toBe(true);
  });
});

describe('logit models', () => {
  const base = estimate(votes, { k, x, g });

  it('scale with a predictor in units of 1e-8 and 1e8, and keep the slope of one that stands at 1e9', () => {
    for (const c of [1e-8, 1e8]) {
      const found = estimate(votes, { k, x: x.map((value) => c * value), g });
      expect((found.fixef.estimates[1]! * c) / base.fixef.estimates[1]!).toBeCloseTo(1, 9);
    }
    const far = estimate(votes, { k, x: x.map((value) => value + 1e9), g });
    expect(far.fixef.estimates[1]! / base.fixef.estimates[1]!).toBeCloseTo(1, 6);
  });

  it('have the offset taken from the intercept up to 10 000, and refuse more', () => {
    const graph = formula('k ~ x + offset(o) + (1 | g)', { family: 'binomial' });
    const found = estimate(graph, { k, x, g, o: k.map(() => 1000) });
    expect(found.fixef.estimates[0]! + 1000).toBeCloseTo(base.fixef.estimates[0]!, 6);
    for (const engine of [draw, estimate]) {
      expect(() => engine(graph, { k, x, g, o: k.map(() => 1e9) })).toThrow(
        'offset is 1000000000 in row 1 of rows; with a logit or probit link it is from -10000 to 10000',
      );
    }
  });

  it('of one outcome have no estimate, and a posterior by their default priors', () => {
    const ones = k.map(() => 1);
    expect(() => estimate(votes, { k: ones, x, g })).toThrow(/only successes or only failures/);
    const found = draw(votes, { k: ones, x, g }, { kernels: 'polyaGamma' });
    expect(found.draws.values.every(Number.isFinite)).toBe(true);
  });
});

describe('large models', () => {
  it('with six varying coefficients, and with 200 predictors, are answered by both engines', () => {
    const names = Array.from({ length: 200 }, (_, c) => `p${c}`);
    const many = Object.fromEntries(names.map((name) => [name, normals(400)]));
    const by = many['p0']!.map((_, i) => `g${i % 25}`);
    const response = many['p0']!.map((value, i) => value + (i % 25) / 10 + many['p199']![i]! + rng.normal());
    const six = names.slice(0, 5).join(' + ');
    for (const text of [`y ~ ${six} + (1 + ${six} | g)`, 'y ~ . - g + (1 | g)']) {
      const rows = { y: response, ...many, g: by };
      const reml = estimate(formula(text), rows);
      const fit = draw(formula(text), rows, { warmup: 10, iterations: 20 });
      expect(fit.draws.values.every(Number.isFinite)).toBe(true);
      // Both find the slope of 1, five standard errors wide.
      const { estimates, standardErrors } = reml.fixef;
      expect(Math.abs(estimates[1]! - 1)).toBeLessThan(5 * standardErrors[1]!);
      expect(Math.abs(scalarDraws(fit.draws, 1).at(-1)! - 1)).toBeLessThan(5 * Math.SQRT2 * standardErrors[1]!);
    }
  });

  it('with 100 000 groups find both sds to within five standard errors', () => {
    const groups = 100_000;
    const effect = normals(groups);
    const rows = {
      y: Array.from({ length: 2 * groups }, (_, i) => effect[i >> 1]! + rng.normal()),
      g: Array.from({ length: 2 * groups }, (_, i) => `g${i >> 1}`),
    };
    const graph = formula('y ~ 1 + (1 | g)');
    // sd of the estimate of sigma: 1 / sqrt(2 J); of tau, from the variance 2 (tau^2 + sigma^2 / 2)^2 / J + sigma^4 /
    // (2 J): 1.12 / sqrt(J).
    const reml = estimate(graph, rows);
    expect(Math.abs(reml.sigma! - 1)).toBeLessThan(5 / Math.sqrt(2 * groups));
    expect(Math.abs(reml.groups[0]!.tau[0]! - 1)).toBeLessThan((5 * 1.12) / Math.sqrt(groups));
    const { draws } = draw(graph, rows, { warmup: 5, iterations: 5 });
    const last = (name: string): number =>
      scalarDraws(draws, draws.variables.find((variable) => variable.name === name)!.offset).at(-1)!;
    expect(Math.abs(last('sigma') - 1)).toBeLessThan((5 * Math.SQRT2) / Math.sqrt(2 * groups));
    expect(Math.abs(last('tau_g') - 1)).toBeLessThan((5 * Math.SQRT2 * 1.12) / Math.sqrt(groups));
  });
});
