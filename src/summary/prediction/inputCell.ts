import type { Frame } from '../../data/frame.ts';

/** A cell of the input as an answer shows it: null where it is missing. */
export function inputCell(frame: Frame, name: string, i: number): string | number | null {
  const column = frame.columns.get(name)!;
  const value = column.values[i]!;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}
