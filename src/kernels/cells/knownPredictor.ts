import type { CellTable } from './cellTable.ts';

/** The linear predictor of each border row at beta (p, working coordinates) without deviations, length `rows`. */
export function knownPredictor({ rows, count, values, base }: CellTable, beta: Float64Array): Float64Array {
  const p = beta.length;
  const known = base.slice();
  for (let d = 0; d < rows; d += 1) {
    const own = (d + 1) * count - p;
    for (let k = 0; k < p; k += 1) known[d] = known[d]! + values[own + k]! * beta[k]!;
  }
  return known;
}
