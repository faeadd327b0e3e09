/** The posterior means of a model of counts y_ij with eta_ij = b0 + b1 x_ij + tau z_j, z_j ~ N(0, 1). */
export interface CountPosterior {
  /** E b0, E b1, E tau, and their sds. */
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  /** E(tau z_j) of every group. */
  readonly u: readonly number[];
}

/**
 * By nested quadrature, slow and obvious: the trapezoidal rule, which is exact to many digits for smooth densities that
 * vanish at both ends, over log tau, b0 and b1 (6 sds to each side of `centre`, steps of 0.75 sds, which leave errors
 * of some 1e-6 sds), and for each of their points over every z_j in -7 .. 7 by `step`, which is to be less than the sd
 * of any z_j (its error is about exp(-2 pi^2 sd^2 / step^2)).
 */
export function countPosterior(
  rows: { readonly y: readonly number[]; readonly x: readonly number[]; readonly group: readonly number[] },
  /** log p(y | eta); b1 stands for another parameter where x is 0. */
  logLik: (y: number, eta: number, b1: number) => number,
  logPrior: (b0: number, b1: number, tau: number) => number,
  /** About the middle of the posterior of (log tau, b0, b1), and about its sds. */
  centre: readonly (readonly [middle: number, sd: number])[],
  step = 0.35,
): CountPosterior {
  const J = Math.max(...rows.group) + 1;
  const members = Array.from({ length: J }, (_, j) => rows.group.flatMap((g, i) => (g === j ? [i] : [])));
  const grid = centre.map(([middle, sd]) => Array.from({ length: 17 }, (_, k) => middle + 0.75 * (k - 8) * sd));
  const half = Math.round(7 / step);
  const z = Array.from({ length: 2 * half + 1 }, (_, k) => step * (k - half));
  const points: { readonly at: readonly number[]; readonly log: number; readonly u: readonly number[] }[] = [];
  for (const logTau of grid[0]!) {
    const tau = Math.exp(logTau);
    for (const b0 of grid[1]!) {
      for (const b1 of grid[2]!) {
        let log = logPrior(b0, b1, tau) + logTau;
        const u = members.map((own) => {
          let total = 0;
          let first = 0;
          for (const value of z) {
            let l = -0.5 * value * value;
            for (const i of own) {
              const eta = b0 + b1 * rows.x[i]! + tau * value;
              l += logLik(rows.y[i]!, eta, b1);
            }
            const density = Math.exp(l);
            total += density;
            first += density * value;
          }
          log += Math.log(total);
          return (tau * first) / total;
        });
        points.push({ at: [b0, b1, tau], log, u });
      }
    }
  }
  const largest = points.reduce((most, { log }) => Math.max(most, log), -Infinity);
  const weights = points.map(({ log }) => Math.exp(log - largest));
  const sum = weights.reduce((a, b) => a + b, 0);
  const average = (value: (point: (typeof points)[number]) => number): number =>
    points.reduce((all, point, k) => all + weights[k]! * value(point), 0) / sum;
  const mean = [0, 1, 2].map((k) => average(({ at }) => at[k]!));
  return {
    mean,
    sd: mean.map((centred, k) => Math.sqrt(average(({ at }) => (at[k]! - centred) ** 2))),
    u: members.map((_, j) => average((point) => point.u[j]!)),
  };
}
