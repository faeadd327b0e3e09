import type { Column } from '../../data/frame.ts';

/**
 * A column with one value for each part of the rows: the mean of numbers, the most frequent of texts (and of numbers
 * that name something), each counting by its share. Of equally frequent ones the first in the rows.
 */
export function typicalValue(
  column: Column,
  part: Int32Array,
  share: Float64Array,
  parts: number,
  named: boolean,
): Column {
  if (column.kind === 'number' && !named) {
    const total = new Float64Array(parts);
    const mean = new Float64Array(parts);
    part.forEach((a, i) => {
      if (!(share[i]! > 0)) return;
      total[a]! += share[i]!;
      mean[a]! += (share[i]! / total[a]!) * (column.values[i]! - mean[a]!);
    });
    return { kind: 'number', values: mean };
  }
  const frequencies = Array.from({ length: parts }, () => new Map<string | number, number>());
  part.forEach((a, i) => {
    const value = column.values[i];
    if (value === null || value === undefined) return;
    const own = frequencies[a]!;
    own.set(value, (own.get(value) ?? 0) + share[i]!);
  });
  const chosen = frequencies.map((own) => [...own].reduce((best, each) => (each[1] > best[1] ? each : best))[0]);
  return column.kind === 'number'
    ? { kind: 'number', values: Float64Array.from(chosen, Number) }
    : { ...column, values: chosen.map(String) };
}
