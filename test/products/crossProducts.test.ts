import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../src/design/design.ts';
import { ModelError } from '../../src/errors.ts';
import { crossProducts, gather, residualSumOfSquares, scatter } from '../../src/products/crossProducts.ts';
import { createRng } from '../../src/random/rng.ts';
import { denseArrow } from '../oracle/denseArrow.ts';
import { denseColumns, denseResidualSumOfSquares, denseWeights } from '../oracle/denseGaussian.ts';
import { gaussianCase, gaussianCases } from '../oracle/gaussianCases.ts';
import { handDesign } from '../oracle/handDesign.ts';

function coefficients(design: Design): { u: Float64Array[]; beta: Float64Array; all: () => Float64Array } {
  const u = design.groupTerms.map(({ J, q }) => new Float64Array(J * q));
  const beta = new Float64Array(design.p);
  return { u, beta, all: () => Float64Array.from([...u.flatMap((part) => Array.from(part)), ...beta]) };
}

describe.each(gaussianCases)('crossProducts with %s', (_, { design }) => {
  const products = crossProducts(design);
  const { size } = products;
  const rng = createRng([601, size]);
  const near = () => products.reference.map((value) => value + 0.3 * rng.normal());

  it('orders the vector as leading factor, other factors, beta, and knows the sizes', () => {
    const { leading, borderOffsets, pattern, groups, n, p } = products;
    const most = Math.max(0, ...groups.map(({ J }) => J));
    expect(leading).toBe(groups.findIndex(({ J }) => J === most));
    expect(pattern.J * pattern.q).toBe(leading < 0 ? 0 : groups[leading]!.J * groups[leading]!.q);
    let next = pattern.J * pattern.q;
    groups.forEach(({ J, q }, f) => {
      expect(borderOffsets[f]).toBe(f === leading ? 0 : next);
      if (f !== leading) next += J * q;
    });
    expect(borderOffsets[groups.length]).toBe(next);
    expect([size, pattern.J * pattern.q + pattern.r]).toEqual([next + p, size]);
    expect(n).toBe(design.n);
  });

  it('holds the weighted cross-products of the dense columns in working coordinates', () => {
    const M = denseColumns(design);
    const w = denseWeights(design);
    const toUserColumn = Array.from({ length: size }, (_, k) => {
      const x = new Float64Array(size);
      x[k] = 1;
      const at = coefficients(design);
      scatter(products, x, at.u, at.beta);
      return M.mmul(Matrix.columnVector(Array.from(at.all()))).to1DArray();
    });
    const A = denseArrow(products.A);
    const total = w.reduce((sum, value) => sum + value, 0);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        let sum = 0;
        for (let i = 0; i < design.n; i++) sum += w[i]! * toUserColumn[a]![i]! * toUserColumn[b]![i]!;
        // Working columns have mean square 1; the dense columns here come back through user coordinates, at a cost of
        // 1e3 roundings.
        expect(Math.abs(A.get(a, b) - sum)).toBeLessThan(1e-11 * total);
      }
    }
  });

  it('forms the residual sum of squares at any point as the rows do, without changing the point', () => {
    for (let trial = 0; trial < 5; trial++) {
      const x = near();
      const before = x.slice();
      const value = residualSumOfSquares(products, x);
      expect(x).toEqual(before);
      const at = coefficients(design);
      scatter(products, x, at.u, at.beta);
      const direct = denseResidualSumOfSquares(design, at.all());
      // The direct sum carries the rounding of y = 100 and of year and income times their coefficients: 1e-11 of the
      // sum.
      expect(Math.abs(value / direct - 1)).toBeLessThan(1e-11);
    }
  });

  it('is the same about the reference and about (u = 0, beta_ref)', () => {
    const from = products.borderOffsets[design.groupTerms.length]!;
    const x = products.reference.slice().fill(0, 0, from);
    expect(Math.abs(residualSumOfSquares(products, x) / products.rss0 - 1)).toBeLessThan(1e-12);
    // The gradient there, by central differences: exact for a quadratic but for rounding.
    const step = 0.5;
    for (let i = 0; i < size; i++) {
      const up = x.slice();
      const down = x.slice();
      up[i]! += step;
      down[i]! -= step;
      const slope = (residualSumOfSquares(products, down) - residualSumOfSquares(products, up)) / (4 * step);
      expect(Math.abs(slope - products.c0[i]!)).toBeLessThan(1e-11 * products.rss0);
    }
  });

  it('gathers user coefficients and scatters them back', () => {
    const at = coefficients(design);
    for (const part of [...at.u, at.beta]) for (let i = 0; i < part.length; i++) part[i] = rng.normal();
    const before = at.all();
    const x = new Float64Array(size);
    gather(products, at.u, at.beta, x);
    scatter(products, x, at.u, at.beta);
    at.all().forEach((value, i) => {
      // An intercept at year 0 is the sum of the working intercept and 2000 years of slope, and 50 000 of income: 1e-16
      // x 1e6.
      expect(Math.abs(value - before[i]!)).toBeLessThan(1e-9);
    });
  });

  it('sums the logarithms of the precisions', () => {
    const expected = denseWeights(design).reduce((sum, w) => sum + Math.log(w), 0);
    expect(Math.abs(products.sumLogWeights - expected)).toBeLessThan(1e-10);
    expect(products.knownScale).toBe(design.response.standardErrors !== null);
  });
});

describe('the reference fit', () => {
  it.each([
    ['a single factor', [{ J: 20, columns: ['one', 'x'] }]],
    [
      'two crossed factors',
      [
        { J: 20, columns: ['one', 'x'] },
        { J: 6, columns: ['one'] },
      ],
    ],
  ] as const)(
    'has the smallest residual sum of squares though groups differ by 1e6 residual sds, with %s',
    (_, factors) => {
      const { design } = gaussianCase({ seed: 611, n: 300, factors });
      const small = crossProducts(design).rss;
      const y = design.response.y.map((value, i) => {
        const { index, q, Z } = design.groupTerms[0]!;
        const slope = q > 1 ? Z[i * q + 1]! * 3e5 * Math.cos(index[i]!) : 0;
        return value + 1.5e6 * Math.sin(7 * index[i]!) + slope;
      });
      const products = crossProducts({ ...design, response: { ...design.response, y } });
      // The added differences lie in the span of Z: least squares takes them off whole, up to 1e-16 x 1.5e6 per
      // residual of 1.5.
      expect(Math.abs(products.rss / small - 1)).toBeLessThan(1e-8);
      // And its residuals are orthogonal to the columns: a group's sum of residuals is rounding.
      for (const value of products.c) expect(Math.abs(value)).toBeLessThan(1e-5);
    },
  );

  it('leaves a large level of the response to beta', () => {
    const { design } = gaussianCase({ seed: 612, n: 100, factors: [{ J: 8, columns: ['one'] }] });
    const y = design.response.y.map((value) => value + 1e9);
    const products = crossProducts({ ...design, response: { ...design.response, y } });
    expect(products.reference[8]).toBeGreaterThan(9.99e8);
    for (let j = 0; j < 8; j++) expect(Math.abs(products.reference[j]!)).toBeLessThan(1e4);
  });

  it('exists where columns of X depend on each other and where nothing varies', () => {
    const X = Array.from({ length: 30 }, (_, i) => [1, i, 2 * i + 1]);
    const design = handDesign({
      y: X.map(([, x]) => x! ** 2),
      X,
      groups: [{ factor: 'g', J: 3, index: X.map((_, i) => i % 3), Z: X.map(() => [0]) }],
    });
    const products = crossProducts(design);
    expect(Number.isFinite(products.rss)).toBe(true);
    const flat = crossProducts(handDesign({ y: X.map(() => 0), X: X.map(() => [1]) }));
    expect(flat.rss).toBe(0);
  });
});

describe('crossProducts', () => {
  it('touches in each block only the levels its rows meet, and beta', () => {
    const index = [0, 0, 1, 2, 2, 3];
    const other = [1, 1, 0, 1, 2, 0];
    const X = index.map((_, i) => [1, i * i]);
    const design = handDesign({
      y: index.map((_, i) => i),
      X,
      groups: [
        { factor: 'a', J: 5, index, Z: X.map(() => [1]) },
        { factor: 'b', J: 3, index: other, Z: X.map(([, x]) => [1, x!]) },
      ],
    });
    const { pattern } = crossProducts(design);
    expect(Array.from(pattern.start)).toEqual([0, 4, 8, 14, 18, 20]);
    const block = (j: number) => Array.from(pattern.columns.slice(pattern.start[j]!, pattern.start[j + 1]!));
    expect(block(0)).toEqual([2, 3, 6, 7]);
    expect(block(2)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(block(4)).toEqual([6, 7]);
  });

  it('is the same for every row given twice with weight one half', () => {
    const { design } = gaussianCase({ seed: 621, n: 60, factors: [{ J: 7, columns: ['one', 'x'] }] });
    const twice = <T extends number>(values: ArrayLike<T>) => [...Array.from(values), ...Array.from(values)];
    const rows = (M: Float64Array, k: number) =>
      Array.from({ length: M.length / k }, (_, i) => Array.from(M.slice(i * k, (i + 1) * k)));
    const [term] = design.groupTerms;
    const X = rows(design.X, design.p);
    const Z = rows(term!.Z, term!.q);
    const doubled = handDesign({
      y: twice(design.response.y),
      X: [...X, ...X],
      groups: [{ factor: 'g', J: 7, index: twice(term!.index), Z: [...Z, ...Z] }],
      weights: new Float64Array(120).fill(0.5),
    });
    const once = crossProducts(design);
    const both = crossProducts(doubled);
    expect(Math.abs(both.rss / once.rss - 1)).toBeLessThan(1e-11);
    once.A.blocks.forEach((value, i) => {
      expect(Math.abs(both.A.blocks[i]! - value)).toBeLessThan(1e-11 * 60);
    });
  });

  it.each([
    ['weights', { weights: [1, 0, 1] }, 'row 2 of rows: its weight is 0; a weight must be positive and finite'],
    [
      'standard-errors',
      { standardErrors: [1, 1, Number.NaN] },
      'row 3 of rows: its standard error is NaN; a standard error must be positive and finite',
    ],
    [
      'standard-errors',
      { standardErrors: [1, 1e200, 1] },
      'row 2 of rows: its standard error is 1e+200; a standard error must be positive and finite',
    ],
  ])('answers wrong %s with the row and the value', (code, extra, message) => {
    const run = () => crossProducts(handDesign({ y: [1, 2, 3], X: [[1], [1], [1]], ...extra }));
    expect(run).toThrow(ModelError);
    expect(run).toThrow(message);
    try {
      run();
    } catch (error) {
      expect(error).toMatchObject({ code });
    }
  });
});
