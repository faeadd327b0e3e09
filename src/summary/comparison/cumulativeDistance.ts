/**
 * How far a posterior moves when its draws are weighted: the root of the cumulative Jensen-Shannon divergence of the
 * two distribution functions (Nguyen & Vreeken 2015), from 0 to 1. With P and Q the distribution functions and P^ + Q^
 * their integrals over the range of the draws,
 *   d^2 = sum of both of  integral P log2(P / ((P + Q) / 2)) + (Q^ - P^) / (2 log 2),  over  P^ + Q^,
 * the larger of that and the same of -x (Kallioinen, Paananen, Bürkner & Vehtari 2024, equation 9). `sorted` are the
 * draws ascending and `weights` theirs, whose sum is 1. 0 where all draws are equal.
 */
export function cumulativeDistance(sorted: ArrayLike<number>, weights: ArrayLike<number>): number {
  const S = sorted.length;
  const square = (from: number, step: number): number => {
    let [p, q, sumP, sumQ, sum] = [0, 0, 0, 0, 0];
    for (let i = 0; i < S - 1; i++) {
      const at = from + step * i;
      p += 1 / S;
      q += weights[at]!;
      const width = Math.abs(sorted[at + step]! - sorted[at]!);
      const middle = 0.5 * (p + q);
      sumP += width * p;
      sumQ += width * q;
      sum += width * (p * Math.log2(p / middle) + (q > 0 ? q * Math.log2(q / middle) : 0));
    }
    // The two differences of the integrals cancel in the sum of both.
    return sumP + sumQ > 0 ? Math.max(0, sum) / (sumP + sumQ) : 0;
  };
  return Math.sqrt(Math.max(square(0, 1), square(S - 1, -1)));
}
