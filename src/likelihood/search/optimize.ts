import { symmetricEigen } from '../../linalg/symmetricEigen.ts';

/**
 * A function to be minimised: returns its value at x and fills `gradient`; a point outside its domain gives Infinity.
 */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** Hessian, d x d, row-major: by central differences of the gradient, or the one that `newton` was given. */
  readonly hessian: Float64Array;
  /** Calls of the objective. */
  readonly evaluations: number;
  /** g'|H|^-1 g / 2: the decrease a Newton step predicts. */
  readonly expectedDecrease: number;
}

export interface MinimizeOptions {
  /** Stop when a quasi-Newton step predicts a decrease below this; default 1e-9. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  /** Stop at the first iteration that begins after this many calls. */
  readonly maxEvaluations?: number;
  /** Told each point that is accepted; true ends the descent there. */
  readonly abandon?: (x: Float64Array, value: number) => boolean;
}

const ARMIJO = 1e-4;
const CURVATURE = 0.5;

/** A step of differences longer than this share of 1 / sqrt(curvature) is made shorter, at most so many times. */
const TOO_LONG = 0.1;
const CLOSER = 3;

/** Where a descent ended, before anything is checked there. */
export interface Descent {
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly evaluations: number;
  /** Whether the last quasi-Newton step promised a decrease below the tolerance: the end is a stationary point. */
  readonly settled: boolean;
}

/**
 * Descends from `start`: BFGS on the inverse Hessian with a weak Wolfe line search (Nocedal & Wright 2006, ch. 6; Lewis
 * & Overton 2013 for the bracketing), started from a differenced Hessian. Points where the value is not finite are
 * never accepted.
 */
export function descend(objective: Objective, start: ArrayLike<number>, options: MinimizeOptions = {}): Descent {
  const tolerance = options.tolerance ?? 1e-9;
  const maxIterations = options.maxIterations ?? 200;
  const maxEvaluations = options.maxEvaluations ?? Number.POSITIVE_INFINITY;
  const d = start.length;
  let evaluations = 0;
  const call = finite(objective, () => {
    evaluations++;
  });
  let x: Float64Array = Float64Array.from(start);
  let g: Float64Array = new Float64Array(d);
  let f = call(x, g);
  if (d === 0 || f === Number.POSITIVE_INFINITY) {
    return { x, value: f, gradient: g, evaluations, settled: d === 0 };
  }
  if (g.every((entry) => entry === 0)) return { x, value: f, gradient: g, evaluations, settled: true };
  const inverse = positiveInverse(differenceHessian(call, x, g), d);
  const step = new Float64Array(d);
  let stalled = 0;
  let settled = false;
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    multiply(inverse, g, step);
    let slope = 0;
    for (let i = 0; i < d; i++) slope -= step[i]! * g[i]!;
    settled = !(-slope / 2 > tolerance);
    if (settled || evaluations > maxEvaluations || options.abandon?.(x, f)) break;
    let longest = 0;
    let reach = 1;
    for (let i = 0; i < d; i++) {
      longest = Math.max(longest, Math.abs(step[i]!));
      reach = Math.max(reach, Math.abs(x[i]!));
    }
    const shrink = Math.min(1, (2 * reach) / longest);
    for (let i = 0; i < d; i++) step[i]! *= -shrink;
    const found = lineSearch(call, x, f, step, slope * shrink);
    if (!found) break;
    const gained = f - found.f;
    bfgsUpdate(inverse, found.x, x, found.g, g);
    x = found.x;
    f = found.f;
    g = found.g;
    // Three steps within the rounding of the value: from here on only the gradient knows more.
    stalled = gained < 1e-13 * Math.abs(f) ? stalled + 1 : 0;
    if (stalled === 3) break;
  }
  return { x, value: f, gradient: g, evaluations, settled };
}

/**
 * Local minimum of a smooth function: a descent, then Newton steps on the gradient alone, which go on where the value
 * has run out of digits. Deterministic.
 */
export function minimize(objective: Objective, start: ArrayLike<number>, options: MinimizeOptions = {}): Minimum {
  const end = descend(objective, start, options);
  const d = start.length;
  let { x, value: f, gradient: g, evaluations } = end;
  if (d === 0 || f === Number.POSITIVE_INFINITY) {
    return { x, value: f, gradient: g, hessian: new Float64Array(d * d), evaluations, expectedDecrease: 0 };
  }
  const call = finite(objective, () => {
    evaluations++;
  });
  const step = new Float64Array(d);
  const H = differenceHessian(call, x);
  const inverse = positiveInverse(H, d);
  let expectedDecrease = newtonStep(inverse, g, step);
  for (let polish = 0; polish < 6 && expectedDecrease > 1e-18; polish++) {
    const trial = x.map((value, i) => value - step[i]!);
    const slope = new Float64Array(d);
    const value = call(trial, slope);
    const remaining = newtonStep(inverse, slope, step);
    // The value may rise by rounding only (log-determinants of sds 1e4 times sigma keep eight digits); the gradient
    // must have become smaller in the metric of the Hessian.
    if (!(value <= f + 1e-8 * Math.abs(f)) || !(remaining < expectedDecrease)) break;
    x = trial;
    f = value;
    g = slope;
    expectedDecrease = remaining;
  }
  return { x, value: f, gradient: g, hessian: H, evaluations, expectedDecrease };
}

/** The objective with Infinity for every value that is not finite; `counted` is told of each call. */
export function finite(objective: Objective, counted: () => void): Objective {
  return (point, slope) => {
    counted();
    const value = objective(point, slope);
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  };
}

/** Fills step with inverse g and returns g' inverse g / 2. */
export function newtonStep(inverse: Float64Array, g: Float64Array, step: Float64Array): number {
  multiply(inverse, g, step);
  let decrease = 0;
  for (let i = 0; i < g.length; i++) decrease += (step[i]! * g[i]!) / 2;
  return decrease;
}

/**
 * d x d Hessian by central differences of the gradient, symmetrised, for each coordinate above x and then below,
 * at last by the step that counts; by forward differences where the gradient `at` x is given.
 */
export function differenceHessian(
  objective: Objective,
  x: Float64Array,
  at?: Float64Array,
  stepAtZero = 1e-5,
): Float64Array {
  const d = x.length;
  const H = new Float64Array(d * d);
  const point = Float64Array.from(x);
  const up = new Float64Array(d);
  const down = new Float64Array(d);
  for (let k = 0; k < d; k++) {
    let h = differenceStep(x[k]!, stepAtZero);
    let steps = at === undefined ? 2 * h : h;
    for (let round = 0; ; round++) {
      point[k] = x[k]! + h;
      objective(point, up);
      if (at === undefined) {
        point[k] = x[k]! - h;
        objective(point, down);
      } else down.set(at);
      // Across a valley that is far from 0 and narrow a share of x is too long: then a hundredth of the valley's width.
      const width = Math.sqrt(steps / Math.abs(up[k]! - down[k]!));
      if (round === CLOSER || !(h > TOO_LONG * width) || !(width > 0)) break;
      h = width / 100;
      steps = at === undefined ? 2 * h : h;
    }
    point[k] = x[k]!;
    for (let i = 0; i < d; i++) H[i * d + k] = (up[i]! - down[i]!) / steps;
  }
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (H[i * d + j]! + H[j * d + i]!) / 2;
      H[i * d + j] = mean;
      H[j * d + i] = mean;
    }
  }
  return H;
}

/**
 * Inverse of the matrix with the absolute eigenvalues of A, those near 0 raised, so that -inverse g always descends.
 */
export function positiveInverse(A: Float64Array, d: number): Float64Array {
  const out = new Float64Array(d * d);
  for (const value of A) {
    if (!Number.isFinite(value)) {
      for (let i = 0; i < d; i++) out[i * d + i] = 1;
      return out;
    }
  }
  const { values, vectors } = symmetricEigen(A, d);
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  const floor = Math.max(1e-8 * largest, Number.MIN_VALUE * 2 ** 60);
  for (let k = 0; k < d; k++) {
    const weight = 1 / Math.max(Math.abs(values[k]!), floor);
    for (let i = 0; i < d; i++) {
      for (let j = 0; j < d; j++) out[i * d + j]! += weight * vectors[i * d + k]! * vectors[j * d + k]!;
    }
  }
  return out;
}

/** How far from a coordinate the gradient is differenced. */
function differenceStep(x: number, atZero: number): number {
  return x === 0 ? atZero : 1e-4 * Math.max(0.1, Math.abs(x));
}

function multiply(A: Float64Array, x: Float64Array, out: Float64Array): void {
  const d = x.length;
  for (let i = 0; i < d; i++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += A[i * d + j]! * x[j]!;
    out[i] = sum;
  }
}

/** Weak Wolfe conditions by bisection and doubling; returns the last point of sufficient decrease, or null. */
function lineSearch(
  objective: Objective,
  x: Float64Array,
  f: number,
  step: Float64Array,
  slope: number,
): { x: Float64Array; f: number; g: Float64Array } | null {
  const d = x.length;
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let length = 1;
  let best: { x: Float64Array; f: number; g: Float64Array } | null = null;
  for (let trial = 0; trial < 25; trial++) {
    const point = new Float64Array(d);
    for (let i = 0; i < d; i++) point[i] = x[i]! + length * step[i]!;
    const g = new Float64Array(d);
    const value = objective(point, g);
    let along = 0;
    for (let i = 0; i < d; i++) along += g[i]! * step[i]!;
    if (!(value <= f + ARMIJO * length * slope)) {
      high = length;
    } else {
      best = { x: point, f: value, g };
      if (along >= CURVATURE * slope) return best;
      low = length;
    }
    if (high === Number.POSITIVE_INFINITY) length = 2 * low;
    else if (low === 0 && value < Number.POSITIVE_INFINITY) {
      // The parabola through f, its slope and the value here, kept inside the bracket.
      const parabola = (-slope * length * length) / (2 * (value - f - slope * length));
      length = Math.min(Math.max(parabola, 0.1 * high), 0.5 * high);
    } else length = (low + high) / 2;
  }
  return best;
}

function bfgsUpdate(
  inverse: Float64Array,
  xNew: Float64Array,
  x: Float64Array,
  gNew: Float64Array,
  g: Float64Array,
): void {
  const d = x.length;
  const s = xNew.map((value, i) => value - x[i]!);
  const y = gNew.map((value, i) => value - g[i]!);
  let sy = 0;
  for (let i = 0; i < d; i++) sy += s[i]! * y[i]!;
  const Hy = new Float64Array(d);
  multiply(inverse, y, Hy);
  let yHy = 0;
  for (let i = 0; i < d; i++) yHy += y[i]! * Hy[i]!;
  if (!(sy > 1e-14 * yHy) || !(sy > 0)) return;
  const scale = (1 + yHy / sy) / sy;
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      inverse[i * d + j]! += scale * s[i]! * s[j]! - (Hy[i]! * s[j]! + s[i]! * Hy[j]!) / sy;
    }
  }
}
