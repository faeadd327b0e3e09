import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/buildDesign.ts';
import { cells } from '../../src/design/cells.ts';
import type { Design } from '../../src/design/design.ts';
import { families } from '../../src/families/familyOf.ts';
import { formula } from '../../src/formula/formula.ts';
import { cellLogLik } from '../../src/kernels/cellLogLik.ts';
import { cellTable } from '../../src/kernels/cellTable.ts';
import { whitenedModel } from '../../src/kernels/whitenedModel.ts';
import { resolvePriors } from '../../src/mcmc/resolvePriors.ts';
import { createRng } from '../../src/random/rng.ts';
import { fixtureFrame } from '../statistical/agreement.ts';

const models: readonly [string, string, 'binomialLogit' | 'bernoulliProbit'][] = [
  ['contraception', 'use ~ age + urban + livch + (1 | district)', 'binomialLogit'],
  ['contraception', 'use ~ age + urban + livch + (1 + urban | district)', 'binomialLogit'],
  ['voters_sim', 'y ~ income * avgincome + (1 + income | state)', 'binomialLogit'],
  ['contraception', 'use ~ age + (1 + age + urban | district)', 'binomialLogit'],
  ['contraception', 'use ~ age + (1 | district) + (1 + urban | livch)', 'binomialLogit'],
  ['contraception', 'use ~ age + urban', 'binomialLogit'],
  ['contraception', 'use ~ age + urban + (1 | district)', 'bernoulliProbit'],
];

const designOf = (data: string, text: string, family: 'binomialLogit' | 'bernoulliProbit'): Design =>
  buildDesign(formula(text, { family }), { rows: fixtureFrame(data) });

/** sum_i log p(y_i | eta_i) less the binomial constants, row by row in user coordinates. */
function rowByRow(design: Design, u: readonly Float64Array[], beta: Float64Array): number {
  const { n, p, X, response, groupTerms } = design;
  const family = families[response.family];
  let sum = 0;
  for (let i = 0; i < n; i += 1) {
    let eta = 0;
    for (let k = 0; k < p; k += 1) eta += X[i * p + k]! * beta[k]!;
    groupTerms.forEach(({ q, Z, index }, f) => {
      for (let k = 0; k < q; k += 1) eta += Z[i * q + k]! * u[f]![index[i]! * q + k]!;
    });
    const size = response.trials?.[i] ?? 1;
    sum += family.logLik(response.y[i]!, size, eta, 1) - family.logConstant(response.y[i]!, size);
  }
  return sum;
}

describe('the log-likelihood of the cells', () => {
  it.each(models)('is that of the rows to 1e-9 a row: %s, %s, %s', (data, text, name) => {
    const design = designOf(data, text, name);
    const merged = cells(design).design;
    const table = cellTable(merged);
    const { block, border } = cellLogLik(families[name], table);
    const rng = createRng([17]);
    const beta = Float64Array.from({ length: design.p }, () => 0.3 * rng.normal());
    const u = design.groupTerms.map(({ J, q }) => Float64Array.from({ length: J * q }, () => 0.4 * rng.normal()));
    // The user's coordinates in the order of the arrow matrix, as working ones.
    const x = new Float64Array(table.layout.size);
    const { borderOffsets } = table.layout;
    const solve = (inverse: Float64Array, k: number, from: Float64Array, at: number, to: number): void => {
      for (let a = 0; a < k; a += 1) {
        for (let b = a; b < k; b += 1) x[to + a] = x[to + a]! + inverse[a * k + b]! * from[at + b]!;
      }
    };
    design.groupTerms.forEach(({ J, q }, f) => {
      for (let j = 0; j < J; j += 1) {
        solve(table.coordinates.groups[f]!.inverse, q, u[f]!, j * q, borderOffsets[f]! + j * q);
      }
    });
    solve(table.coordinates.beta.inverse, design.p, beta, 0, borderOffsets[design.groupTerms.length]!);
    const tail = table.layout.size - table.layout.pattern.r;
    const predictor = new Float64Array(table.rows);
    for (let d = 0; d < table.rows; d += 1) {
      predictor[d] = table.base[d]!;
      for (let k = d * table.count; k < (d + 1) * table.count; k += 1) {
        predictor[d] = predictor[d]! + table.values[k]! * x[tail + table.columns[k]!]!;
      }
    }
    let total = 0;
    border.forEach((value, k) => {
      total += value * x[tail + k]!;
    });
    for (let j = 0; j < table.J; j += 1) total += block(j, predictor, x, j * table.q);
    const family = families[name];
    // The cells' own binomial constants differ from the rows'; the generic pass carries them.
    let constants = 0;
    if (name === 'bernoulliProbit') {
      for (let i = 0; i < table.n; i += 1) constants += family.logConstant(table.y[i]!, table.size[i]!);
    }
    expect(Math.abs(total - constants - rowByRow(design, u, beta))).toBeLessThan(1e-9 * design.n);
    expect(Math.abs(total - constants - rowByRow(merged, u, beta))).toBeLessThan(1e-9 * design.n);
  });
});

describe('the whitened map', () => {
  it.each(models)(
    'has the density of the posterior: its Jacobian is that of finite differences: %s, %s, %s',
    (data, text, name) => {
      const design = designOf(data, text, name);
      const model = whitenedModel(design, resolvePriors(design));
      const { map, table } = model;
      const { size, pattern } = table.layout;
      const factor = model.allocateFactor();
      const place = map.allocatePlace();
      const phi = model.proposal.start;
      expect(map.factorAt(factor, phi)).toBe(true);
      const rng = createRng([18]);
      const tail = size - pattern.r;
      const xi = Float64Array.from({ length: size }, () => rng.normal());
      const { q } = table;
      // Block 0: the determinant of du~_0 / dxi_0 is |Lambda| |L_0|^-1 dT.
      if (q === 0) return;
      map.placeBorder(factor, place, xi);
      const out = new Float64Array(q);
      const at = (moved: Float64Array): Float64Array => {
        map.block(factor, place, 0, moved, 0, out, 0);
        return Float64Array.from(out);
      };
      const step = 1e-5;
      const jacobian = new Float64Array(q * q);
      for (let b = 0; b < q; b += 1) {
        const up = xi.slice();
        const down = xi.slice();
        up[b] = up[b]! + step;
        down[b] = down[b]! - step;
        const high = at(up);
        const low = at(down);
        for (let a = 0; a < q; a += 1) jacobian[a * q + b] = (high[a]! - low[a]!) / (2 * step);
      }
      let expected = determinant(factor.likelihood.working[table.layout.leading]!, q);
      for (let a = 0; a < q; a += 1) {
        const value = xi[a]!;
        const slope = factor.skew[3 * a]! + (factor.skew[3 * a + 1]! * value) / Math.sqrt(1 + value * value);
        expected *= slope / factor.likelihood.arrow.blocks[a * q + a]!;
      }
      // Central differences with step 1e-5: relative error about 1e-10 of the curvature and 1e-11 of rounding.
      expect(determinant(jacobian, q) / expected).toBeCloseTo(1, 6);
      expect(tail).toBe(table.J * q);
    },
  );
});

function determinant(m: Float64Array, k: number): number {
  if (k === 1) return m[0]!;
  if (k === 2) return m[0]! * m[3]! - m[1]! * m[2]!;
  return (
    m[0]! * (m[4]! * m[8]! - m[5]! * m[7]!) -
    m[1]! * (m[3]! * m[8]! - m[5]! * m[6]!) +
    m[2]! * (m[3]! * m[7]! - m[4]! * m[6]!)
  );
}
