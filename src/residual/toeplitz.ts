import type { StructuredGroups } from '../design/design.ts';
import { atanh, tanh } from '../elementary.ts';
import { type Correlation, LEAST_LEFT } from './correlation.ts';
import { mostSteps } from './correlationLabels.ts';
import { patterns } from './patterns.ts';

/**
 * A correlation for each number of steps between two residuals of a group, rho_1 .. rho_K. Coordinates x_k are the
 * inverse hyperbolic tangents of the partial correlations p_k, which may each be anything in (-1, 1); Durbin and
 * Levinson's recursion (Golub & Van Loan 2013, section 4.7) gives the rho and, carried along, their derivatives:
 *   rho_k = p_k v_(k-1) + sum_i a_i rho_(k-i),   a_i <- a_i - p_k a_(k-i),   a_k = p_k,   v_k = v_(k-1) (1 - p_k^2).
 */
export function toeplitz(groups: StructuredGroups): Correlation {
  const { first, second, base, values, evaluate, derivative } = patterns(groups, true);
  const K = mostSteps(groups);
  const rho = new Float64Array(K + 1);
  rho[0] = 1;
  /** d rho_k / d p_l, (K + 1) x K. */
  const jacobian = new Float64Array((K + 1) * K);
  const p = new Float64Array(K);
  const byRho = new Float64Array(K + 1);
  const recurse = levinson(K);

  const self: Correlation = {
    first,
    second,
    base,
    sums: [],
    size: K,
    values,
    logDet: 0,
    room: Infinity,
    // Few rows have minima on either side.
    starts: [0.1, 1, -1].map((start) => Float64Array.from({ length: K }, (_, k) => (k === 0 ? start : 0))),
    at(x) {
      let left = 1;
      for (let k = 0; k < K; k++) {
        p[k] = tanh(x[k]!);
        left *= (1 - p[k]!) * (1 + p[k]!);
      }
      if (!(left > LEAST_LEFT)) return false;
      self.room = left / LEAST_LEFT;
      recurse(p, rho, jacobian);
      self.logDet = evaluate((s, t) => rho[s - t]!);
      return Number.isFinite(self.logDet);
    },
    gradient(byValue, out) {
      byRho.fill(0);
      derivative(byValue, (s, t, d) => {
        byRho[s - t]! += d;
      });
      for (let l = 0; l < K; l++) {
        let sum = 0;
        for (let k = 1; k <= K; k++) sum += byRho[k]! * jacobian[k * K + l]!;
        out[l]! += sum * (1 - p[l]! * p[l]!);
      }
    },
    between: (a, b) => rho[Math.round(Math.abs(a - b))]!,
    variance: () => 1,
    coordinates(correlation) {
      // Each rho is a line in its own partial correlation, given those before.
      p.fill(0);
      for (let k = 0; k < K; k++) {
        recurse(p, rho, jacobian);
        p[k] = (correlation(k) - rho[k + 1]!) / jacobian[(k + 1) * K + k]!;
      }
      return p.map(atanh);
    },
    parameters: () => Array.from({ length: K }, (_, k) => ({ name: `rho[${k + 1}]`, estimate: rho[k + 1]! })),
  };
  return self;
}

/** The recursion with its derivatives by every p_l; allocates nothing when called. */
export function levinson(K: number): (p: Float64Array, rho: Float64Array, jacobian: Float64Array) => void {
  const a = new Float64Array(K + 1);
  const next = new Float64Array(K + 1);
  const da = new Float64Array((K + 1) * K);
  const dNext = new Float64Array((K + 1) * K);
  const dv = new Float64Array(K);
  return (p, rho, jacobian) => {
    da.fill(0);
    dv.fill(0);
    jacobian.fill(0);
    let v = 1;
    for (let k = 1; k <= K; k++) {
      const partial = p[k - 1]!;
      let sum = partial * v;
      for (let i = 1; i < k; i++) sum += a[i]! * rho[k - i]!;
      rho[k] = sum;
      for (let l = 0; l < k; l++) {
        let slope = partial * dv[l]! + (l === k - 1 ? v : 0);
        for (let i = 1; i < k; i++) {
          slope += da[i * K + l]! * rho[k - i]! + a[i]! * jacobian[(k - i) * K + l]!;
        }
        jacobian[k * K + l] = slope;
      }
      for (let i = 1; i < k; i++) {
        next[i] = a[i]! - partial * a[k - i]!;
        for (let l = 0; l < k; l++) {
          dNext[i * K + l] = da[i * K + l]! - partial * da[(k - i) * K + l]! - (l === k - 1 ? a[k - i]! : 0);
        }
      }
      for (let i = 1; i < k; i++) {
        a[i] = next[i]!;
        for (let l = 0; l < k; l++) da[i * K + l] = dNext[i * K + l]!;
      }
      a[k] = partial;
      for (let l = 0; l < k; l++) {
        da[k * K + l] = l === k - 1 ? 1 : 0;
        dv[l] = dv[l]! * (1 - partial * partial) - (l === k - 1 ? 2 * partial * v : 0);
      }
      v *= 1 - partial * partial;
    }
  };
}
