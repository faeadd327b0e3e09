import type { Family } from '../../families/family.ts';
import { backwardSolve, cholesky, choleskySolve, logDeterminant } from '../../linalg/cholesky.ts';
import { gaussHermite } from '../../special/gaussHermite.ts';
import { LOG_2PI } from '../../special/normalPoints.ts';

/** The rows of a unit at one draw; what changes from draw to draw is written over. */
export interface DrawnRows {
  readonly family: Family;
  readonly y: Float64Array;
  readonly size: Float64Array;
  readonly copies: Float64Array;
  /** Rows x q, row-major: the columns of the deviations that are integrated out. */
  readonly Z: Float64Array;
  readonly q: number;
  /** The linear predictor without them, a value for each row. */
  readonly eta: Float64Array;
  /** Lambda, q x q, row-major, lower triangular. */
  readonly lambda: Float64Array;
  sigma: number;
  own: number | undefined;
}

/** How many coefficients may vary. */
export const LARGEST_DIMENSION = 3;

/**
 * Points to a coordinate by the number of coordinates, the fewest first: of the last there are 15, 49 and 125 in all;
 * the fewer do for units of many rows, whose integrands are nearly normal.
 */
export const POINTS: readonly (readonly number[])[] = [[1], [5, 9, 15], [3, 5, 7], [3, 5]];

/** Newton steps to the mode, of which the nodes need to know no more than hundredths of an sd. */
const STEPS = 30;
const NEAR = 1e-4;

/**
 * A function that gives the log of the integral over e ~ N(0, I) of exp(sum_i copies_i l_i(eta_i + z_i' Lambda e)), l
 * without its constants, at what the rows hold when it is called: adaptive Gauss-Hermite quadrature (Liu & Pierce 1994;
 * Pinheiro & Bates 1995, equation 6) with nodes e^ + L^-T z_k, e^ the mode of f(e) = sum l - e'e / 2 and L L' = I +
 * Lambda' Z' W Z Lambda there, W the observed information, or where that is not positive definite (outliers of
 * Student-t rows) the expected one, by which the steps to the mode go where rows are not log-concave:
 *   -log|L| - q log(2 pi) / 2 + log sum_k w_k exp(f(e^ + L^-T z_k)).
 * Without coordinates it is the sum. Each call starts at the mode of the last one.
 */
export function drawIntegral(rows: DrawnRows, points: number): () => number {
  const { family, y, size, copies, Z, q, eta, lambda } = rows;
  const n = y.length;
  // Families without a sigma are log-concave in eta, save those that step by an information of their own.
  const concave = family.sigma === null && !family.stepInformation;
  const { nodes, weights } = productNodes(q, points);
  const count = weights.length;
  // Rules have odd numbers of points: the middle node is the mode itself.
  const centre = (count - 1) / 2;
  const mode = new Float64Array(q);
  const e = new Float64Array(q);
  const step = new Float64Array(q);
  const L = new Float64Array(q * q);
  const observed = new Float64Array(q * q);
  const factor = new Float64Array(q * q);
  const slope = new Float64Array(q);
  const columns = new Float64Array(n * q);
  const one = new Float64Array(4);
  const two = new Float64Array(2);
  const at = new Float64Array(count);

  /** f at a point; with its gradient in `slope`, and I + Lambda' Z' W Z Lambda of both kinds in L and `observed`. */
  const value = (point: Float64Array, derivatives: boolean): number => {
    let sum = 0;
    if (derivatives) {
      slope.fill(0);
      L.fill(0);
      observed.fill(0);
    }
    for (let i = 0; i < n; i++) {
      let here = eta[i]!;
      for (let k = 0; k < q; k++) here += columns[i * q + k]! * point[k]!;
      family.derivatives(y[i]!, size[i]!, here, rows.sigma, one, rows.own);
      const m = copies[i]!;
      sum += m * one[0]!;
      if (!derivatives) continue;
      if (concave) two[0] = one[2]!;
      else if (family.stepInformation) two[0] = family.stepInformation(size[i]!, here, rows.own);
      else family.information(size[i]!, here, rows.sigma, two, rows.own);
      for (let k = 0; k < q; k++) {
        const c = columns[i * q + k]!;
        slope[k]! += m * one[1]! * c;
        for (let l = 0; l <= k; l++) {
          L[k * q + l]! += m * two[0]! * c * columns[i * q + l]!;
          observed[k * q + l]! += m * one[2]! * c * columns[i * q + l]!;
        }
      }
    }
    for (let k = 0; k < q; k++) {
      sum -= (point[k]! * point[k]!) / 2;
      if (!derivatives) continue;
      slope[k]! -= point[k]!;
      L[k * q + k]! += 1;
      observed[k * q + k]! += 1;
    }
    return sum;
  };

  /** Leaves the mode in `mode`, and what the rows say there; gives f there. */
  const findMode = (): number => {
    let top = value(mode, true);
    if (!Number.isFinite(top)) {
      mode.fill(0);
      top = value(mode, true);
    }
    for (let round = 0; round < STEPS; round++) {
      factor.set(L);
      cholesky(factor, q);
      step.set(slope);
      choleskySolve(factor, q, step);
      let gain = 0;
      for (let k = 0; k < q; k++) gain += step[k]! * slope[k]!;
      if (!(gain > NEAR)) return top;
      let length = 1;
      let next = Number.NEGATIVE_INFINITY;
      for (; length > 1e-6; length /= 2) {
        for (let k = 0; k < q; k++) e[k] = mode[k]! + length * step[k]!;
        next = value(e, true);
        if (next >= top) break;
      }
      if (!(next >= top)) return value(mode, true);
      mode.set(e);
      top = next;
    }
    return top;
  };

  /** Leaves the factor of the curvature at the mode in L. */
  const factorCurvature = (): void => {
    factor.set(L);
    L.set(observed);
    if (cholesky(L, q)) return;
    L.set(factor);
    cholesky(L, q);
  };

  return () => {
    if (q === 0) return value(e, false);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < q; k++) {
        let sum = 0;
        for (let b = k; b < q; b++) sum += Z[i * q + b]! * lambda[b * q + k]!;
        columns[i * q + k] = sum;
      }
    }
    const top = findMode();
    factorCurvature();
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      for (let c = 0; c < q; c++) e[c] = nodes[k * q + c]!;
      backwardSolve(L, q, e);
      for (let c = 0; c < q; c++) e[c]! += mode[c]!;
      at[k] = weights[k]! + (k === centre ? top : value(e, false));
      if (at[k]! > largest) largest = at[k]!;
    }
    let sum = 0;
    for (let k = 0; k < count; k++) sum += Math.exp(at[k]! - largest);
    return largest + Math.log(sum) - logDeterminant(L, q) / 2 - (q * LOG_2PI) / 2;
  };
}

/** The product of Gauss-Hermite rules for q coordinates: nodes (count x q) and the logs of their weights. */
function productNodes(q: number, points: number): { readonly nodes: Float64Array; readonly weights: Float64Array } {
  const rule = gaussHermite(points);
  const count = points ** q;
  const nodes = new Float64Array(count * q);
  const weights = new Float64Array(count);
  for (let k = 0; k < count; k++) {
    let rest = k;
    for (let c = 0; c < q; c++) {
      const place = rest % points;
      rest = (rest - place) / points;
      nodes[k * q + c] = rule.nodes[place]!;
      weights[k]! += Math.log(rule.weights[place]!);
    }
  }
  return { nodes, weights };
}
