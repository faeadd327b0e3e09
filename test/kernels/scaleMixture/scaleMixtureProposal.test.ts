import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { flat } from '../../../src/graph/priors.ts';
import { marginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { mixtureRows } from '../../../src/kernels/scaleMixture/mixtureRows.ts';
import { residualTailsStep } from '../../../src/kernels/scaleMixture/residualTails.ts';
import { scaleMixtureProposal } from '../../../src/kernels/scaleMixture/scaleMixtureProposal.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';

describe('the row precisions that a Student-t proposal is fitted to', () => {
  it('are those of the residuals about the weighted least squares line they make', () => {
    const rng = createRng([71]);
    const x = Array.from({ length: 60 }, (_, i) => 3 + i / 10);
    const y = x.map((value) => 1 + 2 * value + rng.normal() / Math.sqrt(rng.gamma(1, 1)));
    const nu = 4;
    const graph = formula('y ~ x', { family: 'studentT', nu, priors: { beta: flat() } });
    const design = buildDesign(graph, { rows: { y, x } });
    const priors = resolvePriors(design);
    const rows = mixtureRows(design, crossProducts(design), priors.beta);
    const target = marginalTarget(rows.likelihood, [], priors.groups, priors.sigma);
    const step = residualTailsStep(design.n, priors.sigma!, priors.nu);
    const { typical } = toTheEnd(scaleMixtureProposal(design, rows, target, step, { sigma: 1, nu }, priors.groups));

    const sum = (of: (i: number) => number): number => y.reduce((total, _, i) => total + typical[i]! * of(i), 0);
    const mean = sum((i) => x[i]!) / sum(() => 1);
    const slope = sum((i) => (x[i]! - mean) * y[i]!) / sum((i) => (x[i]! - mean) ** 2);
    const intercept = (sum((i) => y[i]!) - slope * sum((i) => x[i]!)) / sum(() => 1);
    const squares = y.map((value, i) => (value - intercept - slope * x[i]!) ** 2);
    // typical_i = (nu + 1) / (nu + e_i^2 / sigma^2): every row says what sigma is, and one of middling residual says it
    // for all.
    const [e2, precision] = squares.map((square, i) => [square, typical[i]!] as const).sort(([a], [b]) => a - b)[45]!;
    const variance = e2 / ((nu + 1) / precision - nu);
    // Eight turns; each leaves a fifth or so of the way to go, of precisions near 1.
    squares.forEach((square, i) => {
      expect(Math.abs(typical[i]! - (nu + 1) / (nu + square / variance))).toBeLessThan(1e-3);
    });
  });
});
