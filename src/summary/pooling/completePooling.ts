import type { Design } from '../../design/design.ts';
import { fullRank } from '../../design/fullRank.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { mixingWeight } from '../../families/studentT.ts';
import { glmOverOwn } from '../../likelihood/generalized/glmOverOwn.ts';
import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import { leastSquares } from '../../linalg/leastSquares.ts';
import { cells } from '../../products/cells.ts';
import { cellRows, familyRows } from '../../products/familyRows.ts';
import { thresholdRows } from '../../products/thresholdRows.ts';
import { rowPrecision } from './groupPrecision.ts';

/**
 * Coefficients (length p) of the fit without groups: weighted least squares of y less the offset on X, or the
 * regression of its family, or the maximum of the Student-t likelihood with `nu` degrees of freedom that EM reaches
 * from least squares (Lange, Little & Taylor 1989), or, where residuals depend on each other or have sds of their own,
 * the REML fit with these; null where the columns of X separate successes from failures, so that there is none, and
 * where REML has none.
 */
export function completePooling(whole: Design, nu = Infinity): Float64Array | null {
  const design = fullRank(whole, 'drop');
  const beta = withoutGroups(design, nu);
  if (beta === null || design.p === whole.p) return beta;
  // Columns that priors alone kept apart are at 0: what the others give is the same line.
  const dependent = new Set(whole.deficiency!.dependent.map(({ column }) => column));
  let k = 0;
  return Float64Array.from({ length: whole.p }, (_, column) => (dependent.has(column) ? 0 : beta[k++]!));
}

function withoutGroups(design: Design, nu: number): Float64Array | null {
  const { conjugate } = familyOf(design);
  if (design.residual) return withResiduals(design);
  if (conjugate === 'normal') return pooledLeastSquares(design, rowPrecision(design));
  if (conjugate === 'scaleMixture') return pooledStudentT(design, nu);
  const merging = cells(design);
  const { design: merged, start } = thresholdRows(merging.design);
  const { beta, separated, converged } = glmOverOwn(
    merged,
    start.length > 0 ? familyRows(merged) : cellRows(design, merging),
  );
  return separated === null && converged ? beta.slice(start.length) : null;
}

function withResiduals(design: Design): Float64Array | null {
  try {
    return fitDesign({ ...design, groupTerms: [] }, 'REML').fixef.estimates;
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}

function pooledLeastSquares(design: Design, precision: Float64Array): Float64Array {
  const { n, p, X, response } = design;
  const A = new Float64Array(n * p);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const w = Math.sqrt(precision[i]!);
    y[i] = w * (response.y[i]! - (response.offset ? response.offset[i]! : 0));
    for (let c = 0; c < p; c++) A[i * p + c] = w * X[i * p + c]!;
  }
  return leastSquares(A, y, p).coefficients;
}

/** Rounds of EM, and the relative change of the scale that ends them. */
const ROUNDS = 500;
const SETTLED = 1e-10;

function pooledStudentT(design: Design, nu: number): Float64Array {
  const { n, p, X, response } = design;
  const weight = rowPrecision(design);
  let beta = pooledLeastSquares(design, weight);
  let variance = 0;
  const precision = weight.slice();
  for (let round = 0; round < ROUNDS; round++) {
    const squares = weight.map((w, i) => {
      let e = response.y[i]! - (response.offset ? response.offset[i]! : 0);
      for (let c = 0; c < p; c++) e -= X[i * p + c]! * beta[c]!;
      return w * e * e;
    });
    const before = variance;
    variance = squares.reduce((sum, square, i) => sum + (square * precision[i]!) / weight[i]!, 0) / n;
    if (!(variance > 0) || Math.abs(variance - before) <= SETTLED * variance) break;
    for (let i = 0; i < n; i++) precision[i] = weight[i]! * mixingWeight(squares[i]! / variance, nu);
    beta = pooledLeastSquares(design, precision);
  }
  return beta;
}
