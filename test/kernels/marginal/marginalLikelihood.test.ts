import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import type { Design } from '../../../src/design/design.ts';
import { formula } from '../../../src/formula/formula.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { type MarginalLikelihood, marginalLikelihood } from '../../../src/kernels/marginal/marginalLikelihood.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { groupQr } from '../../../src/products/groupQr.ts';
import { createRng } from '../../../src/random/rng.ts';
import { denseMarginal } from '../../oracle/denseMarginal.ts';
import { gaussianCases } from '../../oracle/gaussianCases.ts';

/**
 * Differences of log-likelihoods near 1e2 from n x n matrices whose condition number is about 1e4: 1e-8 absolute is
 * rounding.
 */
const TOLERANCE = 1e-8;

/** Random relative factors around the case's sds, and their covariances at sigma. */
function randomPoint(design: Design, Sigmas: readonly Matrix[], sigma: number, seed: number) {
  const rng = createRng([seed]);
  const Lambda = design.groupTerms.map(({ q }, f) => {
    const L = new Float64Array(q * q);
    for (let a = 0; a < q; a += 1) {
      const sd = Math.sqrt(Sigmas[f]!.get(a, a)) / sigma;
      for (let b = 0; b <= a; b += 1) L[a * q + b] = sd * (a === b ? Math.exp(rng.normal()) : 0.5 * rng.normal());
    }
    return L;
  });
  const covariances = Lambda.map((L, f) => {
    const { q } = design.groupTerms[f]!;
    const M = Matrix.from1DArray(q, q, Array.from(L)).mul(sigma);
    return M.mmul(M.transpose());
  });
  return { Lambda, covariances };
}

function logLikelihood(likelihood: MarginalLikelihood, Lambda: readonly Float64Array[], sigma: number): number {
  likelihood.evaluate(Lambda);
  likelihood.solve(sigma);
  return (
    -likelihood.degreesOfFreedom * Math.log(sigma) -
    0.5 * likelihood.logDeterminantK() -
    0.5 * likelihood.logDeterminantP() -
    (0.5 * likelihood.rss()) / (sigma * sigma)
  );
}

describe('the likelihood with all coefficients integrated out', () => {
  const grouped = gaussianCases.filter(([, { design }]) => design.groupTerms.length > 0);
  it.each(grouped)('equals the dense n x n one, flat and normal priors: %s', (_name, { design, sigma, Sigmas }) => {
    const products = crossProducts(design);
    const flat = { mean: new Float64Array(design.p), sd: new Float64Array(design.p).fill(Infinity), source: [] };
    const normal = {
      mean: Float64Array.from([90, 0.1, 1e-5, 0]),
      sd: Float64Array.from([20, 0.05, 1e-4, 1]),
      source: [],
    };
    for (const prior of [flat, normal]) {
      const working = workingCoefficientPrior(products, prior);
      const engines: MarginalLikelihood[] = [arrowMarginalLikelihood(products, working, design.n)];
      if (design.groupTerms.length === 1) {
        engines.push(marginalLikelihood(groupQr(design, design.groupTerms[0]!, products), working, design.n));
      }
      const sigmas = design.response.standardErrors ? [1, 1, 1] : [sigma, 0.6 * sigma, 2 * sigma];
      const points = sigmas.map((s, i) => ({ s, ...randomPoint(design, Sigmas, s, 900 + i) }));
      const precision = Array.from(prior.sd, (sd) => 1 / (sd * sd));
      const truth = points.map(({ s, covariances }) =>
        denseMarginal(design, s, covariances, { mean: Array.from(prior.mean), precision }),
      );
      for (const engine of engines) {
        const own = points.map(({ s, Lambda }) => logLikelihood(engine, Lambda, s));
        for (const i of [1, 2]) expect(Math.abs(own[i]! - own[0]! - (truth[i]! - truth[0]!))).toBeLessThan(TOLERANCE);
      }
    }
  });

  it.each(grouped)(
    'is the same to the last bit at a sigma that follows another: %s',
    (_name, { design, sigma, Sigmas }) => {
      const products = crossProducts(design);
      const mean = Float64Array.from([90, 0.1, 1e-5, 0]);
      const sd = Float64Array.from([20, Infinity, 1e-4, 1]);
      const working = workingCoefficientPrior(products, { mean, sd, source: [] });
      const all = (engine: MarginalLikelihood) => [engine.logDeterminantK(), engine.logDeterminantP(), engine.rss()];
      const { Lambda } = randomPoint(design, Sigmas, sigma, 910);
      const engine = arrowMarginalLikelihood(products, working, design.n);
      engine.evaluate(Lambda);
      for (const factor of [1, 0.6, 40, 1e-3]) {
        const anew = arrowMarginalLikelihood(products, working, design.n);
        anew.evaluate(Lambda);
        anew.solve(factor * sigma);
        engine.solve(factor * sigma);
        expect(all(engine)).toEqual(all(anew));
        expect(engine.side).toEqual(anew.side);
      }
    },
  );

  it('stays exact at tau = 0 and does not break at tau a million times sigma', () => {
    const { design } = gaussianCases.find(([name]) => name === 'one factor, q = 1')![1];
    const products = crossProducts(design);
    const flat = workingCoefficientPrior(products, {
      mean: new Float64Array(design.p),
      sd: new Float64Array(design.p).fill(Infinity),
      source: [],
    });
    const qr = marginalLikelihood(groupQr(design, design.groupTerms[0]!, products), flat, design.n);
    const at = (lambda: number): { rss: number; logK: number } => {
      qr.evaluate([Float64Array.of(lambda)]);
      qr.solve(1);
      return { rss: qr.rss(), logK: qr.logDeterminantK() };
    };
    expect(at(0).logK).toBe(0);
    // As tau grows the residual sum of squares falls to that within groups, and by at most the groups' share.
    const limit = at(1e8).rss;
    expect(Math.abs(at(1e6).rss - limit) / limit).toBeLessThan(1e-9);
    expect(at(0).rss).toBeGreaterThan(limit);
  });

  it('is right or 0 where a level-2 column beside a column of rows has lost its digits, and never a perfect fit', () => {
    const rng = createRng([31]);
    const rows = Array.from({ length: 48 }, (_, i) => {
      const j = i % 6;
      const x = rng.normal();
      return { g: `g${j}`, x, z: 1.5 * j, y: j + 0.5 * x + 3 * rng.normal() };
    });
    const design = buildDesign(formula('y ~ x + z + (1 | g)'), rows);
    const products = crossProducts(design);
    const flat = { mean: new Float64Array(3), sd: new Float64Array(3).fill(Infinity), source: [] };
    const likelihood = marginalLikelihood(
      groupQr(design, design.groupTerms[0]!, products),
      workingCoefficientPrior(products, flat),
      design.n,
    );
    const at = (lambda: number): { logP: number; rss: number } => {
      likelihood.evaluate([Float64Array.of(lambda)]);
      likelihood.solve(1);
      return { logP: likelihood.logDeterminantP(), rss: likelihood.rss() };
    };
    // Beyond 1e4 the limits hold to 1e-8: rss is that within groups, and two pivots of P fall as lambda^-2.
    const limit = at(1e4);
    expect(limit.rss).toBeGreaterThan(100);
    const told = [1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e14].filter((lambda) => at(lambda).logP < Infinity);
    expect(told).toContain(1e7);
    expect(told).not.toContain(1e10);
    for (const lambda of told) {
      const { logP, rss } = at(lambda);
      expect(Math.abs(rss / limit.rss - 1)).toBeLessThan(1e-6);
      // A pivot keeps as much of its digits as eps lambda^2 leaves.
      const rounding = 1e-6 + 100 * Number.EPSILON * lambda * lambda;
      expect(Math.abs(logP - limit.logP + 4 * Math.log(lambda / 1e4))).toBeLessThan(rounding);
    }
  });
});
