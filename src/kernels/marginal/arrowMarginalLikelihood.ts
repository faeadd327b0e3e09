import { type Arrow, allocateArrow } from '../../linalg/arrow.ts';
import { forwardSolveArrow, logDetBlocks } from '../../linalg/arrowCholesky.ts';
import { logDetCorner } from '../../linalg/arrowCorner.ts';
import { factorLoss, LARGEST_LOSS } from '../../linalg/factorLoss.ts';
import { forwardSolveCorner, refactorCorner } from '../../linalg/refactorCorner.ts';
import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { relativePrecision, scaleTransposed } from '../../products/relativePrecision.ts';
import type { TriangularRows } from '../../products/triangularRows.ts';
import { toWorkingFactor } from '../state/relativeFactor.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';

/**
 * A marginal likelihood that also hands out what its last `solve` made; the cross-products may change between
 * evaluations, and so may the variances of the coefficients' priors.
 */
export interface ArrowMarginalLikelihood extends MarginalLikelihood {
  /** The Cholesky factor L of P. */
  readonly arrow: Arrow;
  /**
   * L^-1 h, h the side of P (e, beta) = h: the coefficients given (Lambda, sigma) are L^-T (side + sigma z), z standard
   * normal.
   */
  readonly side: Float64Array;
  /** Lambda of each factor in working coordinates (q x q, row-major): u~ = Lambda e. */
  readonly working: readonly Float64Array[];
  /** Tells that the cross-products have changed: the next `solve` starts anew at the same Lambda. */
  refresh(): void;
}

/**
 * What is left of rss_0 is known to some so many units of rounding a coordinate. Where sds are so large beside sigma
 * that less is left (a row a group, lambda = 1e8), taking it for 0 would make a mode of the rounding, at sigma = 0:
 * in truth rss falls as lambda^-2, and |K| makes up for it.
 */
const ROUNDING = 4 * Number.EPSILON;

/**
 * The likelihood of (Lambda, sigma) with u and beta integrated out, any number of grouping factors: one factorisation
 * of the arrow matrix P = [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, sigma^2 V^-1) gives log|K| (rows before beta),
 * log|P_beta| and rss = rss_0 - |L^-1 h|^2. sigma is in the last p rows alone: at another sigma and the same Lambda
 * those are factored anew, to the same bits, and nothing else. With a flat prior, and `rows` given, P is factored by
 * reflections of the rows themselves where its cross-products leave too few digits (sds of 1e5 sigma and more about the
 * means of the columns, as a prior on columns far from zero has it).
 */
export function arrowMarginalLikelihood(
  products: CrossProducts,
  prior: WorkingCoefficientPrior,
  n: number,
  rows: (() => TriangularRows) | null = null,
): ArrowMarginalLikelihood {
  const { p, size, groups, coordinates, c0, pattern } = products;
  const fill = relativePrecision(products);
  const arrow = allocateArrow(pattern);
  const working = groups.map(({ q }) => new Float64Array(q * q));
  const h = new Float64Array(size);
  const betaPrecision = prior.flat ? null : new Float64Array(p * p);
  const priorSide = new Float64Array(p);
  let priorSquare = 0;
  const readPrior = (): void => {
    priorSide.fill(0);
    priorSquare = 0;
    for (let a = 0; a < p; a += 1) {
      for (let b = 0; b < p; b += 1) priorSide[a] = priorSide[a]! + prior.precision[a * p + b]! * prior.mean[b]!;
      priorSquare += priorSide[a]! * prior.mean[a]!;
    }
  };
  readPrior();
  const others = pattern.r - p;
  let logK = 0;
  let logP = 0;
  let rss = 0;
  // The sigma last solved at since Lambda or the products moved; NaN before. With a flat prior any will do.
  let solvedAt = Number.NaN;
  // Whether all but the last p rows of the factor and of the side are those of the Lambda and the products at hand;
  // then log|K| and the side's sum of squares there.
  let factored = false;
  let logKBefore = 0;
  let explainedBefore = 0;
  const head = size - p;
  const corner = new Float64Array(p * p);
  const diagonal = new Float64Array(size);
  let triangular: TriangularRows | undefined;

  /** The last p rows of the factor and of the side anew; false where they cannot be factored. */
  const solveBeta = (s2: number): boolean => {
    const { r } = pattern;
    for (let a = 0; a < p; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        corner[a * p + b] = products.A.corner[(others + a) * r + others + b]! + s2 * prior.precision[a * p + b]!;
      }
      h[head + a] = c0[head + a]! + s2 * priorSide[a]!;
    }
    if (!refactorCorner(arrow, others, corner)) return false;
    forwardSolveCorner(arrow, others, h);
    return true;
  };

  /** The same of everything. */
  const solveWhole = (s2: number): boolean => {
    if (prior.setVariances) readPrior();
    if (betaPrecision) for (let i = 0; i < p * p; i += 1) betaPrecision[i] = s2 * prior.precision[i]!;
    fill(working, betaPrecision, arrow);
    const loss = factorLoss(arrow, diagonal);
    factored = loss < Infinity;
    if (loss > LARGEST_LOSS && prior.flat && rows) {
      triangular ??= rows();
      factored = triangular.factor(working, arrow);
    }
    if (!factored) return false;
    logKBefore = logDetBlocks(arrow) + logDetCorner(arrow, 0, others);
    scaleTransposed(products, working, c0, h);
    for (let k = 0; k < p; k += 1) h[head + k] = h[head + k]! + s2 * priorSide[k]!;
    forwardSolveArrow(arrow, h);
    explainedBefore = 0;
    for (let i = 0; i < head; i += 1) explainedBefore += h[i]! * h[i]!;
    return true;
  };

  return {
    arrow,
    working,
    side: h,
    degreesOfFreedom: n - p,
    populationFits: products.populationFits,
    evaluate(Lambda) {
      for (let f = 0; f < groups.length; f += 1) toWorkingFactor(coordinates.groups[f]!, Lambda[f]!, working[f]!);
      solvedAt = Number.NaN;
      factored = false;
    },
    refresh() {
      solvedAt = Number.NaN;
      factored = false;
    },
    solve(sigma) {
      if (prior.flat ? !Number.isNaN(solvedAt) : solvedAt === sigma) return;
      solvedAt = sigma;
      const s2 = sigma * sigma;
      if (!(factored && !pattern.sparse ? solveBeta(s2) : solveWhole(s2))) {
        logK = Infinity;
        return;
      }
      logK = logKBefore;
      logP = logDetCorner(arrow, others, pattern.r);
      let explained = explainedBefore;
      for (let i = head; i < size; i += 1) explained += h[i]! * h[i]!;
      const whole = products.rss0 + s2 * priorSquare;
      rss = Math.max(ROUNDING * size * whole, whole - explained);
    },
    logDeterminantK: () => logK,
    logDeterminantP: () => logP,
    rss: () => rss,
  };
}
