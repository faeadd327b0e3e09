import { type FamilyRows, fillRows } from '../products/familyRows.ts';

const row = new Float64Array(2);

/**
 * The expected information of each row in its linear predictor and its derivative by eta (`information` of the family,
 * sigma = 1), each times the row's copies; of ordered answers the observed one. `weight` and `slope` have length n;
 * allocates nothing.
 */
export function fisherInformation(
  rows: FamilyRows,
  eta: Float64Array,
  weight: Float64Array,
  slope: Float64Array,
): void {
  const { family, n, size, copies, own } = rows;
  if (family.ordered) {
    fillRows(rows, eta, 1, { weight, third: slope });
    for (let i = 0; i < n; i++) slope[i] = -slope[i]!;
    return;
  }
  for (let i = 0; i < n; i++) {
    family.information(size[i]!, eta[i]!, 1, row, own);
    weight[i] = copies[i]! * row[0]!;
    slope[i] = copies[i]! * row[1]!;
  }
}
