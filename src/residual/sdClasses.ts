import type { SigmaColumns } from '../design/design.ts';

/**
 * Rows with equal columns of sigma have one sd: the classes of the rows, and their columns centred over the rows and in
 * units of their sds, in which log sd = log sigma + sum_k x_k v_ck, sigma at the mean of the columns, x_k = delta_k
 * scale_k.
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
}

export function sdClasses(n: number, sigma: SigmaColumns | null): SdClasses {
  if (sigma === null) {
    const none = new Float64Array(0);
    return { count: 1, index: new Int32Array(n), rows: Float64Array.of(n), m: 0, V: none, centre: none, scale: none };
  }
  const { m, W } = sigma;
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
  for (let i = 0; i < n; i++) {
    const key = W.subarray(i * m, (i + 1) * m).join();
    let own = found.get(key);
    if (own === undefined) {
      own = found.size;
      found.set(key, own);
      rows.push(0);
      for (let k = 0; k < m; k++) V.push((W[i * m + k]! - centre[k]!) / scale[k]!);
    }
    index[i] = own;
    rows[own]! += 1;
  }
  return { count: rows.length, index, rows: Float64Array.from(rows), m, V: Float64Array.from(V), centre, scale };
}
