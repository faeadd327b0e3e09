import type { Design } from '../design/design.ts';
import { kindOf } from '../families/familyOf.ts';
import { unknownKind } from '../families/responseKind.ts';

/**
 * How often a row counts in means and sds of columns: as often as it has trials, times the number of equal rows it
 * stands for, so that these are the same however the data are written, as 0/1 rows or as counts; where the response is
 * a number as often as it stands for rows, whatever its precision. Null where every row counts once.
 */
export function rowCounts(design: Design): Float64Array | null {
  const { trials, weights, y, copies } = design.response;
  const kind = kindOf(design);
  switch (kind) {
    case 'numbers':
      return copies ?? null;
    case 'successes':
      if (!trials && !weights) return null;
      return Float64Array.from(y, (_, i) => (trials ? trials[i]! : 1) * (weights ? weights[i]! : 1));
    // Means over rows and not over exposure: a column means the same whatever was counted in a row.
    case 'counts':
    case 'ordered':
      return weights;
    default:
      return unknownKind(kind);
  }
}

/** The mean over n rows of what each has, each counting as often as `counts` says; null for once. */
export function meanOverRows(n: number, counts: Float64Array | null, value: (i: number) => number): number {
  let total = 0;
  let mean = 0;
  for (let i = 0; i < n; i++) {
    const count = counts ? counts[i]! : 1;
    total += count;
    if (count > 0) mean += (count / total) * (value(i) - mean);
  }
  return mean;
}
