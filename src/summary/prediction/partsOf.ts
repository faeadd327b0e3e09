import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { ModelError } from '../../errors.ts';

/** Rows divided by the levels of some columns. */
export interface Parts {
  /** Part of each row. */
  readonly index: Int32Array;
  /** A row of each part. */
  readonly first: number[];
}

/**
 * The combinations of levels that the rows have, the first column slowest, each column in the order of its levels; one
 * part without columns. Throws ModelError `missing-group` for a row without a level, which is called `row` there.
 */
export function partsOf(by: readonly string[], source: ColumnSource, row: string): Parts {
  const factors = by.map((name) => {
    source.place(name);
    const found = source.factor(name);
    const missing = found.index.findIndex((j) => j < 0);
    if (missing >= 0) {
      throw new ModelError(
        'missing-group',
        name,
        `${source.where}: ${name} is missing in row ${missing + 1}; every ${row} needs one`,
      );
    }
    return found;
  });
  const firsts = new Map<number, number>();
  const codes = Array.from({ length: source.n }, (_, i) => {
    const code = factors.reduce((sum, { levels, index }) => sum * levels.length + index[i]!, 0);
    if (!firsts.has(code)) firsts.set(code, i);
    return code;
  });
  const order = [...firsts.keys()].sort((a, b) => a - b);
  const position = new Map(order.map((code, part) => [code, part]));
  return {
    index: Int32Array.from(codes, (code) => position.get(code)!),
    first: order.map((code) => firsts.get(code)!),
  };
}
