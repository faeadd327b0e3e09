import type { FamilyRows } from '../families/familyRows.ts';

/** A row counts as moved by a direction from this share of the largest movement on. */
const MOVED = 1e-3;

/**
 * Whether a direction separates successes from failures (Albert & Anderson 1984): `movement` (length n) is what it adds to each row's linear predictor, and
 * none that is all successes goes down, none that is all failures up, no mixed row moves, and some row does. Along it the likelihood never falls, so
 * that no maximum likelihood estimate exists. Movements under 1e-3 of the largest count as none.
 */
export function separates(rows: FamilyRows, movement: Float64Array): boolean {
  let largest = 0;
  for (const value of movement) largest = Math.max(largest, Math.abs(value));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return false;
  const none = MOVED * largest;
  for (let i = 0; i < rows.n; i++) {
    const up = movement[i]!;
    if (rows.y[i]! > 0 && up < -none) return false;
    if (rows.y[i]! < rows.size[i]! && up > none) return false;
  }
  return true;
}
