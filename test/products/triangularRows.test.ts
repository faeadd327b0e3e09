import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { allocateArrow } from '../../src/linalg/arrow.ts';
import { factorArrow, logDetBlocks } from '../../src/linalg/arrowCholesky.ts';
import { logDetCorner } from '../../src/linalg/arrowCorner.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { relativePrecision } from '../../src/products/relativePrecision.ts';
import { triangularRows } from '../../src/products/triangularRows.ts';

/** Deterministic numbers in (-1, 1) without a pattern that a model could see. */
const wave = (i: number, by: number): number => Math.sin(i * by + (i * i) / 7);

function design(text: string, n: number) {
  const rows = {
    y: Array.from({ length: n }, (_, i) => wave(i, 1.3)),
    x: Array.from({ length: n }, (_, i) => 10 + wave(i, 2.1)),
    w: Array.from({ length: n }, (_, i) => 1 + wave(i, 0.7) / 2),
    g: Array.from({ length: n }, (_, i) => `g${(i * 7) % 11}`),
    h: Array.from({ length: n }, (_, i) => `h${i % 4}`),
    k: Array.from({ length: n }, (_, i) => `k${Math.floor(i / 9)}`),
  };
  return buildDesign(formula(text), { rows });
}

describe('the factor formed from the rows', () => {
  it.each([
    ['one factor, three coefficients', 'y ~ x + (1 + x + w | g)'],
    ['two crossed factors', 'y ~ x + (1 | g) + (1 | h)'],
    ['slopes of two factors, weights', 'y | weights(w) ~ x + (1 + x | g) + (1 + x | h)'],
    ['three factors', 'y ~ 1 + (1 + x | h) + (1 | k) + (1 | g)'],
    ['no group terms', 'y ~ x + w'],
  ])('is that of the cross-products where sds are moderate: %s', (_, text) => {
    const one = design(text, 60);
    const products = crossProducts(one);
    const Lambda = one.groupTerms.map(({ q }, f) =>
      Float64Array.from({ length: q * q }, (_cell, i) => (i % (q + 1) === 0 ? 1.2 - 0.3 * f : 0.4 * wave(i, 3 + f))),
    );
    const expected = allocateArrow(products.pattern);
    relativePrecision(products)(Lambda, null, expected);
    expect(factorArrow(expected)).toBe(true);
    const actual = allocateArrow(products.pattern);
    expect(triangularRows(one, products).factor(Lambda, actual)).toBe(true);
    const { q, r } = products.pattern;
    const lower = (values: Float64Array, size: number) =>
      values.filter((_value, i) => Math.floor(i / size) % size >= i % size);
    // Rounding of 60 rows, a condition number below 1e3.
    const close = (a: Float64Array, b: Float64Array) => {
      expect(a.length).toBe(b.length);
      a.forEach((value, i) => {
        expect(Math.abs(value - b[i]!)).toBeLessThan(1e-11 * (1 + Math.abs(b[i]!)));
      });
    };
    close(lower(actual.blocks, q), lower(expected.blocks, q));
    close(actual.border, expected.border);
    close(lower(actual.corner, r), lower(expected.corner, r));
  });

  /**
   * A row a cell of a x b: |I + s^2 Z_g Z_g' + t^2 Z_h Z_h'| = (1 + b s^2 + a t^2) (1 + b s^2)^(a - 1) (1 + a t^2)^(b -
   * 1), and 1'V^-1 1 = a b / (1 + b s^2 + a t^2).
   */
  it.each([1, 1e3, 1e5, 1e7])('keeps the small pivots beside sds of %d residual sds', (t) => {
    const [a, b] = [7, 5];
    const cells = Array.from({ length: a * b }, (_, i) => i);
    const one = buildDesign(formula('y ~ 1 + (1 | g) + (1 | h)'), {
      rows: {
        y: cells.map((i) => wave(i, 1.1)),
        g: cells.map((i) => `g${Math.floor(i / b)}`),
        h: cells.map((i) => `h${i % b}`),
      },
    });
    const products = crossProducts(one);
    const s = 0.6 * t;
    const factor = allocateArrow(products.pattern);
    expect(triangularRows(one, products).factor([Float64Array.of(s), Float64Array.of(t)], factor)).toBe(true);
    const all = 1 + b * s * s + a * t * t;
    const logDetZ = Math.log(all) + (a - 1) * Math.log1p(b * s * s) + (b - 1) * Math.log1p(a * t * t);
    // Errors of eps t in the smallest pivots, a dozen of them.
    const tolerance = 1e-12 + 20 * Number.EPSILON * t;
    expect(Math.abs(logDetBlocks(factor) + logDetCorner(factor, 0, b) - logDetZ)).toBeLessThan(tolerance);
    expect(Math.abs(logDetCorner(factor, b) - Math.log((a * b) / all))).toBeLessThan(tolerance);
  });
});
