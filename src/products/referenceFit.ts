import { type Arrow, allocateArrow, copyArrow } from '../linalg/arrow.ts';
import { factorArrow, solveArrow } from '../linalg/arrowCholesky.ts';
import type { ResidualSide } from './residualSide.ts';

/** Solves in place with a matrix that has been factored. */
export type Solve = (b: Float64Array) => void;

/** A fit to measure from: coefficients x, their residual sum of squares, and the cross-products of their residuals. */
export interface ReferenceFit {
  readonly reference: Float64Array;
  readonly c: Float64Array;
  readonly rss: number;
}

/** What is solved for a fit: X'WX alone, and [Z X]'W[Z X] with the ridge, each factored when it is asked for. */
export interface NormalEquations {
  population(): Solve;
  whole(): Solve;
}

/**
 * Steps beyond the second, and the share of the response's sum of squares from which on they are taken: residuals of
 * 1e-8 of it.
 */
const FURTHER = 6;
const NEXT_TO_NOTHING = 1e-16;

/**
 * Least squares of the response on [Z X], first on X alone (the last p coefficients) and then, of what that leaves, on
 * both, made unique by a weak ridge on u: iterated Tikhonov regularisation (Riley 1955), x <- x + (A + ridge)^-1 c(x),
 * with c(x) = [Z X]' W (y - [Z X] x) formed row by row; every stage twice, from x = 0.
 *
 * Why X first: u can be shifted against beta at no cost but the ridge, so that (A + ridge)^-1 turns the rounding of a
 * sum of n responses into a shift of both that is 1e9 times as large. A response of 1e6 +- 1 would leave a shift of the
 * size of the groups' own differences; of its residuals about X nothing can be left that is larger than those
 * differences are. Why so: [Z X] is not of full rank, so that some ridge is needed; a ridge of 1e-9 of the mean
 * precision of a level keeps the Cholesky factor seven digits away from rounding, whatever n. One step leaves 1e-9 of a
 * group's difference in the residuals, two steps 1e-18. Beta carries no ridge, so that u stays small. The reference
 * need not be exact: whatever it is, c and rss belong to it, being formed from its own residuals. Where A + ridge is
 * still singular (dependent columns of X), a ridge grows on every coefficient until it is not.
 */
export function referenceFit(
  { population, whole }: NormalEquations,
  p: number,
  size: number,
  residualSide: ResidualSide,
): ReferenceFit {
  const reference = new Float64Array(size);
  const c = new Float64Array(size);
  let rss = residualSide(reference, c);
  const total = rss;
  const step = (solve: (c: Float64Array) => void, from: number): void => {
    for (let round = 0; round < 2; round++) {
      solve(c);
      for (let i = from; i < size; i++) reference[i]! += c[i]!;
      rss = residualSide(reference, c);
    }
  };
  if (p > 0 && p < size) {
    const solve = population();
    step((side) => solve(side.subarray(size - p)), size - p);
  }
  const solve = whole();
  step(solve, 0);
  // Where next to nothing is left, columns that only just differ may still have a part of it: further steps for as long
  // as they gain.
  for (let round = 0; round < FURTHER && rss > 0 && rss < NEXT_TO_NOTHING * total; round++) {
    const before = { reference: Float64Array.from(reference), c: Float64Array.from(c), rss };
    solve(c);
    for (let i = 0; i < size; i++) reference[i]! += c[i]!;
    rss = residualSide(reference, c);
    if (!(rss < before.rss / 2)) return before;
  }
  return { reference, c, rss };
}

/** The normal equations of an arrow matrix; `ridge` has the length of its vectors. */
export function arrowEquations(A: Arrow, p: number, ridge: Float64Array): NormalEquations {
  const solver = (factor: Arrow): Solve => {
    return (b) => solveArrow(factor, b);
  };
  return {
    population: () => solver(factorWithRidge(populationPart(A, p), new Float64Array(p))),
    whole: () => solver(factorWithRidge(A, ridge)),
  };
}

/** X'WX: the last p rows and columns of the corner, as an arrow matrix without blocks. */
function populationPart(A: Arrow, p: number): Arrow {
  const { r } = A.pattern;
  const part = allocateArrow({ J: 0, q: 0, r: p, start: new Int32Array(1), columns: new Int32Array(0) });
  for (let a = 0; a < p; a++) {
    for (let b = 0; b < p; b++) part.corner[a * p + b] = A.corner[(r - p + a) * r + r - p + b]!;
  }
  return part;
}

function factorWithRidge(A: Arrow, ridge: Float64Array): Arrow {
  const { J, q, r } = A.pattern;
  const factor = allocateArrow(A.pattern);
  let largest = 0;
  for (let i = 0; i < r; i++) largest = Math.max(largest, A.corner[i * r + i]!);
  for (let i = 0; i < J * q; i++) largest = Math.max(largest, A.blocks[i * q + (i % q)]!);
  if (!(largest > 0)) largest = 1;
  growingRidge(largest, (extra) => {
    copyArrow(A, factor);
    for (let i = 0; i < J * q; i++) factor.blocks[i * q + (i % q)]! += ridge[i]! + extra;
    for (let i = 0; i < r; i++) factor.corner[i * r + i]! += ridge[J * q + i]! + extra;
    return factorArrow(factor);
  });
  return factor;
}

/**
 * Calls `factor` with no more ridge, then with one that grows until it succeeds; `largest` is the matrix's largest
 * diagonal entry. A ridge as large as the matrix itself always succeeds; a matrix that is not finite never does.
 */
export function growingRidge(largest: number, factor: (extra: number) => boolean): void {
  for (let extra = 0; ; extra = extra === 0 ? 1e-12 * largest : 100 * extra) {
    if (factor(extra) || extra > largest) return;
  }
}
