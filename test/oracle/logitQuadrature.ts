/** A binomial group: successes and trials, each with its predictor beyond the intercept. */
export interface QuadratureGroup {
  readonly y: readonly number[];
  readonly trials: readonly number[];
}

/** Posterior means and sds by brute force. */
export interface QuadratureMoments {
  readonly beta: { readonly mean: number; readonly sd: number };
  readonly tau: { readonly mean: number; readonly sd: number };
  readonly u: readonly { readonly mean: number; readonly sd: number }[];
}

/**
 * The posterior of y_j ~ Binomial(n_j, logistic(beta + u_j)), u_j ~ N(0, tau^2), on a grid of (beta, log tau), each u_j
 * integrated by the trapezoidal rule over its own grid. `logPrior` is the log prior density with respect to d beta d
 * tau.
 */
export function logitQuadrature(
  groups: readonly QuadratureGroup[],
  logPrior: (beta: number, tau: number) => number,
  betas: readonly number[],
  taus: readonly number[],
): QuadratureMoments {
  const totals = groups.map(({ y, trials }) => [y.reduce((a, b) => a + b, 0), trials.reduce((a, b) => a + b, 0)]);
  const points = 161;
  const width = 8;
  let top = -Infinity;
  const cells: { beta: number; tau: number; log: number; first: number[]; second: number[] }[] = [];
  for (const beta of betas) {
    for (const tau of taus) {
      let log = logPrior(beta, tau) + Math.log(tau);
      const first: number[] = [];
      const second: number[] = [];
      for (const [y, n] of totals) {
        let mass = 0;
        let m1 = 0;
        let m2 = 0;
        for (let k = 0; k < points; k += 1) {
          const e = -width + (2 * width * k) / (points - 1);
          const eta = beta + tau * e;
          const logLik = y! * eta - n! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))));
          const weight = Math.exp(logLik - 0.5 * e * e);
          mass += weight;
          m1 += weight * tau * e;
          m2 += weight * tau * tau * e * e;
        }
        log += Math.log(mass);
        first.push(m1 / mass);
        second.push(m2 / mass);
      }
      cells.push({ beta, tau, log, first, second });
      top = Math.max(top, log);
    }
  }
  const moments = (value: (cell: (typeof cells)[number]) => [number, number]) => {
    let mass = 0;
    let m1 = 0;
    let m2 = 0;
    for (const cell of cells) {
      const weight = Math.exp(cell.log - top);
      const [a, b] = value(cell);
      mass += weight;
      m1 += weight * a;
      m2 += weight * b;
    }
    return { mean: m1 / mass, sd: Math.sqrt(m2 / mass - (m1 / mass) ** 2) };
  };
  return {
    beta: moments(({ beta }) => [beta, beta * beta]),
    tau: moments(({ tau }) => [tau, tau * tau]),
    u: groups.map((_, j) => moments(({ first, second }) => [first[j]!, second[j]!])),
  };
}
