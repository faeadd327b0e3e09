import type { Design } from '../design/design.ts';
import type { Arrow } from '../linalg/arrow.ts';
import { reflectColumns } from '../linalg/reflectColumns.ts';
import { arrowLayout } from './arrowLayout.ts';
import { borderScaling } from './borderScaling.ts';
import type { CrossProducts } from './crossProducts.ts';
import { rowWeights } from './rowWeights.ts';
import { workingRows } from './workingRows.ts';

/**
 * The Cholesky factor of M = [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, 0) by orthogonal reflections of the rows
 * themselves, as R of the QR factors of [W^(1/2) Z Lambda, W^(1/2) X; I, 0]: M = R'R. Its errors grow with sds in units
 * of sigma, eps t, those of a factor of the cross-products with their squares, eps n t^2: among several factors a pivot
 * there is a difference of terms of size n t^2 with 1 left.
 */
export interface TriangularRows {
  /** Fills `out` with the factor at Lambda (working coordinates); false where a pivot is 0 or not finite. */
  factor(Lambda: readonly Float64Array[], out: Arrow): boolean;
}

/**
 * Reduces the rows once, to q rows a block and r for the corner: O(n (q + k) k) for k border columns a row and O(n r^2)
 * for what is left of them. Each factor then costs a few times as much as that of the cross-products. Source: Golub &
 * Van Loan (2013), sections 5.2 and 6.5.3.
 */
export function triangularRows(design: Design, products: CrossProducts): TriangularRows {
  const { pattern, leading, p } = products;
  const { J, q, r, start, columns } = pattern;
  const others = r - p;
  const blocks = new Float64Array(J * q * q);
  const border = new Float64Array(q * columns.length);
  const corner = new Float64Array(r * r);
  reduce();
  const scaling = borderScaling(products);
  // A block's rows beside those of its identity, and what they leave for the corner.
  const panel = new Float64Array(2 * q * (q + r));
  const stack = new Float64Array((2 * r + 1) * r);
  const reflected = triangle(stack, r);

  return {
    factor(Lambda, out) {
      const L = leading >= 0 ? Lambda[leading]! : new Float64Array(0);
      reflected.clear();
      for (let i = 0; i < r; i += 1) {
        const at = reflected.row();
        for (let k = i; k < r; k += 1) stack[at + k] = corner[i * r + k]!;
        scaling.row(Lambda, stack, at);
        reflected.added();
      }
      for (let k = 0; k < others; k += 1) {
        stack[reflected.row() + k] = 1;
        reflected.added();
      }
      for (let j = 0; j < J; j += 1) {
        const first = start[j]!;
        const width = start[j + 1]! - first;
        const wide = q + width;
        panel.fill(0, 0, 2 * q * wide);
        for (let a = 0; a < q; a += 1) {
          for (let b = 0; b < q; b += 1) {
            let sum = 0;
            for (let k = a; k < q; k += 1) sum += blocks[(j * q + a) * q + k]! * L[k * q + b]!;
            panel[a * wide + b] = sum;
          }
          for (let s = 0; s < width; s += 1) panel[a * wide + q + s] = border[q * first + a * width + s]!;
          scaling.touched(Lambda, panel, a * wide + q, j);
          panel[(q + a) * wide + a] = 1;
        }
        reflectColumns(panel, 0, 2 * q, wide, q);
        for (let a = 0; a < q; a += 1) {
          const sign = panel[a * wide + a]! < 0 ? -1 : 1;
          for (let b = a; b < q; b += 1) out.blocks[(j * q + b) * q + a] = sign * panel[a * wide + b]!;
          for (let s = 0; s < width; s += 1) out.border[q * first + a * width + s] = sign * panel[a * wide + q + s]!;
          const at = reflected.row();
          for (let s = 0; s < width; s += 1) stack[at + columns[first + s]!] = panel[(q + a) * wide + q + s]!;
          reflected.added();
        }
      }
      reflected.close();
      let regular = true;
      for (let i = 0; i < J * q; i += 1) regular &&= out.blocks[i * q + (i % q)]! > 0;
      for (let i = 0; i < r; i += 1) {
        const sign = stack[i * r + i]! < 0 ? -1 : 1;
        for (let k = i; k < r; k += 1) out.corner[k * r + i] = sign * stack[i * r + k]!;
        regular &&= out.corner[i * r + i]! > 0 && Number.isFinite(out.corner[i * r + i]!);
      }
      return regular;
    },
  };

  /** Fills `blocks`, `border` and `corner`: R of W^(1/2) [Z X], block by block. */
  function reduce(): void {
    const rows = workingRows(design, arrowLayout(design), products.coordinates);
    const weights = rowWeights(design);
    const left = new Float64Array((2 * r + 1) * r);
    const kept = triangle(left, r);
    kept.clear();
    const members = rowsOf(design, leading);
    for (const [j, list] of members.entries()) {
      const first = J > 0 ? start[j]! : 0;
      const width = J > 0 ? start[j + 1]! - first : r;
      const wide = q + width;
      const table = new Float64Array(list.length * wide);
      list.forEach((i, at) => {
        rows.load(i);
        const root = Math.sqrt(weights[i]!);
        for (let a = 0; a < q; a += 1) table[at * wide + a] = root * rows.z[a]!;
        const place = J > 0 ? rows.local : rows.columns;
        rows.values.forEach((value, k) => {
          table[at * wide + q + place[k]!] = root * value;
        });
      });
      reflectColumns(table, 0, list.length, wide, q);
      for (let at = 0; at < list.length; at += 1) {
        if (at < q) {
          for (let k = at; k < q; k += 1) blocks[(j * q + at) * q + k] = table[at * wide + k]!;
          for (let s = 0; s < width; s += 1) border[q * first + at * width + s] = table[at * wide + q + s]!;
          continue;
        }
        const to = kept.row();
        for (let s = 0; s < width; s += 1) left[to + (J > 0 ? columns[first + s]! : s)] = table[at * wide + q + s]!;
        kept.added();
      }
    }
    kept.close();
    corner.set(left.subarray(0, r * r));
  }
}

/** The rows of each level of the leading factor; all of them in one list where there is none. */
function rowsOf({ groupTerms, n }: Design, leading: number): number[][] {
  if (leading < 0) return [Array.from({ length: n }, (_, i) => i)];
  const { J, index } = groupTerms[leading]!;
  const members = Array.from({ length: J }, (): number[] => []);
  for (let i = 0; i < n; i += 1) members[index[i]!]!.push(i);
  return members;
}

/** Rows of length r gathered in a stack (of 2 r + 1 rows) that is reflected to its triangle whenever it is full. */
function triangle(stack: Float64Array, r: number) {
  let count = 0;
  const fold = (): void => {
    reflectColumns(stack, 0, count, r, r);
    count = Math.min(count, r);
    stack.fill(0, count * r);
  };
  return {
    clear(): void {
      count = 0;
      stack.fill(0);
    },
    /** Where the next row begins; it is zeros. */
    row: (): number => count * r,
    added(): void {
      count += 1;
      if (count > 2 * r) fold();
    },
    close: fold,
  };
}
