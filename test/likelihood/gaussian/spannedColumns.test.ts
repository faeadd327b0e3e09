import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { spannedColumns } from '../../../src/likelihood/gaussian/spannedColumns.ts';
import { toUser } from '../../../src/products/coordinates.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';

const rng = createRng([66]);
const w = Array.from({ length: 6 }, () => rng.normal());
const rows = Array.from({ length: 48 }, (_, i) => ({
  y: rng.normal(),
  x: 3 + rng.normal(),
  t: rng.normal(),
  s: 0,
  w: w[i % 6]!,
  g: `g${i % 6}`,
}));

// The opposite of t: one of the two is negatively correlated with w.
for (const row of rows) row.s = -row.t;

describe('the columns of X in the span of Z', () => {
  it.each([
    ['y ~ 1 + (1 | g)', 1],
    ['y ~ w + (1 | g)', 2],
    ['y ~ x * w + (1 + x | g)', 4],
    ['y ~ x * w + t + (1 + x | g)', 4],
    ['y ~ x + w + (1 + x + t | g)', 3],
    ['y ~ 0 + x + (1 + x | g)', 1],
    ['y ~ 0 + x + x:w + (1 + x | g)', 2],
    ['y ~ t + w + (1 | g)', 2],
    ['y ~ s + w + (1 | g)', 2],
    ['y ~ x + t', 0],
  ] as const)('are Z_j C_j in every group, in working coordinates: %s', (text, most) => {
    const design = buildDesign(formula(text), { rows });
    const products = crossProducts(design);
    const { columns, C } = spannedColumns(products, design);
    const m = columns.length;
    expect(m).toBeLessThanOrEqual(most);
    expect(m > 0).toBe(most > 0);
    const { p, X, n } = design;
    const { beta, groups } = products.coordinates;
    const { J, q, Z, index } = design.groupTerms[0] ?? { J: 0, q: 0, Z: new Float64Array(0), index: new Int32Array(n) };
    expect(C.length).toBe(J * q * m);
    columns.forEach((border, a) => {
      const c = border - (products.pattern.r - p);
      for (let i = 0; i < n; i++) {
        // Column c of X T, and row i of Z T_g C_j.
        let own = 0;
        for (let b = 0; b < p; b++) own += X[i * p + b]! * beta.T[b * p + c]!;
        const image = Float64Array.from({ length: q }, (_, k) => C[(index[i]! * q + k) * m + a]!);
        toUser(groups[0]!, image);
        let spanned = 0;
        for (let k = 0; k < q; k++) spanned += Z[i * q + k]! * image[k]!;
        expect(Math.abs(spanned - own)).toBeLessThan(1e-11);
      }
    });
  });
});
