import { describe, expect, it } from 'vitest';
import { families } from '../../../src/families/familyOf.ts';
import { averagedDerivatives } from '../../../src/kernels/cells/averagedDerivatives.ts';

/** E exp(eta) = exp(m + sd^2 / 2) over eta ~ N(m, sd^2): l = y eta - exp(eta) but for a constant, l' = y - exp(eta). */
describe('averages of a Poisson row over a normal linear predictor', () => {
  const sds = [0.3, 1.4, 1.6, 2.5, 4, 7, 12, 25];
  it.each(sds)('are those in closed form: sd %d', (sd) => {
    const mean = 2 - sd * sd * 0.45;
    for (const y of [0, 3]) {
      const out = new Float64Array(4);
      const cell = { y: Float64Array.of(y), size: Float64Array.of(1), copies: Float64Array.of(2) };
      averagedDerivatives(families.poisson, cell, 0, mean, sd, out);
      const rate = Math.exp(mean + 0.5 * sd * sd);
      const exact = [y * mean - rate, y - rate, rate, -rate];
      // What is left out beyond five sds of the integrand is 3e-7 of it.
      exact.forEach((value, order) => {
        expect(Math.abs(out[order]! / 2 - value)).toBeLessThan(1e-6 * (rate + y * Math.abs(mean)));
      });
    }
  });
});
