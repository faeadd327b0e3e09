import type { QuadratureMoments } from './logitQuadrature.ts';

/** A group of a table: successes and trials in each column; a column without trials says nothing. */
export interface TableGroup {
  readonly y: readonly number[];
  readonly n: readonly number[];
}

/** Posterior means and sds. */
type Moments = QuadratureMoments['beta'];

/**
 * The posterior of y_jt ~ Binomial(n_jt, logistic(b_t + u_j)), u_j ~ N(0, tau^2), by nested quadrature: the trapezoidal
 * rule over a grid of (b_1, ..., b_T, log tau), and in each of its points over e_j = u_j / tau for every group.
 * `axes[t]` are equidistant values of b_t, `taus` equidistant in the logarithm, `logPrior` the log density with respect
 * to db dtau. `quantities` are what moments are wanted of, as functions of (b, tau).
 */
export function tableQuadrature(
  groups: readonly TableGroup[],
  logPrior: (b: readonly number[], tau: number) => number,
  axes: readonly (readonly number[])[],
  taus: readonly number[],
  quantities: Readonly<Record<string, (b: readonly number[], tau: number) => number>>,
): { readonly quantities: Readonly<Record<string, Moments>>; readonly u: readonly Moments[] } {
  const J = groups.length;
  const points = Array.from({ length: 61 }, (_, k) => -7 + (14 * k) / 60);
  const E = points.length;
  const T = axes.length;
  const b = new Array<number>(T).fill(0);
  const wanted = Object.entries(quantities);
  const sums = Array.from({ length: 1 + 2 * (wanted.length + J) }, () => 0);
  let scale = Number.NEGATIVE_INFINITY;
  let factors: Float64Array[][] = [];
  const given = Array.from({ length: T + 1 }, () => new Float64Array(J * E));
  const m1 = new Float64Array(J);
  const m2 = new Float64Array(J);

  const visit = (t: number, tau: number): void => {
    if (t < T - 1) {
      axes[t]!.forEach((value, i) => {
        b[t] = value;
        const next = given[t + 1]!;
        for (let k = 0; k < J * E; k++) next[k] = given[t]![k]! * factors[t]![i]![k]!;
        visit(t + 1, tau);
      });
      return;
    }
    axes[t]!.forEach((value, i) => {
      b[t] = value;
      let log = logPrior(b, tau) + Math.log(tau);
      for (let j = 0; j < J; j++) {
        let mass = 0;
        let first = 0;
        let second = 0;
        for (let k = 0; k < E; k++) {
          const weight = given[t]![j * E + k]! * factors[t]![i]![j * E + k]!;
          mass += weight;
          first += weight * points[k]!;
          second += weight * points[k]! * points[k]!;
        }
        log += Math.log(mass);
        m1[j] = (tau * first) / mass;
        m2[j] = (tau * tau * second) / mass;
      }
      if (log > scale) {
        const shrink = Math.exp(scale - log);
        for (let s = 0; s < sums.length; s++) sums[s]! *= shrink;
        scale = log;
      }
      const weight = Math.exp(log - scale);
      sums[0]! += weight;
      wanted.forEach(([, of], q) => {
        const found = of(b, tau);
        sums[1 + 2 * q]! += weight * found;
        sums[2 + 2 * q]! += weight * found * found;
      });
      for (let j = 0; j < J; j++) {
        sums[1 + 2 * (wanted.length + j)]! += weight * m1[j]!;
        sums[2 + 2 * (wanted.length + j)]! += weight * m2[j]!;
      }
    });
  };

  for (const tau of taus) {
    factors = axes.map((values, t) => values.map((value) => likelihoods(groups, t, value, tau, points)));
    for (let j = 0; j < J; j++) for (let k = 0; k < E; k++) given[0]![j * E + k] = Math.exp(-0.5 * points[k]! ** 2);
    visit(0, tau);
  }
  const moments = (position: number): Moments => {
    const mean = sums[1 + 2 * position]! / sums[0]!;
    return { mean, sd: Math.sqrt(sums[2 + 2 * position]! / sums[0]! - mean * mean) };
  };
  return {
    quantities: Object.fromEntries(wanted.map(([name], q) => [name, moments(q)])),
    u: groups.map((_, j) => moments(wanted.length + j)),
  };
}

/** Likelihood of column t at b_t + tau e for every group and e, J x E row-major. */
function likelihoods(
  groups: readonly TableGroup[],
  t: number,
  value: number,
  tau: number,
  points: readonly number[],
): Float64Array {
  return Float64Array.from(
    groups.flatMap(({ y, n }) =>
      points.map((e) => {
        const eta = value + tau * e;
        return Math.exp(y[t]! * eta - n[t]! * (Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)))));
      }),
    ),
  );
}
