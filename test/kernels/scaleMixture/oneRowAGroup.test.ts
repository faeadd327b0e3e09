import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { halfT } from '../../../src/graph/priors.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { marginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { comparePosterior } from '../../fuzz/posterior/comparePosterior.ts';
import { posteriorModel } from '../../oracle/posterior/posteriorModel.ts';
import { posteriorTruth } from '../../oracle/posterior/posteriorTruth.ts';

/** Eight groups of one row: sigma may be next to 0, the rows leave it to its prior. */
function oneRowEach(seed: number) {
  const rng = createRng([seed, 5]);
  return Array.from({ length: 8 }, (_, j) => ({ g: `g${j}`, y: 10 + 10 * rng.normal() }));
}
const priors = { 'tau_g[Intercept]': halfT(3, 25), sigma: halfT(3, 25) };
const TEXT = 'y ~ 1 + (1 | g)';

describe('one row a group', () => {
  it('has no mode of rounding where sigma is next to nothing beside tau', () => {
    const design = buildDesign(formula(TEXT, { priors }), { rows: oneRowEach(1) });
    const products = crossProducts(design);
    const resolved = resolvePriors(design);
    const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, resolved.beta), design.n);
    const target = marginalTarget(likelihood, design.groupTerms, resolved.groups, resolved.sigma);
    target.integrate(true);
    // Log density of log phi: in truth -log(lambda) from where tau = lambda sigma has its place.
    const heights = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((exponent) => {
      const phi = Math.sqrt(10 ** exponent);
      return target.at(Float64Array.of(phi)) ? target.logMarginal() + Math.log(phi) : -Infinity;
    });
    for (let k = 1; k < 4; k += 1) expect(heights[k]! - heights[k - 1]!).toBeCloseTo(-Math.log(10), 1);
    // Beyond, rounding may take from it but not make a mode of it.
    heights.slice(4).forEach((height) => {
      expect(height).toBeLessThan(heights[3]!);
    });
  });

  const seeds = [0, 1, 2, 3, 4, 5, 6, 7];
  it.each(seeds)('of Student-t is sampled to the end, default sigma: rows %d', (seed) => {
    const graph = formula(TEXT, { family: 'studentT', priors: { 'tau_g[Intercept]': halfT(3, 25) } });
    const fit = sampleSync(graph, { rows: oneRowEach(seed) }, { seed, iterations: 250, warmup: 250 });
    expect(fit.draws.values.every(Number.isFinite)).toBe(true);
  });

  it.each([0, 5])('of Student-t has the posterior of tempered particles: rows %d', (seed) => {
    const graph = formula(TEXT, { family: 'studentT', nu: 4, priors });
    const rows = oneRowEach(seed);
    const fit = sampleSync(graph, { rows }, { seed: 1, iterations: 3000 });
    expect(check(fit).ok).toBe(true);
    const model = posteriorModel(plan(graph, { rows }));
    expect(comparePosterior(fit, model, posteriorTruth(model, { particles: 400, method: 'centred' }))).toEqual([]);
  });
});
