import type { Design } from '../design/design.ts';
import { type CoefficientPlaces, rowsByLevel } from './arrowLayout.ts';
import type { WorkingRows } from './workingRows.ts';

/**
 * [Z X]' W [Z X] by pairs of levels that share a row, working coordinates: no more than the rows fill, whatever the
 * factors are to each other.
 */
export interface LevelProducts {
  readonly p: number;
  readonly size: number;
  /** By factor in the order of the design, where its coefficients start in a vector. */
  readonly offsets: readonly number[];
  readonly groups: readonly { readonly J: number; readonly q: number }[];
  /** Z_fj' W Z_fj, J x q x q by factor, both triangles. */
  readonly blocks: readonly Float64Array[];
  /** Z_f' W X, J q x p by factor. */
  readonly beside: readonly Float64Array[];
  /** X' W X, p x p, both triangles. */
  readonly population: Float64Array;
  readonly pairs: readonly FactorPair[];
}

/** Z_f' W Z_g for two factors f < g: level j of f meets levels[start[j]] .. levels[start[j + 1] - 1] of g. */
export interface FactorPair {
  readonly f: number;
  readonly g: number;
  readonly start: Int32Array;
  readonly levels: Int32Array;
  /** q_f x q_g, row-major, for each of `levels`. */
  readonly values: Float64Array;
}

/** Two passes over the rows, the second by the levels of each pair's first factor. */
export function levelProducts(
  design: Design,
  { leading, borderOffsets, size }: CoefficientPlaces,
  rows: WorkingRows,
  W: Float64Array,
): LevelProducts {
  const { groupTerms, n, p } = design;
  const groups = groupTerms.map(({ J, q }) => ({ J, q }));
  const others = groups.map((_, f) => f).filter((f) => f !== leading);
  const Z = groups.map(({ q }) => new Float64Array(n * q));
  const blocks = groups.map(({ J, q }) => new Float64Array(J * q * q));
  const beside = groups.map(({ J, q }) => new Float64Array(J * q * p));
  const population = new Float64Array(p * p);
  for (let i = 0; i < n; i++) {
    rows.load(i);
    if (leading >= 0) Z[leading]!.set(rows.z, i * rows.z.length);
    let at = 0;
    for (const f of others) {
      const { q } = groups[f]!;
      for (let a = 0; a < q; a++) Z[f]![i * q + a] = rows.values[at++]!;
    }
    const w = W[i]!;
    for (let f = 0; f < groups.length; f++) {
      const { q } = groups[f]!;
      const level = groupTerms[f]!.index[i]! * q;
      const z = Z[f]!;
      for (let a = 0; a < q; a++) {
        const weighted = w * z[i * q + a]!;
        for (let b = 0; b < q; b++) blocks[f]![(level + a) * q + b]! += weighted * z[i * q + b]!;
        for (let k = 0; k < p; k++) beside[f]![(level + a) * p + k]! += weighted * rows.values[at + k]!;
      }
    }
    for (let k = 0; k < p; k++) {
      const weighted = w * rows.values[at + k]!;
      for (let l = 0; l < p; l++) population[k * p + l]! += weighted * rows.values[at + l]!;
    }
  }
  const pairs: FactorPair[] = [];
  groupTerms.forEach((term, f) => {
    const members = rowsByLevel(term);
    for (let g = f + 1; g < groups.length; g++) {
      const other = groupTerms[g]!;
      pairs.push({ f, g, ...pairProducts(members, [Z[f]!, term.q], [Z[g]!, other.q], other.index, other.J, W) });
    }
  });
  return {
    p,
    size,
    offsets: Array.from(borderOffsets.subarray(0, groups.length)),
    groups,
    blocks,
    beside,
    population,
    pairs,
  };
}

function pairProducts(
  { start: first, order }: { readonly start: Int32Array; readonly order: Int32Array },
  [zf, qf]: readonly [Float64Array, number],
  [zg, qg]: readonly [Float64Array, number],
  index: ArrayLike<number>,
  J: number,
  W: Float64Array,
): Omit<FactorPair, 'f' | 'g'> {
  const levelsOfF = first.length - 1;
  const seen = new Int32Array(J).fill(-1);
  const start = new Int32Array(levelsOfF + 1);
  const levels = new Int32Array(order.length);
  let count = 0;
  for (let j = 0; j < levelsOfF; j++) {
    for (let k = first[j]!; k < first[j + 1]!; k++) {
      const level = index[order[k]!]!;
      if (seen[level]! >= start[j]!) continue;
      seen[level] = count;
      levels[count++] = level;
    }
    levels.subarray(start[j]!, count).sort();
    start[j + 1] = count;
  }
  const at = new Int32Array(J);
  const values = new Float64Array(count * qf * qg);
  for (let j = 0; j < levelsOfF; j++) {
    for (let k = start[j]!; k < start[j + 1]!; k++) at[levels[k]!] = k;
    for (let k = first[j]!; k < first[j + 1]!; k++) {
      const i = order[k]!;
      let to = at[index[i]!]! * qf * qg;
      for (let a = 0; a < qf; a++) {
        const weighted = W[i]! * zf[i * qf + a]!;
        for (let b = 0; b < qg; b++, to++) values[to] = values[to]! + weighted * zg[i * qg + b]!;
      }
    }
  }
  return { start, levels: levels.slice(0, count), values };
}

/** The same pair with its factors, and with them rows and columns, exchanged. */
export function turnedPair({ f, g, start, levels, values }: FactorPair, groups: LevelProducts['groups']): FactorPair {
  const [rows, columns] = [groups[f]!.q, groups[g]!.q];
  const to = new Int32Array(groups[g]!.J + 1);
  for (const level of levels) to[level + 1]!++;
  for (let k = 0; k < groups[g]!.J; k++) to[k + 1]! += to[k]!;
  const next = to.slice();
  const others = new Int32Array(levels.length);
  const out = new Float64Array(values.length);
  for (let j = 0; j < groups[f]!.J; j++) {
    for (let k = start[j]!; k < start[j + 1]!; k++) {
      const at = next[levels[k]!]!++;
      others[at] = j;
      for (let a = 0; a < rows; a++) {
        for (let b = 0; b < columns; b++) {
          out[(at * columns + b) * rows + a] = values[(k * rows + a) * columns + b]!;
        }
      }
    }
  }
  return { f: g, g: f, start: to, levels: others, values: out };
}

/** out := A x; `out` must not be `x`. */
export function multiplyLevels(A: LevelProducts, x: Float64Array, out: Float64Array): void {
  const { p, size, offsets, groups, blocks, beside, population, pairs } = A;
  const beta = size - p;
  for (let k = 0; k < p; k++) {
    let sum = 0;
    for (let l = 0; l < p; l++) sum += population[k * p + l]! * x[beta + l]!;
    out[beta + k] = sum;
  }
  groups.forEach(({ J, q }, f) => {
    const D = blocks[f]!;
    const E = beside[f]!;
    for (let i = 0; i < J * q; i++) {
      const at = offsets[f]! + i;
      const level = at - (i % q);
      const own = x[at]!;
      let sum = 0;
      for (let b = 0; b < q; b++) sum += D[i * q + b]! * x[level + b]!;
      for (let k = 0; k < p; k++) {
        const value = E[i * p + k]!;
        sum += value * x[beta + k]!;
        out[beta + k] = out[beta + k]! + value * own;
      }
      out[at] = sum;
    }
  });
  for (const { f, g, start, levels, values } of pairs) {
    const { J, q } = groups[f]!;
    const width = groups[g]!.q;
    for (let j = 0; j < J; j++) {
      const row = offsets[f]! + j * q;
      for (let k = start[j]!; k < start[j + 1]!; k++) {
        const column = offsets[g]! + levels[k]! * width;
        let at = k * q * width;
        for (let a = row; a < row + q; a++) {
          const own = x[a]!;
          let sum = out[a]!;
          for (let b = column; b < column + width; b++, at++) {
            const value = values[at]!;
            sum += value * x[b]!;
            out[b] = out[b]! + value * own;
          }
          out[a] = sum;
        }
      }
    }
  }
}

/** The diagonal of A. */
export function diagonalOfLevels({ p, size, offsets, groups, blocks, population }: LevelProducts): Float64Array {
  const out = new Float64Array(size);
  groups.forEach(({ J, q }, f) => {
    for (let i = 0; i < J * q; i++) out[offsets[f]! + i] = blocks[f]![i * q + (i % q)]!;
  });
  for (let k = 0; k < p; k++) out[size - p + k] = population[k * p + k]!;
  return out;
}
