import type { FamilyRows } from '../../products/familyRows.ts';

/** A row counts as moved by a direction from this share of the largest movement on. */
const MOVED = 1e-3;

/**
 * A direction along which the likelihood never falls and that some rows move by for ever: no maximum likelihood
 * estimate exists.
 */
export interface Separation {
  /** Columns of X that have part in the direction. */
  readonly columns: readonly number[];
  /**
   * Rows whose linear predictor it moves: in the limit they are certain, and the others alone say what is left to
   * estimate.
   */
  readonly rows: readonly number[];
}

/**
 * The rows that a direction separates (Albert & Anderson 1984), or null: `movement` (length n) is what it adds to each
 * row's linear predictor, and none goes down but those that are certain there (no successes, a count of 0), none up but
 * those that are certain there, so that no mixed row moves, and some row does. Movements under 1e-3 of the largest
 * count as none.
 */
export function separatedRows(rows: FamilyRows, movement: Float64Array): number[] | null {
  let largest = 0;
  for (const value of movement) largest = Math.max(largest, Math.abs(value));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return null;
  const none = MOVED * largest;
  const moved: number[] = [];
  for (let i = 0; i < rows.n; i++) {
    const up = movement[i]!;
    const certain = rows.family.certainAt(rows.y[i]!, rows.size[i]!);
    if (certain >= 0 && up < -none) return null;
    if (certain <= 0 && up > none) return null;
    if (Math.abs(up) > none) moved.push(i);
  }
  return moved;
}
