import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { mcseMean } from '../../../diagnostics/mcse.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { marginalCovarianceKernel } from '../../../src/kernels/marginal/marginalCovariance.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import type { ScalePrior } from '../../../src/priors/priors.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { gridProposal } from '../../../src/proposals/gridProposal.ts';
import type { Proposal } from '../../../src/proposals/proposal.ts';
import { createRng } from '../../../src/random/rng.ts';
import { denseMarginal } from '../../oracle/denseMarginal.ts';
import { handDesign } from '../../oracle/handDesign.ts';
import { atOnce } from '../atOnce.ts';

const index = [0, 0, 1, 1, 2, 2, 3, 3];
const design = handDesign({
  y: [2.1, 3.0, 0.4, -0.3, 1.1, 2.2, 4.0, 3.1],
  X: index.map(() => [1]),
  groups: [{ factor: 'g', J: 4, index, Z: index.map(() => [1]) }],
});
const HALF_T: ScalePrior = { distribution: 'halfT', df: 3, scale: 2 };

/** The kernel with a proposal of x = sqrt(tau / sigma), and walks of .4. */
function kernelFrom(proposal: Proposal) {
  const products = crossProducts(design);
  const flat = { mean: new Float64Array(1), sd: new Float64Array(1).fill(Infinity), source: [] };
  const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, flat), design.n);
  return marginalCovarianceKernel(
    design.groupTerms,
    likelihood,
    Float64Array.of(1),
    [[{ kind: 'separation', tau: [HALF_T], eta: 1 }]],
    HALF_T,
    () => atOnce({ proposal, walk: Float64Array.of(0.4), start: Float64Array.of(1), steps: 1 }),
  );
}

describe('independence steps of (Sigma, sigma)', () => {
  it('have the posterior by quadrature, from a proposal that is far from it', () => {
    // Over log tau and log sigma.
    const step = 0.1;
    let mass = 0;
    const below = [0, 0];
    for (let s = -2.5; s < 2.5; s += step) {
      for (let t = -6; t < 4.5; t += step) {
        const [sigma, tau] = [Math.exp(s), Math.exp(t)];
        const value =
          denseMarginal(design, sigma, [new Matrix([[tau * tau]])], { mean: [0], precision: [0] }) -
          2 * Math.log(1 + (tau / 2) ** 2 / 3) -
          2 * Math.log(1 + (sigma / 2) ** 2 / 3);
        const density = Math.exp(value) * sigma * tau;
        mass += density;
        // Points on a threshold count half.
        below[0]! += density * (Math.abs(t - 0.5) < 1e-9 ? 0.5 : t < 0.5 ? 1 : 0);
        below[1]! += density * (Math.abs(s) < 1e-9 ? 0.5 : s < 0 ? 1 : 0);
      }
    }
    // A log-normal of x = sqrt(tau / sigma) around 0.8: the posterior's is wider on the left and further right.
    const proposal = toTheEnd(gridProposal((x) => -0.5 * (Math.log(x / 0.8) / 0.8) ** 2 - Math.log(x), 1));
    const kernel = kernelFrom(proposal);
    const state = emptyState(layout(design));
    const rng = createRng([73]);
    kernel.init(state, rng);
    const draws = 30_000;
    const inside = [new Float64Array(draws), new Float64Array(draws)];
    for (let i = 0; i < draws; i += 1) {
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      inside[0]![i] = state.at['tau_g']![0]! < Math.exp(0.5) ? 1 : 0;
      inside[1]![i] = state.at['sigma']![0]! < 1 ? 1 : 0;
    }
    inside.forEach((each, k) => {
      const share = each.reduce((sum, value) => sum + value, 0) / draws;
      // Four Monte Carlo errors, and the trapezoidal rule's 1e-3.
      expect(Math.abs(share - below[k]! / mass)).toBeLessThan(4 * mcseMean([each]) + 1e-3);
      expect(mcseMean([each])).toBeLessThan(0.01);
    });
  });

  it('walk where the proposal is nearly always refused', () => {
    // Of tau far below where the posterior has it.
    const proposal = toTheEnd(gridProposal((x) => -0.5 * (Math.log(x / 0.05) / 0.1) ** 2 - Math.log(x), 0.05));
    const kernel = kernelFrom(proposal);
    const state = emptyState(layout(design));
    const rng = createRng([74]);
    kernel.init(state, rng);
    const steps = 2000;
    let moved = 0;
    for (let i = 0; i < steps; i += 1) {
      const before = state.at['tau_g']![0]!;
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      // Where the proposal has no point at all.
      if (before / state.at['sigma']![0]! > 0.1 && state.at['tau_g']![0] !== before) moved += 1;
    }
    // A walk of .4 in sqrt(tau / sigma), whose posterior sd is about as large, with sigma drawn anew, is accepted more
    // often than not.
    expect(moved / steps).toBeGreaterThan(0.5);
    expect(moved / steps).toBeLessThan(0.9);
  });
});
