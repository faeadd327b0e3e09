import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { halfT, inverseGamma, lkj, normal, type Prior, uniform } from '../../src/graph/priors.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { logScaleDensity } from '../../src/priors/priors.ts';
import { check } from '../../src/summary/checks/check.ts';
import { drawVariables } from '../../src/summary/drawVariables.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { denseMarginal } from '../oracle/denseMarginal.ts';
import { KS_BOUND, kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';

type Rows = Readonly<Record<string, readonly (number | string)[]>>;

const SCALE = 4;
const priors = { sigma: halfT(3, SCALE), tau_g: halfT(3, SCALE) };

/**
 * The half-t distribution function with 3 degrees of freedom: (2 / pi) (atan(z) + z / (1 + z^2)), z = x / (scale
 * sqrt(3)).
 */
const halfT3 = (x: number): number => {
  const z = x / (SCALE * Math.sqrt(3));
  return (2 / Math.PI) * (Math.atan(z) + z / (1 + z * z));
};

/** Kolmogorov-Smirnov of the draws of a quantity, with its effective draws in place of their number. */
function distance(fit: Fit, name: string, cdf: (x: number) => number): number {
  const [variable] = drawVariables(fit, [name]);
  const draws = Float64Array.from(variable!.chains.flatMap((chain) => Array.from(chain)));
  const [row] = summarize(fit, { variables: [name] });
  const effective = Math.min(draws.length, row!.essBulk, row!.essTail);
  return Math.sqrt(effective / draws.length) * kolmogorovSmirnov(draws, cdf);
}

const run = (graph: ModelGraph, rows: Rows, kernels = 'auto', iterations = 1000): Fit =>
  sampleSync(graph, { rows }, { seed: 20260101, kernels, warmup: 300, iterations });

const three: Rows = { y: [1, 2, 4], x: ['a', 'b', 'c'], g: ['p', 'q', 'q'], w: [1, 4, 0.25], s: [1, 1, 2] };
const four: Rows = {
  y: [1, 2, 4, 3],
  x: ['a', 'b', 'c', 'd'],
  z: [0, 1, 2, 4],
  g: ['p', 'q', 'q', 'p'],
  h: ['s', 's', 't', 't'],
};

describe('as many flat coefficients as rows: the likelihood is constant, and posteriors are priors', () => {
  it.each<[string, ModelGraph, Rows, readonly string[]]>([
    ['an intercept', formula('y ~ x + (1 | g)', { priors }), three, ['sigma', 'tau_g[Intercept]']],
    ['weights', formula('y | weights(w) ~ x + (1 | g)', { priors }), three, ['sigma', 'tau_g[Intercept]']],
    [
      'known standard errors',
      formula('y | se(s) ~ x + (1 | g)', { priors: { tau_g: priors.tau_g } }),
      three,
      ['tau_g[Intercept]'],
    ],
    [
      'a correlated slope, the correlation uniform',
      formula('y ~ x + (1 + z | g)', { priors: { ...priors, corr_g: lkj(1) } }),
      four,
      ['sigma', 'tau_g[Intercept]', 'tau_g[z]'],
    ],
    ['a slope', formula('y ~ x + (1 + z || g)', { priors }), four, ['sigma', 'tau_g[Intercept]', 'tau_g[z]']],
    [
      'two factors',
      formula('y ~ x + (1 | g) + (1 | h)', { priors: { ...priors, tau_h: halfT(3, SCALE) } }),
      four,
      ['sigma', 'tau_g[Intercept]', 'tau_h[Intercept]'],
    ],
    [
      'Student-t rows',
      formula('y ~ x + (1 | g)', { priors, family: 'studentT' }),
      three,
      ['sigma', 'tau_g[Intercept]'],
    ],
  ])('%s', (_title, graph, rows, names) => {
    const fit = run(graph, rows);
    // As sigma goes to 0 all ratios tau / sigma grow together, P(ratio > r) ~ 1 / r: in their logarithms that is a tail
    // like any other.
    expect(check(fit).ok).toBe(true);
    for (const name of names) expect(distance(fit, name, halfT3)).toBeLessThan(KS_BOUND);
    if (fit.draws.variables.some(({ name }) => name === 'corr_g')) {
      expect(distance(fit, 'corr_g', (r) => (1 + r) / 2)).toBeLessThan(KS_BOUND);
    }
  });

  it('uniform priors, of ranges that no common sigma brings together at the start', () => {
    const bounded = { sigma: uniform(200, 201), 'tau_g[Intercept]': uniform(5, 6), 'tau_g[z]': uniform(3e-4, 5e-4) };
    const fit = run(formula('y ~ x + (1 + z || g)', { priors: bounded }), four);
    expect(distance(fit, 'sigma', (x) => x - 200)).toBeLessThan(KS_BOUND);
    expect(distance(fit, 'tau_g[Intercept]', (x) => x - 5)).toBeLessThan(KS_BOUND);
    expect(distance(fit, 'tau_g[z]', (x) => (x - 3e-4) / 2e-4)).toBeLessThan(KS_BOUND);
  });

  it('by Gibbs sampling too, which takes more draws for it', () => {
    const fit = run(formula('y ~ x + (1 | g)', { priors }), three, 'gibbs', 6000);
    for (const name of ['sigma', 'tau_g[Intercept]']) expect(distance(fit, name, halfT3)).toBeLessThan(KS_BOUND);
  });
});

/**
 * The distribution functions of sigma and tau in a model with one varying intercept, by the trapezoidal rule over a
 * grid of both on a logarithmic scale.
 */
function exact(graph: ModelGraph, rows: Rows): Readonly<Record<'sigma' | 'tau_g[Intercept]', (x: number) => number>> {
  const { design, priors } = plan(graph, { rows });
  const block = priors.groups[0]![0]!;
  if (block.kind !== 'separation') throw new Error('not the priors of this test');
  const beta = {
    mean: Array.from(priors.beta.mean),
    precision: Array.from(priors.beta.sd, (sd) => 1 / (sd * sd)),
  };
  const step = 0.18;
  const grid = Array.from({ length: 100 }, (_, k) => Math.log(1e-4) + k * step);
  const logs = grid.map((s) =>
    grid.map((t) => {
      const tau = Math.exp(t);
      const sigma = Math.exp(s);
      const prior = logScaleDensity(priors.sigma!, sigma) + s + logScaleDensity(block.tau[0]!, tau) + t;
      return prior + denseMarginal(design, sigma, [new Matrix([[tau * tau]])], beta);
    }),
  );
  const top = Math.max(...logs.flat());
  const mass = logs.map((row) => row.map((value) => Math.exp(value - top)));
  const cdf = (weights: readonly number[]) => {
    // Trapezoidal between the points of the grid, linear in log x.
    const cumulative = [0];
    for (let k = 1; k < grid.length; k += 1) cumulative.push(cumulative[k - 1]! + (weights[k]! + weights[k - 1]!) / 2);
    const whole = cumulative[grid.length - 1]!;
    return (x: number): number => {
      const at = (Math.log(x) - grid[0]!) / step;
      if (at <= 0) return 0;
      const k = Math.min(grid.length - 2, Math.floor(at));
      const f = Math.min(1, at - k);
      const rise = weights[k]! * f + ((weights[k + 1]! - weights[k]!) * f * f) / 2;
      return (cumulative[k]! + rise) / whole;
    };
  };
  return {
    sigma: cdf(mass.map((row) => row.reduce((sum, value) => sum + value, 0))),
    'tau_g[Intercept]': cdf(grid.map((_, t) => mass.reduce((sum, row) => sum + row[t]!, 0))),
  };
}

describe('next to it: few rows more than coefficients, proper coefficients, an exact population part', () => {
  const more: Rows = { y: [1, 2, 4, 7], x: ['a', 'b', 'c', 'c'], g: ['p', 'q', 'q', 'p'] };
  const tie: Rows = { ...more, y: [1, 2, 4, 4.01] };
  const x = [1, 2, 3, 4, 5, 6, 7, 8];
  const line: Rows = { y: x.map((value) => 3 + 2 * value), x, g: ['p', 'q', 'q', 'p', 'r', 'r', 's', 's'] };
  const away: Prior = inverseGamma(2, 1);
  it.each<[string, ModelGraph, Rows]>([
    ['n = p + 1', formula('y ~ x + (1 | g)', { priors }), more],
    ['n = p + 1, nearly tied', formula('y ~ x + (1 | g)', { priors }), tie],
    [
      'n = p, one coefficient proper',
      formula('y ~ x + (1 | g)', { priors: { ...priors, 'beta[xb]': normal(0, 2) } }),
      three,
    ],
    ['n = p, all proper', formula('y ~ x + (1 | g)', { priors: { ...priors, beta: normal(0, 2) } }), three],
    ['n = p + 1, all proper', formula('y ~ x + (1 | g)', { priors: { ...priors, beta: normal(0, 2) } }), more],
    ['a line, sigma off 0', formula('y ~ x + (1 | g)', { priors: { ...priors, sigma: away } }), line],
  ])('%s', (_title, graph, rows) => {
    const fit = run(graph, rows);
    expect(check(fit).ok).toBe(true);
    const truth = exact(graph, rows);
    for (const name of ['sigma', 'tau_g[Intercept]'] as const) {
      expect(distance(fit, name, truth[name])).toBeLessThan(KS_BOUND);
    }
  });
});
