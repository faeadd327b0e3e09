import { type Arrow, allocateArrow, copyArrow, factorArrow, solveArrow } from '../linalg/arrowCholesky.ts';

/** A fit to measure from: coefficients x, their residual sum of squares, and the cross-products of their residuals. */
export interface ReferenceFit {
  readonly reference: Float64Array;
  readonly c: Float64Array;
  readonly rss: number;
}

/**
 * Least squares of the response on [Z X], made unique by a weak ridge on u: iterated Tikhonov regularisation (Riley
 * 1955), x <- x + (A + ridge)^-1 c(x) from x = 0, twice, with c(x) = [Z X]' W (y - [Z X] x) formed row by row.
 *
 * Why so: [Z X] is not of full rank (u can be shifted against beta), so that some ridge is needed; a ridge of 1e-9 of the
 * mean precision of a level keeps the Cholesky factor seven digits away from rounding, whatever n. One step leaves
 * 1e-9 of a group's difference in the residuals, two steps 1e-18: differences of 1e6 sigma do not show in the residual sum of
 * squares. Beta carries no ridge, so that a large level of the response goes to beta and u stays small. The
 * reference need not be exact: whatever it is, c and rss belong to it, being formed from its own residuals.
 * Where A + ridge is still singular (dependent columns of X), a ridge grows on every coefficient until it is not.
 */
export function referenceFit(
  A: Arrow,
  ridge: Float64Array,
  residualSide: (x: Float64Array, c: Float64Array) => number,
): ReferenceFit {
  const factor = factorWithRidge(A, ridge);
  const reference = new Float64Array(ridge.length);
  const c = new Float64Array(ridge.length);
  let rss = residualSide(reference, c);
  for (let round = 0; round < 2; round++) {
    solveArrow(factor, c);
    for (let i = 0; i < c.length; i++) reference[i]! += c[i]!;
    rss = residualSide(reference, c);
  }
  return { reference, c, rss };
}

function factorWithRidge(A: Arrow, ridge: Float64Array): Arrow {
  const { J, q, r } = A.pattern;
  const factor = allocateArrow(A.pattern);
  let largest = 0;
  for (let i = 0; i < r; i++) largest = Math.max(largest, A.corner[i * r + i]!);
  for (let i = 0; i < J * q; i++) largest = Math.max(largest, A.blocks[i * q + (i % q)]!);
  if (!(largest > 0)) largest = 1;
  for (let extra = 0; ; extra = extra === 0 ? 1e-12 * largest : 100 * extra) {
    copyArrow(A, factor);
    for (let i = 0; i < J * q; i++) factor.blocks[i * q + (i % q)]! += ridge[i]! + extra;
    for (let i = 0; i < r; i++) factor.corner[i * r + i]! += ridge[J * q + i]! + extra;
    // A ridge as large as the matrix itself always succeeds; a matrix that is not finite never does.
    if (factorArrow(factor) || extra > largest) return factor;
  }
}
