import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { marginalCovarianceKernel } from '../../../src/kernels/marginal/marginalCovariance.ts';
import { marginalDensity } from '../../../src/kernels/marginal/marginalDensity.ts';
import { marginalProposal } from '../../../src/kernels/marginal/marginalProposal.ts';
import { type MarginalTarget, marginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import type { BlockPrior, ScalePrior } from '../../../src/priors/priors.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { logGamma } from '../../../src/special/logGamma.ts';
import { denseMarginal } from '../../oracle/denseMarginal.ts';
import { handDesign } from '../../oracle/handDesign.ts';
import { atOnce } from '../atOnce.ts';

const HALF_T: ScalePrior = { distribution: 'halfT', df: 3, scale: 2 };
const separation = (tau: ScalePrior): BlockPrior => ({ kind: 'separation', tau: [tau], eta: 1 });

/** A one-way layout of J groups with a covariate. */
function oneWay(J: number, size: number) {
  const rng = createRng([71, J]);
  const index = Array.from({ length: J * size }, (_, i) => i % J);
  const u = Array.from({ length: J }, () => 1.5 * rng.normal());
  const X = index.map(() => [1, rng.normal()]);
  const y = index.map((j, i) => 2 + u[j]! - X[i]![1]! + rng.normal());
  return handDesign({ y, X, groups: [{ factor: 'g', J, index, Z: index.map(() => [1]) }] });
}

function targetOf(design: ReturnType<typeof oneWay>, tau: ScalePrior, sigma: ScalePrior): MarginalTarget {
  const products = crossProducts(design);
  const flat = { mean: new Float64Array(2), sd: new Float64Array(2).fill(Infinity), source: [] };
  const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, flat), design.n);
  return marginalTarget(likelihood, design.groupTerms, [[separation(tau)]], sigma);
}

/**
 * log of the joint density of (phi, sigma), up to a constant: the weight plus the log density of the proposal of sigma,
 * read off a stream that tells its shape.
 */
function joint(target: MarginalTarget, x: number, sigma: number): number {
  expect(target.at(Float64Array.of(x))).toBe(true);
  let shape = 0;
  const drawn = target.drawSigma({
    ...createRng([1]),
    gamma: (a) => {
      shape = a;
      return 1;
    },
  });
  const rate = drawn * drawn;
  const logQ = shape * Math.log(rate) - logGamma(shape) - (2 * shape + 1) * Math.log(sigma) - rate / (sigma * sigma);
  return target.logWeight(sigma) + logQ;
}

describe('the marginal posterior of sqrt(tau / sigma) and sigma', () => {
  const points = [
    [0.4, 0.8],
    [0.9, 1.1],
    [1.3, 0.9],
    [1.3, 1.6],
    [2.5, 0.5],
  ] as const;
  it.each([
    ['few rows', 5, 3, false],
    ['few rows, the power of sigma from a table', 5, 3, true],
    ['many rows', 10, 8, false],
  ] as const)('has the density of the dense formula, whatever proposes sigma: %s', (_title, J, size, tabulated) => {
    const design = oneWay(J, size);
    const target = targetOf(design, HALF_T, { distribution: 'exponential', rate: 0.7 });
    target.calibrate(Float64Array.of(1.1));
    if (tabulated) target.tabulate(Float64Array.of(0.1, 0.5, 0.8, 1.2, 1.5, 2, 3));
    const truth = points.map(([x, sigma]) => {
      const tau = x * x * sigma;
      const likelihood = denseMarginal(design, sigma, [new Matrix([[tau * tau]])], { mean: [0, 0], precision: [0, 0] });
      // d tau = 2 x sigma d x.
      return likelihood - 2 * Math.log(1 + (tau / 2) ** 2 / 3) - 0.7 * sigma + Math.log(x * sigma);
    });
    const own = points.map(([x, sigma]) => joint(target, x, sigma));
    points.forEach((_, i) => {
      expect(own[i]! - own[0]!).toBeCloseTo(truth[i]! - truth[0]!, 8);
    });
  });

  it('has much the same approximate density from a fine table of the power of sigma as from a search at every point', () => {
    const make = () => {
      const target = targetOf(oneWay(5, 3), HALF_T, { distribution: 'exponential', rate: 3 });
      target.calibrate(Float64Array.of(1.1));
      return target;
    };
    const [searched, tabulated] = [make(), make()];
    tabulated.tabulate(Float64Array.from({ length: 120 }, (_, i) => 0.025 * (i + 1)));
    const differences = Array.from({ length: 25 }, (_, i) => {
      const phi = Float64Array.of(0.1 * (i + 1) + 0.01);
      expect(searched.at(phi) && tabulated.at(phi)).toBe(true);
      return tabulated.logMarginal() - searched.logMarginal();
    });
    // The power is found at the middle of each interval of 0.025, to a few more rounds than at a point.
    for (const value of differences) expect(Math.abs(value - differences[10]!)).toBeLessThan(0.02);
  });

  it('has sigma integrated out exactly where the priors are powers of it', () => {
    for (const [J, size] of [
      [5, 3],
      [10, 8],
    ] as const) {
      const target = targetOf(oneWay(J, size), { distribution: 'flat' }, { distribution: 'flat' });
      target.calibrate(Float64Array.of(1.1));
      const rest = points.map(([x, sigma]) => {
        target.at(Float64Array.of(x));
        return target.logWeight(sigma) - target.logMarginal();
      });
      // The slope of a power is found by differences of 1e-3, and damped: 1e-5 of a log density near 10.
      for (const value of rest) expect(value).toBeCloseTo(rest[0]!, 4);
    }
  });
});

describe('a search for its mode', () => {
  it.each([
    [{ distribution: 'uniform', low: 4, high: 6 }, HALF_T],
    [{ distribution: 'uniform', low: 0, high: 0.2 }, HALF_T],
    [
      { distribution: 'uniform', low: 0.9, high: 1.1 },
      { distribution: 'uniform', low: 0, high: 9 },
    ],
  ] as const)('starts where the density is positive: %j', (tau, sigma) => {
    const target = targetOf(oneWay(5, 3), tau, sigma);
    for (const x of [0.2, 1, 4]) {
      const phi = Float64Array.of(x);
      target.confine(phi);
      expect(target.at(phi)).toBe(true);
      expect(target.logMarginal()).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    }
  });

  it('starts where it was told to where no prior ends', () => {
    const phi = Float64Array.of(4);
    targetOf(oneWay(5, 3), HALF_T, HALF_T).confine(phi);
    expect([...phi]).toEqual([4]);
  });
});

describe('its proposal', () => {
  it('has its mode for the start of the chains, wherever the search began', () => {
    for (const typical of [0.1, 1, 5]) {
      const target = targetOf(oneWay(5, 3), HALF_T, HALF_T);
      const { start, proposal } = toTheEnd(marginalProposal(target, Float64Array.of(typical)));
      const density = marginalDensity(target);
      const top = Math.max(...Array.from({ length: 300 }, (_, i) => density(Float64Array.of(0.02 * (i + 1)))));
      expect(density(start)).toBeGreaterThan(top - 0.05);
      expect(proposal.logDensity(start)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
    }
  });

  it('gives way to the mode where a hundred of its draws have no density', () => {
    const design = oneWay(5, 3);
    const products = crossProducts(design);
    const flat = { mean: new Float64Array(2), sd: new Float64Array(2).fill(Infinity), source: [] };
    const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, flat), design.n);
    const start = Float64Array.of(0.7);
    let draws = 0;
    const proposal = {
      draw: (_rng: unknown, out: Float64Array) => {
        draws += 1;
        out[0] = -1;
      },
      logDensity: () => 0,
    };
    const kernel = marginalCovarianceKernel(
      design.groupTerms,
      likelihood,
      Float64Array.of(1),
      [[separation(HALF_T)]],
      HALF_T,
      () => atOnce({ proposal, walk: Float64Array.of(1), start, steps: 1 }),
    );
    const state = emptyState(layout(design));
    kernel.init(state, createRng([72]));
    expect(draws).toBe(100);
    expect(state.at['sigma']![0]).toBeGreaterThan(0);
    expect(state.at['tau_g']![0]! / state.at['sigma']![0]!).toBeCloseTo(0.49, 14);
  });
});
