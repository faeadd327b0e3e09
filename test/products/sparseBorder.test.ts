import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { type CellTable, cellTable } from '../../src/kernels/cells/cellTable.ts';
import { linearPredictorMoments } from '../../src/kernels/cells/linearPredictorMoments.ts';
import { weightedProducts } from '../../src/kernels/cells/weightedProducts.ts';
import { arrowMarginalLikelihood } from '../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { factorCost } from '../../src/kernels/marginal/factorCost.ts';
import { backwardSolveArrow } from '../../src/linalg/arrowCholesky.ts';
import { addTransposedInCorner, backwardSolveInCorner } from '../../src/linalg/arrowCorner.ts';
import { resolvePriors } from '../../src/priors/resolvePriors.ts';
import { workingCoefficientPrior } from '../../src/priors/workingCoefficientPrior.ts';
import { withSparseBorder } from '../../src/products/sparseBorder.ts';
import { createRng } from '../../src/random/rng.ts';
import { nestedRows } from '../oracle/nestedRows.ts';

const { rows } = nestedRows(60);

/** Cross-products under random weights and the likelihood at random factors, the border dense or as it is chosen. */
function solved(text: string, sparse: boolean) {
  const design = buildDesign(formula(text, { family: 'poisson' }), { rows });
  const priors = resolvePriors(design);
  const groups = design.groupTerms.map(({ J, q }) => ({ J, q }));
  const whole = cellTable(design);
  const pattern = sparse ? withSparseBorder(whole.layout, groups, design.p) : whole.layout.pattern;
  const table: CellTable = { ...whole, layout: { ...whole.layout, pattern } };
  const weighted = weightedProducts(table, groups, design.p);
  const rng = createRng([41]);
  const each = (of: () => number): Float64Array => Float64Array.from({ length: table.n }, of);
  weighted.fill(
    each(() => 0.2 + rng.uniform()),
    each(() => rng.normal()),
  );
  const likelihood = arrowMarginalLikelihood(
    weighted.products,
    workingCoefficientPrior(weighted.products, priors.beta),
    table.n,
  );
  likelihood.evaluate(groups.map(({ q }) => Float64Array.from({ length: q * q }, () => 0.3 + rng.uniform())));
  likelihood.solve(1);
  const solution = likelihood.side.slice();
  backwardSolveArrow(likelihood.arrow, solution);
  const mean = new Float64Array(table.n);
  const variance = new Float64Array(table.n);
  linearPredictorMoments(table, weighted.products, likelihood, mean, variance);
  return { pattern, likelihood, solution, mean, variance };
}

describe.each([
  ['nested factors, a level for each row', 'y ~ x + (1 | row) + (1 | family) + (1 | village)'],
  ['nested factors with slopes', 'y ~ x + (1 | row) + (1 + x | family) + (1 + x || village)'],
  ['two nested factors', 'y ~ x + (1 | row) + (1 | family)'],
  ['a level for each row of crossed factors', 'y ~ x + (1 | row) + (1 | family) + (1 | item)'],
])('a sparse border: %s', (_, text) => {
  const dense = solved(text, false);
  const sparse = solved(text, true);

  it('is taken for its fewer multiplications', () => {
    expect(sparse.pattern.sparse).toBeDefined();
    expect(factorCost(sparse.pattern)).toBeLessThan(factorCost(dense.pattern));
  });

  // Condition numbers are below 1e4.
  it('has the determinants, the solution, the means and variances of the dense one', () => {
    const close = (actual: number, expected: number): void => {
      expect(Math.abs(actual - expected)).toBeLessThan(1e-11 * (1 + Math.abs(expected)));
    };
    close(sparse.likelihood.logDeterminantK(), dense.likelihood.logDeterminantK());
    close(sparse.likelihood.logDeterminantP(), dense.likelihood.logDeterminantP());
    close(sparse.likelihood.rss(), dense.likelihood.rss());
    sparse.solution.forEach((value, k) => {
      close(value, dense.solution[k]!);
    });
    sparse.mean.forEach((value, i) => {
      close(value, dense.mean[i]!);
      close(sparse.variance[i]!, dense.variance[i]!);
    });
  });

  it("multiplies by L' what it has divided by it", () => {
    const { arrow } = sparse.likelihood;
    const rng = createRng([42]);
    const z = Float64Array.from(sparse.solution, () => rng.normal());
    const e = z.slice();
    backwardSolveInCorner(arrow, e);
    const back = new Float64Array(z.length);
    addTransposedInCorner(arrow, e, back);
    for (let k = z.length - arrow.pattern.r; k < z.length; k += 1) expect(back[k]! - z[k]!).toBeCloseTo(0, 11);
  });
});

describe('a dense border', () => {
  it.each([
    ['of one factor', 'y ~ x + (1 | row)'],
    ['next to nothing', 'y ~ x + (1 | row) + (1 | item)'],
    ['that the rows fill', 'y ~ x + (1 | family) + (1 | item)'],
  ])('stays: %s', (_, text) => {
    expect(solved(text, true).pattern.sparse).toBeUndefined();
  });
});
