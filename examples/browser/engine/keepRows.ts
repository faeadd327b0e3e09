import { type Column, createRng, type Frame, ModelError } from '../../../src/index.ts';
import type { Kept } from '../protocol.ts';

/** Rows of every value of a column, as texts. */
export function rowsByLevel(frame: Frame, factor: string): Map<string, number[]> {
  const column = frame.columns.get(factor);
  const rows = new Map<string, number[]>();
  if (!column) return rows;
  for (let i = 0; i < frame.n; i += 1) {
    const value = column.values[i];
    if (value === null || Number.isNaN(value)) continue;
    const list = rows.get(String(value));
    if (list) list.push(i);
    else rows.set(String(value), [i]);
  }
  return rows;
}

/**
 * The table with `count` rows of one group left: always the same ones, and fewer are a part of more. Throws where the
 * factor is no column.
 */
export function keepRows(frame: Frame, kept: Kept): Frame {
  const own = rowsByLevel(frame, kept.factor).get(kept.level);
  if (!own)
    throw new ModelError(
      'no-group',
      kept.factor,
      `${kept.factor} has no group of that name whose rows could be taken away`,
    );
  const order = [...own];
  const rng = createRng([1]);
  for (let i = order.length - 1; i > 0; i -= 1) {
    const j = Math.floor(rng.uniform() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  const gone = new Set(order.slice(kept.count));
  const rows = Array.from({ length: frame.n }, (_, i) => i).filter((i) => !gone.has(i));
  const select = (column: Column): Column =>
    column.kind === 'number'
      ? { ...column, values: Float64Array.from(rows, (i) => column.values[i]!) }
      : { ...column, values: rows.map((i) => column.values[i]!) };
  return {
    ...frame,
    n: rows.length,
    columns: new Map([...frame.columns].map(([name, column]) => [name, select(column)])),
  };
}
