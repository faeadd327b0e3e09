import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { covarianceProposal } from '../../../src/kernels/marginal/covarianceProposal.ts';
import { marginalDensity } from '../../../src/kernels/marginal/marginalDensity.ts';
import { marginalLikelihood } from '../../../src/kernels/marginal/marginalLikelihood.ts';
import type { MarginalProposal } from '../../../src/kernels/marginal/marginalProposal.ts';
import { type MarginalTarget, marginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { fitWhitenedModel } from '../../../src/kernels/whitened/fitWhitenedModel.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import type { ScalePrior } from '../../../src/priors/priors.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { groupQr } from '../../../src/products/groupQr.ts';
import { createRng } from '../../../src/random/rng.ts';
import { gaussianCases } from '../../oracle/gaussianCases.ts';
import { handDesign } from '../../oracle/handDesign.ts';

type Given = (typeof gaussianCases)[number][1]['design'];
const HALF_T: ScalePrior = { distribution: 'halfT', df: 3, scale: 2 };
const WIDE: ScalePrior = { distribution: 'uniform', low: 0, high: 1000 };

/** The target of a design of one factor, an intercept and a slope that vary. */
function targetOf(design: Given, tau = HALF_T): MarginalTarget {
  const products = crossProducts(design);
  const { p } = design;
  const flat = { mean: new Float64Array(p), sd: new Float64Array(p).fill(Infinity), source: [] };
  const qr = groupQr(design, design.groupTerms[0]!, products);
  const likelihood = marginalLikelihood(qr, workingCoefficientPrior(products, flat), design.n);
  return marginalTarget(likelihood, design.groupTerms, [[{ kind: 'separation', tau: [tau, tau], eta: 2 }]], HALF_T);
}

/** J groups of `size` rows. */
function slopes(J: number, size: number): Given {
  const rng = createRng([81, J]);
  const index = Array.from({ length: J * size }, (_, i) => i % J);
  const u = Array.from({ length: J }, () => [rng.normal(), 0.5 * rng.normal()] as const);
  const X = index.map(() => [1, rng.normal()]);
  const y = index.map((j, i) => 2 + u[j]![0] + (u[j]![1] - 1) * X[i]![1]! + rng.normal());
  return handDesign({ y, X, groups: [{ factor: 'g', J, index, Z: X }] });
}

/** Share of independence steps that are accepted, (phi, sigma) as the kernel moves them. */
function acceptance(target: MarginalTarget, { proposal, start }: MarginalProposal): number {
  const rng = createRng([82]);
  const phi = Float64Array.from(start);
  let weight = -Infinity;
  let accepted = 0;
  const N = 4000;
  for (let n = 0; n < N; n += 1) {
    proposal.draw(rng, phi);
    if (!target.at(phi)) continue;
    const candidate = target.logWeight(target.drawSigma(rng)) - proposal.logDensity(phi);
    if (Math.log(rng.uniform()) < candidate - weight) {
      weight = candidate;
      accepted += 1;
    }
  }
  return accepted / N;
}

describe('the proposal of covariance parameters', () => {
  it.each([
    ['30 groups of 12', slopes(30, 12)],
    ['12 groups of unequal sizes', gaussianCases.find(([name]) => name === 'one factor, q = 2')![1].design],
  ])('is a lattice for two sds and a correlation, accepted nine times of ten: %s', (_name, design) => {
    const target = targetOf(design);
    const fitted = toTheEnd(covarianceProposal(target, Float64Array.of(0.7, 0.7)));
    expect(fitted.steps).toBe(1);
    // A share of .9 has a standard error of .005 here.
    expect(acceptance(target, fitted)).toBeGreaterThan(0.9);
  });

  it('stays a mixture where evaluations are dear', () => {
    const target = targetOf(slopes(30, 12));
    expect(toTheEnd(covarianceProposal(target, Float64Array.of(0.7, 0.7), { share: 0.9 })).proposal.table!.kind).toBe(
      'mixture',
    );
    expect(toTheEnd(covarianceProposal(target, Float64Array.of(0.7, 0.7), { share: 1 })).proposal.table!.kind).toBe(
      'lattice',
    );
  });

  it('is a lattice for the covariances of a logit too', () => {
    const rng = createRng([83]);
    const rows = Array.from({ length: 60 }, (_, i) => ({ n: 12, x: (i % 3) - 1, g: `g${i % 20}` })).map((row) => ({
      ...row,
      y: Math.round(12 / (1 + Math.exp(-rng.normal() - row.x))),
    }));
    const design = buildDesign(formula('y | trials(n) ~ x + (1 + x | g)', { family: 'binomialLogit' }), { rows });
    expect(toTheEnd(fitWhitenedModel(design, resolvePriors(design))).proposal.proposal.table!.kind).toBe('lattice');
  });

  it('is a lattice for two groups and uniform priors too, with sigma integrated out numerically', () => {
    const target = targetOf(slopes(2, 4), WIDE);
    const fitted = toTheEnd(covarianceProposal(target, Float64Array.of(0.7, 0.7)));
    expect(fitted.steps).toBe(1);
    expect(target.calibration().integrated).toBe(true);
    expect(acceptance(target, fitted)).toBeGreaterThan(0.88);
  });

  it('is a mixture in log scales where the sds have tails that no lattice reaches the end of: two groups, a wide half-Cauchy prior', () => {
    const target = targetOf(slopes(2, 4), { distribution: 'halfCauchy', scale: 1e4 });
    const fitted = toTheEnd(covarianceProposal(target, Float64Array.of(0.7, 0.7)));
    expect(fitted.proposal.table!.kind).toBe('logMixture');
    expect(fitted.steps).toBeGreaterThanOrEqual(2);
    // One fitted in the scales themselves comes to 0.49.
    expect(acceptance(target, fitted)).toBeGreaterThan(0.7);
  });

  it('takes a point for none where the density overflows, as an LKJ prior that favours correlations of 1 may do', () => {
    const target = targetOf(slopes(30, 12));
    const phi = Float64Array.of(0.7, 0.7, 0);
    expect(marginalDensity({ ...target, logMarginal: () => Infinity })(phi)).toBe(-Infinity);
    expect(marginalDensity({ ...target, logMarginal: () => Number.NaN })(phi)).toBe(-Infinity);
    expect(marginalDensity(target)(phi)).toBeGreaterThan(-Infinity);
  });

  it('goes by a power of sigma where that stands for the priors', () => {
    const target = targetOf(slopes(30, 12));
    toTheEnd(covarianceProposal(target, Float64Array.of(0.7, 0.7)));
    expect(target.calibration().integrated).toBe(false);
  });
});
