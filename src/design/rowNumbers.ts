import type { Design } from './design.ts';

/**
 * The number of row i (0-based) of a design among the rows that were given, counted from 1, those left out for missing
 * values included.
 */
export function rowNumber({ kept }: Pick<Design, 'kept'>, i: number): number {
  return (kept?.[i] ?? i) + 1;
}

/** The numbers of all rows of a design, length n (see `rowNumber`). */
export function rowNumbers(design: Pick<Design, 'kept' | 'n'>): number[] {
  return Array.from({ length: design.n }, (_, i) => rowNumber(design, i));
}

/** The numbers, counted from 1, of the rows that were given and left out; empty where none was. */
export function droppedRowNumbers({ kept, n, dropped }: Pick<Design, 'kept' | 'n' | 'dropped'>): number[] {
  if (!kept) return [];
  const used = new Set(kept);
  return Array.from({ length: n + dropped }, (_, i) => i + 1).filter((number) => !used.has(number - 1));
}
