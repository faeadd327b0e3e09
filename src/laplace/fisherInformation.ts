import type { FamilyRows } from '../families/familyRows.ts';

const success = new Float64Array(4);
const failure = new Float64Array(4);

/**
 * The expected information of each row in its linear predictor, n mu'^2 / (mu (1 - mu)), and its derivative by eta, each times the row's copies: with
 * s1 and s0 the scores of a row that is all successes and of one that is all failures, it is -s1 s0 / n. With the logit link it is the observed
 * weight -l''. `weight` and `slope` have length n; allocates nothing.
 */
export function fisherInformation(
  rows: FamilyRows,
  eta: Float64Array,
  weight: Float64Array,
  slope: Float64Array,
): void {
  const { family, n, size, copies } = rows;
  for (let i = 0; i < n; i++) {
    const trials = size[i]!;
    family.derivatives(trials, trials, eta[i]!, 1, success);
    family.derivatives(0, trials, eta[i]!, 1, failure);
    const scale = copies[i]! / trials;
    weight[i] = -scale * success[1]! * failure[1]!;
    slope[i] = scale * (success[2]! * failure[1]! + success[1]! * failure[2]!);
  }
}
