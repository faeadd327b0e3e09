import type { Design } from '../../design/design.ts';
import { familyOf } from '../../families/familyOf.ts';
import { cells } from '../../products/cells.ts';
import { familyRows } from '../../products/familyRows.ts';

/** The distinct columns of the log-likelihood matrix: that of each row, and a row of each. */
export function distinctRows(design: Design): { readonly index: Int32Array; readonly first: Int32Array } {
  const { n } = design;
  const index = new Int32Array(n);
  const first: number[] = [];
  if (familyOf(design).merge === null) {
    const every = index.map((_, i) => i);
    return { index: every, first: every };
  }
  const { cell } = cells(design);
  const { y, size, copies } = familyRows(design);
  const found = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const key = `${cell[i]} ${y[i]} ${size[i]} ${copies[i]}`;
    const column = found.get(key) ?? first.length;
    if (column === first.length) {
      found.set(key, column);
      first.push(i);
    }
    index[i] = column;
  }
  return { index, first: Int32Array.from(first) };
}
