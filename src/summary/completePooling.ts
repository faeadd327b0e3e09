import { cells } from '../design/cells.ts';
import type { Design } from '../design/design.ts';
import { cellRows } from '../families/familyRows.ts';
import { glm } from '../likelihood/glm.ts';
import { rowPrecision } from './groupPrecision.ts';
import { leastSquares } from './leastSquares.ts';

/**
 * Coefficients (length p) of the fit without groups: weighted least squares of y less the offset on X, or the logit or probit regression; null where
 * the columns of X separate successes from failures, so that there is none.
 */
export function completePooling(design: Design): Float64Array | null {
  if (design.response.family === 'gaussian') return pooledLeastSquares(design);
  const merged = cells(design);
  const { beta, separated, converged } = glm(merged.design, cellRows(design, merged));
  return separated === null && converged ? beta : null;
}

function pooledLeastSquares(design: Design): Float64Array {
  const { n, p, X, response } = design;
  const precision = rowPrecision(design);
  const A = new Float64Array(n * p);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const w = Math.sqrt(precision[i]!);
    y[i] = w * (response.y[i]! - (response.offset ? response.offset[i]! : 0));
    for (let c = 0; c < p; c++) A[i * p + c] = w * X[i * p + c]!;
  }
  return leastSquares(A, y, p).coefficients;
}
