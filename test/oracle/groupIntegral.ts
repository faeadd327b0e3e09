import type { Design } from '../../src/design/design.ts';

/** log Phi(x) by the continued fraction of Mills' ratio below -5 and by the series above. */
export function logNormalCdf(x: number): number {
  if (x > 5) return Math.log1p(-Math.exp(logNormalCdf(-x)));
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < -5) {
    let fraction = 0;
    for (let k = 200; k > 0; k--) fraction = k / (-x + fraction);
    return (-x * x) / 2 - Math.log(2 * Math.PI) / 2 - Math.log(-x + fraction);
  }
  let term = x;
  let sum = x;
  for (let k = 1; k < 400; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return Math.log(0.5 + density * sum);
}

/** log p(y_i | eta) of one row of a binomial or probit design, binomial coefficient included, times its weight. */
export function rowLogLik(design: Design, i: number, eta: number): number {
  const { y, trials, weights, family } = design.response;
  const size = trials?.[i] ?? 1;
  const successes = y[i]!;
  let constant = 0;
  for (let k = 1; k <= successes; k++) constant += Math.log(size - successes + k) - Math.log(k);
  const up = family === 'bernoulliProbit' ? logNormalCdf(eta) : -Math.log1p(Math.exp(-eta));
  const down = family === 'bernoulliProbit' ? logNormalCdf(-eta) : -Math.log1p(Math.exp(eta));
  return (weights?.[i] ?? 1) * (constant + successes * up + (size - successes) * down);
}

/** X beta + offset, length n. */
export function fixedPart(design: Design, beta: ArrayLike<number>): Float64Array {
  const { n, p, X, response } = design;
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = response.offset?.[i] ?? 0;
    for (let k = 0; k < p; k++) sum += X[i * p + k]! * beta[k]!;
    return sum;
  });
}

/**
 * The slow, obvious -2 log marginal likelihood of a model with one grouping factor and at most two varying
 * coefficients: for each group the integral over standardised deviations e ~ N(0, I), u = Lambda e, by the trapezium
 * rule on a grid that spans +-12 in each e (`points` to a side; the rule converges geometrically for such integrands).
 * `Lambda` is q x q, row-major.
 */
export function groupIntegralDeviance(
  design: Design,
  Lambda: ArrayLike<number>,
  beta: ArrayLike<number>,
  points: number,
): number {
  const { J, q, Z, index } = design.groupTerms[0]!;
  const base = fixedPart(design, beta);
  const h = 24 / (points - 1);
  const grid = Array.from({ length: points }, (_, k) => -12 + k * h);
  const nodes = q === 1 ? grid.map((e) => [e]) : grid.flatMap((a) => grid.map((b) => [a, b]));
  let total = 0;
  for (let j = 0; j < J; j++) {
    const members = Array.from({ length: design.n }, (_, i) => i).filter((i) => index[i] === j);
    const values = nodes.map((e) => {
      let log = 0;
      for (const value of e) log -= (value * value) / 2 + Math.log(2 * Math.PI) / 2 - Math.log(h);
      for (const i of members) {
        let eta = base[i]!;
        for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) eta += Z[i * q + a]! * Lambda[a * q + b]! * e[b]!;
        log += rowLogLik(design, i, eta);
      }
      return log;
    });
    const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    total += largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
  }
  return -2 * total;
}
