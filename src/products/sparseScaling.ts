import { cornerPlace } from '../linalg/sparse/sparseCorner.ts';
import type { CrossProducts } from './crossProducts.ts';

/** What it takes of cross-products. */
type Places = Pick<CrossProducts, 'pattern' | 'leading' | 'groups' | 'borderOffsets' | 'p'>;

/**
 * [Lambda 0; 0 I]' C [Lambda 0; 0 I] + diag(I, 0) of a sparse corner C, the 0 that of beta: to `out` from the entries
 * of `corner`, both where `SparseCorner` has them. Allocates nothing after it is made.
 */
export function sparseScaling(
  products: Places,
): (Lambda: readonly Float64Array[], corner: Float64Array, out: Float64Array) => void {
  const { pattern, leading, groups, borderOffsets, p } = products;
  const { J, q, r, start, columns, sparse } = pattern;
  const others = r - p;
  const at = cornerPlace(sparse!.places);
  // Of each border column its factor (that of beta stands for 1) and the first column of its level.
  const factorOf = new Int32Array(r).fill(groups.length);
  const levelOf = Int32Array.from({ length: r }, (_, k) => k);
  groups.forEach((group, f) => {
    if (f === leading) return;
    const first = borderOffsets[f]! - J * q;
    for (let k = 0; k < group.J * group.q; k += 1) {
      factorOf[first + k] = f;
      levelOf[first + k] = first + k - (k % group.q);
    }
  });
  const width = (k: number): number => groups[factorOf[k]!]?.q ?? 1;
  // Every two levels that a block touches once, the later one in the rows.
  const seen = new Set<number>();
  const blocks: { f: number; g: number; rows: number; columns: number; from: number }[] = [];
  const places: number[] = [];
  for (let j = 0; j < J; j += 1) {
    for (let s = start[j]!; s < start[j + 1]!; s += 1) {
      const row = levelOf[columns[s]!]!;
      if (row !== columns[s]) continue;
      for (let t = start[j]!; t <= s; t += 1) {
        const column = levelOf[columns[t]!]!;
        const key = row * r + column;
        if (column !== columns[t] || seen.has(key)) continue;
        seen.add(key);
        const block = { f: factorOf[row]!, g: factorOf[column]!, rows: width(row), columns: width(column) };
        blocks.push({ ...block, from: places.length });
        for (let a = 0; a < block.rows; a += 1) {
          for (let b = 0; b < block.columns; b += 1) places.push(at(row + a, column + b));
        }
      }
    }
  }
  const where = Int32Array.from(places);
  const rowFactor = Int32Array.from(blocks, ({ f }) => f);
  const columnFactor = Int32Array.from(blocks, ({ g }) => g);
  const scalars = blocks.every((block) => block.rows === 1 && block.columns === 1);
  const diagonal = Int32Array.from({ length: others }, (_, k) => at(k, k));
  const scale = new Float64Array(groups.length + 1).fill(1);
  const one = Float64Array.of(1);
  const widest = groups.reduce((most, group) => Math.max(most, group.q), 1);
  const block = new Float64Array(widest * widest);

  return (Lambda, corner, out) => {
    // What is filled in begins at 0.
    out.fill(0);
    if (scalars) {
      for (let f = 0; f < groups.length; f += 1) scale[f] = Lambda[f]![0]!;
      for (let e = 0; e < where.length; e += 1) {
        const to = where[e]!;
        out[to] = corner[to]! * scale[rowFactor[e]!]! * scale[columnFactor[e]!]!;
      }
    } else {
      for (const { f, g, rows, columns: count, from } of blocks) {
        const L = Lambda[f] ?? one;
        const R = Lambda[g] ?? one;
        for (let a = 0; a < rows; a += 1) {
          for (let b = 0; b < count; b += 1) {
            let sum = 0;
            for (let k = 0; k < rows; k += 1) {
              let inner = 0;
              for (let l = 0; l < count; l += 1) inner += corner[where[from + k * count + l]!]! * R[l * count + b]!;
              sum += L[k * rows + a]! * inner;
            }
            block[a * count + b] = sum;
          }
        }
        for (let e = 0; e < rows * count; e += 1) out[where[from + e]!] = block[e]!;
      }
    }
    for (let k = 0; k < others; k += 1) out[diagonal[k]!] = out[diagonal[k]!]! + 1;
  };
}
