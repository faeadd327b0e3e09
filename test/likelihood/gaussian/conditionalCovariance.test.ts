import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { createRng } from '../../../src/random/rng.ts';

function crossed(): Record<'y' | 'x' | 'g' | 'h', number[]> {
  const rng = createRng([31]);
  const pairs = (count: number) => Array.from({ length: count }, () => [2 * rng.normal(), rng.normal()]);
  const [u, v] = [pairs(6), pairs(5)];
  const out = { y: [] as number[], x: [] as number[], g: [] as number[], h: [] as number[] };
  for (let i = 0; i < 70; i++) {
    const [g, h, x] = [i % 6, Math.floor(rng.uniform() * 5), rng.normal()];
    const eta = 1 + u[g]![0]! + v[h]![0]! + (0.5 + u[g]![1]! + v[h]![1]!) * x;
    for (const [name, value] of Object.entries({ y: eta + 0.5 * rng.normal(), x, g, h })) {
      out[name as keyof typeof out].push(value);
    }
  }
  return out;
}

/**
 * D - D Z' V^-1 Z D, V = Z D Z' + sigma^2 I: the covariance of all u given y, beta and the covariances, every factor's
 * u after the other.
 */
function dense(design: Design, fit: MaximumLikelihoodFit): Matrix {
  const width = design.groupTerms.reduce((sum, { J, q }) => sum + J * q, 0);
  const Z = Matrix.zeros(design.n, width);
  const D = Matrix.zeros(width, width);
  let from = 0;
  design.groupTerms.forEach((term, f) => {
    const { J, q, index } = term;
    for (let i = 0; i < design.n; i++) {
      for (let a = 0; a < q; a++) Z.set(i, from + index[i]! * q + a, term.Z[i * q + a]!);
    }
    for (let j = 0; j < J; j++) {
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) D.set(from + j * q + a, from + j * q + b, fit.groups[f]!.Sigma[a * q + b]!);
      }
    }
    from += J * q;
  });
  const V = Z.mmul(D)
    .mmul(Z.transpose())
    .add(Matrix.eye(design.n).mul(fit.sigma! ** 2));
  const ZD = Z.mmul(D);
  return Matrix.sub(D, ZD.transpose().mmul(inverse(V)).mmul(ZD));
}

describe('conditional covariances of the deviations', () => {
  it('are those of the dense matrix for two crossed factors whose intercept and slope both vary', () => {
    const fit = maximumLikelihood(formula('y ~ x + (1 + x | g) + (1 + x | h)'), { rows: crossed() });
    const truth = dense(fit.design, fit);
    let from = 0;
    for (const { J, q, conditionalCov } of fit.groups) {
      expect(q).toBe(2);
      for (let j = 0; j < J; j++) {
        const size = truth.get(from, from);
        for (let a = 0; a < q; a++) {
          for (let b = 0; b < q; b++) {
            const ours = conditionalCov[(j * q + a) * q + b]!;
            // Entries of two 70 x 70 computations of condition below 1e4.
            expect(Math.abs(ours - truth.get(from + a, from + b))).toBeLessThan(1e-10 * Math.max(1, size));
          }
        }
        from += q;
      }
    }
  });
});
