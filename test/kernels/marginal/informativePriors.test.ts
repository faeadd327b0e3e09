import { describe, expect, it } from 'vitest';
import { marginalCovarianceKernel } from '../../../src/kernels/marginal/marginalCovariance.ts';
import { marginalLikelihood } from '../../../src/kernels/marginal/marginalLikelihood.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { logScaleDensity, type ScalePrior } from '../../../src/priors/priors.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { groupQr } from '../../../src/products/groupQr.ts';
import { createRng } from '../../../src/random/rng.ts';
import { handDesign } from '../../oracle/handDesign.ts';
import { oneWayPosterior } from '../../oracle/oneWayPosterior.ts';

/** 9 groups of 2 rows. */
const SMALL = [
  -1.13, 0.14, -2.22, -2.82, -1.36, 0.02, 0.79, -0.08, 0.39, 0.6, -1.2, -2.88, -0.77, -0.03, -1.47, -3.44, -0.21, 2.58,
];
const uniform = (low: number, high: number): ScalePrior => ({ distribution: 'uniform', low, high });
const inverseGamma = (shape: number, scale: number): ScalePrior => ({ distribution: 'inverseGamma', shape, scale });
const exponential = (rate: number): ScalePrior => ({ distribution: 'exponential', rate });
const halfNormal = (scale: number): ScalePrior => ({ distribution: 'halfNormal', scale });
const HALF_T: ScalePrior = { distribution: 'halfT', df: 3, scale: 4 };

function drawn(seed: number, J: number, m: number, spread: number): number[] {
  const rng = createRng([91, seed]);
  return Array.from({ length: J }, () => {
    const u = spread * rng.normal();
    return Array.from({ length: m }, () => u + rng.normal());
  }).flat();
}

const STEPS = 12_000;
const BATCHES = 60;
const SHARES = [0.05, 0.5, 0.95, 0.99];

/** Draws of (tau, sigma) by the kernel alone. */
function chain(y: readonly number[], J: number, m: number, tau: ScalePrior, sigma: ScalePrior, seed: number) {
  const index = y.map((_, i) => Math.floor(i / m));
  const ones = y.map(() => [1]);
  const design = handDesign({ y: [...y], X: ones, groups: [{ factor: 'g', J, index, Z: ones }] });
  const products = crossProducts(design);
  const flat = { mean: new Float64Array(1), sd: new Float64Array(1).fill(Infinity), source: [] };
  const qr = groupQr(design, design.groupTerms[0]!, products);
  const likelihood = marginalLikelihood(qr, workingCoefficientPrior(products, flat), design.n);
  const priors = [[{ kind: 'separation', tau: [tau], eta: 1 } as const]];
  const kernel = marginalCovarianceKernel(design.groupTerms, likelihood, Float64Array.of(0.8), priors, sigma);
  const state = emptyState(layout(design));
  const rng = createRng([92, seed]);
  kernel.init(state, rng);
  const draws = { tau: new Float64Array(STEPS), sigma: new Float64Array(STEPS) };
  for (let i = 0; i < STEPS; i += 1) {
    kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
    draws.tau[i] = state.at['tau_g']![0]!;
    draws.sigma[i] = state.at['sigma']![0]!;
  }
  return draws;
}

/**
 * Share of draws up to a limit less `share`, in standard errors by batch means; those are at least half of what
 * independent draws would have.
 */
function distance(values: Float64Array, limit: number, share: number): number {
  const size = STEPS / BATCHES;
  const means = Array.from({ length: BATCHES }, (_, b) => {
    const batch = values.subarray(b * size, (b + 1) * size);
    return batch.reduce((sum, v) => sum + (v <= limit ? 1 : 0), 0) / size;
  });
  const mean = means.reduce((sum, v) => sum + v, 0) / BATCHES;
  const square = means.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (BATCHES - 1);
  const error = Math.max(Math.sqrt(square / BATCHES), 0.5 * Math.sqrt((share * (1 - share)) / STEPS));
  return Math.abs(mean - share) / error;
}

describe('tau and sigma of a one-way layout under priors that argue with the rows', () => {
  // 8 quantiles a case: beyond 5 standard errors by batch means once in a hundred thousand cases.
  it.each([
    ['tau by an inverse gamma beside a short-tailed sigma', SMALL, 9, 2, inverseGamma(20, 20), exponential(2)],
    ['sigma half-normal below the residuals', SMALL, 9, 2, inverseGamma(20, 20), halfNormal(0.6)],
    ['sigma half-normal far below', SMALL, 9, 2, HALF_T, halfNormal(0.1)],
    ['sigma by a tight inverse gamma', SMALL, 9, 2, HALF_T, inverseGamma(20, 1)],
    ['sigma uniform, cut off within the likelihood', SMALL, 9, 2, HALF_T, uniform(0, 1)],
    ['sigma uniform above the likelihood', SMALL, 9, 2, HALF_T, uniform(2.5, 3)],
    ['tau uniform, cut off within the likelihood', drawn(1, 9, 2, 1), 9, 2, uniform(0, 0.7), HALF_T],
    ['tau uniform in a narrow band', drawn(2, 20, 5, 1), 20, 5, uniform(1.4, 1.45), HALF_T],
    ['both uniform', drawn(3, 9, 2, 1), 9, 2, uniform(0.5, 1), uniform(0.5, 0.8)],
    ['a row per group and an informative tau', drawn(4, 12, 1, 2), 12, 1, inverseGamma(3, 3), halfNormal(3)],
    ['an inverse gamma far below the spread of the groups', drawn(5, 12, 4, 12), 12, 4, inverseGamma(20, 20), HALF_T],
  ] as const)('have the quantiles of a plain grid: %s', (_title, y, J, m, tau, sigma) => {
    const logPrior = (t: number, s: number): number => logScaleDensity(tau, t) + logScaleDensity(sigma, s);
    const truth = oneWayPosterior(y, J, m, logPrior, SHARES);
    const draws = chain(y, J, m, tau, sigma, 1);
    for (const name of ['tau', 'sigma'] as const) {
      SHARES.forEach((share, i) => {
        expect(distance(draws[name], truth[name][i]!, share), `${name} at ${share}`).toBeLessThan(5);
      });
    }
  });

  it('have the tail of sigma by every seed', () => {
    const [tau, sigma] = [inverseGamma(20, 20), exponential(2)];
    const logPrior = (t: number, s: number): number => logScaleDensity(tau, t) + logScaleDensity(sigma, s);
    const truth = oneWayPosterior(SMALL, 9, 2, logPrior, [0.95]);
    // JAGS 4.3 has 1.50 too.
    expect(truth.sigma[0]).toBeCloseTo(1.5, 2);
    for (let seed = 2; seed < 8; seed += 1) {
      expect(distance(chain(SMALL, 9, 2, tau, sigma, seed).sigma, truth.sigma[0]!, 0.95)).toBeLessThan(5);
    }
  });
});
