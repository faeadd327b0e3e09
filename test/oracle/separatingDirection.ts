/**
 * Whether some direction d has A d >= 0, A d != 0 and E d = 0 (rows of whole numbers), so that a likelihood that rises
 * along the rows of A and bears no movement along those of E has no maximum (Albert & Anderson 1984). Exact: such a
 * cone is spanned by its extreme rays, each the null direction of p - 1 independent rows, and all of these are tried.
 * Null where there is none; [A; E] of full rank p.
 */
export function separatingDirection(
  A: readonly (readonly number[])[],
  E: readonly (readonly number[])[],
): number[] | null {
  const distinct = [...new Map([...A, ...E].map((row) => [row.join(), row])).values()];
  const p = distinct[0]!.length;
  const ray = (rows: readonly (readonly number[])[]): number[] =>
    Array.from(
      { length: p },
      (_, k) => (k % 2 === 0 ? 1 : -1) * determinant(rows.map((row) => row.filter((_v, c) => c !== k))),
    );
  const along = (row: readonly number[], d: readonly number[]) => row.reduce((sum, x, k) => sum + x * d[k]!, 0);
  let found: number[] | null = null;
  const choose = (from: number, rows: (readonly number[])[]): void => {
    if (found) return;
    if (rows.length === p - 1) {
      const plain = ray(rows);
      for (const d of [plain, plain.map((entry) => -entry)]) {
        if (d.every((entry) => entry === 0) || E.some((row) => along(row, d) !== 0)) continue;
        if (A.every((row) => along(row, d) >= 0) && A.some((row) => along(row, d) > 0)) found = d;
      }
      return;
    }
    for (let k = from; k < distinct.length; k += 1) choose(k + 1, [...rows, distinct[k]!]);
  };
  choose(0, []);
  return found;
}

/** By the first row: exact for small whole numbers. */
function determinant(M: readonly (readonly number[])[]): number {
  if (M.length === 0) return 1;
  return M[0]!.reduce((sum, entry, k) => {
    if (entry === 0) return sum;
    const minor = M.slice(1).map((row) => row.filter((_, c) => c !== k));
    return sum + (k % 2 === 0 ? 1 : -1) * entry * determinant(minor);
  }, 0);
}
