import { describe, expect, it } from 'vitest';
import type { HorseshoePrior } from '../../src/priors/horseshoe.ts';
import { horseshoeDensity } from '../../src/priors/horseshoeDensity.ts';
import { horseshoeIntegral } from '../oracle/horseshoeIntegral.ts';

const wide: HorseshoePrior = { distribution: 'horseshoe', globalScale: 0.1, slabDf: 4, slabScale: 2 };
const narrow: HorseshoePrior = { distribution: 'horseshoe', globalScale: 1, slabDf: 2, slabScale: 0.5 };
const sharp = (slabDf: number, slabScale = 2): HorseshoePrior => ({ ...wide, slabDf, slabScale });

describe('the density of a regularised horseshoe', () => {
  // Linear interpolation of a logarithm in steps of 1/8: some thousandths for each coefficient.
  it.each([
    ['next to 0', wide, [1e-4]],
    ['of one coefficient', wide, [0.3]],
    ['in the slab', wide, [4]],
    ['of several together', wide, [0.02, -0.3, 1]],
    ['under another slab', narrow, [0.02, -0.3, 1]],
    ['of one far out', narrow, [6]],
    ['under a sharp slab', sharp(30), [5]],
    ['under a sharper one', sharp(100), [5]],
    ['under one of 1000 degrees of freedom', sharp(1000), [6]],
    ['far beyond a sharp slab', sharp(100), [12]],
    ['of several beyond a sharp slab', sharp(100, 1), [3, -3, 3, 3]],
    ['of many in a wide slab, which they make sharp', wide, Array(12).fill(2.5)],
  ])('is its integral over the scales: %s', (_, prior, x) => {
    const found = horseshoeDensity(prior, x.length)(Float64Array.from(x));
    expect(Math.abs(found - Math.log(horseshoeIntegral(prior, x)))).toBeLessThan(0.005 * x.length);
  });

  it('integrates to 1', () => {
    const density = horseshoeDensity(wide, 1);
    let total = 2e-6 * wide.slabScale * Math.exp(density(Float64Array.of(0)));
    for (let t = Math.log(1e-6 * wide.slabScale); t < 12; t += 0.1) {
      total += 0.2 * Math.exp(t + density(Float64Array.of(Math.exp(t))));
    }
    expect(Math.abs(total - 1)).toBeLessThan(0.005);
  });

  it('of many coefficients looks where their common scale is', () => {
    const m = 40;
    const x = Float64Array.from({ length: m }, (_, j) => [1.5, 0.05, -0.02, 0.05, 0.003][j < 3 ? 0 : 1 + (j % 4)]!);
    const exact = Math.log(horseshoeIntegral(wide, Array.from(x)));
    expect(Math.abs(horseshoeDensity(wide, m)(x) - exact)).toBeLessThan(0.005 * m);
  });
});
