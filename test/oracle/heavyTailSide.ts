/**
 * The probability, by sums over grids, that the slope of `y ~ x` lies nearer to 0 than `cut`, for a prior of the slope
 * whose density has any shape: normal rows with sigma ~ exponential(1), or successes (`binary`) with the logit link;
 * intercept ~ normal(0, 3). `scale` is the prior's, `top` a bound on the slope: the grid of slopes is fine at both.
 * With so many `groups` row i is of group i modulo them (a whole number of rows each), normal rows alone, with
 * intercepts of sd tau ~ exponential(1).
 */
export function heavyTailSide(
  rows: { readonly x: readonly number[]; readonly y: readonly number[] },
  logPrior: (slope: number) => number,
  {
    scale,
    top,
    cut,
    binary,
    groups = 0,
  }: {
    readonly scale: number;
    readonly top: number;
    readonly cut: number;
    readonly binary: boolean;
    readonly groups?: number;
  },
): number {
  const { x, y } = rows;
  const end = Math.asinh(top / scale);
  const slopes = [
    ...Array.from({ length: 801 }, (_, i) => scale * Math.sinh((end * (i - 400)) / 400)),
    ...Array.from({ length: 801 }, (_, i) => (top * (i - 400)) / 400),
  ].sort((a, b) => a - b);
  const logs = slopes.map((slope) => logPrior(slope) + (binary ? ofSuccesses(slope) : ofNumbers(slope)));
  const highest = Math.max(...logs);
  let [near, all] = [0, 0];
  logs.forEach((value, i) => {
    const mass = Math.exp(value - highest) * ((slopes[i + 1] ?? slopes[i]!) - (slopes[i - 1] ?? slopes[i]!));
    all += mass;
    if (Math.abs(slopes[i]!) < cut) near += mass;
  });
  return near / all;

  function ofNumbers(slope: number): number {
    const n = x.length;
    const residuals = y.map((value, i) => value - slope * x[i]!);
    const mean = residuals.reduce((sum, value) => sum + value, 0) / n;
    const square = residuals.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    if (groups > 0) return ofGroups(residuals, mean, square);
    // The intercept is integrated out: the mean of the residuals is normal with variance 9 + sigma^2 / n.
    return logSum(
      Array.from({ length: 120 }, (_, i) => -2.5 + 0.05 * i).map((t) => {
        const sigma = Math.exp(t);
        const spread = 9 + (sigma * sigma) / n;
        return (
          t - sigma - (n - 1) * t - square / (2 * sigma * sigma) - 0.5 * (Math.log(spread) + (mean * mean) / spread)
        );
      }),
    );
  }

  /** The rows within groups, the means of the groups, and the mean of those are independent. */
  function ofGroups(residuals: readonly number[], mean: number, square: number): number {
    const n = residuals.length;
    const rows = n / groups;
    const means = Array.from({ length: groups }, (_, j) =>
      residuals.reduce((sum, value, i) => sum + (i % groups === j ? value / rows : 0), 0),
    );
    const between = means.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const within = square - rows * between;
    const nodes = Array.from({ length: 50 }, (_, i) => Math.exp(-4 + 0.12 * i));
    return logSum(
      nodes.flatMap((sigma) =>
        nodes.map((tau) => {
          const ofMeans = tau * tau + (sigma * sigma) / rows;
          const ofMean = 9 + ofMeans / groups;
          return (
            Math.log(sigma * tau) -
            sigma -
            tau -
            (n - groups) * Math.log(sigma) -
            within / (2 * sigma * sigma) -
            0.5 * ((groups - 1) * Math.log(ofMeans) + between / ofMeans + Math.log(ofMean) + (mean * mean) / ofMean)
          );
        }),
      ),
    );
  }

  function ofSuccesses(slope: number): number {
    return logSum(
      Array.from({ length: 61 }, (_, i) => -9 + 0.3 * i).map((intercept) =>
        y.reduce(
          (sum, value, i) => {
            const eta = (value === 1 ? 1 : -1) * (intercept + slope * x[i]!);
            return sum - (eta > 0 ? Math.log1p(Math.exp(-eta)) : Math.log1p(Math.exp(eta)) - eta);
          },
          -(intercept ** 2) / 18,
        ),
      ),
    );
  }
}

function logSum(values: readonly number[]): number {
  const highest = Math.max(...values);
  return highest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - highest), 0));
}
