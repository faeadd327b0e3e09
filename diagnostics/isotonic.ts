/**
 * Isotonic regression: the weighted least squares fit to `values` (length n, in the order of the predictor) among all
 * that never fall, by pooling neighbours that do (Ayer et al. 1955; Barlow et al. 1972): the fit of a block is its
 * weighted mean. Weights are positive.
 */
export function isotonic(values: ArrayLike<number>, weights: ArrayLike<number>): Float64Array {
  const n = values.length;
  const mean = new Float64Array(n);
  const weight = new Float64Array(n);
  const start = new Int32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    mean[blocks] = values[i]!;
    weight[blocks] = weights[i]!;
    start[blocks] = i;
    blocks += 1;
    while (blocks > 1 && mean[blocks - 2]! >= mean[blocks - 1]!) {
      const [a, b] = [weight[blocks - 2]!, weight[blocks - 1]!];
      mean[blocks - 2] = (a * mean[blocks - 2]! + b * mean[blocks - 1]!) / (a + b);
      weight[blocks - 2] = a + b;
      blocks -= 1;
    }
  }
  const out = new Float64Array(n);
  for (let b = 0; b < blocks; b++) out.fill(mean[b]!, start[b]!, b + 1 < blocks ? start[b + 1]! : n);
  return out;
}
