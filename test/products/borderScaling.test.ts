import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { borderScaling } from '../../src/products/borderScaling.ts';
import { createRng } from '../../src/random/rng.ts';

// A leading factor of two blocks, then factors of 1, 2, 3 and 4 varying columns in the border, beta last.
const groups = [
  { J: 5, q: 2 },
  { J: 2, q: 3 },
  { J: 3, q: 1 },
  { J: 2, q: 4 },
  { J: 2, q: 2 },
];
const p = 2;
const head = 10;
const r = 6 + 3 + 8 + 4 + p;
const borderOffsets = Int32Array.of(0, head, head + 6, head + 9, head + 17, head + 21);
// Block 0 touches the second level of every factor but the third, and beta; the others nothing.
const touchedColumns = [3, 4, 5, 7, 13, 14, 15, 16, 21, 22];
const pattern = {
  J: 5,
  q: 2,
  r,
  start: Int32Array.of(0, 10, 10, 10, 10, 10),
  columns: Int32Array.from(touchedColumns),
};
const rng = createRng([61]);
const Lambda = groups.map(({ q }) => Float64Array.from({ length: q * q }, () => rng.normal()));
/** diag(Lambda_f, ..., I), r x r. */
const whole = Matrix.eye(r);
groups.forEach(({ J, q }, f) => {
  if (f === 0) return;
  for (let j = 0; j < J; j++) {
    const at = borderOffsets[f]! - head + j * q;
    whole.setSubMatrix(Matrix.from1DArray(q, q, [...Lambda[f]!]), at, at);
  }
});

describe('the scaling of border rows by the relative factors', () => {
  const scaling = borderScaling({ pattern, leading: 0, groups, borderOffsets, p });
  const v = Array.from({ length: r }, () => rng.normal());

  it('multiplies rows and columns by diag(Lambda, ..., I), and leaves what lies around them', () => {
    const expected = Matrix.rowVector(v).mmul(whole).to1DArray();
    const row = Float64Array.from([7, ...v, 7]);
    scaling.row(Lambda, row, 1);
    const column = new Float64Array(3 * r).fill(7);
    v.forEach((value, k) => {
      column[3 * k + 1] = value;
    });
    scaling.column(Lambda, column, 1, 3);
    expected.forEach((value, k) => {
      expect(row[1 + k]).toBeCloseTo(value, 13);
      expect([column[3 * k], column[3 * k + 2]]).toEqual([7, 7]);
      expect(column[3 * k + 1]).toBeCloseTo(value, 13);
    });
    expect([row[0], row[r + 1]]).toEqual([7, 7]);
  });

  it('does so over the columns that a block touches', () => {
    const full = new Array<number>(r).fill(0);
    for (const k of touchedColumns) full[k] = v[k]!;
    const expected = Matrix.rowVector(full).mmul(whole).to1DArray();
    const row = Float64Array.from([7, ...touchedColumns.map((k) => v[k]!), 7]);
    scaling.touched(Lambda, row, 1, 0);
    touchedColumns.forEach((k, s) => {
      expect(row[1 + s]).toBeCloseTo(expected[k]!, 13);
    });
    expect([row[0], row[touchedColumns.length + 1]]).toEqual([7, 7]);
    scaling.touched(Lambda, row.fill(7), 0, 3);
    expect(row.every((value) => value === 7)).toBe(true);
  });
});
