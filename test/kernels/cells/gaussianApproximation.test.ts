import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { families } from '../../../src/families/familyOf.ts';
import { formula } from '../../../src/formula/formula.ts';
import { cellTable } from '../../../src/kernels/cells/cellTable.ts';
import { gaussianApproximation, startingObservations } from '../../../src/kernels/cells/gaussianApproximation.ts';
import { linearPredictorMoments } from '../../../src/kernels/cells/linearPredictorMoments.ts';
import { weightedProducts } from '../../../src/kernels/cells/weightedProducts.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { cells } from '../../../src/products/cells.ts';
import { createRng } from '../../../src/random/rng.ts';

const rows = Array.from({ length: 40 }, (_, i) => ({
  y: i % 5 === 0 ? 0 : Math.min(3, i % 7),
  n: 3,
  x: Math.sin(i),
  o: 0.2 * (i % 3),
  g: `g${i % 8}`,
}));

describe('the Gaussian approximation of the cells', () => {
  // Of 0.3 the predictors have sds near 0.4; of 4, near 2 and beyond, where Gauss-Hermite gives way to the trapezoidal
  // rule.
  it.each([
    ['binomialLogit', 0.3],
    ['binomialLogit', 4],
    ['bernoulliProbit', 0.3],
    ['bernoulliProbit', 4],
  ] as const)('matches slope and curvature on average over the approximation: %s, tau %d', (name, tau) => {
    const used = name === 'binomialLogit' ? rows : rows.map((row) => ({ ...row, y: row.y > 1 ? 1 : 0, n: 1 }));
    const text = 'y | trials(n) ~ x + offset(o) + (1 | g)';
    const built =
      name === 'binomialLogit'
        ? buildDesign(formula(text, { family: name }), { rows: used })
        : buildDesign(formula('y ~ x + offset(o) + (1 | g)', { family: name }), {
            rows: used.map(({ n: _n, ...row }) => row),
          });
    const design = cells(built).design;
    const table = cellTable(design);
    const weighted = weightedProducts(table, [{ J: 8, q: 1 }], 2);
    const prior = { mean: new Float64Array(2), sd: new Float64Array(2).fill(1.5), source: [] };
    const likelihood = arrowMarginalLikelihood(
      weighted.products,
      workingCoefficientPrior(weighted.products, prior),
      table.n,
    );
    const family = families[name];
    const pseudo = startingObservations(family, table);
    likelihood.evaluate([Float64Array.of(tau)]);
    toTheEnd(gaussianApproximation(family, table, weighted, likelihood, pseudo));
    likelihood.solve(1);
    const [mean, variance] = [new Float64Array(table.n), new Float64Array(table.n)];
    linearPredictorMoments(table, weighted.products, likelihood, mean, variance);
    const derivatives = new Float64Array(4);
    let constant = 0;
    for (let i = 0; i < table.n; i += 1) {
      const sd = Math.sqrt(variance[i]!);
      const averages = [0, 0, 0, 0];
      const step = 0.01;
      for (let z = -8; z <= 8; z += step) {
        family.derivatives(table.y[i]!, table.size[i]!, mean[i]! + sd * z, 1, derivatives);
        const weight = (step * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI);
        for (let k = 0; k < 4; k += 1) averages[k] = averages[k]! + weight * derivatives[k]!;
      }
      const o = table.base[table.row[i]!]!;
      const distance = mean[i]! - o;
      constant +=
        averages[0]! - pseudo.side[i]! * distance + 0.5 * pseudo.precision[i]! * (distance * distance + variance[i]!);
      // side - precision (m - o) is the slope at m. The rounds end at changes of 1e-3 of an sd; the rules are good to
      // 1e-3.
      expect(Math.abs(pseudo.precision[i]! - averages[2]!)).toBeLessThan(3e-3 * table.size[i]!);
      expect(Math.abs(pseudo.side[i]! - pseudo.precision[i]! * (mean[i]! - o) - averages[1]!)).toBeLessThan(
        3e-3 * table.size[i]!,
      );
    }
    // The height: the mean of every l_i is that of its approximation.
    expect(Math.abs(pseudo.constant - constant)).toBeLessThan(3e-3 * table.n);
  });

  // Groups that are 0 throughout: their weights are E exp(eta) = exp(m + v / 2), which falls with the weight itself the
  // faster the larger v is, so that full steps swing for ever. Steps end at changes of 1e-3 sds a step of at least a
  // 25th: at some .03 sds.
  const large = [1, 2, 3, 4].flatMap((seed) => [3, 8, 20].map((tau) => [seed, tau] as const));
  it.each(large)('settles where counts are all 0 in groups of large sds: data %d, tau %d', (seed, tau) => {
    const rng = createRng([93, seed]);
    const y = Array.from({ length: 12 }, (_, i) => (i < 4 ? 15 + Math.floor(70 * rng.uniform()) : 0));
    const design = cells(
      buildDesign(formula('y ~ 1 + (1 | g) + (1 | h)', { family: 'poisson' }), {
        rows: {
          y,
          g: y.map((_, i) => `g${i >> 1}`),
          h: y.map((_, i) => `h${i < 5 ? i : Math.floor(5 * rng.uniform())}`),
        },
      }),
    ).design;
    const table = cellTable(design);
    const groups = design.groupTerms.map(({ J, q }) => ({ J, q }));
    const weighted = weightedProducts(table, groups, 1);
    const prior = { mean: Float64Array.of(0), sd: Float64Array.of(10), source: [] };
    const likelihood = arrowMarginalLikelihood(
      weighted.products,
      workingCoefficientPrior(weighted.products, prior),
      table.n,
    );
    const pseudo = startingObservations(families.poisson, table);
    likelihood.evaluate([Float64Array.of(0.5), Float64Array.of(tau)]);
    toTheEnd(gaussianApproximation(families.poisson, table, weighted, likelihood, pseudo));
    likelihood.solve(1);
    const [mean, variance] = [new Float64Array(table.n), new Float64Array(table.n)];
    linearPredictorMoments(table, weighted.products, likelihood, mean, variance);
    for (let i = 0; i < table.n; i += 1) {
      const rate = table.size[i]! * table.copies[i]! * Math.exp(mean[i]! + 0.5 * variance[i]!);
      const log = Math.log(Math.max(rate, 1e-10 * table.size[i]! * table.copies[i]!));
      expect(Math.abs(Math.log(pseudo.precision[i]!) - log)).toBeLessThan(0.03 * Math.sqrt(variance[i]!) + 3e-3);
    }
  });
});
