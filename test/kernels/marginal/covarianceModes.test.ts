import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { uniform } from '../../../src/graph/priors.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { covarianceModes } from '../../../src/kernels/marginal/covarianceModes.ts';
import { covarianceProposal } from '../../../src/kernels/marginal/covarianceProposal.ts';
import { marginalDensity } from '../../../src/kernels/marginal/marginalDensity.ts';
import { marginalLikelihood } from '../../../src/kernels/marginal/marginalLikelihood.ts';
import { type MarginalTarget, marginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { boundedStarts, priorStarts } from '../../../src/kernels/marginal/priorStarts.ts';
import { typicalScales } from '../../../src/kernels/marginal/typicalScales.ts';
import { uncoveredPlaces } from '../../../src/kernels/marginal/uncoveredPlaces.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import type { ScalePrior } from '../../../src/priors/priors.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { groupQr } from '../../../src/products/groupQr.ts';
import { curvatureFactor } from '../../../src/proposals/curvatureFactor.ts';
import { importanceWeights } from '../../../src/proposals/importanceWeights.ts';
import { mixtureAt, mixtureProposal } from '../../../src/proposals/mixture.ts';
import { createRng } from '../../../src/random/rng.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import { handDesign } from '../../oracle/handDesign.ts';

const SIGMA: ScalePrior = { distribution: 'halfNormal', scale: 1 };

/** y ~ 1 + (1 | g) + (1 | h) with `copies` factors all the same: J groups of m rows whose means have sd 10. */
function copiesOf(J: number, m: number, copies: number, tau: ScalePrior): MarginalTarget {
  const rng = createRng([101, J]);
  const index = Array.from({ length: J * m }, (_, i) => Math.floor(i / m));
  const u = Array.from({ length: J }, () => 10 * rng.normal());
  const ones = index.map(() => [1]);
  const names = ['g', 'h', 'f'].slice(0, copies);
  const design = handDesign({
    y: index.map((j) => u[j]! + rng.normal()),
    X: ones,
    groups: names.map((factor) => ({ factor, J, index, Z: ones })),
  });
  const products = crossProducts(design);
  const flat = { mean: new Float64Array(1), sd: new Float64Array(1).fill(Infinity), source: [] };
  const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, flat), design.n);
  const priors = names.map(() => [{ kind: 'separation', tau: [tau], eta: 1 } as const]);
  return marginalTarget(likelihood, design.groupTerms, priors, SIGMA);
}

const BIMODAL: readonly (readonly [string, number, number, ScalePrior])[] = [
  ['half_cauchy(0.01)', 6, 3, { distribution: 'halfCauchy', scale: 0.01 }],
  ['inverse_gamma(2, 0.02)', 6, 3, { distribution: 'inverseGamma', shape: 2, scale: 0.02 }],
  ['half_t(1, 0.1)', 12, 3, { distribution: 'halfT', df: 1, scale: 0.1 }],
];

describe('modes of the posterior of covariances', () => {
  it.each(BIMODAL)('are found on both sides of an exact symmetry: two copies of a factor, %s', (_name, J, m, tau) => {
    const target = copiesOf(J, m, 2, tau);
    target.integrate(true);
    const modes = toTheEnd(covarianceModes(target, [Float64Array.of(0.7, 0.7)], 1, createRng([6])));
    const [a, b] = [modes[0]!, modes[1]!];
    // One small and one large, the other way round, of one height.
    expect(a.phi[0]! > a.phi[1]!).toBe(b.phi[0]! < b.phi[1]!);
    expect(a.logMarginal).toBeCloseTo(b.logMarginal, 2);
    expect(a.sigma).toBeCloseTo(b.sigma, 1);
    for (const { phi, sigma, logDensity } of modes) {
      expect(target.at(phi)).toBe(true);
      expect(target.logJoint(sigma)).toBeCloseTo(logDensity, 8);
    }
  });

  it('has one of an ordinary posterior, wherever the search starts', () => {
    for (const start of [0.01, 0.7, 30]) {
      const target = copiesOf(12, 3, 1, { distribution: 'halfT', df: 3, scale: 20 });
      target.integrate(true);
      const modes = toTheEnd(covarianceModes(target, [Float64Array.of(start)], 1, createRng([6])));
      expect(modes.length).toBe(1);
      // tau is some 10 sigma.
      expect(modes[0]!.phi[0]! ** 2).toBeGreaterThan(4);
    }
  });

  it('is looked for from the points that are given', () => {
    const target = copiesOf(6, 3, 2, BIMODAL[0]![3]);
    target.integrate(true);
    const starts = [Float64Array.of(3, 0.1), Float64Array.of(0.1, 3)];
    const modes = toTheEnd(covarianceModes(target, starts, 1, createRng([6]), false));
    expect(modes.map(({ phi }) => phi[0]! > phi[1]!).sort()).toEqual([false, true]);
  });
});

describe('a proposal of several modes', () => {
  it.each([
    ...BIMODAL.map((row) => [...row, 2] as const),
    ['half_cauchy(0.01), three copies', 6, 3, BIMODAL[0]![3], 3] as const,
  ])('gives every copy of a factor the same share of being the large one: %s', (_name, J, m, tau, copies) => {
    const target = copiesOf(J, m, copies, tau);
    const fitted = toTheEnd(covarianceProposal(target, new Float64Array(copies).fill(0.7)));
    const N = 6000;
    const rng = createRng([102]);
    const phi = new Float64Array(copies);
    const logs = new Float64Array(N);
    const largest = new Uint8Array(N);
    for (let n = 0; n < N; n += 1) {
      fitted.proposal.draw(rng, phi);
      const weight = target.at(phi) ? target.logWeight(target.drawSigma(rng)) : -Infinity;
      logs[n] = weight - fitted.proposal.logDensity(phi);
      largest[n] = phi.indexOf(Math.max(...phi));
    }
    const { weights, sum, effective } = importanceWeights(logs);
    expect(effective / N).toBeGreaterThan(0.2);
    for (let k = 0; k < copies; k += 1) {
      const share = weights.reduce((total, w, n) => (largest[n] === k ? total + w : total), 0) / sum;
      const error = Math.sqrt((1 / copies) * (1 - 1 / copies) * (1 / effective));
      expect(Math.abs(share - 1 / copies)).toBeLessThan(4.5 * error);
    }
    expect(fitted.modes!.length).toBeGreaterThanOrEqual(copies);
  });

  it('is told of a mode that it leaves out by walks from afar', () => {
    const target = copiesOf(6, 3, 2, BIMODAL[0]![3]);
    target.integrate(true);
    const modes = toTheEnd(covarianceModes(target, [Float64Array.of(0.7, 0.7)], 1, createRng([6])));
    const known = modes[0]!;
    const factor = curvatureFactor(marginalDensity(target), known.phi, 2);
    const proposal = mixtureProposal(mixtureAt([{ mean: known.phi, factor }], 2));
    const fitted = { proposal, walk: factor, start: known.phi, steps: 1 };
    const found = toTheEnd(uncoveredPlaces(target, fitted, [known], 1, createRng([8, 0])));
    expect(found.places.length).toBeGreaterThan(0);
    const other = found.modes.some(({ phi }) => phi[0]! > phi[1]! !== known.phi[0]! > known.phi[1]!);
    expect(other).toBe(true);
  });
});

describe('narrow bounds of an sd at the origin of a column, and of sigma', () => {
  it.each([
    [5, 1e-7],
    [20, 1e-6],
    [5, 1e-8],
  ])('leave room that is found: columns %d from zero, sigma up to %d', (shift, high) => {
    const y = Array.from({ length: 20 }, (_, i) => Math.sin(3 * (i % 4)) + Math.cos(0.37 * i * i));
    const rows = { y, g: y.map((_, i) => `g${i % 4}`), x: y.map((_, i) => shift + Math.floor(i / 4)) };
    const priors = { 'tau_g[Intercept]': uniform(5, 5.2), 'tau_g[x]': uniform(0, 2), sigma: uniform(0, high) };
    const { moving, products } = plan(formula('y ~ x + (1 + x | g)', { priors }), { rows });
    const { groupTerms } = moving.design;
    const qr = groupQr(moving.design, groupTerms[0]!, products);
    const { groups, sigma, beta } = moving.priors;
    const target = marginalTarget(
      marginalLikelihood(qr, workingCoefficientPrior(products, beta), products.n),
      groupTerms,
      groups,
      sigma,
    );
    target.integrate(true);
    const typical = typicalScales(moving.design, new Float64Array(y.length).fill(1));
    const from = (starts: readonly Float64Array[]) =>
      toTheEnd(covarianceModes(target, starts, 1, createRng([6]))).length;
    expect(from(priorStarts(groupTerms, groups, typical))).toBe(0);
    expect(from(boundedStarts(groupTerms, groups, sigma))).toBeGreaterThan(0);
  });

  it('are where chains of crossed and gibbs start: mapped priors have a density at their first sds', () => {
    // 12 groups by 6, years: an sd of the intercept at year 0 leaves correlations next to -1 alone.
    const rng = createRng([4]);
    const i = Array.from({ length: 72 }, (_, at) => at);
    const [g, h] = [i.map((at) => at % 12), i.map((at) => Math.floor(at / 12))];
    const x = i.map(() => 2000 + 3 * rng.normal());
    const slope = g.map((j) => 0.3 + Math.sin(3 * j) / 2);
    const y = x.map((year, at) => slope[at]! * (year - 2000) + Math.cos(2 * g[at]!) + rng.normal());
    const model = formula('y ~ x + (1 + x | g) + (1 | h)', {
      priors: { 'tau_g[Intercept]': uniform(900, 1100), 'tau_g[x]': uniform(0.45, 0.55) },
    });
    const fits = ['crossed', 'gibbs'].map((kernels) =>
      sampleSync(model, { rows: { y, x, g, h } }, { chains: 2, warmup: 100, iterations: 200, seed: 2, kernels }),
    );
    for (const fit of fits) {
      const sds = summarize(fit, { variables: ['tau_g'] });
      expect(sds.map(({ q5 }) => q5)[0]).toBeGreaterThan(900);
      expect(sds.map(({ q95 }) => q95)[1]).toBeLessThan(0.55);
      expect(check(fit).findings.filter(({ code }) => code === 'stuckChain')).toEqual([]);
    }
  });
});
