import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { simulateResponse } from '../../../src/likelihood/inference/simulateResponse.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { createRng } from '../../../src/random/rng.ts';

const x = [-1.2, 0.4, 0.9, 1.5, -0.7, 0.1, 1.1, -1.6, 0.3, -0.2, 0.8, -0.9];
const z = [0.3, -1.1, 0.6, 0.2, 1.4, -0.5, -0.8, 0.9, 1.2, -1.3, 0.1, 0.5];
const y = [0.1, 2.2, 3.9, 1.8, -0.4, 1.1, 4.6, -3.1, 2.4, -1.9, 0.6, 1.7];
const rows = { y, x, z, g: x.map((_, i) => Math.floor(i / 4)) };

/** A fit whose estimates are set by hand: what is simulated depends on them alone. */
function fitWith(text: string, Sigma: readonly number[], sigma: number): MaximumLikelihoodFit {
  const fit = maximumLikelihood(formula(text), { rows });
  return { ...fit, sigma, groups: [{ ...fit.groups[0]!, Sigma: Float64Array.from(Sigma) }] };
}

describe('a simulated response', () => {
  it('has the offset of its row', () => {
    const offset = x.map((value, i) => 10 * i + value);
    const data = { rows: { ...rows, o: offset, raised: y.map((value, i) => value + offset[i]!) } };
    const draw = (text: string) => simulateResponse(maximumLikelihood(formula(text), data), createRng([7012]));
    const plain = draw('y ~ 1 + (1 | g)');
    // The offset is taken off before the fit, up to the rounding of numbers of size 100.
    draw('raised ~ 1 + offset(o) + (1 | g)').forEach((value, i) => {
      expect(Math.abs(value - offset[i]! - plain[i]!)).toBeLessThan(1e-6);
    });
  });

  it.each([
    ['two terms', 'y ~ 1 + (1 + x | g)', [4, 3.6, 3.6, 9], 2],
    ['a correlation of 1', 'y ~ 1 + (1 + x | g)', [4, 6, 6, 9], 2],
    // Rounding leaves the second pivot a little below 0.
    ['a correlation of -1', 'y ~ 1 + (1 + x | g)', [1.7 * 1.7, -(1.7 * 1.9), -(1.7 * 1.9), 1.9 * 1.9], 2],
    ['an sd of 0', 'y ~ 1 + (1 + x | g)', [0, 0, 0, 9], 2],
    ['three terms', 'y ~ 1 + (1 + x + z | g)', [4, 2, -1.5, 2, 9, 3, -1.5, 3, 5], 3],
  ] as const)("has the covariance Z Sigma Z' + sigma^2 I: %s", (_title, text, Sigma, q) => {
    const fit = fitWith(text, Sigma, 0.5);
    const rng = createRng([7011]);
    const mean = fit.fixef.estimates[0]!;
    const n = x.length;
    const rounds = 20000;
    const sums = new Float64Array(n * n);
    for (let s = 0; s < rounds; s++) {
      const draw = simulateResponse(fit, rng);
      for (let i = 0; i < n; i++)
        for (let k = 0; k <= i; k++) sums[i * n + k]! += (draw[i]! - mean) * (draw[k]! - mean);
    }
    const line = (i: number): number[] => [1, x[i]!, z[i]!].slice(0, q);
    const truth = (i: number, k: number): number => {
      const own = i === k ? 0.25 : 0;
      if (rows.g[i] !== rows.g[k]) return own;
      return line(i).reduce((sum, a, r) => line(k).reduce((part, b, c) => part + a * Sigma[r * q + c]! * b, sum), own);
    };
    for (let i = 0; i < n; i++) {
      for (let k = 0; k <= i; k++) {
        // The mean of products of two normals: variance V_ii V_kk + V_ik^2; five standard errors, for 78 comparisons.
        const error = Math.sqrt((truth(i, i) * truth(k, k) + truth(i, k) ** 2) / rounds);
        expect(Math.abs(sums[i * n + k]! / rounds - truth(i, k))).toBeLessThan(5 * error);
      }
    }
  });
});
