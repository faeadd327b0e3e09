import type { Design } from '../../../design/design.ts';
import { familyRows } from '../../../products/familyRows.ts';
import { Z95 } from '../../../special/normalPoints.ts';

/** The share of successes among rows of about one x. */
export interface ObservedShare {
  /** Their mean of x; every row counts as often as it has trials. */
  readonly x: number;
  readonly share: number;
  /** Trials. */
  readonly n: number;
  /** The 90% interval of Wilson. */
  readonly low: number;
  readonly high: number;
}

/**
 * Observed shares of successes of rows in at most so many classes of x: one for each value where there are no more
 * values, else classes of about equally many rows, equal values together. The interval is Wilson's (1927, Journal of
 * the American Statistical Association 22: 209-212):
 *   (p + z^2 / 2n -+ z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n).
 */
export function observedShares(
  design: Design,
  { x, members, most }: { readonly x: ArrayLike<unknown>; readonly members: readonly number[]; readonly most: number },
): ObservedShare[] {
  const { y, size, copies } = familyRows(design);
  const order = [...members].sort((a, b) => Number(x[a]) - Number(x[b]));
  const values = new Set(order.map((i) => Number(x[i])));
  const found = new Map<number, { x: number; y: number; n: number }>();
  let place = 0;
  order.forEach((i, k) => {
    // A class begins where a value does.
    if (k === 0 || Number(x[i]) !== Number(x[order[k - 1]!]))
      place = values.size <= most ? k : Math.floor((k * most) / order.length);
    const each = found.get(place) ?? { x: 0, y: 0, n: 0 };
    const n = copies[i]! * size[i]!;
    found.set(place, { x: each.x + n * Number(x[i]), y: each.y + copies[i]! * y[i]!, n: each.n + n });
  });
  return [...found.values()]
    .filter(({ n }) => n > 0)
    .map(({ x: sum, y: successes, n }) => {
      const share = successes / n;
      const middle = share + Z95 ** 2 / (2 * n);
      const half = Z95 * Math.sqrt((share * (1 - share)) / n + Z95 ** 2 / (4 * n * n));
      const scale = 1 + Z95 ** 2 / n;
      // With no success, or nothing else, an end is 0 or 1 up to rounding.
      const [low, high] = [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)];
      return { x: sum / n, share, n, low, high };
    });
}
