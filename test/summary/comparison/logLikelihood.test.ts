import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { loo } from '../../../diagnostics/loo.ts';
import { formula } from '../../../src/formula/formula.ts';
import { groupLogLikelihood } from '../../../src/summary/comparison/groupLogLikelihood.ts';
import { logLikelihood } from '../../../src/summary/comparison/logLikelihood.ts';
import { denseSigma, logNormalDensity, rowVariances } from '../../oracle/denseGroups.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

const data = {
  rows: {
    y: [1, 2, 4, 3, 5, 7, 6, 8],
    x: [0, 1, 0, 1, 2, 0, 1, 3],
    o: [0.5, 0, 0, 1, 0, 0, 2, 0],
    wt: [1, 4, 1, 2, 1, 3, 1, 1],
    s: [1, 2, 1, 0.5, 1, 1, 3, 1],
    g: ['a', 'a', 'b', 'b', 'b', 'c', 'd', 'd'],
  },
  groups: { g: { g: ['a', 'b', 'c', 'd', 'e'], w: [0.5, -1, 2, 0, 1] } },
};
const formulas = [
  'y ~ x + w + offset(o) + (1 + x | g)',
  'y | weights(wt) ~ x + (1 | g)',
  'y | se(s) ~ 1 + (1 + x || g)',
];

describe('logLikelihood', () => {
  it('is the normal log density of every row at every draw', () => {
    for (const text of formulas) {
      const fit = syntheticFit(formula(text), data);
      const { design } = fit;
      const { values, draws, observations, chains } = logLikelihood(fit);
      expect([draws, observations, chains]).toEqual([50, 8, 2]);
      for (const s of [0, 17, 49]) {
        const variances = rowVariances(design, design.response.standardErrors ? 1 : drawOf(fit, 'sigma', 0, s));
        for (let i = 0; i < 8; i++) {
          let eta = design.response.offset?.[i] ?? 0;
          for (let c = 0; c < design.p; c++) eta += design.X[i * design.p + c]! * drawOf(fit, 'beta', c, s);
          const { q, Z, index } = design.groupTerms[0]!;
          for (let k = 0; k < q; k++) eta += Z[i * q + k]! * drawOf(fit, 'u_g', index[i]! * q + k, s);
          const expected = logNormalDensity([data.rows.y[i]!], [eta], new Matrix([[variances[i]!]]));
          expect(values[s * 8 + i]! / expected).toBeCloseTo(1, 11);
        }
      }
    }
  });

  it('goes into loo as it is', () => {
    const fit = syntheticFit(formula('y ~ x + (1 | g)'), data, { iterations: 100 });
    expect(loo(logLikelihood(fit)).elpd.estimate).toBeLessThan(0);
  });
});

describe('groupLogLikelihood', () => {
  it('is the multivariate normal log density of the rows of a group with its deviations integrated out', () => {
    for (const text of formulas) {
      const fit = syntheticFit(formula(text), data);
      const { design } = fit;
      const term = design.groupTerms[0]!;
      const { q, J, Z } = term;
      const { values, observations } = groupLogLikelihood(fit, 'g');
      expect(observations).toBe(J);
      for (const s of [0, 31]) {
        const variances = rowVariances(design, design.response.standardErrors ? 1 : drawOf(fit, 'sigma', 0, s));
        const tau = term.labels.map((_, k) => drawOf(fit, 'tau_g', k, s));
        const corr = term.blocks[0]!.size > 1 ? [drawOf(fit, 'corr_g', 0, s)] : [];
        const Sigma = denseSigma(term, tau, corr);
        for (let j = 0; j < J; j++) {
          const rows = Array.from(term.index, (_, i) => i).filter((i) => term.index[i] === j);
          if (rows.length === 0) {
            expect(values[s * J + j]).toBe(0);
            continue;
          }
          const Zj = new Matrix(rows.map((i) => Array.from(Z.subarray(i * q, (i + 1) * q))));
          const V = Zj.mmul(Sigma)
            .mmul(Zj.transpose())
            .add(Matrix.diag(rows.map((i) => variances[i]!)));
          const mean = rows.map((i) => {
            let value = design.response.offset?.[i] ?? 0;
            for (let c = 0; c < design.p; c++) value += design.X[i * design.p + c]! * drawOf(fit, 'beta', c, s);
            return value;
          });
          const expected = logNormalDensity(
            rows.map((i) => data.rows.y[i]!),
            mean,
            V,
          );
          expect(values[s * J + j]! / expected).toBeCloseTo(1, 10);
        }
      }
    }
  });

  it('refuses a factor that the model has not', () => {
    const fit = syntheticFit(formula('y ~ x + (1 | g)'), data);
    expect(() => groupLogLikelihood(fit, 'k')).toThrow(/"k" is no grouping factor of the model/);
  });
});
