import type { Design } from '../../design/design.ts';
import { type Curvature, curvature } from '../../laplace/curvature.ts';
import { fisherInformation } from '../../laplace/fisherInformation.ts';
import { type ConditionalMode, conditionalMode } from '../../laplace/mode.ts';
import { type WorkingPredictor, workingPredictor, workingX } from '../../laplace/workingPredictor.ts';
import { borderScaling } from '../../products/borderScaling.ts';
import type { FamilyRows } from '../../products/familyRows.ts';
import { type CovarianceSystem, NO_CENTRING } from '../gaussian/covarianceSystem.ts';

/**
 * An approximation of -2 log of the marginal likelihood, a function of the relative factors and of beta in working
 * coordinates; both are set here, at `mode.Lambda` and in `at`.
 */
export interface MarginalDeviance {
  readonly state: GeneralizedState;
  /** At mode.Lambda and beta~ (length p); NaN where no conditional mode was found. */
  at(beta: ArrayLike<number>): number;
  /**
   * At the last evaluation: the derivative by each working relative covariance S_f = Lambda~_f Lambda~_f', and by beta~
   * (to `beta`).
   */
  gradient(beta: Float64Array): Float64Array[];
  /** After `gradient`: the derivative by the coordinate v of the family's own parameter, which is `rows.own` there. */
  byOwn(v: number): number;
}

/**
 * The conditional mode given beta, with the expected information of the rows there: what lme4's Laplace criterion is
 * made of.
 */
export interface GeneralizedState {
  readonly rows: FamilyRows;
  readonly predictor: WorkingPredictor;
  /** X T_X, n x p. */
  readonly X: Float64Array;
  readonly p: number;
  readonly mode: ConditionalMode;
  /** Lambda'Z'WZ Lambda + I with the expected information, which for the logit link is the observed one. */
  readonly expected: Curvature;
  /** Expected information of the rows at the mode and its derivative by eta, length n. */
  readonly weight: Float64Array;
  readonly slope: Float64Array;
  /** offset + X beta, length n. */
  readonly base: Float64Array;
  readonly system: CovarianceSystem & { readonly others: number };
  /** Finds the mode given beta~ and evaluates the curvature there; false where there is none. */
  settle(beta: ArrayLike<number>): boolean;
}

/** Workspaces for a design (of rows or of cells) and its rows. */
export function generalizedState(design: Design, rows: FamilyRows): GeneralizedState {
  const { n, p } = design;
  const precision = rows.size.map((size, i) => size * rows.copies[i]!);
  const predictor = workingPredictor(design, precision, false);
  const X = workingX(design, predictor.coordinates);
  const mode = conditionalMode(predictor, rows);
  const canonical = rows.family.laplace === 'observed';
  const expected = canonical ? mode.curvature : curvature(predictor);
  const weight = canonical ? mode.weight : new Float64Array(n);
  const slope = new Float64Array(n);
  const base = new Float64Array(n);
  const { A, pattern } = predictor;
  return {
    rows,
    predictor,
    X,
    p,
    mode,
    expected,
    weight,
    slope,
    base,
    system: {
      crossProducts: predictor,
      factor: expected.factor,
      lambda: mode.Lambda,
      blocks: A.blocks,
      border: A.border,
      corner: A.corner,
      scaling: borderScaling(predictor),
      solution: mode.e,
      score: mode.gradient,
      centring: NO_CENTRING,
      others: pattern.r,
    },
    settle(beta) {
      for (let i = 0; i < n; i++) {
        let sum = design.response.offset?.[i] ?? 0;
        for (let k = 0; k < p; k++) sum += X[i * p + k]! * beta[k]!;
        base[i] = sum;
      }
      if (!mode.find(base)) {
        // A mode of elsewhere may be too far for Newton's steps: they begin anew, and so do those of the next search.
        mode.e.fill(0);
        if (!mode.find(base)) {
          mode.e.fill(0);
          return false;
        }
      }
      if (canonical) {
        for (let i = 0; i < n; i++) slope[i] = -mode.third[i]!;
        return true;
      }
      fisherInformation(rows, mode.eta, weight, slope);
      return expected.evaluate(mode.Lambda, weight, null);
    },
  };
}
