import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { probedFactorisation } from '../likelihood/gaussian/probedFactorisation.ts';
import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import { allocateArrow } from '../linalg/arrow.ts';
import { factorArrow, forwardSolveTouched } from '../linalg/arrowCholesky.ts';
import { factorisationCost } from '../linalg/sparse/headTail.ts';
import { allocateHeadTail, factorHeadTail, forwardSolveHeadTail } from '../linalg/sparse/headTailFactor.ts';
import { arrowLayout, coefficientPlaces } from '../products/arrowLayout.ts';
import { userCoordinates } from '../products/coordinates.ts';
import { levelFill, levelPattern } from '../products/levelFill.ts';
import { levelProducts } from '../products/levelProducts.ts';
import { severalLargeFactors } from '../products/severalLargeFactors.ts';
import { DEAREST } from '../products/sparseProducts.ts';
import { workingRows } from '../products/workingRows.ts';
import { correlationFactor } from './correlationFactor.ts';
import { rowInformation } from './pooling/rowInformation.ts';
import { structuredCovariance } from './structuredCovariance.ts';

/** Standard deviations of linear combinations of (u, beta) given the data at the estimated covariances. */
export interface JointCovariance {
  /** sd of u_jk + sum_c x_c beta_c for group j and column k of group term f; `x` has length p. */
  combinationSd(f: number, j: number, k: number, x: ArrayLike<number>): number;
  /** sd of the sum of weighted deviations and sum_c x_c beta_c, the deviations of any groups and factors. */
  sdOf(deviations: readonly WeightedDeviation[], x: ArrayLike<number>): number;
}

/** weight u_jk of group term f. */
export interface WeightedDeviation {
  readonly f: number;
  readonly j: number;
  readonly k: number;
  readonly weight: number;
}

/**
 * The joint covariance of the deviations and the population-level coefficients of a maximum likelihood fit: that of
 * their posterior under a flat prior of beta with tau, corr and sigma held at their estimates, which is also the
 * prediction error covariance of Henderson's mixed model equations (Robinson 1991, eq. 5.3). With u = Lambda s, the
 * precision of (s, beta) is [Lambda' Z'OmegaZ Lambda + I, Lambda' Z'OmegaX; X'OmegaZ Lambda, X'OmegaX], an arrow matrix
 * that is regular at tau = 0; it is factored once and each sd is one triangular solve. In a logit or probit model Omega
 * holds the binomial weights at the estimates, as in Laplace's approximation. Throws `numeric-failure` where X'OmegaX
 * is not numerically positive definite.
 */
export function jointCovariance(fit: MaximumLikelihoodFit): JointCovariance {
  if (fit.residual) {
    const sdOf = structuredCovariance(fit);
    return { sdOf, combinationSd: (f, j, k, x) => sdOf([{ f, j, k, weight: 1 }], x) };
  }
  const { design } = fit;
  const { p, groupTerms } = design;
  const scale = fit.sigma === null ? 1 : 1 / (fit.sigma * fit.sigma);
  const precisions = Float64Array.from(rowInformation(fit), (omega) => scale * omega);
  const lambdas = groupTerms.map((term, f) => {
    const lambda = new Float64Array(term.q * term.q);
    correlationFactor(term)(fit.groups[f]!.corr, lambda);
    for (let a = 0; a < term.q; a++) {
      for (let b = 0; b < term.q; b++) lambda[a * term.q + b]! *= fit.groups[f]!.tau[a]!;
    }
    return lambda;
  });

  const forward = severalLargeFactors(design)
    ? levelForward(design, lambdas, precisions)
    : arrowForward(design, lambdas, precisions);
  if (forward === null) {
    throw new ModelError(
      'numeric-failure',
      'coef',
      'the covariance of the coefficients is not numerically positive definite',
    );
  }

  const { borderOffsets, size } = coefficientPlaces(design);
  const b = new Float64Array(size);
  const sdOf = (deviations: readonly WeightedDeviation[], x: ArrayLike<number>): number => {
    b.fill(0);
    for (const { f, j, k, weight } of deviations) {
      const width = groupTerms[f]!.q;
      const offset = borderOffsets[f]! + j * width;
      for (let l = 0; l <= k; l++) b[offset + l]! += weight * lambdas[f]![k * width + l]!;
    }
    for (let c = 0; c < p; c++) b[size - p + c] = x[c]!;
    return Math.sqrt(forward(b, deviations));
  };
  return { sdOf, combinationSd: (f, j, k, x) => sdOf([{ f, j, k, weight: 1 }], x) };
}

/** |L^-1 b|^2 of b, which may be overwritten; it is 0 in all deviations but those given. */
type Forward = (b: Float64Array, deviations: readonly WeightedDeviation[]) => number;

function squares(x: Float64Array, from = 0, to = x.length): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += x[i]! * x[i]!;
  return sum;
}

/** One large factor; null where the precision is not numerically positive definite. */
function arrowForward(design: Design, lambdas: readonly Float64Array[], precisions: Float64Array): Forward | null {
  const { n, p, X, groupTerms } = design;
  const layout = arrowLayout(design);
  const { J, q, r, start } = layout.pattern;
  const arrow = allocateArrow(layout.pattern);
  // Row i touches these coordinates of the border: position within its block's border, within the corner, and the
  // value.
  const width = groupTerms.reduce((sum, term, f) => sum + (f === layout.leading ? 0 : term.q), p);
  const local = new Int32Array(width);
  const global = new Int32Array(width);
  const value = new Float64Array(width);
  const z = new Float64Array(q);
  for (let i = 0; i < n; i++) {
    const j = layout.leading < 0 ? -1 : groupTerms[layout.leading]!.index[i]!;
    const span = j < 0 ? 0 : start[j + 1]! - start[j]!;
    let at = 0;
    groupTerms.forEach((term, f) => {
      const out = f === layout.leading ? z : value;
      for (let b = 0; b < term.q; b++) {
        let sum = 0;
        for (let a = b; a < term.q; a++) sum += lambdas[f]![a * term.q + b]! * term.Z[i * term.q + a]!;
        out[f === layout.leading ? b : at] = sum;
        if (f === layout.leading) continue;
        local[at] = layout.localColumns[f]![i]! + b;
        global[at] = layout.borderOffsets[f]! - J * q + term.index[i]! * term.q + b;
        at += 1;
      }
    });
    for (let c = 0; c < p; c++) {
      local[at] = span - p + c;
      global[at] = r - p + c;
      value[at] = X[i * p + c]!;
      at += 1;
    }
    const w = precisions[i]!;
    for (let a = 0; j >= 0 && a < q; a++) {
      const wz = w * z[a]!;
      for (let b = 0; b <= a; b++) arrow.blocks[(j * q + a) * q + b]! += wz * z[b]!;
      const row = q * start[j]! + a * span;
      for (let c = 0; c < width; c++) arrow.border[row + local[c]!]! += wz * value[c]!;
    }
    for (let c = 0; c < width; c++) {
      for (let d = 0; d < width; d++) {
        if (global[d]! <= global[c]!) arrow.corner[global[c]! * r + global[d]!]! += w * value[c]! * value[d]!;
      }
    }
  }
  for (let j = 0; j < J; j++) for (let a = 0; a < q; a++) arrow.blocks[(j * q + a) * q + a]! += 1;
  for (let c = 0; c < r - p; c++) arrow.corner[c * r + c]! += 1;
  if (!factorArrow(arrow)) return null;
  return (b, deviations) => {
    const touched = new Set(deviations.flatMap(({ f, j }) => (f === layout.leading ? [j] : [])));
    forwardSolveTouched(arrow, b, touched);
    let sum = squares(b, J * q);
    for (const j of touched) sum += squares(b, j * q, (j + 1) * q);
    return sum;
  };
}

/** The same by pairs of levels for several large factors; by a solution for each where they are too large to factor. */
function levelForward(design: Design, lambdas: readonly Float64Array[], precisions: Float64Array): Forward | null {
  const places = coefficientPlaces(design);
  const rows = workingRows(design, places, userCoordinates(design));
  const A = levelProducts(design, places, rows, precisions);
  const pattern = levelPattern(A);
  if (factorisationCost(pattern) > DEAREST) {
    const { factor, solve } = probedFactorisation({ ...places, A, p: A.p, groups: A.groups });
    if (!factor(lambdas)) return null;
    return (b) => {
      const x = b.slice();
      solve(x);
      return b.reduce((sum, value, i) => sum + value * x[i]!, 0);
    };
  }
  const factor = allocateHeadTail(pattern);
  levelFill(A, pattern)(lambdas, new Float64Array(A.size).fill(1, 0, A.size - A.p), factor);
  return factorHeadTail(factor) ? (b) => squares(forwardSolveHeadTail(factor, b)) : null;
}
