import { determinant, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../src/design/design.ts';
import { fisherInformation } from '../../src/laplace/fisherInformation.ts';
import { type BetaPrior, conditionalMode } from '../../src/laplace/mode.ts';
import { workingPredictor } from '../../src/laplace/workingPredictor.ts';
import { cells } from '../../src/products/cells.ts';
import { cellRows, familyRows } from '../../src/products/familyRows.ts';
import { countedDesign } from '../oracle/countedDesign.ts';
import { rowLogLik } from '../oracle/groupIntegral.ts';
import { handDesign } from '../oracle/handDesign.ts';

const shapes: [string, Design][] = [
  ['one factor', countedDesign({ n: 40, p: 2, factors: [{ J: 6, columns: [0] }], offset: true }, 31)],
  [
    'slopes and counts',
    countedDesign({ n: 60, p: 3, factors: [{ J: 7, columns: [0, 1, 2] }] }, 32, 'binomialLogit', 8),
  ],
  [
    'crossed',
    countedDesign(
      {
        n: 60,
        p: 2,
        factors: [
          { J: 4, columns: [0] },
          { J: 7, columns: [0, 1] },
        ],
      },
      33,
    ),
  ],
  [
    'probit, crossed, weights',
    countedDesign(
      {
        n: 60,
        p: 2,
        factors: [
          { J: 7, columns: [0] },
          { J: 3, columns: [0] },
        ],
        weights: true,
      },
      34,
      'bernoulliProbit',
    ),
  ],
  ['no groups', countedDesign({ n: 40, p: 2, factors: [] }, 35)],
];

function modeOf(design: Design, beta: boolean, prior: BetaPrior | null = null) {
  const rows = familyRows(design);
  const predictor = workingPredictor(design, rows.size, beta);
  const mode = conditionalMode(predictor, rows, prior);
  mode.Lambda.forEach((L, f) => {
    const { q } = predictor.groups[f]!;
    for (let a = 0; a < q; a++) for (let b = 0; b <= a; b++) L[a * q + b] = a === b ? 0.8 : 0.3;
  });
  return { predictor, mode, base: design.response.offset ?? new Float64Array(design.n) };
}

/** [Z X][Lambda 0; 0 I] as a dense n x size matrix, from the predictor's own linear map. */
function dense(design: Design, { predictor, mode }: ReturnType<typeof modeOf>): Matrix {
  const { size, p, groups, borderOffsets } = predictor;
  const columns = Array.from({ length: size }, (_, k) => {
    const x = new Float64Array(size);
    if (k >= size - p) x[k] = 1;
    groups.forEach(({ J, q }, f) => {
      const at = k - borderOffsets[f]!;
      if (at < 0 || at >= J * q) return;
      for (let a = 0; a < q; a++) x[borderOffsets[f]! + at - (at % q) + a] = mode.Lambda[f]![a * q + (at % q)]!;
    });
    const out = new Float64Array(design.n);
    predictor.eta(x, new Float64Array(design.n), out);
    return out;
  });
  return new Matrix(columns.map((column) => Array.from(column))).transpose();
}

describe('the conditional mode', () => {
  const prior: BetaPrior = { mean: Float64Array.of(0.5, -0.2), precision: Float64Array.of(2, 0.3, 0.3, 1) };
  const kinds: [string, Design, boolean, BetaPrior | null][] = shapes.flatMap(([name, design]) => [
    ...(design.groupTerms.length > 0
      ? [[`${name}, beta fixed`, design, false, null] as [string, Design, boolean, BetaPrior | null]]
      : []),
    [`${name}, beta free`, design, true, null] as [string, Design, boolean, BetaPrior | null],
    ...(design.p === 2
      ? [[`${name}, beta with a prior`, design, true, prior] as [string, Design, boolean, BetaPrior | null]]
      : []),
  ]);

  it.each(kinds)('is a stationary point of the penalised log-likelihood: %s', (_, design, beta, given) => {
    const set = modeOf(design, beta, given);
    const { mode, predictor, base } = set;
    expect(mode.find(base)).toBe(true);
    const { size, p } = predictor;
    const D = dense(design, set);
    const objective = (e: Float64Array): number => {
      const eta = D.mmul(Matrix.columnVector(Array.from(e))).to1DArray();
      let value = eta.reduce((sum, one, i) => sum + rowLogLik(design, i, one + base[i]!), 0);
      for (let k = 0; k < size - p; k++) value -= (e[k]! * e[k]!) / 2;
      if (given) {
        for (let a = 0; a < p; a++) {
          for (let b = 0; b < p; b++) {
            value -=
              (given.precision[a * p + b]! *
                (e[size - p + a]! - given.mean[a]!) *
                (e[size - p + b]! - given.mean[b]!)) /
              2;
          }
        }
      }
      return value;
    };
    expect(Math.abs(mode.logLik() - mode.penalty() / 2 - objective(mode.e))).toBeLessThan(1e-10);
    for (let k = 0; k < size; k++) {
      const h = 1e-4;
      const at = (shift: number) => objective(mode.e.map((value, l) => (l === k ? value + shift : value)));
      // Central differences: h^2 times third derivatives of at most n.
      expect(Math.abs((at(h) - at(-h)) / (2 * h))).toBeLessThan(1e-6);
    }
  });

  it.each(kinds)('has the curvature of dense matrices: %s', (_, design, beta, given) => {
    const set = modeOf(design, beta, given);
    const { mode, predictor, base } = set;
    mode.find(base);
    const { size, p } = predictor;
    const D = dense(design, set);
    const M = D.transpose()
      .mmul(Matrix.diag(Array.from(mode.weight)))
      .mmul(D);
    for (let k = 0; k < size - p; k++) M.set(k, k, M.get(k, k) + 1);
    if (given)
      for (let a = 0; a < p; a++)
        for (let b = 0; b < p; b++)
          M.set(size - p + a, size - p + b, M.get(size - p + a, size - p + b) + given.precision[a * p + b]!);
    expect(Math.abs(mode.curvature.logDet() - Math.log(determinant(M)))).toBeLessThan(1e-9);
    if (size > p) {
      const groups = M.subMatrix(0, size - p - 1, 0, size - p - 1);
      expect(Math.abs(mode.curvature.logDetGroups() - Math.log(determinant(groups)))).toBeLessThan(1e-9);
    }
    const inverted = inverse(M);
    const leverages = new Float64Array(design.n);
    mode.curvature.leverages(mode.Lambda, leverages);
    leverages.forEach((value, i) => {
      const row = Matrix.rowVector(D.getRow(i));
      expect(Math.abs(value - row.mmul(inverted).mmul(row.transpose()).get(0, 0))).toBeLessThan(1e-10);
    });
  });

  it('does not depend on where the search starts, and is the same for rows and their cells', () => {
    const design = shapes[2]![1];
    const first = modeOf(design, true);
    const second = modeOf(design, true);
    second.mode.e.fill(3);
    first.mode.find(first.base);
    second.mode.find(second.base);
    first.mode.e.forEach((value, k) => {
      expect(Math.abs(value - second.mode.e[k]!)).toBeLessThan(1e-10);
    });
    const repeated = handDesign({
      y: [1, 0, 1, 1, 0, 1],
      X: [[1], [1], [1], [1], [1], [1]],
      groups: [{ factor: 'g', J: 2, index: [0, 0, 1, 1, 1, 0], Z: [[1], [1], [1], [1], [1], [1]] }],
      family: 'binomialLogit',
    });
    const merged = cells(repeated);
    expect(merged.design.n).toBe(2);
    const rows = modeOf(repeated, true);
    const mode = conditionalMode(
      workingPredictor(merged.design, Float64Array.of(3, 3), true),
      cellRows(repeated, merged),
    );
    mode.Lambda[0]!.set(rows.mode.Lambda[0]!);
    rows.mode.find(rows.base);
    mode.find(new Float64Array(2));
    expect(Math.abs(mode.logLik() - rows.mode.logLik())).toBeLessThan(1e-12);
    mode.e.forEach((value, k) => {
      expect(Math.abs(value - rows.mode.e[k]!)).toBeLessThan(1e-12);
    });
  });

  it('is found from far away, where a full Newton step would overshoot', () => {
    const design = shapes[0]![1];
    const { mode, base } = modeOf(design, false);
    mode.Lambda[0]![0] = 50;
    mode.e.fill(-4);
    expect(mode.find(base)).toBe(true);
    expect(mode.decrement()).toBeLessThan(1e-13);
  });
});

describe('the expected information', () => {
  it('is the observed weight with the logit link, and n phi^2 / (Phi (1 - Phi)) with the probit link', () => {
    for (const family of ['binomialLogit', 'bernoulliProbit'] as const) {
      const design = countedDesign({ n: 7, p: 1, factors: [], weights: true }, 36, family, 5);
      const rows = familyRows(design);
      const eta = Float64Array.of(-6, -2, -0.5, 0, 0.7, 3, 8);
      const weight = new Float64Array(7);
      const slope = new Float64Array(7);
      fisherInformation(rows, eta, weight, slope);
      const h = 1e-5;
      eta.forEach((value, i) => {
        const at = (x: number): number => {
          if (family === 'binomialLogit') return Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2;
          const p = (sign: number) => Math.exp(rowLogLik(handDesign({ y: [1], X: [[1]], family }), 0, sign * x));
          return Math.exp(-x * x) / (2 * Math.PI * p(1) * p(-1));
        };
        const scale = rows.size[i]! * rows.copies[i]!;
        expect(Math.abs(weight[i]! / (scale * at(value)) - 1)).toBeLessThan(1e-9);
        const difference = (scale * (at(value + h) - at(value - h))) / (2 * h);
        expect(Math.abs(slope[i]! - difference)).toBeLessThan(1e-6 * Math.max(1e-3, Math.abs(difference)));
      });
    }
  });
});
