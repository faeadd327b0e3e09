import type { Design } from '../../design/design.ts';
import { curvature } from '../../laplace/curvature.ts';
import { fisherInformation } from '../../laplace/fisherInformation.ts';
import { conditionalMode } from '../../laplace/mode.ts';
import { workingPredictor } from '../../laplace/workingPredictor.ts';
import { invertFromCholesky } from '../../linalg/cholesky.ts';
import { covarianceToUser, toUser } from '../../products/coordinates.ts';
import type { FamilyRows } from '../../products/familyRows.ts';
import { type Separation, separatedRows } from './separation.ts';

/** A generalised linear model without group terms: complete pooling, or one group's own fit. */
export interface Glm {
  /** Estimates, length p, on the user's scale; where `separated`, what the search had reached. */
  readonly beta: Float64Array;
  /** The same in the working coordinates of the design. */
  readonly working: Float64Array;
  /** Inverse of the expected information X'WX, p x p, row-major; as R's glm. */
  readonly vcov: Float64Array;
  /** Inverse of the observed information at `beta`, p x p, row-major. */
  readonly observed: Float64Array;
  /** With every constant, the binomial coefficients included. */
  readonly logLik: number;
  /** Iterations of reweighted least squares. */
  readonly iterations: number;
  /**
   * Null where the estimate exists; else the columns that separate successes from failures, and the rows they do it
   * for.
   */
  readonly separated: Separation | null;
  /** False where neither an estimate nor a separating direction was found. */
  readonly converged: boolean;
}

/** Iterations before a separating direction is looked for; most fits that exist have converged within them. */
const LOOK = 12;
const LOOKS = 8;
/** A last Newton step that still moves a linear predictor by this much: the estimate runs off. */
const RUNNING = 1e-4;

/**
 * Maximum likelihood of a design without its group terms by iteratively reweighted least squares with step-halving
 * (McCullagh & Nelder 1989, section 2.5), the observed weights. Under separation steps never shrink, so that a
 * separating direction is looked for where they have not. `rows` are those of `design` (its own, or of its cells).
 */
export function glm(design: Design, rows: FamilyRows): Glm {
  const { n, p } = design;
  const plain = { ...design, groupTerms: [] };
  const precision = rows.size.map((size, i) => size * rows.copies[i]!);
  const predictor = workingPredictor(plain, precision, true);
  const mode = conditionalMode(predictor, rows);
  const base = design.response.offset ?? new Float64Array(n);
  const movement = new Float64Array(n);
  const zero = new Float64Array(n);
  let iterations = 0;
  let converged = false;
  let separated: Separation | null = null;
  let asked = false;
  for (let look = 0; look < LOOKS && !converged && separated === null; look++) {
    const settled = mode.find(base, LOOK);
    iterations += mode.iterations();
    predictor.eta(mode.step, zero, movement);
    let largest = 0;
    for (const value of movement) largest = Math.max(largest, Math.abs(value));
    if (!asked && (!settled || largest > RUNNING)) {
      separated = separatedRows(plain, rows);
      asked = true;
    }
    converged = settled && separated === null;
  }
  const expected = curvature(predictor);
  const weight = new Float64Array(n);
  fisherInformation(rows, mode.eta, weight, new Float64Array(n));
  const vcov = new Float64Array(p * p).fill(Number.NaN);
  if (separated === null && expected.evaluate(mode.Lambda, weight, null)) {
    invertFromCholesky(expected.factor.corner, p, vcov);
    covarianceToUser(predictor.coordinates.beta, vcov, vcov);
  }
  const observed = new Float64Array(p * p).fill(Number.NaN);
  if (separated === null && converged) {
    invertFromCholesky(mode.curvature.factor.corner, p, observed);
    covarianceToUser(predictor.coordinates.beta, observed, observed);
  }
  const beta = Float64Array.from(mode.e);
  toUser(predictor.coordinates.beta, beta);
  return {
    beta,
    working: Float64Array.from(mode.e),
    vcov,
    observed,
    logLik: mode.logLik(),
    iterations,
    separated,
    converged,
  };
}
