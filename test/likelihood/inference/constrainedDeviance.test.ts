import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { constrainedDeviance } from '../../../src/likelihood/inference/constrainedDeviance.ts';
import { gaussianParameters } from '../../../src/likelihood/inference/varianceParameter.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';

/** Three crossed factors, one with a varying slope beside its intercept. */
function crossed() {
  const rng = createRng([61]);
  const normals = (J: number, sd: number) => Array.from({ length: J }, () => sd * rng.normal());
  const [a, slope, b, c] = [normals(12, 1), normals(12, 0.8), normals(8, 0.7), normals(6, 1.5)] as const;
  return Array.from({ length: 240 }, (_, i) => {
    const [j, k, l] = [i % 12, Math.floor(i / 12) % 8, (i * 7 + Math.floor(i / 24)) % 6] as const;
    const x = rng.normal();
    const y = 1 + a[j]! + slope[j]! * x + b[k]! + c[l]! + rng.normal();
    return { y, x, a: `a${j}`, b: `b${k}`, c: `c${l}` };
  });
}

describe('the deviance with one variance parameter held', () => {
  const rows = crossed();
  const fitOf = (text: string) => maximumLikelihood(formula(text), { rows }, { method: 'ML' });
  const fit = fitOf('y ~ x + (1 + x | a) + (1 | b) + (1 | c)');
  const profiled = profiledDeviance(crossProducts(fit.design), fit.design, 'ML');
  const lambdas = profiled.factors.fromTheta(fit.theta);

  it('is the minimum at the estimate and above it elsewhere, whichever parameter of several blocks is held', () => {
    for (const parameter of gaussianParameters(fit)) {
      const held = constrainedDeviance(profiled, parameter, lambdas, fit.sigma);
      const { estimate, kind } = parameter;
      // The search stops 1e-8 above the minimum at most.
      expect(Math.abs(held.at(estimate) - fit.deviance), parameter.name).toBeLessThan(1e-6);
      const away = kind === 'corr' ? [estimate / 2, (1 + estimate) / 2] : [0.8 * estimate, 1.3 * estimate];
      for (const value of away) expect(held.at(value)).toBeGreaterThan(fit.deviance + 1e-3);
    }
  });

  it('is at an sd of 0 that of the model without its term', () => {
    const without: Record<string, string> = {
      'tau_a[x]': 'y ~ x + (1 | a) + (1 | b) + (1 | c)',
      'tau_b[Intercept]': 'y ~ x + (1 + x | a) + (1 | c)',
      'tau_c[Intercept]': 'y ~ x + (1 + x | a) + (1 | b)',
    };
    for (const parameter of gaussianParameters(fit)) {
      const text = without[parameter.name];
      if (text === undefined) continue;
      const held = constrainedDeviance(profiled, parameter, lambdas, fit.sigma);
      expect(Math.abs(held.at(0) - fitOf(text).deviance), parameter.name).toBeLessThan(1e-6);
    }
  });
});
