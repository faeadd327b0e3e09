/**
 * Where recorded iterations are kept: the k-th that is kept (0 is the first after warm-up) of scalar i at values[i *
 * row + at + k]. A part that begins later has a negative `at`.
 */
export interface Columns {
  readonly values: Float64Array;
  readonly row: number;
  readonly at: number;
}

/** Room of their own for the iterations from `from` up to `to` of one chain. */
export function allocateColumns(scalars: number, from: number, to: number): Columns {
  return { values: new Float64Array(scalars * (to - from)), row: to - from, at: -from };
}

/**
 * Copies the iterations from `from` up to `to` of one chain; scalar i of `target` is the rows[i]-th of `source`, or the
 * i-th where a number of rows is given.
 */
export function copyColumns(
  rows: Int32Array | number,
  source: Columns,
  target: Columns,
  from: number,
  to: number,
): void {
  const count = typeof rows === 'number' ? rows : rows.length;
  for (let i = 0; i < count; i += 1) {
    const start = (typeof rows === 'number' ? i : rows[i]!) * source.row + source.at;
    target.values.set(source.values.subarray(start + from, start + to), i * target.row + target.at + from);
  }
}
