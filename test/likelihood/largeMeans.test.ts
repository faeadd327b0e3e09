import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';

type Row = {
  readonly g: string;
  readonly h: string;
  readonly x: number;
  readonly y: number;
};

/** Rows in ten groups, crossed with seven others, residual sd about 1. */
function waves(n: number, x: (i: number) => number): Row[] {
  return Array.from({ length: n }, (_, i) => ({
    g: `g${i % 10}`,
    h: `h${i % 7}`,
    x: x(i),
    y: Math.sin(3 * (i % 10)) + 0.5 * Math.sin(1.7 * i) + 1.4 * Math.sin(0.37 * i * i),
  }));
}

const centred = (i: number): number => Math.sin(1.7 * i);
const year = (i: number): number => 2000 + ((i * 7919) % 21);

describe('a response of shift +- 1', () => {
  // The fit of y + shift and of (y + shift) - shift, which is exact: both have the same rounding of the response.
  it.each([
    ['an intercept', 'y ~ x + (1 | g)', 3000, centred, 'REML', 1e9],
    ['an intercept, 200 000 rows', 'y ~ x + (1 | g)', 200000, centred, 'REML', 1e6],
    ['an intercept and a year', 'y ~ x + (1 | g)', 100000, year, 'REML', 1e7],
    ['the same by ML', 'y ~ x + (1 | g)', 100000, year, 'ML', 1e8],
    ['a slope', 'y ~ x + (1 + x | g)', 3000, centred, 'REML', 1e8],
    ['a slope of years', 'y ~ x + (1 + x | g)', 3000, year, 'REML', 1e7],
    ['crossed factors', 'y ~ x + (1 | g) + (1 | h)', 3000, centred, 'REML', 1e8],
  ] as const)('has the fit of +- 1: %s', (_title, text, n, x, method, shift) => {
    const rows = waves(n, x);
    const large = rows.map((row) => ({ ...row, y: row.y + shift }));
    const small = large.map((row) => ({ ...row, y: row.y - shift }));
    const a = maximumLikelihood(formula(text), { rows: small }, { method });
    const b = maximumLikelihood(formula(text), { rows: large }, { method });
    // A sum of n squares of about 1 is right to 1e-16 n; the deviance was wrong by 0.1 to 15 000 here.
    expect(Math.abs(b.deviance - a.deviance)).toBeLessThan(1e-8 + 1e-13 * n);
    expect(Math.abs(b.sigma! / a.sigma! - 1)).toBeLessThan(1e-9);
    a.theta.forEach((value, k) => {
      expect(Math.abs(b.theta[k]! - value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
    });
    expect(b.convergence.converged).toBe(true);
  });

  it('leaves the reference fit that samplers share with the least squares of y alone, and beta near it', () => {
    const shift = 1e7;
    const rows = waves(20000, year).map((row) => ({ ...row, y: row.y + shift }));
    const build = (list: readonly Row[]) => crossProducts(buildDesign(formula('y ~ x + (1 | g)'), { rows: list }));
    const large = build(rows);
    const small = build(rows.map((row) => ({ ...row, y: row.y - shift })));
    expect(Math.abs(large.rss / small.rss - 1)).toBeLessThan(1e-11);
    expect(Math.abs(large.rss0 / small.rss0 - 1)).toBeLessThan(1e-9);
    // u of the reference is what the groups differ by, not 1e9 times the rounding of a sum of responses.
    const groups = large.reference.subarray(0, large.size - large.p);
    groups.forEach((value, j) => {
      expect(Math.abs(value - small.reference[j]!)).toBeLessThan(1e-6);
    });
  });
});

describe('a posterior of shift +- 1', () => {
  it('has the draws of +- 1, since the reference fit takes the population part of y off first', () => {
    // The same responses to the last bit but for the shift; with a ridge on all coefficients at once the draws part by
    // 1e-5.
    const shift = 1e9;
    const large = waves(20000, year).map((row) => ({ ...row, y: row.y + shift }));
    const small = large.map((row) => ({ ...row, y: row.y - shift }));
    const options = { seed: 4, warmup: 100, iterations: 100, chains: 1 };
    const [a, b] = [small, large].map((rows) => sampleSync(formula('y ~ x + (1 | g)'), { rows }, options).draws);
    const names = a!.variables.filter(({ name }) => name !== 'beta');
    expect(names.map(({ name }) => name)).toEqual(['tau_g', 'u_g', 'sigma']);
    for (const { offset, size } of names) {
      for (let k = offset * 100; k < (offset + size) * 100; k++) {
        expect(Math.abs(b!.values[k]! - a!.values[k]!)).toBeLessThan(1e-8);
      }
    }
  });
});

describe('group means of up to 1e7 sigma apart', () => {
  it.each([
    [10, 300, 1e4],
    [10, 300, 1e6],
    [50, 20, 1e6],
    [7, 1000, 1e7],
    [50, 2000, 1e6],
  ])('leave sigma and the deviance those of the analysis of variance: %d groups of %d, %d', (J, m, spread) => {
    const n = J * m;
    const y = Array.from({ length: n }, (_, i) => spread * Math.sin(3 * (i % J)) + 1.4 * Math.sin(0.37 * i * i));
    const error = y.map((value, i) => value - spread * Math.sin(3 * (i % J)));
    const own = new Float64Array(J);
    error.forEach((value, i) => {
      own[i % J]! += value / m;
    });
    const within = error.reduce((sum, value, i) => sum + (value - own[i % J]!) ** 2, 0);
    const means = Array.from(own, (value, j) => spread * Math.sin(3 * j) + value);
    const grand = means.reduce((sum, value) => sum + value, 0) / J;
    const between = means.reduce((sum, value) => sum + m * (value - grand) ** 2, 0);
    const s2 = within / (n - J);
    const deviance =
      (n - J) * Math.log(s2) +
      (J - 1) * Math.log(between / (J - 1)) +
      Math.log(n) +
      (n - 1) * (1 + Math.log(2 * Math.PI));
    const fit = maximumLikelihood(formula('y ~ 1 + (1 | g)'), { rows: { y, g: y.map((_, i) => `g${i % J}`) } });
    expect(Math.abs(fit.sigma! / Math.sqrt(s2) - 1)).toBeLessThan(1e-9);
    const tau = Math.sqrt((between / (J - 1) - s2) / m);
    expect(Math.abs(fit.groups[0]!.tau[0]! / tau - 1)).toBeLessThan(1e-9);
    expect(Math.abs(fit.deviance - deviance)).toBeLessThan(1e-9 * n);
  });

  it.each([
    [100, 1e-10],
    [1000, 1e-9],
    [10000, 1e-6],
  ])('leave sigma right where two factors are crossed, %d', (spread, tolerance) => {
    // Two-way balanced without interaction: REML of both sds from the mean squares (Searle, Casella & McCulloch 1992,
    // section 4.7).
    const [J, K, m] = [8, 6, 5];
    const rows = Array.from({ length: J * K * m }, (_, i) => {
      const [g, h] = [i % J, Math.floor(i / J) % K];
      return {
        g: `g${g}`,
        h: `h${h}`,
        e: 1.3 * Math.sin(0.61 * i * i),
        a: spread * Math.sin(3 * g),
        b: 2 * spread * Math.cos(5 * h),
      };
    });
    const y = rows.map(({ a, b, e }) => a + b + e);
    const e = y.map((value, i) => value - rows[i]!.a - rows[i]!.b);
    const mean = (pick: (i: number) => boolean, of: readonly number[]): number => {
      const chosen = of.filter((_, i) => pick(i));
      return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
    };
    const all = mean(() => true, e);
    const byG = new Map(rows.map(({ g }) => [g, mean((i) => rows[i]!.g === g, e)]));
    const byH = new Map(rows.map(({ h }) => [h, mean((i) => rows[i]!.h === h, e)]));
    const residual = e.reduce(
      (sum, value, i) => sum + (value - byG.get(rows[i]!.g)! - byH.get(rows[i]!.h)! + all) ** 2,
      0,
    );
    const s2 = residual / (y.length - J - K + 1);
    const fit = maximumLikelihood(formula('y ~ 1 + (1 | g) + (1 | h)'), {
      rows: { y, g: rows.map(({ g }) => g), h: rows.map(({ h }) => h) },
    });
    // The log-determinants round by 1e-16 n times the squared relative sds, and theta follows.
    expect(Math.abs(fit.sigma! / Math.sqrt(s2) - 1)).toBeLessThan(tolerance);
  });

  it('leave sigma right where one factor is nested in another, 1e5: residuals formed from the rows where the cross-products have lost them', () => {
    const rows = Array.from({ length: 9 * 4 * 5 }, (_, i) => {
      const [j, k] = [Math.floor(i / 20), Math.floor(i / 5)];
      return {
        g: `g${j}`,
        h: `h${k}`,
        mean: 1e5 * Math.sin(3 * j) + 7e4 * Math.cos(5 * (k % 4) + j * j),
        e: 1.3 * Math.sin(0.61 * (i + 1) ** 2),
      };
    });
    const y = rows.map(({ mean, e }) => mean + e);
    // Balanced and nested: sigma^2 is the mean square within the inner groups.
    let within = 0;
    for (let k = 0; k < 36; k++) {
      const e = Array.from({ length: 5 }, (_, i) => y[5 * k + i]! - rows[5 * k + i]!.mean);
      const own = e.reduce((sum, value) => sum + value, 0) / 5;
      within += e.reduce((sum, value) => sum + (value - own) ** 2, 0);
    }
    const fit = maximumLikelihood(formula('y ~ 1 + (1 | g) + (1 | h)'), {
      rows: { y, g: rows.map(({ g }) => g), h: rows.map(({ h }) => h) },
    });
    expect(fit.convergence.converged).toBe(true);
    expect(Math.abs(fit.sigma! / Math.sqrt(within / (36 * 4)) - 1)).toBeLessThan(5e-6);
  });
});
