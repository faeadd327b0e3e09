import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { flat, inverseGamma } from '../../src/graph/priors.ts';
import { marginalLikelihood } from '../../src/kernels/marginal/marginalLikelihood.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { workingCoefficientPrior } from '../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { groupQr } from '../../src/products/groupQr.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { compareWith, disagreements } from './agreement.ts';

const rows = fixtureFrame('dyestuff');
const graph = formula('Yield ~ 1 + (1 | Batch)');
const design = buildDesign(graph, { rows });
const J = 6;
const n = 5;

/** Between and within mean squares of the balanced one-way layout. */
function meanSquares(): { between: number; within: number; mean: number } {
  const { y } = design.response;
  const { index } = design.groupTerms[0]!;
  const means = new Float64Array(J);
  y.forEach((value, i) => {
    means[index[i]!] = means[index[i]!]! + value / n;
  });
  const mean = means.reduce((sum, m) => sum + m, 0) / J;
  const between = (n * means.reduce((sum, m) => sum + (m - mean) * (m - mean), 0)) / (J - 1);
  let within = 0;
  y.forEach((value, i) => {
    within += (value - means[index[i]!]!) ** 2 / (J * (n - 1));
  });
  return { between, within, mean };
}

describe('the balanced one-way layout', () => {
  const { between, within, mean } = meanSquares();

  it('has its REML estimates in closed form: sigma^2 = MSW, tau^2 = (MSB - MSW) / n', () => {
    const fit = maximumLikelihood(graph, { rows }, { method: 'REML' });
    expect(Math.abs(fit.sigma! ** 2 - within) / within).toBeLessThan(1e-7);
    expect(Math.abs(fit.groups[0]!.tau[0]! ** 2 - (between - within) / n) / within).toBeLessThan(1e-7);
    expect(Math.abs(fit.fixef.estimates[0]! - mean) / mean).toBeLessThan(1e-12);
  });

  it("has the REML criterion as the log of the sampler's own marginal density under flat priors", () => {
    const products = crossProducts(design);
    const working = workingCoefficientPrior(products, {
      mean: new Float64Array(1),
      sd: Float64Array.of(Infinity),
      source: [],
    });
    const likelihood = marginalLikelihood(groupQr(design, design.groupTerms[0]!, products), working, design.n);
    const own = (tau: number, sigma: number): number => {
      likelihood.evaluate([Float64Array.of(tau / sigma)]);
      likelihood.solve(sigma);
      return (
        2 * likelihood.degreesOfFreedom * Math.log(sigma) +
        likelihood.logDeterminantK() +
        likelihood.logDeterminantP() +
        likelihood.rss() / (sigma * sigma)
      );
    };
    // -2 log REML likelihood of the balanced layout: (J - 1) log a + J (n - 1) log s^2 + SSB / a + SSW / s^2 with a =
    // s^2 + n tau^2.
    const closed = (tau: number, sigma: number): number => {
      const a = sigma * sigma + n * tau * tau;
      return (
        (J - 1) * Math.log(a) +
        2 * J * (n - 1) * Math.log(sigma) +
        ((J - 1) * between) / a +
        (J * (n - 1) * within) / (sigma * sigma)
      );
    };
    for (const [tau, sigma] of [
      [10, 60],
      [42, 50],
      [200, 30],
      [0.001, 80],
    ] as const) {
      expect(Math.abs(own(tau, sigma) - own(40, 50) - (closed(tau, sigma) - closed(40, 50)))).toBeLessThan(1e-8);
    }
  });

  it.each(['marginal', 'gibbs'])(
    'has the grand mean as posterior mean of mu under flat priors (%s kernels)',
    (kernels) => {
      // With sigma^2 ~ 1/sigma^2 and tau flat the posterior is not closed; what is: E(mu | y) = the grand mean,
      // whatever tau and sigma.
      const priors = { sigma: inverseGamma(0, 0), tau_Batch: flat() };
      const fit = sampleSync(
        formula('Yield ~ 1 + (1 | Batch)', { priors }),
        { rows },
        { iterations: 10000, seed: 606, kernels },
      );
      const sds = fit.draws.values;
      expect(sds.every((value) => Number.isFinite(value))).toBe(true);
      const [found] = compareWith(fit, [{ name: 'beta[Intercept]', mean, sd: 1, mcseMean: 0, mcseSd: Infinity }]);
      expect(disagreements([{ ...found!, zSd: 0 }], 4)).toEqual([]);
    },
  );
});
