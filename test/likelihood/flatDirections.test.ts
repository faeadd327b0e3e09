import { EigenvalueDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { toFrame } from '../../src/data/toFrame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { Design } from '../../src/design/design.ts';
import { formula } from '../../src/formula/formula.ts';
import { flatDirections } from '../../src/likelihood/flatDirections.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { relativeFactors } from '../../src/likelihood/relativeFactor.ts';
import { coordinates } from '../../src/products/coordinates.ts';
import { rowWeights } from '../../src/products/rowWeights.ts';
import { uniforms } from '../oracle/randomDesign.ts';
import { caseData } from './caseFrame.ts';
import { data } from './goldenData.ts';

describe('a fit whose covariances cannot be told apart', () => {
  it('says which: a slope of a column that is constant within persons', () => {
    for (const method of ['ML', 'REML'] as const) {
      const fit = maximumLikelihood(formula('y ~ (1 + female | person)'), caseData('cv_470138'), { method });
      expect(fit.identified).toBe(false);
      const parameters = ['corr_person[Intercept,female]', 'tau_person[female]'];
      expect(fit.unidentified.map((flat) => flat.parameters)).toEqual([parameters]);
      expect(fit.messages[0]).toMatch(
        /^corr_person\[Intercept,female\] and tau_person\[female\] are not identified: .* only a combination of them is known/,
      );
      expect(fit.convergence.converged).toBe(true);
      // Intercept, two of the three entries of the covariance, sigma.
      expect(fit.df).toBe(4);
      // lme4's logLik is -22.3096 anywhere on the ridge.
      if (method === 'REML') expect(fit.logLik).toBeCloseTo(-22.3096, 4);
    }
  });

  it('says which: one row in every cell', () => {
    const fit = maximumLikelihood(formula('Y ~ a + (0 + a | G)'), caseData('cv_488428'));
    expect(fit.unidentified.map((flat) => flat.parameters)).toEqual([['tau_G[aA]', 'tau_G[aB]', 'sigma']]);
    expect(fit.convergence).toMatchObject({ converged: true, message: '' });
    // What the data do tell, the covariance of the two rows of a group, is that of the sample: closed form.
    const { groups, sigma } = fit;
    const { columns } = toFrame(caseData('cv_488428').rows, 'rows');
    const column = (name: string): ArrayLike<unknown> => columns.get(name)!.values;
    const cells = Array.from(column('Y'), (y, i) => ({ y: y as number, g: column('G')[i], a: column('a')[i] }));
    const levels = [...new Set(cells.map(({ g }) => g))];
    const cell = (level: unknown, row: string): number => cells.find(({ g, a }) => g === level && a === row)!.y;
    const residuals = ['A', 'B'].map((a) => {
      const values = levels.map((g) => cell(g, a));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.map((value) => value - mean);
    });
    for (const [a, b] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const sample = residuals[a]!.reduce((sum, value, j) => sum + value * residuals[b]![j]!, 0) / (levels.length - 1);
      const fitted = groups[0]!.Sigma[a * 2 + b]! + (a === b ? sigma! ** 2 : 0);
      expect(fitted).toBeCloseTo(sample, 5);
    }
  });

  it('counts in df what the data tell apart: a covariance for each age of orthodont', () => {
    const fit = maximumLikelihood(formula('distance ~ Sex * age + (0 + factor(age) | Subject)'), data('orthodont'));
    const ages = [8, 10, 12, 14].map((age) => `tau_Subject[age${age}]`);
    expect(fit.unidentified.map((flat) => flat.parameters)).toEqual([[...ages, 'sigma']]);
    // nlme's gls with an unstructured covariance has the same criterion and 14 parameters.
    expect(fit.df).toBe(14);
    expect(fit.aic).toBeCloseTo(452.547, 2);
  });

  it('has no answer for a sd that REML does not depend on, not even where the search began; by ML it has an estimate', () => {
    const rows = { g: ['a', 'a', 'a', 'b', 'b', 'b'], x: [0, 0, 0, 1, 1, 1], y: [1, 2, 4, 3, 5, 4] };
    const fit = maximumLikelihood(formula('y ~ x + (1 | g)'), { rows });
    expect(fit.groups[0]!.tau[0]).toBe(Number.NaN);
    expect(fit).toMatchObject({ identified: false, boundary: [], df: 3 });
    expect(fit.convergence.converged).toBe(true);
    expect(fit.messages).toEqual([
      expect.stringMatching(
        /^tau_g\[Intercept\] is not identified: the REML criterion is the same whatever it is, because the/,
      ),
    ]);
    // The criterion at every tau; sigma and beta are those of least squares.
    expect(fit.deviance).toBeCloseTo(15.592035, 6);
    expect(fit.sigma).toBeCloseTo(Math.sqrt(20 / 3 / 4), 10);
    expect(fit.fixef.estimates[1]).toBeCloseTo(5 / 3, 10);
    const ml = maximumLikelihood(formula('y ~ x + (1 | g)'), { rows }, { method: 'ML' });
    expect(ml).toMatchObject({ identified: true, df: 4 });
    expect(ml.theta[0]).toBe(0);
  });

  it('says which of a binomial response', () => {
    const rows = Array.from({ length: 60 }, (_, i) => {
      const person = Math.floor(i / 5);
      return { person: `p${person}`, female: person % 2, y: (i * 7 + person * person) % 5 < 2 + (person % 3) ? 1 : 0 };
    });
    const fit = maximumLikelihood(formula('y ~ female + (1 + female | person)', { family: 'binomialLogit' }), { rows });
    expect(fit.unidentified.map((flat) => flat.parameters)).toEqual([
      ['corr_person[Intercept,female]', 'tau_person[female]'],
    ]);
    expect(fit.df).toBe(4);
  });
});

/**
 * The slow, obvious count: V = sigma^2 W^-1 + sum v_k G_k has as many flat directions as the matrices Q G_k Q have
 * dependencies.
 */
function denseCount(design: Design, reml: boolean): number {
  const { n, p } = design;
  const roots = Array.from(rowWeights(design), Math.sqrt);
  let Q = Matrix.eye(n);
  if (reml && p > 0) {
    const X = new Matrix(roots.map((root, i) => Array.from({ length: p }, (_, k) => root * design.X[i * p + k]!)));
    for (let k = 0; k < p; k++) {
      const length = Math.sqrt(X.getColumn(k).reduce((sum, value) => sum + value * value, 0));
      for (let i = 0; i < n; i++) X.set(i, k, X.get(i, k) / length);
    }
    Q = Q.sub(X.mmul(inverse(X.transpose().mmul(X))).mmul(X.transpose()));
  }
  const matrices = design.response.standardErrors ? [] : [Q];
  for (const { q, Z, index, blocks } of design.groupTerms) {
    for (const { start, size } of blocks) {
      for (let a = start; a < start + size; a++) {
        for (let b = start; b <= a; b++) {
          const G = Matrix.zeros(n, n);
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < n; j++) {
              if (index[i] !== index[j]) continue;
              const value = Z[i * q + a]! * Z[j * q + b]! + Z[i * q + b]! * Z[j * q + a]!;
              G.set(i, j, roots[i]! * roots[j]! * value);
            }
          }
          matrices.push(
            Q.mmul(G)
              .mmul(Q)
              .mul(1 / G.norm('frobenius')),
          );
        }
      }
    }
  }
  const gram = new Matrix(matrices.map((A) => matrices.map((B) => Matrix.mul(A, B).sum())));
  return new EigenvalueDecomposition(gram, { assumeSymmetric: true }).realEigenvalues.filter((value) => value < 1e-10)
    .length;
}

describe('the flat directions of a design', () => {
  const kinds: readonly (readonly [string, number | null])[] = [
    ['y ~ x + (1 + x | g)', 0],
    ['y ~ x + (1 + x | g) + (1 | h)', 0],
    ['y ~ x + (1 + constant | g)', 1],
    ['y ~ x + (1 + constant + x | g)', 1],
    ['y ~ x + (1 + constant || g)', null],
    ['y ~ x + (1 | g) + (1 | same)', 1],
    ['y ~ x + (0 + f | cell)', 1],
    ['y ~ f + (0 + f | cell) + (1 | h)', null],
    ['y ~ constant + (1 + constant | g)', null],
    ['y | weights(w) ~ x + (0 + f | cell)', null],
    ['y | se(w) ~ x + (0 + f | cell)', null],
    ['y ~ x + (1 | g) + (1 | g:f)', null],
  ];
  it.each(kinds.flatMap(([text, known]) => [1, 2, 3].map((seed) => [text, known, seed] as const)))(
    'are as many as dense matrices have dependencies: %s, %s, seed %d',
    (text, known, seed) => {
      const uniform = uniforms(7700 + seed);
      const n = 36;
      const index = (levels: number): number[] => Array.from({ length: n }, () => Math.floor(levels * uniform()));
      const g = index(9);
      const constant = Array.from({ length: 9 }, () => (uniform() < 0.5 ? 0 : 1));
      constant[0] = 0;
      constant[1] = 1;
      g[0] = 0;
      g[1] = 1;
      const rows = {
        g: g.map((j) => `g${j}`),
        same: g.map((j) => `s${(j * 4) % 9}`),
        h: index(5).map((j) => `h${j}`),
        cell: Array.from({ length: n }, (_, i) => `c${Math.floor(i / 3)}`),
        f: Array.from({ length: n }, (_, i) => `f${i % 3}`),
        constant: g.map((j) => constant[j]!),
        x: Array.from({ length: n }, uniform),
        w: Array.from({ length: n }, () => 0.5 + uniform()),
        y: Array.from({ length: n }, uniform),
      };
      const design = buildDesign(formula(text), { rows });
      const maps = coordinates(design, rowWeights(design));
      const { blocks } = relativeFactors(design.groupTerms, maps.groups);
      const sigma = design.response.standardErrors === null;
      for (const reml of [true, false]) {
        const found = flatDirections(design, blocks, { beside: reml ? maps.beta : null, sigma });
        expect(found.length).toBe(denseCount(design, reml));
        if (known !== null) expect(found.length).toBe(known);
        for (const { parameters } of found) expect(parameters.length).toBeGreaterThan(0);
        // A column far from 0 is no other question where the block has an intercept.
        if (text.includes('||')) continue;
        const years = buildDesign(formula(text), { rows: { ...rows, x: rows.x.map((x) => 2000 + 20 * x) } });
        const far = coordinates(years, rowWeights(years));
        const { blocks: theirs } = relativeFactors(years.groupTerms, far.groups);
        expect(flatDirections(years, theirs, { beside: reml ? far.beta : null, sigma })).toEqual(found);
      }
    },
  );

  it('are none once a single row of ten thousand tells sigma apart', () => {
    const rows = Array.from({ length: 10000 }, (_, i) => ({
      cell: `c${Math.floor(i / 2)}`,
      f: `f${i % 2}`,
      y: Math.sin(i),
    }));
    const count = (list: typeof rows): number => {
      const design = buildDesign(formula('y ~ f + (0 + f | cell)'), { rows: list });
      const maps = coordinates(design, rowWeights(design));
      const { blocks } = relativeFactors(design.groupTerms, maps.groups);
      return flatDirections(design, blocks, { beside: maps.beta, sigma: true }).length;
    };
    expect(count(rows)).toBe(1);
    expect(count([...rows, { cell: 'c0', f: 'f0', y: 0.5 }])).toBe(0);
  });
});

describe('a direction of which little is told', () => {
  it.each([1e-1, 1e-2, 1e-3, 1e-4])('is no flat one: a slope of a column that varies by %d within groups', (within) => {
    // The Gram matrix of the covariances has an eigenvalue of about the square of it, which is not 0.
    const rows = Array.from({ length: 200 }, (_, i) => {
      const j = i % 20;
      const x = (j % 2) + within * Math.sin(1.7 * i);
      return { g: `g${j}`, x, y: 2 * Math.sin(7 * j) + 2 * Math.cos(3 * j) * x + Math.sin(0.37 * i * i) };
    });
    const graph = formula('y ~ x + (1 + x | g)');
    expect(maximumLikelihood(graph, { rows }).identified).toBe(true);
    const constant = rows.map((row, i) => ({ ...row, x: (i % 20) % 2 }));
    expect(maximumLikelihood(graph, { rows: constant }).identified).toBe(false);
  });
});
