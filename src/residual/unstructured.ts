import type { StructuredGroups } from '../design/design.ts';
import { exp, log } from '../elementary.ts';
import { cholesky } from '../linalg/cholesky.ts';
import { type Correlation, LEAST_LEFT, type ResidualParameter } from './correlation.ts';
import { patterns } from './patterns.ts';

/**
 * An sd for each of T occasions and a correlation for each pair: the covariance L L' of the residuals in units of the
 * first occasion's variance, L lower triangular with L_11 = 1. Coordinates are the entries of L by rows, the diagonal
 * ones as logarithms. A group that lacks occasions has the rows and columns of those it has.
 */
export function unstructured(groups: StructuredGroups): Correlation {
  const { occasions } = groups;
  const T = occasions.length;
  const { first, second, base, values, evaluate, derivative, all } = patterns(groups, false);
  const L = new Float64Array(T * T);
  const S = new Float64Array(T * T);
  const D = new Float64Array(T * T);
  L[0] = 1;
  const size = (T * (T + 1)) / 2 - 1;

  const self: Correlation = {
    first,
    second,
    base,
    sums: [],
    size,
    values,
    logDet: 0,
    room: Infinity,
    starts: starts(T, size),
    at(x) {
      let at = 0;
      self.room = Infinity;
      for (let a = 1; a < T; a++) {
        for (let b = 0; b < a; b++) L[a * T + b] = x[at++]!;
        L[a * T + a] = exp(x[at++]!);
        self.room = Math.min(self.room, shareLeft(L.subarray(a * T, a * T + a + 1)) / LEAST_LEFT);
        if (!(self.room > 1)) return false;
      }
      for (let a = 0; a < T; a++) {
        for (let b = 0; b <= a; b++) {
          let sum = 0;
          for (let k = 0; k <= b; k++) sum += L[a * T + k]! * L[b * T + k]!;
          S[a * T + b] = sum;
        }
      }
      self.logDet = evaluate((s, t) => S[s * T + t]!);
      return Number.isFinite(self.logDet);
    },
    gradient(byValue, out) {
      D.fill(0);
      // d f = sum over s >= t of D_st dS_st, and dS = dL L' + L dL'.
      derivative(byValue, (s, t, d) => {
        D[s * T + t]! += d;
      });
      let at = 0;
      for (let a = 1; a < T; a++) {
        for (let b = 0; b <= a; b++) {
          let sum = 0;
          for (let s = b; s < T; s++) {
            const d = s === a ? 2 * D[a * T + a]! : s > a ? D[s * T + a]! : D[a * T + s]!;
            sum += d * L[s * T + b]!;
          }
          out[at++]! += a === b ? sum * L[a * T + a]! : sum;
        }
      }
    },
    parameters() {
      const sd = (t: number) => Math.sqrt(S[t * T + t]!);
      const correlations: ResidualParameter[] = [];
      for (let a = 0; a < T; a++) {
        for (let b = a + 1; b < T; b++) {
          const estimate = S[b * T + a]! / (sd(a) * sd(b));
          correlations.push({ name: `rho[${occasions[a]},${occasions[b]}]`, estimate });
        }
      }
      return correlations;
    },
    between: (a, b) => S[Math.max(a, b) * T + Math.min(a, b)]!,
    variance: (a) => S[a * T + a]!,
    coordinates(correlation, sd) {
      const R = new Float64Array(T * T);
      let pair = 0;
      for (let a = 0; a < T; a++) {
        R[a * T + a] = 1;
        for (let b = a + 1; b < T; b++) R[b * T + a] = correlation(pair++);
      }
      const x = new Float64Array(size);
      if (!cholesky(R, T)) return x.fill(Number.NaN);
      let at = 0;
      for (let a = 1; a < T; a++) {
        for (let b = 0; b < a; b++) x[at++] = sd(a) * R[a * T + b]!;
        x[at++] = log(sd(a) * R[a * T + a]!);
      }
      return x;
    },
    patterns: all,
    sds: () => Float64Array.from({ length: T }, (_, t) => Math.sqrt(S[t * T + t]!)),
  };
  return self;
}

/** The share of its variance that a row of the factor leaves its occasion, given those before it. */
function shareLeft(row: Float64Array): number {
  return row[row.length - 1]! ** 2 / row.reduce((sum, entry) => sum + entry * entry, 0);
}

/**
 * No correlation; of few occasions, whose rows may be few, also the last of them all but a combination of the others,
 * with either sign.
 */
function starts(T: number, size: number): Float64Array[] {
  const none = new Float64Array(size);
  if (T > FEW) return [none];
  const ahead = [2, -2].map((entry) => none.map((_, k) => (k >= size - T && k < size - 1 ? entry : 0)));
  const apart = none.map((_, k) => (k >= size - T && k < size - 1 ? (k % 2 === 0 ? 2 : -2) : 0));
  return T === 2 ? [none, ...ahead] : [none, ...ahead, apart, apart.map((entry) => -entry)];
}

/** So many occasions have further starts. */
const FEW = 3;
