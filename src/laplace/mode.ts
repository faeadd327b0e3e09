import { solveArrow } from '../linalg/arrowCholesky.ts';
import { type FamilyRows, fillRows } from '../products/familyRows.ts';
import { scaleBy, scaleTransposed } from '../products/relativePrecision.ts';
import { type Curvature, curvature } from './curvature.ts';
import type { WorkingPredictor } from './workingPredictor.ts';

/** A Gaussian prior on beta in working coordinates. */
export interface BetaPrior {
  /** Length p. */
  readonly mean: Float64Array;
  /** p x p, row-major. */
  readonly precision: Float64Array;
}

/** The conditional mode of the scaled coefficients, and the rows at it. */
export interface ConditionalMode {
  readonly predictor: WorkingPredictor;
  readonly rows: FamilyRows;
  /** Working factors Lambda~_f, q_f x q_f row-major, to be set before `find`. */
  readonly Lambda: Float64Array[];
  /** The mode (e, beta~), in the order of the predictor; the start of the next search. */
  readonly e: Float64Array;
  /** Working coefficients x = (Lambda e, beta~). */
  readonly x: Float64Array;
  /** By row, length n: the linear predictor, l', -l'' and l''' there. */
  readonly eta: Float64Array;
  readonly score: Float64Array;
  readonly weight: Float64Array;
  readonly third: Float64Array;
  /** [Z X]' l' at the mode, before Lambda. */
  readonly gradient: Float64Array;
  /** The factor of M with the observed weights, at the mode. */
  readonly curvature: Curvature;
  /** log p(y | mode) with the constants of the rows. */
  logLik(): number;
  /** |e|^2, plus the prior's quadratic form where there is one. */
  penalty(): number;
  /** Newton steps of the last search, and the last Newton decrement h'M^-1 h. */
  readonly iterations: () => number;
  readonly decrement: () => number;
  /** The last Newton step, in the order of e. */
  readonly step: Float64Array;
  /**
   * Searches from `e` for the mode given `Lambda` and `base` (length n, what eta has besides [Z X] x); false where no
   * mode was found within `limit` steps or the curvature is singular.
   */
  find(base: Float64Array, limit?: number): boolean;
}

/** A step this short (in curvature units, squared) is the last: the one after it would be at rounding. */
const SETTLED = 1e-13;

/**
 * Maximises log p(y | eta) - |e|^2 / 2 - (beta - m)'V^-1(beta - m) / 2, eta = base + Z Lambda e + X beta, by penalised
 * iteratively reweighted least squares with the observed weights (Newton's method; Bates, Maechler, Bolker & Walker
 * 2015, section 3; Pinheiro & Chao 2006): M step = Lambda'Z'l' - e on the arrow factor, halved until the objective does
 * not fall. The objective is concave in (e, beta) for families without a sigma, save those with a `stepInformation`:
 * where M is not positive definite their steps go by it, and a mode is one with the observed weights all the same. The
 * predictor may leave beta out (then it belongs to `base`); `prior` null is a flat beta. Workspaces are allocated once.
 */
export function conditionalMode(
  predictor: WorkingPredictor,
  rows: FamilyRows,
  prior: BetaPrior | null = null,
): ConditionalMode {
  const { size, p, n, groups } = predictor;
  const first = size - p;
  const Lambda = groups.map(({ q }) => new Float64Array(q * q));
  const e = new Float64Array(size);
  const trial = new Float64Array(size);
  const x = new Float64Array(size);
  const step = new Float64Array(size);
  const gradient = new Float64Array(size);
  const eta = new Float64Array(n);
  const score = new Float64Array(n);
  const weight = new Float64Array(n);
  const third = new Float64Array(n);
  let other: Float64Array | null = null;
  const curve = curvature(predictor);
  // The constants of large counts nearly cancel what depends on eta: their size, not the sum's, is that of its
  // rounding.
  const magnitude = rows.constants.reduce((sum, constant) => sum + Math.abs(constant), 0);
  let logLik = Number.NaN;
  let penalty = Number.NaN;
  let iterations = 0;
  let decrement = Number.NaN;

  const evaluate = (point: Float64Array, base: Float64Array): number => {
    scaleBy(predictor, Lambda, point, x);
    predictor.eta(x, base, eta);
    logLik = fillRows(rows, eta, 1, { score, weight, third });
    penalty = 0;
    for (let i = 0; i < first; i++) penalty += point[i]! * point[i]!;
    if (prior) {
      for (let a = 0; a < p; a++) {
        for (let b = 0; b < p; b++) {
          penalty +=
            prior.precision[a * p + b]! * (point[first + a]! - prior.mean[a]!) * (point[first + b]! - prior.mean[b]!);
        }
      }
    }
    return logLik - penalty / 2;
  };

  return {
    predictor,
    rows,
    Lambda,
    e,
    x,
    eta,
    score,
    weight,
    third,
    gradient,
    curvature: curve,
    step,
    logLik: () => logLik,
    penalty: () => penalty,
    iterations: () => iterations,
    decrement: () => decrement,
    find(base, limit = 200) {
      iterations = 0;
      decrement = Number.NaN;
      let value = evaluate(e, base);
      if (!Number.isFinite(value)) {
        e.fill(0);
        value = evaluate(e, base);
      }
      for (;;) {
        if (!Number.isFinite(value)) return false;
        predictor.transpose(score, gradient);
        if (!curve.evaluate(Lambda, weight, prior?.precision ?? null)) {
          const stand = decrement > SETTLED || iterations === 0 ? standing() : null;
          if (stand === null || !curve.evaluate(Lambda, stand, prior?.precision ?? null)) return false;
          decrement = Number.POSITIVE_INFINITY;
        }
        if (decrement <= SETTLED) return true;
        if (iterations === limit) return false;
        newton();
        if (!(decrement >= 0)) return false;
        iterations++;
        let length = 1;
        for (; ; length /= 2) {
          for (let i = 0; i < size; i++) trial[i] = e[i]! + length * step[i]!;
          const reached = evaluate(trial, base);
          // Near the mode the objective may fall by rounding.
          if (reached >= value - 1e-13 * (Math.abs(value) + magnitude)) {
            value = reached;
            break;
          }
          if (length < 1e-10) return false;
        }
        e.set(trial);
        if (length < 1) decrement = Number.POSITIVE_INFINITY;
      }
    },
  };

  /** The weights of a step where the observed ones make no mode; null where the family has none. */
  function standing(): Float64Array | null {
    const { family, own } = rows;
    if (!family.stepInformation) return null;
    other ??= new Float64Array(n);
    for (let i = 0; i < n; i++) {
      other[i] = rows.copies[i]! * family.stepInformation(rows.size[i]!, eta[i]!, own);
    }
    return other;
  }

  /** step := M^-1 h, h the gradient of the objective; sets the decrement h'M^-1 h. */
  function newton(): void {
    scaleTransposed(predictor, Lambda, gradient, step);
    for (let i = 0; i < first; i++) step[i]! -= e[i]!;
    if (prior) {
      for (let a = 0; a < p; a++) {
        for (let b = 0; b < p; b++) step[first + a]! -= prior.precision[a * p + b]! * (e[first + b]! - prior.mean[b]!);
      }
    }
    trial.set(step);
    solveArrow(curve.factor, step);
    decrement = 0;
    for (let i = 0; i < size; i++) decrement += step[i]! * trial[i]!;
  }
}
