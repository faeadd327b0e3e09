import { describe, expect, it } from 'vitest';
import { logScaleDensity, type ScalePrior } from '../../src/priors/priors.ts';

/** The densities as written in textbooks, of the sd. */
const cases: readonly (readonly [ScalePrior, (sd: number) => number])[] = [
  [{ distribution: 'flat' }, () => 1],
  [{ distribution: 'halfT', df: 3, scale: 2.5 }, (sd) => (1 + (sd / 2.5) ** 2 / 3) ** -2],
  [{ distribution: 'halfCauchy', scale: 1.7 }, (sd) => 1 / (1 + (sd / 1.7) ** 2)],
  [{ distribution: 'halfNormal', scale: 0.6 }, (sd) => Math.exp(-0.5 * (sd / 0.6) ** 2)],
  [{ distribution: 'exponential', rate: 1.3 }, (sd) => Math.exp(-1.3 * sd)],
  [{ distribution: 'uniform', low: 0.5, high: 3 }, (sd) => (sd < 0.5 || sd > 3 ? 0 : 1)],
  // Of the variance v: v^(-a - 1) exp(-b / v), and dv = 2 sd d sd.
  [{ distribution: 'inverseGamma', shape: 2.2, scale: 0.8 }, (sd) => sd * sd ** -6.4 * Math.exp(-0.8 / sd ** 2)],
];

describe('the prior of an sd', () => {
  it.each(cases)('has the density of its definition: %j', (prior, density) => {
    const reference = logScaleDensity(prior, 1) - Math.log(density(1));
    for (const sd of [0.1, 0.5, 0.7, 1.9, 3, 8]) {
      const expected = Math.log(density(sd));
      const own = logScaleDensity(prior, sd) - reference;
      if (expected === Number.NEGATIVE_INFINITY) expect(own).toBe(expected);
      else expect(own).toBeCloseTo(expected, 12);
    }
  });
});
