import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { cellTable } from '../../../src/kernels/cells/cellTable.ts';
import { linearPredictorMoments } from '../../../src/kernels/cells/linearPredictorMoments.ts';
import { weightedProducts } from '../../../src/kernels/cells/weightedProducts.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { cells } from '../../../src/products/cells.ts';
import { createRng } from '../../../src/random/rng.ts';
import { denseColumns } from '../../oracle/denseGaussian.ts';

const n = 60;
const stream = createRng([91]);
const rows = Array.from({ length: n }, (_, i) => ({
  y: i % 2,
  x: stream.normal(),
  o: 0.3 * stream.normal(),
  g: `g${(i * 7) % 9}`,
  h: `h${Math.floor(i / 5) % 4}`,
}));

describe('mean and variance of the linear predictors', () => {
  it.each(['y ~ x + offset(o)', 'y ~ x + offset(o) + (1 | g)', 'y ~ x + offset(o) + (1 + x | g) + (1 + x | h)'])(
    'are those of the dense Gaussian conditional: %s',
    (text) => {
      const design = cells(buildDesign(formula(text, { family: 'binomialLogit' }), { rows })).design;
      const { p, groupTerms } = design;
      const table = cellTable(design);
      const weighted = weightedProducts(
        table,
        groupTerms.map(({ J, q }) => ({ J, q })),
        p,
      );
      const sds = [3, 2];
      const prior = { mean: new Float64Array(p), sd: Float64Array.from(sds), source: [] };
      const likelihood = arrowMarginalLikelihood(
        weighted.products,
        workingCoefficientPrior(weighted.products, prior),
        table.n,
      );
      const rng = createRng([92]);
      const precision = Float64Array.from({ length: table.n }, () => 0.2 + rng.uniform());
      const side = Float64Array.from({ length: table.n }, () => rng.normal());
      weighted.fill(precision, side);
      const Lambda = groupTerms.map(({ q }) => (q === 1 ? Float64Array.of(0.8) : Float64Array.of(0.9, 0, -0.4, 0.6)));
      likelihood.evaluate(Lambda);
      likelihood.solve(1);
      const [mean, variance] = [new Float64Array(table.n), new Float64Array(table.n)];
      linearPredictorMoments(table, weighted.products, likelihood, mean, variance);

      // Precision of (u, beta), u in the order of the factors: [Z X]' W [Z X] + diag(Sigma^-1, ..., 1 / sd^2).
      const A = denseColumns(design);
      const P = A.transpose()
        .mmul(Matrix.diag([...precision]))
        .mmul(A);
      let at = 0;
      groupTerms.forEach(({ J, q }, f) => {
        const L = Matrix.from1DArray(q, q, [...Lambda[f]!]);
        const K = inverse(L.mmul(L.transpose()));
        for (let j = 0; j < J; j += 1, at += q) {
          for (let a = 0; a < q; a += 1) {
            for (let b = 0; b < q; b += 1) P.set(at + a, at + b, P.get(at + a, at + b) + K.get(a, b));
          }
        }
      });
      for (let k = 0; k < p; k += 1) P.set(at + k, at + k, P.get(at + k, at + k) + 1 / sds[k]! ** 2);
      const V = inverse(P);
      const centre = V.mmul(A.transpose()).mmul(Matrix.columnVector([...side]));
      const eta = A.mmul(centre);
      const spread = A.mmul(V).mmul(A.transpose());
      // Matrices of condition below 1e4.
      for (let i = 0; i < table.n; i += 1) {
        expect(Math.abs(mean[i]! - eta.get(i, 0) - design.response.offset![i]!)).toBeLessThan(1e-10);
        expect(Math.abs(variance[i]! - spread.get(i, i))).toBeLessThan(1e-10);
      }
    },
  );
});
