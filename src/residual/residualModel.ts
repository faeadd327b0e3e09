import type { Design } from '../design/design.ts';
import { exp, log } from '../elementary.ts';
import { correlationName } from '../graph/correlationName.ts';
import { autoregressive } from './autoregressive.ts';
import { compoundSymmetry } from './compoundSymmetry.ts';
import type { Correlation, ResidualParameter } from './correlation.ts';
import { independent } from './independent.ts';
import { type SdClasses, sdClasses } from './sdClasses.ts';
import { toeplitz } from './toeplitz.ts';
import { unstructured } from './unstructured.ts';

/**
 * The precision of the residuals in units of 1 / sigma^2 as a function of few coordinates: those of the correlation,
 * then those of the log-linear sd, then the log sds of groups. Pairs of items of one base and of the same classes of
 * sds are one set, and
 *   W = sum_k c_k S_k,   c_k = g_base(k) / (s_one(k) s_two(k)),   log s = V x + delta_j.
 */
export interface ResidualModel {
  /** Number of coordinates. */
  readonly size: number;
  /** How many of them, the last ones, are deviations delta_j of the log sds of groups; 0 without such groups. */
  readonly deviations: number;
  /** The group of each set among those with sds of their own, and the rows of each group; empty without. */
  readonly groupOfSet: Int32Array;
  readonly groupRows: Float64Array;
  /** Pairs of items, and the set of each; an item from n on is the sum of the rows of `sums`. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly set: Int32Array;
  readonly sums: readonly Int32Array[];
  /** c_k of the last point, length K. */
  readonly coefficients: Float64Array;
  /** -log|W| of the last point. */
  logDet: number;
  /** How often `at` was called. */
  evaluations: number;
  readonly starts: readonly Float64Array[];
  /** Evaluates `coefficients` and `logDet`; false where the correlation is not numerically positive definite. */
  at(x: ArrayLike<number>): boolean;
  /** The derivative by x of f(coefficients) + logDet at the last point, to `out`, given that of f by each. */
  gradient(byCoefficient: Float64Array, out: Float64Array): void;
  /** Sums what each set has, its rows divided by their sds at the last point, over the sets of each base, to `out`. */
  byBase(bySet: Float64Array, out: Float64Array): void;
  /** The correlation of two residuals, each divided by its own sd; see `Correlation`. */
  readonly correlation: Pick<
    Correlation,
    'size' | 'between' | 'variance' | 'single' | 'sds' | 'parameters' | 'coordinates' | 'patterns' | 'room'
  >;
  /** The rows by what their sds depend on. */
  readonly classes: SdClasses;
  /** Means and sds of the columns of sigma: delta_k is its coordinate over its column's sd. */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  /** Logarithms of the least and the largest sd of a row at x, over the sd at the means of the columns. */
  logSds(x: ArrayLike<number>): { readonly least: number; readonly most: number };
  /**
   * The sd of a residual with these columns of sigma (null where it has none), in units of the sd at their means; of
   * group j of those with sds of their own, -1 for the mean of all.
   */
  relativeSd(w: ArrayLike<number> | null, j: number): number;
  /** The same of a row of the design. */
  rowSd(i: number): number;
  /** The sd of the residual of a row of the design in these units, its occasion's sd and its weight included. */
  residualSd(i: number): number;
  /**
   * The coordinates of parameters by their names, `phi` or `rho`, delta_k as `value('delta', k)` and delta_j as
   * `value('delta_<factor>', j)`, and the sd at the means of the columns of sigma, from `sigma`, where these are 0; of
   * several correlations `rho` and of sds of occasions `sigma` by their places.
   */
  place(value: (name: string, k?: number) => number): ResidualPlace;
  /** What the last point says, sigma being the sd at the means of the columns of sigma (of the first occasion). */
  values(sigma: number): ResidualValues;
}

/** Coordinates, and the sd that everything is relative to. */
export interface ResidualPlace {
  readonly coordinates: Float64Array;
  readonly unit: number;
}

/** The parameters of the residuals on the user's scale. */
export interface ResidualValues {
  /** The sd where the columns of sigma are 0; of the first occasion, where each has its own. */
  readonly sigma: number;
  /** `phi`, `rho`, `rho[8,10]`, then `delta[x]`. */
  readonly parameters: readonly ResidualParameter[];
  /** The sd of each occasion where the columns of sigma are 0, where each has its own; else empty. */
  readonly sds: readonly ResidualParameter[];
}

/** The model of a design's residuals, which are not independent with one sigma. */
export function residualModel({ n, residual, response }: Design): ResidualModel {
  const groups = residual?.groups ?? null;
  const sigma = residual?.sigma ?? null;
  const sigmaGroups = residual?.sigmaGroups ?? null;
  const classes = sdClasses(n, sigma, sigmaGroups);
  const correlation = correlationOf(n, groups, classes);
  const classOf = (item: number): number => classes.index[item < n ? item : correlation.sums[item - n]![0]!]!;
  const { first, second, base } = correlation;
  const keys = new Map<number, number>();
  const set = new Int32Array(first.length);
  const bases: number[] = [];
  const ones: number[] = [];
  const twos: number[] = [];
  for (let at = 0; at < set.length; at++) {
    const one = classOf(first[at]!);
    const two = classOf(second[at]!);
    const key = (base[at]! * classes.count + one) * classes.count + two;
    let own = keys.get(key);
    if (own === undefined) {
      own = keys.size;
      keys.set(key, own);
      bases.push(base[at]!);
      ones.push(one);
      twos.push(two);
    }
    set[at] = own;
  }
  const coefficients = new Float64Array(bases.length);
  /** 1 / s of each class. */
  const inverse = new Float64Array(classes.count).fill(1);
  const byValue = new Float64Array(correlation.values.length);
  const byClass = new Float64Array(classes.count);
  const delta = new Float64Array(classes.m);
  const deviation = new Float64Array(classes.J);
  const size = correlation.size + classes.m + classes.J;
  const groupRows = new Float64Array(classes.J);
  if (sigmaGroups) for (const j of sigmaGroups.index) groupRows[j]! += 1;
  const { size: own } = correlation;
  const labels = sigma?.labels ?? [];

  const self: ResidualModel = {
    size,
    deviations: classes.J,
    groupOfSet: classes.J === 0 ? new Int32Array(0) : Int32Array.from(ones, (c) => classes.group[c]!),
    groupRows,
    first,
    second,
    set,
    sums: correlation.sums,
    classes,
    coefficients,
    logDet: 0,
    evaluations: 0,
    starts: starts(correlation.starts, own, classes.m, size),
    at(x) {
      self.evaluations += 1;
      if (!correlation.at(x)) return false;
      for (let k = 0; k < classes.m; k++) delta[k] = x[own + k]!;
      for (let j = 0; j < classes.J; j++) deviation[j] = x[own + classes.m + j]!;
      let logDet = correlation.logDet;
      for (let c = 0; c < classes.count; c++) {
        const s = logSd(classes, c, delta, deviation);
        inverse[c] = exp(-s);
        logDet += 2 * classes.rows[c]! * s;
      }
      for (let k = 0; k < coefficients.length; k++) {
        coefficients[k] = correlation.values[bases[k]!]! * inverse[ones[k]!]! * inverse[twos[k]!]!;
      }
      self.logDet = logDet;
      return true;
    },
    gradient(byCoefficient, out) {
      out.fill(0);
      byValue.fill(0);
      for (let c = 0; c < classes.count; c++) byClass[c] = 2 * classes.rows[c]!;
      for (let k = 0; k < coefficients.length; k++) {
        byValue[bases[k]!]! += byCoefficient[k]! * inverse[ones[k]!]! * inverse[twos[k]!]!;
        const change = byCoefficient[k]! * coefficients[k]!;
        byClass[ones[k]!]! -= change;
        byClass[twos[k]!]! -= change;
      }
      correlation.gradient(byValue, out);
      for (let c = 0; c < classes.count; c++) {
        for (let k = 0; k < classes.m; k++) out[own + k]! += byClass[c]! * classes.V[c * classes.m + k]!;
        if (classes.J > 0) out[own + classes.m + classes.group[c]!]! += byClass[c]!;
      }
    },
    byBase(bySet, out) {
      out.fill(0);
      for (let k = 0; k < bySet.length; k++) out[bases[k]!]! += bySet[k]! * inverse[ones[k]!]! * inverse[twos[k]!]!;
    },
    correlation,
    centre: classes.centre,
    scale: classes.scale,
    logSds(x) {
      const at = Float64Array.from({ length: classes.m }, (_, k) => x[own + k]!);
      const deviations = Float64Array.from({ length: classes.J }, (_, j) => x[own + classes.m + j]!);
      let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let c = 0; c < classes.count; c++) {
        const s = logSd(classes, c, at, deviations);
        [least, most] = [Math.min(least, s), Math.max(most, s)];
      }
      return { least, most };
    },
    relativeSd(w, j) {
      let sum = deviation[j] ?? 0;
      for (let k = 0; w && k < classes.m; k++) sum += (delta[k]! * (w[k]! - classes.centre[k]!)) / classes.scale[k]!;
      return exp(sum);
    },
    rowSd(i) {
      const { m } = classes;
      return self.relativeSd(sigma?.W.subarray(i * m, (i + 1) * m) ?? null, sigmaGroups?.index[i] ?? -1);
    },
    residualSd(i) {
      const own = correlation.variance(groups ? groups.positions[groups.occasion[i]!]! : 0);
      return self.rowSd(i) * Math.sqrt(own / (response.weights?.[i] ?? 1));
    },
    place(value) {
      const coordinates = new Float64Array(self.size);
      const first = value('sigma');
      if (groups) {
        const name = correlationName(groups.structure) ?? 'rho';
        const sd = (t: number): number => (correlation.sds ? value('sigma', t) / first : 1);
        coordinates.set(correlation.coordinates((k) => value(name, k), sd));
      }
      let logUnit = log(first);
      for (let k = 0; k < classes.m; k++) {
        const change = value('delta', k);
        coordinates[own + k] = change * classes.scale[k]!;
        logUnit += change * classes.centre[k]!;
      }
      for (let j = 0; sigmaGroups && j < classes.J; j++) {
        coordinates[own + classes.m + j] = value(`delta_${sigmaGroups.factor}`, j);
      }
      return { coordinates, unit: exp(logUnit) };
    },
    values(centred) {
      let shift = 0;
      const deltas = labels.map((label, k) => {
        const estimate = delta[k]! / classes.scale[k]!;
        shift += estimate * classes.centre[k]!;
        return { name: `delta[${label}]`, estimate };
      });
      const at0 = exp(log(centred) - shift);
      const occasions = groups?.occasions ?? [];
      const relative = correlation.sds?.() ?? new Float64Array(0);
      return {
        sigma: at0,
        parameters: [...correlation.parameters(), ...deltas],
        sds: Array.from(relative, (sd, t) => ({ name: `sigma[${occasions[t]}]`, estimate: at0 * sd })),
      };
    },
  };
  return self;
}

function correlationOf(n: number, groups: NonNullable<Design['residual']>['groups'], classes: SdClasses): Correlation {
  if (groups === null) return independent(n);
  switch (groups.structure) {
    case 'ar1':
    case 'car1':
      return autoregressive(groups);
    case 'cs':
      return compoundSymmetry(groups, classes.index);
    case 'toeplitz':
      return toeplitz(groups);
    case 'unstructured':
      return unstructured(groups);
  }
}

/** log s of class c. */
function logSd({ m, V, J, group }: SdClasses, c: number, delta: Float64Array, deviation: Float64Array): number {
  let sum = J > 0 ? deviation[group[c]!]! : 0;
  for (let k = 0; k < m; k++) sum += V[c * m + k]! * delta[k]!;
  return sum;
}

/** How far from equal sds searches begin too, in sds of a column of sigma: few rows have minima on either side. */
const ASIDE = 2;

/** Of more columns than these none is. */
const MANY = 4;

/** Every start of the correlation with equal sds, and the first of them with each column of sigma to either side. */
function starts(ofCorrelation: readonly Float64Array[], own: number, m: number, size: number): Float64Array[] {
  const at = (start: Float64Array, k: number, value: number): Float64Array => {
    const x = new Float64Array(size);
    x.set(start);
    if (m > 0) x[own + k] = value;
    return x;
  };
  const aside = Array.from({ length: m > MANY ? 0 : m }, (_, k) =>
    [ASIDE, -ASIDE].map((value) => at(ofCorrelation[0]!, k, value)),
  );
  return [...ofCorrelation.map((start) => at(start, 0, 0)), ...aside.flat()];
}
