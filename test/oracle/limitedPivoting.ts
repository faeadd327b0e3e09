/** R's default tolerance of `qr`, `lm` and lme4's check of the rank. */
const TOLERANCE = 1e-7;

/**
 * The columns (0-based, ascending) that R's `qr(X, tol = 1e-7)` moves to the end: LINPACK's dqrdc2, Householder
 * reflections in the order of the columns, a column whose remaining norm has fallen below the tolerance times its own
 * moved behind all others. lme4 leaves these out. (R counts a column of zeros so, too: its norm is taken as 1.) Columns
 * as lists of numbers.
 */
export function limitedPivoting(columns: readonly (readonly number[])[]): number[] {
  const n = columns[0]?.length ?? 0;
  const work = columns.map((column) => [...column]);
  const order = columns.map((_, k) => k);
  const original = work.map((column) => Math.hypot(...column) || 1);
  let rank = columns.length;
  for (let l = 0; l < Math.min(n, rank); l++) {
    while (l < rank && Math.hypot(...work[order[l]!]!.slice(l)) < TOLERANCE * original[order[l]!]!) {
      const [moved] = order.splice(l, 1);
      order.push(moved!);
      rank -= 1;
    }
    if (l >= rank) break;
    const v = work[order[l]!]!.slice(l);
    const norm = Math.hypot(...v);
    v[0]! += v[0]! < 0 ? -norm : norm;
    const square = v.reduce((sum, value) => sum + value * value, 0);
    for (const k of order.slice(l)) {
      const column = work[k]!;
      const along = v.reduce((sum, value, i) => sum + value * column[l + i]!, 0);
      v.forEach((value, i) => {
        column[l + i]! -= (2 * along * value) / square;
      });
    }
  }
  return order.slice(Math.min(n, rank)).sort((a, b) => a - b);
}
