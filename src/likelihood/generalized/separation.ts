import type { Design } from '../../design/design.ts';
import type { FamilyRows } from '../../products/familyRows.ts';
import { separation } from '../../products/separation.ts';

/** A row counts as moved by a direction from this share of the largest movement on. */
const MOVED = 1e-6;

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
 * What separates the rows of a design (Albert & Anderson 1984), or null: a direction of X in which none goes down but
 * those that are certain there (no successes, a count of 0), none up but those that are certain there, so that no mixed
 * row moves, and some row does. It is one that was verified against every row (`src/products/separation.ts`).
 */
export function separatedRows({ n, p, X }: Pick<Design, 'n' | 'p' | 'X'>, rows: FamilyRows): Separation | null {
  const certain = Int8Array.from({ length: n }, (_, i) => rows.family.certainAt(rows.y[i]!, rows.size[i]!));
  const found = separation({ n, p, X, certain });
  if (found === null) return null;
  const movement = Float64Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < p; k++) sum += X[i * p + k]! * found.direction[k]!;
    return Math.abs(sum);
  });
  const least = MOVED * movement.reduce((most, value) => Math.max(most, value), 0);
  const moved = Array.from(movement.keys()).filter((i) => movement[i]! > least);
  return { columns: found.columns, rows: moved };
}
