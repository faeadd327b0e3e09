import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { coefficientsKernel } from '../../../src/kernels/gibbs/coefficients.ts';
import type { Kernel } from '../../../src/kernels/kernel.ts';
import { groupCoefficientsKernel } from '../../../src/kernels/marginal/groupCoefficients.ts';
import { marginalLikelihood } from '../../../src/kernels/marginal/marginalLikelihood.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { groupQr } from '../../../src/products/groupQr.ts';
import { createRng, type Rng } from '../../../src/random/rng.ts';
import { denseGaussian } from '../../oracle/denseGaussian.ts';
import { gaussianCases } from '../../oracle/gaussianCases.ts';

/**
 * A stream whose normals are given: with zeros a kernel returns its conditional mean, with unit vectors the columns of
 * a factor of its covariance.
 */
function given(normals: ArrayLike<number>): Rng & { used(): number } {
  const rest = createRng([1]);
  let at = 0;
  const normal = (): number => {
    const value = normals[at] ?? Number.NaN;
    at += 1;
    return value;
  };
  return {
    ...rest,
    normal,
    fillNormals(out, count) {
      for (let k = 0; k < count; k += 1) out[k] = normal();
    },
    used: () => at,
  };
}

/** Mean and covariance of the kernel's draw of (u, beta), read off its linear map from normals to coefficients. */
function conditional(
  kernel: Kernel,
  design: Design,
  sigma: number,
  Sigmas: readonly Matrix[],
): { mean: number[]; cov: Matrix } {
  const state = emptyState(layout(design));
  if (!design.response.standardErrors) state.at['sigma']![0] = sigma;
  design.groupTerms.forEach(({ factor, q }, f) => {
    for (let k = 0; k < q; k += 1) state.at[`tau_${factor}`]![k] = Math.sqrt(Sigmas[f]!.get(k, k));
    let pair = 0;
    for (let a = 0; a < q; a += 1) {
      for (let b = a + 1; b < q; b += 1) {
        state.at[`corr_${factor}`]![pair] =
          Sigmas[f]!.get(a, b) / Math.sqrt(Sigmas[f]!.get(a, a) * Sigmas[f]!.get(b, b));
        pair += 1;
      }
    }
  });
  const count = design.p + design.groupTerms.reduce((sum, { J, q }) => sum + J * q, 0);
  const draw = (normals: Float64Array): number[] => {
    const rng = given(normals);
    kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
    expect(rng.used()).toBe(count);
    return [...design.groupTerms.flatMap(({ factor }) => Array.from(state.at[`u_${factor}`]!)), ...state.at['beta']!];
  };
  const mean = draw(new Float64Array(count));
  const columns = mean.map((_, i) => {
    const unit = new Float64Array(count);
    unit[i] = 1;
    return draw(unit).map((value, k) => value - mean[k]!);
  });
  const F = new Matrix(columns);
  return { mean, cov: F.transpose().mmul(F) };
}

describe('the draw of u and beta', () => {
  const weak = { mean: new Float64Array(4), sd: new Float64Array(4).fill(Infinity), source: [] };
  const normal = {
    mean: Float64Array.from([90, 0.1, 1e-5, 0]),
    sd: Float64Array.from([20, 0.05, 1e-4, 1]),
    source: [],
  };
  const cases = gaussianCases.flatMap(([name, each]) =>
    [weak, normal].map((prior) => [name, prior === weak ? 'flat' : 'normal', each, prior] as const),
  );
  it.each(cases)(
    'has the conditional mean and covariance of the dense formulas: %s, %s prior',
    (_name, _kind, { design, sigma, Sigmas }, prior) => {
      const products = crossProducts(design);
      const working = workingCoefficientPrior(products, prior);
      const kernels = [coefficientsKernel(design, products, working, true)];
      if (design.groupTerms.length === 1) {
        const qr = groupQr(design, design.groupTerms[0]!, products);
        const likelihood = marginalLikelihood(qr, working, design.n);
        // Given a state that no kernel of the covariances left.
        kernels.push(groupCoefficientsKernel(design.groupTerms[0]!, qr, products, likelihood, { revisit: () => null }));
      }
      const truth =
        prior === weak
          ? denseGaussian(design, sigma, Sigmas)
          : denseGaussian(design, sigma, Sigmas, {
              mean: Array.from(prior.mean),
              precision: Matrix.diag(Array.from(prior.sd, (sd) => 1 / (sd * sd))),
            });
      for (const kernel of kernels) {
        const own = conditional(kernel, design, sigma, Sigmas);
        // 1e-10 of each coefficient's own size: its sd, and for the mean its value where that is larger.
        own.mean.forEach((value, i) => {
          const sd = Math.sqrt(truth.cov.get(i, i));
          expect(Math.abs(value - truth.mean[i]!)).toBeLessThan(1e-10 * Math.max(sd, Math.abs(truth.mean[i]!)));
          own.mean.forEach((_, k) => {
            const scale = sd * Math.sqrt(truth.cov.get(k, k));
            expect(Math.abs(own.cov.get(i, k) - truth.cov.get(i, k))).toBeLessThan(1e-10 * scale);
          });
        });
      }
    },
  );
});
