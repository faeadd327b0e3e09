import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { groupQr } from '../../src/products/groupQr.ts';
import { createRng } from '../../src/random/rng.ts';

/** Groups of 1, 2, 3, ... rows in mixed order; in group 2 the covariate is 0 throughout. */
function rows(): Record<'y' | 'x' | 'z' | 'g' | 'w' | 'o', number[]> {
  const rng = createRng([51]);
  const g = [3, 0, 2, 1, 4, 3, 2, 4, 1, 3, 4, 2, 4, 3, 4];
  const normal = () => g.map(() => rng.normal());
  return {
    g,
    x: normal().map((value, i) => (g[i] === 2 ? 0 : value)),
    z: normal(),
    y: normal().map((value) => 3 + 2 * value),
    w: g.map(() => 0.5 + rng.uniform()),
    o: normal(),
  };
}

describe('the QR of the groups', () => {
  it.each([
    ['y ~ x + z + (1 + x | g)'],
    ['y | weights(w) ~ x + z + offset(o) + (x + z | g)'],
    ['y ~ 1 + (0 + x | g)'],
  ] as const)("has R'R = Z'WZ, R'S = Z'W[X y] and S'S + within = [X y]'W[X y]: %s", (text) => {
    const design = buildDesign(formula(text), { rows: rows() });
    const products = crossProducts(design);
    const { n, p, response } = design;
    const term = design.groupTerms[0]!;
    const { J, q, R, S, within } = groupQr(design, term, products);
    expect([J, q]).toEqual([term.J, term.q]);
    const T = Matrix.from1DArray(p, p, products.coordinates.beta.T);
    const X = Matrix.from1DArray(n, p, design.X).mmul(T);
    const beta = products.reference.slice(products.borderOffsets[1]!).subarray(0, p);
    const fitted = X.mmul(Matrix.columnVector([...beta])).to1DArray();
    const y = fitted.map((value, i) => response.y[i]! - (response.offset?.[i] ?? 0) - value);
    const border = Matrix.from1DArray(n, p, X.to1DArray()).addColumn(y);
    const root = Matrix.diag(Array.from({ length: n }, (_, i) => Math.sqrt(response.weights?.[i] ?? 1)));
    // Sums of fifteen products of entries of size 10.
    const near = (A: Matrix, B: Matrix) => expect(Matrix.abs(Matrix.sub(A, B)).max()).toBeLessThan(1e-12 * 100);
    let left = Matrix.from1DArray(p + 1, p + 1, within);
    for (let j = 0; j < J; j += 1) {
      const members = [...term.index.keys()].filter((i) => term.index[i] === j);
      const own = (M: Matrix) => root.mmul(M).selection(members, [...Array(M.columns).keys()]);
      const Zj = own(Matrix.from1DArray(n, q, term.Z));
      const Bj = own(border);
      const Rj = Matrix.from1DArray(q, q, R.slice(j * q * q, (j + 1) * q * q));
      const Sj = Matrix.from1DArray(q, p + 1, S.slice(j * q * (p + 1), (j + 1) * q * (p + 1)));
      near(Rj.transpose().mmul(Rj), Zj.transpose().mmul(Zj));
      near(Rj.transpose().mmul(Sj), Zj.transpose().mmul(Bj));
      for (let a = 1; a < q; a += 1) for (let b = 0; b < a; b += 1) expect(Rj.get(a, b)).toBe(0);
      left = Matrix.add(left, Matrix.sub(Sj.transpose().mmul(Sj), Bj.transpose().mmul(Bj)));
    }
    near(left, Matrix.zeros(p + 1, p + 1));
  });
});
