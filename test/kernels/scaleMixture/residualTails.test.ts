import { describe, expect, it } from 'vitest';
import { residualTailsStep } from '../../../src/kernels/scaleMixture/residualTails.ts';
import type { ScalePrior } from '../../../src/priors/priors.ts';
import { createRng } from '../../../src/random/rng.ts';

const square = Float64Array.of(0.2, 1.5, 0.01, 9, 0.4, 2.2, 0.9, 30);
const sigmaPrior: ScalePrior = { distribution: 'halfT', df: 3, scale: 2 };
/** log Gamma((nu + 1) / 2) - log Gamma(nu / 2) - log(nu) / 2 for whole nu, by the recurrence. */
function logConstant(nu: number): number {
  let value = nu % 2 === 0 ? 0.5 * Math.log(Math.PI) - Math.log(2) : -0.5 * Math.log(Math.PI);
  for (let k = nu % 2 === 0 ? 2 : 1; k < nu; k += 2) value += Math.log((k + 1) / 2) - Math.log(k / 2);
  return value - 0.5 * Math.log(nu);
}
/** The t likelihood row by row, its constant in nu included, times the half-t prior of sigma. */
function direct(sigma: number, nu: number): number {
  let sum = -2 * Math.log(1 + (sigma / 2) ** 2 / 3);
  for (const e2 of square) {
    sum += logConstant(nu) - Math.log(sigma) - 0.5 * (nu + 1) * Math.log(1 + e2 / (nu * sigma * sigma));
  }
  return sum;
}

describe('the scale and degrees of freedom of Student-t residuals', () => {
  it('have the t density of every row, the priors and d log sigma, d log nu', () => {
    const known = residualTailsStep(square.length, sigmaPrior, undefined);
    const free = residualTailsStep(square.length, sigmaPrior, { distribution: 'gamma', shape: 2, rate: 0.1 });
    const points = [
      [1, 4],
      [0.3, 4],
      [2.5, 7],
      [1.2, 30],
    ] as const;
    const [at, own] = [points[0], (sigma: number, nu: number) => known.logDensity(square, { sigma, nu })];
    for (const [sigma, nu] of points) {
      const density = direct(sigma, nu) + Math.log(sigma);
      expect(own(sigma, nu) - own(...at)).toBeCloseTo(density - direct(...at), 9);
      const withNu = free.logDensity(square, { sigma, nu }) - free.logDensity(square, { sigma: 1, nu: 4 });
      // Gamma(2, 0.1) of nu, and d nu = nu d log nu.
      const prior = 2 * Math.log(nu / 4) - 0.1 * (nu - 4);
      expect(withNu).toBeCloseTo(density - direct(...at) + prior, 9);
    }
  });

  it('leave degrees of freedom that are known where they are, and move those that are not', () => {
    const rng = createRng([31]);
    const tails = { sigma: 1, nu: 4 };
    const known = residualTailsStep(square.length, sigmaPrior, undefined);
    for (let i = 0; i < 20; i += 1) known.step(square, tails, rng);
    expect(tails.nu).toBe(4);
    expect(tails.sigma).not.toBe(1);
    const free = residualTailsStep(square.length, sigmaPrior, { distribution: 'gamma', shape: 2, rate: 0.1 });
    free.step(square, tails, rng);
    expect(tails.nu).not.toBe(4);
  });
});
