import type { FamilyRows } from '../products/familyRows.ts';

const row = new Float64Array(2);

/**
 * The expected information of each row in its linear predictor and its derivative by eta (`information` of the family,
 * sigma = 1), each times the row's copies. `weight` and `slope` have length n; allocates nothing.
 */
export function fisherInformation(
  rows: FamilyRows,
  eta: Float64Array,
  weight: Float64Array,
  slope: Float64Array,
): void {
  const { family, n, size, copies, own } = rows;
  for (let i = 0; i < n; i++) {
    family.information(size[i]!, eta[i]!, 1, row, own);
    weight[i] = copies[i]! * row[0]!;
    slope[i] = copies[i]! * row[1]!;
  }
}
