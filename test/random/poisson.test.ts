import { describe, expect, it } from 'vitest';
import { poisson } from '../../src/families/poisson.ts';
import { drawPoisson } from '../../src/random/poisson.ts';
import { createRng } from '../../src/random/rng.ts';

describe('drawPoisson', () => {
  it('has the probabilities of the distribution: chi-square at 1e-4 over 20 000 draws each', () => {
    const rng = createRng([4101]);
    for (const mu of [0.03, 2.5, 15.9, 16.1, 60, 700]) {
      const draws = 20000;
      const counts = new Map<number, number>();
      for (let s = 0; s < draws; s++) {
        const y = drawPoisson(mu, rng);
        counts.set(y, (counts.get(y) ?? 0) + 1);
      }
      let [statistic, bins, seen, expected] = [0, 0, 0, 0];
      const last = Math.ceil(mu + 12 * Math.sqrt(mu) + 20);
      for (let y = 0; y <= last; y++) {
        seen += counts.get(y) ?? 0;
        expected += draws * Math.exp(poisson.logLik(y, 1, Math.log(mu), 1));
        if (expected < 20 && y < last) continue;
        statistic += (seen - expected) ** 2 / Math.max(expected, 1e-12);
        bins += 1;
        [seen, expected] = [0, 0];
      }
      // Wilson & Hilferty: the 1 - 1e-4 quantile of chi-square with bins degrees of freedom, one more than it has.
      expect(statistic).toBeLessThan(bins * (1 - 2 / (9 * bins) + 3.72 * Math.sqrt(2 / (9 * bins))) ** 3);
    }
  });

  it('has the mean and the variance of large counts, within 4 standard errors', () => {
    const rng = createRng([4102]);
    for (const mu of [1e6, 3e12, 1e17]) {
      const draws = Array.from({ length: 4000 }, () => (drawPoisson(mu, rng) - mu) / Math.sqrt(mu));
      const mean = draws.reduce((sum, z) => sum + z / draws.length, 0);
      const variance = draws.reduce((sum, z) => sum + (z - mean) ** 2 / draws.length, 0);
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(draws.length));
      expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / draws.length));
    }
  });

  it('is 0 for a mean of 0', () => {
    expect(drawPoisson(0, createRng([1]))).toBe(0);
  });
});
