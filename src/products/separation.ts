import { exp, log1p } from '../elementary.ts';
import { cholesky, choleskySolve } from '../linalg/cholesky.ts';
import { orthogonalise } from '../linalg/orthogonalise.ts';
import { equalRows } from './equalRows.ts';

/** What separation depends on. */
export interface SeparableRows {
  readonly n: number;
  /** Number of columns. */
  readonly p: number;
  /** n x p, row-major. */
  readonly X: Float64Array;
  /**
   * `certainAt` of the family, length n: 1 for a row whose likelihood never falls as eta grows (a success), -1 as it
   * shrinks, 0 for neither.
   */
  readonly certain: Int8Array;
}

/** A direction along which the likelihood never falls. */
export interface Separation {
  /**
   * 'complete': every row is predicted without error; 'quasi': some rows are, the others lie on the boundary x'
   * direction = 0.
   */
  readonly kind: 'complete' | 'quasi';
  /** Length p: x_i' direction >= 0 for successes, <= 0 for failures, 0 for rows that have both. */
  readonly direction: Float64Array;
  /** The columns the direction moves along, ascending. */
  readonly columns: readonly number[];
}

/** What counts as 0 beside the largest x_i' direction: overlap narrower than this share of the data is not seen. */
const ON_BOUNDARY = 1e-7;
/** A Newton step that moves no linear predictor by more than this has reached a finite maximum. */
const CONVERGED = 1e-6;
/**
 * Along a separating direction a Newton step moves eta by about 1: by then what is left of the other rows is below
 * ON_BOUNDARY.
 */
const STEPS = 40;

/**
 * Complete or quasi-complete separation (Albert & Anderson 1984): a direction along which the likelihood of a logit or
 * probit regression never falls and for some row rises, so that no maximum exists and a flat prior has no proper
 * posterior; null where there is none.
 *
 * The maximum likelihood logit fit of the merged rows, by Newton steps with halving, in orthogonal columns. Either it
 * converges: the residuals are then positive weights with X' S weights = 0, which shows that no direction separates
 * (Stiemke's lemma). Or the steps tend to a direction, and that direction is verified against every row. A separation
 * is reported only with such a direction; it is missed where neither comes about in 40 steps, and an overlap narrower
 * than 1e-7 of the data counts as none.
 */
export function separation(rows: SeparableRows): Separation | null {
  const { p } = rows;
  if (p === 0) return null;
  const { n, X, target } = merged(rows);
  const T = orthogonalise(X, p, new Float64Array(n).fill(1));
  const M = times(X, T, n, p);
  const eta = new Float64Array(n);
  const along = new Float64Array(n);
  const step = new Float64Array(p);
  const H = new Float64Array(p * p);
  let logLik = logLikelihood(eta, target);
  for (let iteration = 0; iteration < STEPS; iteration++) {
    if (!newtonStep(M, p, eta, target, H, step)) return null;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += M[i * p + k]! * step[k]!;
      along[i] = sum;
      largest = Math.max(largest, Math.abs(sum));
    }
    if (!(largest > CONVERGED)) return null;
    const kind = separates(along, target, ON_BOUNDARY * largest);
    if (kind !== null) return { kind, ...inColumns(step, T, rows) };
    logLik = ascend(eta, along, target, logLik);
  }
  return null;
}

interface MergedRows {
  readonly n: number;
  readonly X: Float64Array;
  /** 0 for rows of failures alone, 1 of successes alone, 1/2 for those with both. */
  readonly target: Float64Array;
}

function merged({ n, p, X, certain }: SeparableRows): MergedRows {
  const { count, index, first } = equalRows(n, [{ values: X, width: p }]);
  const successes = new Uint8Array(count);
  const failures = new Uint8Array(count);
  for (let i = 0; i < n; i++) {
    if (certain[i]! >= 0) successes[index[i]!] = 1;
    if (certain[i]! <= 0) failures[index[i]!] = 1;
  }
  const distinct = new Float64Array(count * p);
  for (let c = 0; c < count; c++) distinct.set(X.subarray(first[c]! * p, (first[c]! + 1) * p), c * p);
  const target = Float64Array.from(successes, (success, c) => (1 + success - failures[c]!) / 2);
  return { n: count, X: distinct, target };
}

/** X T (n x p), T upper triangular. */
function times(X: Float64Array, T: Float64Array, n: number, p: number): Float64Array {
  const M = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < p; a++) {
      let sum = 0;
      for (let b = 0; b <= a; b++) sum += X[i * p + b]! * T[b * p + a]!;
      M[i * p + a] = sum;
    }
  }
  return M;
}

/** The Newton step of the logit log-likelihood to `step`; false where its Hessian is singular. */
function newtonStep(
  M: Float64Array,
  p: number,
  eta: Float64Array,
  target: Float64Array,
  H: Float64Array,
  step: Float64Array,
): boolean {
  H.fill(0);
  step.fill(0);
  for (let i = 0; i < eta.length; i++) {
    const e = exp(-Math.abs(eta[i]!));
    const share = e / (1 + e);
    // target - mu without cancellation for rows that are fitted to the last digit.
    const residual = eta[i]! >= 0 ? target[i]! - 1 + share : target[i]! - share;
    const weight = share / (1 + e);
    for (let a = 0; a < p; a++) {
      const x = M[i * p + a]!;
      step[a]! += residual * x;
      for (let b = 0; b <= a; b++) H[a * p + b]! += weight * x * M[i * p + b]!;
    }
  }
  if (!cholesky(H, p)) return false;
  choleskySolve(H, p, step);
  return true;
}

/**
 * Whether no row lies on the wrong side of the direction, `along` its linear predictors, and how many on the boundary.
 */
function separates(along: Float64Array, target: Float64Array, tolerance: number): Separation['kind'] | null {
  let boundary = 0;
  for (let i = 0; i < along.length; i++) {
    const side = (2 * target[i]! - 1) * along[i]!;
    if (target[i] === 0.5 ? Math.abs(along[i]!) > tolerance : side < -tolerance) return null;
    if (target[i] === 0.5 || side <= tolerance) boundary += 1;
  }
  return boundary === 0 ? 'complete' : 'quasi';
}

/** Moves eta along a step, halved until the log-likelihood rises; returns the new log-likelihood. */
function ascend(eta: Float64Array, along: Float64Array, target: Float64Array, before: number): number {
  let share = 1;
  for (let i = 0; i < eta.length; i++) eta[i]! += along[i]!;
  let after = logLikelihood(eta, target);
  while (after < before && share > 1e-6) {
    share /= 2;
    for (let i = 0; i < eta.length; i++) eta[i]! -= share * along[i]!;
    after = logLikelihood(eta, target);
  }
  return after;
}

function logLikelihood(eta: Float64Array, target: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < eta.length; i++) {
    const distance = Math.abs(eta[i]!);
    const against = eta[i]! >= 0 ? 1 - target[i]! : target[i]!;
    sum -= against * distance + log1p(exp(-distance));
  }
  return sum;
}

/** The direction in the user's columns, scaled to largest entry 1 in column lengths, and the columns it moves along. */
function inColumns(
  step: Float64Array,
  T: Float64Array,
  { n, p, X }: SeparableRows,
): Pick<Separation, 'direction' | 'columns'> {
  const direction = new Float64Array(p);
  const reach = new Float64Array(p);
  for (let a = 0; a < p; a++) {
    for (let b = a; b < p; b++) direction[a]! += T[a * p + b]! * step[b]!;
    let size = 0;
    for (let i = 0; i < n; i++) size = Math.max(size, Math.abs(X[i * p + a]!));
    reach[a] = Math.abs(direction[a]!) * size;
  }
  const largest = reach.reduce((most, value) => Math.max(most, value), 0);
  const columns = Array.from(reach.keys()).filter((a) => reach[a]! > 10 * ON_BOUNDARY * largest);
  return { direction, columns };
}
