import type { Design, GroupTerm } from '../../design/design.ts';

/**
 * Precision of row i up to 1 / sigma^2: the weight w_i (1 without weights), or 1 / se_i^2 with known standard errors,
 * where sigma counts as 1; times the number of rows that it stands for (`copies`). Length n.
 */
export function rowPrecision(design: Design): Float64Array {
  const { weights, standardErrors, copies } = design.response;
  const precision = (i: number): number =>
    standardErrors ? 1 / (standardErrors[i]! * standardErrors[i]!) : (weights?.[i] ?? 1);
  return Float64Array.from({ length: design.n }, (_, i) => precision(i) * (copies?.[i] ?? 1));
}

/**
 * Z_j' W Z_j of every group, W the row precisions up to 1 / sigma^2: J x q x q, both triangles. Zero for a group
 * without rows.
 */
export function groupPrecision(term: GroupTerm, precision: Float64Array): Float64Array {
  const { q, Z, index, J } = term;
  const A = new Float64Array(J * q * q);
  for (let i = 0; i < index.length; i++) {
    const block = index[i]! * q * q;
    for (let a = 0; a < q; a++) {
      const z = precision[i]! * Z[i * q + a]!;
      for (let b = 0; b < q; b++) A[block + a * q + b]! += z * Z[i * q + b]!;
    }
  }
  return A;
}

/**
 * The rows of each group: those of group j are rows[start[j]] .. rows[start[j + 1] - 1], ascending. A row of group -1
 * is in none.
 */
export function rowsByGroup({ levels, index }: { readonly levels: readonly string[]; readonly index: Int32Array }): {
  readonly start: Int32Array;
  readonly rows: Int32Array;
} {
  const J = levels.length;
  const start = new Int32Array(J + 1);
  for (const j of index) if (j >= 0) start[j + 1]!++;
  for (let j = 0; j < J; j++) start[j + 1]! += start[j]!;
  const next = start.slice(0, J);
  const rows = new Int32Array(start[J]!);
  index.forEach((j, i) => {
    if (j >= 0) rows[next[j]!++] = i;
  });
  return { start, rows };
}
