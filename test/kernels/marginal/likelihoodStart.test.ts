import { describe, expect, it } from 'vitest';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { likelihoodStart } from '../../../src/kernels/marginal/likelihoodStart.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { handDesign } from '../../oracle/handDesign.ts';

const [J, m] = [60, 6];

/** A balanced one-way layout, and its REML estimate of tau / sigma: (MSB - MSW) / (m MSW) is its square. */
function oneWay(tau: number) {
  const rng = createRng([72, tau * 10]);
  const index = Array.from({ length: J * m }, (_, i) => i % J);
  const u = Array.from({ length: J }, () => tau * rng.normal());
  const y = index.map((j) => 2 + u[j]! + rng.normal());
  const design = handDesign({
    y,
    X: index.map(() => [1]),
    groups: [{ factor: 'g', J, index, Z: index.map(() => [1]) }],
  });
  const means = u.map((_, j) => y.reduce((sum, value, i) => sum + (index[i] === j ? value : 0), 0) / m);
  const mean = means.reduce((sum, value) => sum + value, 0) / J;
  const between = (m * means.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / (J - 1);
  const within = y.reduce((sum, value, i) => sum + (value - means[index[i]!]!) ** 2, 0) / (J * (m - 1));
  return { design, ratio: Math.sqrt((between - within) / (m * within)) };
}

describe('the start at the optimum of the likelihood', () => {
  it.each([0.8, 3, 20])('is next to the REML estimate, from wherever the search begins: tau %d sigma', (tau) => {
    const { design, ratio } = oneWay(tau);
    const products = crossProducts(design);
    const flat = { mean: Float64Array.of(0), sd: Float64Array.of(Infinity), source: [] };
    const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, flat), design.n);
    for (const from of [0.05, 1, 10]) {
      const found = toTheEnd(likelihoodStart(likelihood, design.groupTerms, Float64Array.of(from), true, 1));
      // phi is sqrt(tau / sigma); the flat priors move it by some 2 of 60 groups.
      const nearest = Math.min(...found.map((phi) => Math.abs((phi[0]! * phi[0]!) / ratio - 1)));
      expect(nearest).toBeLessThan(0.05);
    }
  });
});
