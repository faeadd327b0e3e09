import { readFileSync } from 'node:fs';
import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../src/likelihood/maximumLikelihoodFit.ts';
import { coef, fixef, ranef, sigma, varCorr } from '../../src/summary/estimates.ts';
import { icc } from '../../src/summary/icc.ts';
import { jointCovariance } from '../../src/summary/jointCovariance.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { denseSigma, denseZ, rowVariances } from '../oracle/denseGroups.ts';
import { drawOf, syntheticFit } from './syntheticFit.ts';

const radon = { rows: fixtureFrame('radon_arm') };
const schools = { rows: fixtureFrame('eight_schools') };
const small = {
  rows: {
    y: [1, 2, 4, 3, 5, 7, 6, 8, 2, 1],
    x: [0, 1, 0, 1, 2, 0, 1, 3, 0, 1],
    g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'a', 'b'],
    h: ['p', 'q', 'p', 'q', 'p', 'q', 'p', 'q', 'q', 'p'],
  },
  groups: { g: { g: ['a', 'b', 'c', 'd', 'e'], w: [0.5, -1, 2, 0, 1] } },
};
const mixed = formula('y ~ x * w + (1 + x | g) + (1 | h)');

describe('extractors of an MCMC fit', () => {
  const fit = syntheticFit(mixed, small);
  const S = 50;
  const mean = (value: (s: number) => number) =>
    Array.from({ length: S }, (_, s) => value(s)).reduce((a, b) => a + b) / S;
  const sd = (value: (s: number) => number) => {
    const centre = mean(value);
    return Math.sqrt((mean((s) => (value(s) - centre) ** 2) * S) / (S - 1));
  };

  it('give posterior mean, sd and quantiles of the coefficients', () => {
    const rows = fixef(fit);
    expect(rows.map((row) => row.term)).toEqual(['Intercept', 'x', 'w', 'x:w']);
    expect(rows[1]!.estimate).toBeCloseTo(
      mean((s) => drawOf(fit, 'beta', 1, s)),
      13,
    );
    expect(rows[1]!.se).toBeCloseTo(
      sd((s) => drawOf(fit, 'beta', 1, s)),
      13,
    );
    const sorted = Array.from({ length: S }, (_, s) => drawOf(fit, 'beta', 1, s)).sort((a, b) => a - b);
    expect(rows[1]!.q50).toBeCloseTo((sorted[24]! + sorted[25]!) / 2, 13);
    expect(rows[1]!.q5).toBeCloseTo(0.55 * sorted[2]! + 0.45 * sorted[3]!, 13);
  });

  it('give the deviations u and the group coefficients b = gamma w + u, computed draw by draw, groups without rows included', () => {
    const u = ranef(fit)['g']!;
    const b = coef(fit)['g']!;
    expect(u).toHaveLength(10);
    expect(b.at(-1)).toMatchObject({ level: 'e', term: 'x' });
    // Group e: w = 1; its slope is beta[x] + beta[x:w] + u.
    const slope = (s: number) => drawOf(fit, 'beta', 1, s) + drawOf(fit, 'beta', 3, s) + drawOf(fit, 'u_g', 9, s);
    expect(b.at(-1)!.estimate).toBeCloseTo(mean(slope), 13);
    expect(b.at(-1)!.sd).toBeCloseTo(sd(slope), 13);
    expect(u.at(-1)!.mode).toBeCloseTo(
      mean((s) => drawOf(fit, 'u_g', 9, s)),
      13,
    );
    // Of the columns of X only the constant does not vary within h: its line is the intercept.
    expect(coef(fit)['h']![1]!.estimate).toBeCloseTo(
      mean((s) => drawOf(fit, 'beta', 0, s) + drawOf(fit, 'u_h', 1, s)),
      13,
    );
  });

  it('give sds, correlations and the residual sd in one table', () => {
    const rows = varCorr(fit);
    expect(rows.map(({ factor, term1, term2 }) => [factor, term1, term2])).toEqual([
      ['g', 'Intercept', null],
      ['g', 'x', null],
      ['g', 'Intercept', 'x'],
      ['h', 'Intercept', null],
      ['Residual', null, null],
    ]);
    expect(rows[2]!.corr).toBeCloseTo(
      mean((s) => drawOf(fit, 'corr_g', 0, s)),
      13,
    );
    expect(rows[2]!.sd).toBeNull();
    expect(rows[4]!.sd).toBeCloseTo(sigma(fit).estimate!, 15);
  });

  it('give the intraclass correlation as the mean over draws of tau^2 / (sum of tau^2 + sigma^2)', () => {
    const share = (variable: string) =>
      mean((s) => {
        const g = drawOf(fit, 'tau_g', 0, s) ** 2;
        const h = drawOf(fit, 'tau_h', 0, s) ** 2;
        const own = drawOf(fit, variable, 0, s) ** 2;
        return own / (g + h + drawOf(fit, 'sigma', 0, s) ** 2);
      });
    expect(icc(fit).map((row) => row.estimate)).toEqual([
      expect.closeTo(share('tau_g'), 12),
      expect.closeTo(share('tau_h'), 12),
    ]);
  });

  it('say why there is no residual sd, and no intraclass correlation, with known standard errors', () => {
    const known = syntheticFit(formula('y | se(sigma) ~ 1 + (1 | school)'), schools);
    expect(sigma(known)).toMatchObject({ estimate: null, se: null });
    expect(sigma(known).reason).toMatch(/standard errors of the rows are known/);
    expect(icc(known)[0]).toMatchObject({ factor: 'school', estimate: null });
    expect(varCorr(known).map((row) => row.factor)).toEqual(['school']);
  });

  it('say why there is no intraclass correlation without a varying intercept', () => {
    const slopes = syntheticFit(formula('y ~ x + (0 + x | g)'), small);
    expect(icc(slopes)[0]).toMatchObject({ estimate: null, reason: 'g has no varying intercept' });
  });
});

describe('extractors of a maximum likelihood fit', () => {
  const reml = maximumLikelihood(formula('log_radon ~ floor + (1 + floor | county)'), radon);
  const lme4 = JSON.parse(readFileSync(new URL('../fixtures/summary/lme4_radon.json', import.meta.url), 'utf8')) as {
    ranef: { county: { level: string; term: string; mode: number; sd: number }[] };
  };

  it('have the same keys as those of an MCMC fit, quantiles aside', () => {
    const draws = syntheticFit(formula('log_radon ~ floor + (1 + floor | county)'), radon);
    const keys = (row: object) => Object.keys(row).filter((key) => !/^q\d/.test(key));
    expect(keys(fixef(reml)[0]!)).toEqual(keys(fixef(draws)[0]!));
    expect(keys(ranef(reml)['county']![0]!)).toEqual(keys(ranef(draws)['county']![0]!));
    expect(keys(coef(reml)['county']![0]!)).toEqual(keys(coef(draws)['county']![0]!));
    expect(keys(varCorr(reml)[0]!)).toEqual(keys(varCorr(draws)[0]!));
    expect(keys(sigma(reml))).toEqual(keys(sigma(draws)));
    expect(keys(icc(reml)[0]!)).toEqual(keys(icc(draws)[0]!));
  });

  it('give the conditional modes and sds of lme4', () => {
    const ours = new Map(ranef(reml)['county']!.map((row) => [`${row.level} ${row.term}`, row]));
    for (const { level, term, mode, sd } of lme4.ranef.county) {
      const row = ours.get(`${level} ${term.replace('(Intercept)', 'Intercept')}`)!;
      // 1e-5: lme4's optimiser stops at about 1e-6 in theta.
      expect(row.mode).toBeCloseTo(mode, 5);
      expect(row.sd).toBeCloseTo(sd, 5);
    }
  });

  it('give group coefficients that are the line plus the mode', () => {
    const rows = coef(reml)['county']!;
    const modes = ranef(reml)['county']!;
    expect(rows[3]!.estimate).toBeCloseTo(fixef(reml)[1]!.estimate + modes[3]!.mode, 14);
  });
});

describe('jointCovariance', () => {
  /** sd of u_jk + x'beta from the dense inverse of the mixed model equations, factors side by side and beta last. */
  function denseSd(fit: MaximumLikelihoodFit, f: number, at: number, x: readonly number[]): number {
    const { design } = fit;
    const { groupTerms, p } = design;
    const Z = denseZ(design);
    const M = Matrix.zeros(design.n, Z.columns + p);
    M.setSubMatrix(Z, 0, 0);
    for (let i = 0; i < design.n; i++) {
      for (let c = 0; c < p; c++) M.set(i, Z.columns + c, design.X[i * p + c]!);
    }
    const omega = Matrix.diag(rowVariances(design, fit.sigma ?? 1).map((v) => 1 / v));
    const P = M.transpose().mmul(omega).mmul(M);
    let start = 0;
    let offset = 0;
    groupTerms.forEach((term, g) => {
      const precision = inverse(denseSigma(term, fit.groups[g]!.tau, fit.groups[g]!.corr));
      if (g === f) offset = start;
      for (let j = 0; j < term.J; j++) {
        for (let a = 0; a < term.q; a++) {
          for (let b = 0; b < term.q; b++) {
            const r = start + j * term.q + a;
            const c = start + j * term.q + b;
            P.set(r, c, P.get(r, c) + precision.get(a, b));
          }
        }
      }
      start += term.J * term.q;
    });
    const c = Matrix.columnVector([...new Array<number>(Z.columns).fill(0), ...x]);
    c.set(offset + at, 0, 1);
    return Math.sqrt(c.transpose().mmul(inverse(P)).mmul(c).get(0, 0));
  }

  it('equals the dense inverse with one factor, crossed factors, weights and known standard errors', () => {
    const rows = { ...small.rows, wt: [1, 2, 1, 3, 1, 2, 1, 1, 2, 1], s: [1, 2, 1, 1.5, 1, 2, 1, 1, 2, 1] };
    const cases: [string, number, number, number[]][] = [
      ['y ~ x + (1 + x | g)', 0, 5, [0, 1]],
      ['y ~ x + (1 | g) + (1 | h)', 0, 2, [1, 0]],
      ['y ~ x + (1 | g) + (1 | h)', 1, 1, [1, 0]],
      ['y | weights(wt) ~ x + (1 | g)', 0, 3, [1, 2]],
      ['y | se(s) ~ x + (1 | g)', 0, 0, [1, 0]],
    ];
    for (const [text, f, at, x] of cases) {
      const estimated = maximumLikelihood(formula(text), { rows });
      // Covariances of our choice, so that no case stands on the boundary.
      const fit: MaximumLikelihoodFit = {
        ...estimated,
        sigma: estimated.sigma === null ? null : 1.3,
        groups: estimated.groups.map((group) => ({
          ...group,
          tau: group.tau.map((_, k) => 0.7 + 0.4 * k),
          corr: group.corr.map(() => -0.35),
        })),
      };
      const { q } = fit.design.groupTerms[f]!;
      const sd = jointCovariance(fit).combinationSd(f, Math.floor(at / q), at % q, x);
      expect(sd / denseSd(fit, f, at, x), text).toBeCloseTo(1, 9);
    }
  });

  it('is that of the line alone where tau is 0', () => {
    const estimated = maximumLikelihood(formula('y ~ x + (1 | g)'), small);
    const zero = { ...estimated, groups: estimated.groups.map((group) => ({ ...group, tau: new Float64Array(1) })) };
    // Least squares: var(x'beta) = sigma^2 x'(X'X)^-1 x, the design's own X.
    const { X, n } = estimated.design;
    const M = new Matrix(Array.from({ length: n }, (_, i) => Array.from(X.subarray(2 * i, 2 * i + 2))));
    const C = inverse(M.transpose().mmul(M));
    const expected = estimated.sigma! * Math.sqrt(C.get(0, 0) + 4 * C.get(0, 1) + 4 * C.get(1, 1));
    expect(jointCovariance(zero).combinationSd(0, 1, 0, [1, 2])).toBeCloseTo(expected, 12);
  });
});
