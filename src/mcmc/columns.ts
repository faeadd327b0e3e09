/** Where recorded iterations are kept: the k-th that is kept (0 is the first after warm-up) of scalar i at values[i * row + at + k]. A part that begins later has a negative `at`. */
export interface Columns {
  readonly values: Float64Array;
  readonly row: number;
  readonly at: number;
}

/** Room of their own for the iterations from `from` up to `to` of one chain. */
export function allocateColumns(scalars: number, from: number, to: number): Columns {
  return { values: new Float64Array(scalars * (to - from)), row: to - from, at: -from };
}

/** Copies the iterations from `from` up to `to` of one chain. */
export function copyColumns(scalars: number, source: Columns, target: Columns, from: number, to: number): void {
  for (let i = 0; i < scalars; i += 1) {
    const start = i * source.row + source.at;
    target.values.set(source.values.subarray(start + from, start + to), i * target.row + target.at + from);
  }
}
