import { describe, expect, it } from 'vitest';
import {
  exponential,
  flat,
  formula,
  halfCauchy,
  halfNormal,
  halfT,
  inverseGamma,
  lkj,
  normal,
  priorDensity,
  sampleSync,
  uniform,
} from '../../src/index.ts';

const y = [1, 2, 3, 5, 8, 13, 4, 2];
const rows = { y, x: [0.5, 1, 2, 3, 1, 4, 2, 5], g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd'] };
const options = { chains: 1, warmup: 20, iterations: 20 };

/** Integral by the trapezoidal rule. */
function integral(density: Float64Array, step: number): number {
  return density.reduce((sum, value, i) => sum + value * (i === 0 || i === density.length - 1 ? 0.5 : 1), 0) * step;
}

describe('priorDensity', () => {
  it.each([halfNormal(2), halfT(5, 1), halfCauchy(0.01), exponential(1), uniform(0.1, 5), inverseGamma(3, 2)] as const)(
    'of sigma ~ $distribution integrates to one',
    (sigma) => {
      const fit = sampleSync(formula('y ~ 1', { priors: { sigma } }), { rows }, options);
      const step = 1e-4;
      const grid = Float64Array.from({ length: 600_001 }, (_, i) => i * step + 1e-9);
      // What a half-Cauchy of scale 0.01 has beyond 60 is 1e-4; half-t(5) less; the grid cuts uniform's edges by a
      // step.
      expect(Math.abs(integral(priorDensity(fit, 'sigma', grid)!, step) - 1)).toBeLessThan(3e-4);
    },
  );

  it('of coefficients, sds and correlations is the density written', () => {
    const priors = { beta: normal(1, 2), tau_g: halfT(3, 1.5), corr_g: lkj(2) };
    const fit = sampleSync(formula('y ~ x + (1 + x | g)', { priors: priors }), { rows }, options);
    expect(priorDensity(fit, 'beta[x]', [1])![0]).toBeCloseTo(1 / (2 * Math.sqrt(2 * Math.PI)), 12);
    // LKJ(2) of two sds: (1 - r^2) 3/4.
    expect(priorDensity(fit, 'corr_g[Intercept,x]', [0.5])![0]).toBeCloseTo(0.75 * 0.75, 12);
    // Half-t with 3 degrees of freedom at 0: 2 / (scale pi sqrt 3) * 2 / ... = 4 / (pi sqrt 3 scale).
    expect(priorDensity(fit, 'tau_g[x]', [0])![0]).toBeCloseTo(4 / (Math.PI * Math.sqrt(3) * 1.5), 10);
  });

  it('is null where flat, and an error for what has none', () => {
    const fit = sampleSync(formula('y ~ x', { priors: { beta: flat() } }), { rows }, options);
    expect(priorDensity(fit, 'beta[x]', [0])).toBeNull();
    expect(() => priorDensity(fit, 'beta[z]', [0])).toThrow('it has beta, sigma');
  });
});
