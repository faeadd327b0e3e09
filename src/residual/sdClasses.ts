import type { SigmaColumns, SigmaGroups } from '../design/design.ts';

/**
 * Rows with equal columns of sigma, of one group of its own, have one sd: the classes of the rows, and their columns
 * centred over the rows and in units of their sds, in which log sd = log sigma + sum_k x_k v_ck + delta_j, sigma at the
 * mean of the columns and of all groups, x_k = delta_k scale_k.
 */
export interface SdClasses {
  readonly count: number;
  /** Class of each row, length n. */
  readonly index: Int32Array;
  /** Rows of each class, length `count`. */
  readonly rows: Float64Array;
  readonly m: number;
  /** v, count x m. */
  readonly V: Float64Array;
  /** Means and sds of the columns over the rows, length m. */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  /** Groups with an sd each, J = 0 without any, and that of each class. */
  readonly J: number;
  readonly group: Int32Array;
}

export function sdClasses(n: number, sigma: SigmaColumns | null, groups: SigmaGroups | null = null): SdClasses {
  const m = sigma?.m ?? 0;
  const W = sigma?.W ?? new Float64Array(0);
  const centre = new Float64Array(m);
  const scale = new Float64Array(m);
  for (let k = 0; k < m; k++) {
    for (let i = 0; i < n; i++) centre[k]! += W[i * m + k]! / n;
    for (let i = 0; i < n; i++) scale[k]! += (W[i * m + k]! - centre[k]!) ** 2 / n;
    scale[k] = Math.sqrt(scale[k]!);
  }
  const found = new Map<string, number>();
  const index = new Int32Array(n);
  const rows: number[] = [];
  const V: number[] = [];
  const group: number[] = [];
  for (let i = 0; i < n; i++) {
    const level = groups?.index[i] ?? 0;
    const key = `${level} ${W.subarray(i * m, (i + 1) * m).join()}`;
    let own = found.get(key);
    if (own === undefined) {
      own = found.size;
      found.set(key, own);
      rows.push(0);
      group.push(level);
      for (let k = 0; k < m; k++) V.push((W[i * m + k]! - centre[k]!) / scale[k]!);
    }
    index[i] = own;
    rows[own]! += 1;
  }
  return {
    count: rows.length,
    index,
    rows: Float64Array.from(rows),
    m,
    V: Float64Array.from(V),
    centre,
    scale,
    J: groups?.J ?? 0,
    group: Int32Array.from(group),
  };
}
