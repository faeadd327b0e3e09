/**
 * The exact posterior of y ~ x + (x | g) where every group has the same x, by quadrature over the four covariance
 * parameters with flat coefficients integrated out in closed form: least-squares coefficients of a group, with x about
 * its mean, are b_j ~ N(beta, Sigma' + sigma^2 D), D = diag(1 / m, 1 / Sxx), apart from the residuals within groups.
 * Sds and correlation of Sigma' (about the mean of x) are laid out in log tau'_0, log tau'_1, atanh rho', log sigma;
 * `logPrior` is of the sds and the correlation, with respect to d tau_0 d tau_1 d rho, and sigma, d sigma: on the
 * columns as written, or about the mean of x.
 */
export interface BalancedSlopes {
  /** J x 2: least-squares intercept at the mean of x, and slope, of each group. */
  readonly b: readonly (readonly [number, number])[];
  readonly m: number;
  readonly Sxx: number;
  /** Residual sum of squares within groups. */
  readonly within: number;
  readonly mean: number;
}

export interface SlopesPosterior {
  /** Means of tau_0 and tau_1 on the columns as written, and of sigma. */
  readonly tau0: number;
  readonly tau1: number;
  readonly sigma: number;
  /** P(tau_1 > 1). */
  readonly above: number;
  /** The largest share of the mass in an outermost cell of any axis: what the grid may miss. */
  readonly edge: number;
}

/** The sufficient statistics of a table whose groups all have the same x. */
export function balancedSlopes(y: readonly number[], x: readonly number[], g: readonly string[]): BalancedSlopes {
  const groups = [...new Set(g)].map((level) =>
    y.flatMap((value, i) => (g[i] === level ? [{ y: value, x: x[i]! }] : [])),
  );
  const m = groups[0]!.length;
  const mean = groups[0]!.reduce((sum, row) => sum + row.x / m, 0);
  const Sxx = groups[0]!.reduce((sum, row) => sum + (row.x - mean) ** 2, 0);
  let within = 0;
  const b = groups.map((rows): [number, number] => {
    const xs = rows.map((row) => row.x).sort((u, v) => u - v);
    const first = groups[0]!.map((row) => row.x).sort((u, v) => u - v);
    if (xs.some((value, k) => value !== first[k])) throw new Error('the groups do not have the same x');
    const level = rows.reduce((sum, row) => sum + row.y / m, 0);
    const slope = rows.reduce((sum, row) => sum + (row.x - mean) * row.y, 0) / Sxx;
    for (const row of rows) within += (row.y - level - slope * (row.x - mean)) ** 2;
    return [level, slope];
  });
  return { b, m, Sxx, within, mean };
}

export function slopesPosterior(
  { b, m, Sxx, within, mean }: BalancedSlopes,
  logPrior: (tau0: number, tau1: number, rho: number, sigma: number) => number,
  on: 'written' | 'mean',
  points: readonly [number, number, number, number] = [40, 90, 48, 30],
): SlopesPosterior {
  const J = b.length;
  const centre = [0, 1].map((k) => b.reduce((sum, row) => sum + row[k as 0 | 1] / J, 0));
  const S = [0, 0, 0];
  for (const row of b) {
    const [e0, e1] = [row[0] - centre[0]!, row[1] - centre[1]!];
    S[0]! += e0 * e0;
    S[1]! += e0 * e1;
    S[2]! += e1 * e1;
  }
  const s0 = Math.sqrt(within / (J * (m - 2)));
  const sd0 = Math.sqrt(S[0]! / J);
  const sd1 = Math.sqrt(S[2]! / J);
  const axis = (low: number, high: number, count: number) =>
    Float64Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  const A = axis(Math.log(sd0) - 5, Math.log(sd0) + 2, points[0]);
  const B = axis(Math.log(sd1) - 11, Math.log(sd1) + 2.5, points[1]);
  const Z = axis(-6, 6, points[2]);
  const T = axis(Math.log(s0) - 0.5, Math.log(s0) + 0.7, points[3]);
  const logs = new Float64Array(A.length * B.length * Z.length * T.length);
  let top = -Infinity;
  let at = 0;
  for (const a of A) {
    for (const t1 of B) {
      for (const z of Z) {
        const [tau0, tau1, rho] = [Math.exp(a), Math.exp(t1), Math.tanh(z)];
        const user0 = Math.sqrt(
          Math.max(tau0 ** 2 - 2 * rho * mean * tau0 * tau1 + (mean * tau1) ** 2, tau0 ** 2 / Math.cosh(z) ** 2),
        );
        const userRho = (rho * tau0 * tau1 - mean * tau1 ** 2) / (user0 * tau1);
        // d(tau, rho) = (tau'_0 tau'_1)^2 / (tau_0 tau_1)^2 ratio inverted, q = 2; then the Jacobians of the logs and
        // of atanh.
        const written = on === 'written';
        const jacobian = (written ? 2 * (a - Math.log(user0)) : 0) + a + t1 - 2 * Math.log(Math.cosh(z));
        for (const t of T) {
          const sigma = Math.exp(t);
          const v00 = tau0 ** 2 + sigma ** 2 / m;
          const v11 = tau1 ** 2 + sigma ** 2 / Sxx;
          const v01 = rho * tau0 * tau1;
          const det = v00 * v11 - v01 * v01;
          const value =
            (written ? logPrior(user0, tau1, userRho, sigma) : logPrior(tau0, tau1, rho, sigma)) +
            jacobian +
            t -
            0.5 * (J - 1) * Math.log(det) -
            (0.5 * (S[0]! * v11 - 2 * S[1]! * v01 + S[2]! * v00)) / det -
            J * (m - 2) * t -
            within / (2 * sigma ** 2);
          logs[at++] = value;
          if (value > top) top = value;
        }
      }
    }
  }
  const sums = { mass: 0, tau0: 0, tau1: 0, sigma: 0, above: 0 };
  const edges = new Float64Array(7);
  at = 0;
  A.forEach((a, i) => {
    B.forEach((t1, j) => {
      Z.forEach((z, k) => {
        const [tau0, tau1, rho] = [Math.exp(a), Math.exp(t1), Math.tanh(z)];
        const user0 = Math.sqrt(Math.max(0, tau0 ** 2 - 2 * rho * mean * tau0 * tau1 + (mean * tau1) ** 2));
        T.forEach((t, l) => {
          const weight = Math.exp(logs[at++]! - top);
          sums.mass += weight;
          sums.tau0 += weight * user0;
          sums.tau1 += weight * tau1;
          sums.sigma += weight * Math.exp(t);
          if (tau1 > 1) sums.above += weight;
          // In the logs of sds the density ends at -Infinity by itself: the lowest cells hold what lies below, too.
          const ends = [
            i === A.length - 1,
            j === B.length - 1,
            k === 0,
            k === Z.length - 1,
            l === 0,
            l === T.length - 1,
            j === 0,
          ];
          ends.forEach((end, e) => {
            if (end) edges[e]! += weight;
          });
        });
      });
    });
  });
  return {
    tau0: sums.tau0 / sums.mass,
    tau1: sums.tau1 / sums.mass,
    sigma: sums.sigma / sums.mass,
    above: sums.above / sums.mass,
    edge: Math.max(...edges) / sums.mass,
  };
}
