import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { lowerFactor, lowerTriangle, type SearchBlock } from '../relativeFactor.ts';
import { distinctOptima, inBowl, leadsTo, sameCovariances } from './distinctOptima.ts';
import { newton } from './newton.ts';
import { onBoundary, SAME_DEVIANCE, withZeroRows } from './onBoundary.ts';
import { descend, differenceHessian, type Minimum, minimize } from './optimize.ts';
import { runaway, withoutBound } from './runaway.ts';
import { furtherStarts, gridStart, reach } from './searchStarts.ts';
import { softestStarts } from './softestStarts.ts';
import type { ThetaCriterion } from './thetaCriterion.ts';
import { wayOut } from './wayOut.ts';

/** The relative factors at the minimum of the deviance, and how the minimum was checked. */
export interface ThetaEstimate {
  /** User scale, q x q by factor. */
  readonly lambdas: Float64Array[];
  readonly deviance: number;
  readonly minimum: Minimum;
  /** Rank of each block of the search coordinates; below its size on the boundary. */
  readonly ranks: readonly number[];
  /** Largest entry of the factors in search coordinates, where columns of Z have mean square 1. */
  readonly largest: number;
  /**
   * What the deviance gains on the way to sds of infinity, where it gains without end or the search went that way; else
   * null.
   */
  readonly ahead: number | null;
  /** How many minima the searches ended in; this is the lowest. */
  readonly optima: number;
}

/** In units: where every row is fitted, a minimum this far away is none, but the end of a slope that goes on. */
const FAR = 300;

/** An sd this many times sigma, or the same share of what varies, is off the boundary. */
const INTERIOR = 1e-2;

/** A further search ends where a step promises less than this. */
const COARSE = 1e-5;

/** What a minimum beside a boundary has to gain to be seen. */
const SHALLOW = 1e-9;

/** Fewer evaluations than these do not pay for a further start, beside those that differences take. */
const FEW = 20;

/** Further starts take about a second at the most: so many times what is affordable. */
const SECOND = 50;

/** Curvature down by less than this share of the largest is rounding, here as in `convergence`. */
const ROUNDING = 1e-6;

/**
 * In units: the step of second derivatives along a column that is 0, where the criterion is even: errors are of the
 * square of it, and beside sds of a million units rounding of the gradient is divided by it.
 */
const AT_ZERO = 2e-3;

/** Evaluations that a further start may take; for each coordinate, where covariances are not all that is searched. */
const PER_START = 100;
const PER_COORDINATE = 30;

/**
 * Minimises the deviance over the relative factors, unbounded, from factors proportional to the identity in working
 * coordinates. The deviance is even in each column of a factor, so that sds of 0 and correlations of 1 are ordinary
 * stationary points; one that is no minimum over the covariances (the derivative has a negative eigenvalue) is left
 * along that eigenvector: this is what rescues a search that a bound at 0, or a saddle there, would have held.
 *
 * A deviance may have several minima, so that the search is repeated from `furtherStarts`, coarsely, and the lowest
 * minimum counts, and from `softestStarts` where other coordinates are searched beside several covariances; among sds
 * alone no search is made where the deviance falls all the way to the minimum known. The
 * bound: about 100 evaluations a start (more where other coordinates are searched beside the covariances), and together
 * those that are `affordable` or half as many as the first search took, a second's worth at the most. A criterion that
 * knows its `curvature`, since evaluations are dear, is minimised by Newton's steps instead of differences, from a
 * start of its own, and searched again only if 20 evaluations are affordable. `start` gives other search coordinates to
 * begin at, and nothing else is tried.
 */
export function estimateTheta(profiled: ThetaCriterion, start?: ArrayLike<number>): ThetaEstimate {
  const { factors } = profiled;
  const stepAtZero = AT_ZERO * profiled.unit;
  let evaluations = 0;
  const value = (x: ArrayLike<number>): number => {
    evaluations++;
    const deviance = profiled.at(factors.fromSearch(x));
    return Number.isFinite(deviance) ? deviance : Number.POSITIVE_INFINITY;
  };
  const search = (from: ArrayLike<number>): Minimum => {
    let found = minimumFrom(from);
    evaluations += found.evaluations;
    // Off the boundary a stationary point is one over the covariances too.
    const inside = profiled.curvature !== null && factors.blocks.every((block) => interior(found.x, block));
    for (let attempt = 0; attempt < (inside ? 0 : 5); attempt++) {
      const way = wayOut(profiled, found, value, SAME_DEVIANCE);
      if (way === null) break;
      found = minimumFrom(way);
      evaluations += found.evaluations;
    }
    return found;
  };
  const minimumFrom = (from: ArrayLike<number>): Minimum =>
    profiled.curvature === null ? minimize(profiled.search, from) : newton(profiled.search, profiled.curvature, from);
  // Of sds alone; with correlations there are many ways down, and the straight one says little of the others.
  const screened =
    profiled.covariancesAlone && !profiled.unbounded && factors.blocks.every((block) => block.size === 1);
  const first = start ?? profiled.start ?? gridStart(factors, value, profiled.unit);
  let minimum = search(first);
  const saddles: Float64Array[] = [];
  const optima = distinctOptima(
    factors,
    value,
    minimum,
    profiled.unbounded ? FAR * profiled.unit : Number.POSITIVE_INFINITY,
  );
  if (start === undefined && factors.blocks.length > 0) {
    const half = profiled.curvature === null ? Math.min(evaluations / 2, SECOND * profiled.affordable) : 0;
    let budget = Math.max(half, profiled.affordable);
    // Where evaluations are dear a few of them would tell nothing.
    const dear = profiled.curvature !== null || half < evaluations / 2;
    const each = profiled.covariancesAlone ? PER_START : Math.max(PER_START, PER_COORDINATE * factors.size);
    const single = dear && budget < FEW + (profiled.curvature === null ? factors.size : 0);
    // Whether it led to a lower minimum.
    const again = (from: Float64Array): boolean => {
      if (budget <= 0) return false;
      const before = evaluations;
      const found = coarse(from, Math.min(budget, each));
      const lower = found !== null && found.value < minimum.value - betterBy(profiled, minimum.x);
      if (lower) minimum = search(found.x);
      if (found !== null) optima.add(lower ? minimum : found);
      budget -= evaluations - before;
      return lower;
    };
    if (!single) {
      for (const from of furtherStarts(profiled, Float64Array.from(first), value)) again(from);
      // One sd has been looked at from 0 to many times itself already.
      const several = factors.blocks.length > 1 || factors.blocks[0]!.size > 1;
      for (let lower = several && !profiled.covariancesAlone; lower; ) lower = softestStarts(minimum).some(again);
    }
  }
  minimum = besideShallow(atBoundary(minimum));
  const away = profiled.unbounded
    ? (withoutBound(profiled, minimum.x, value) ?? runaway(profiled, minimum.x, value))
    : null;
  const lambdas = withZeroRows(profiled, factors.fromSearch(minimum.x), minimum.value);
  const deviance = profiled.at(lambdas);
  const ranks = factors.blocks.map((block) => rank(lowerTriangle(minimum.x, block), block.size));
  const largest = minimum.x.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
  return {
    lambdas,
    deviance,
    minimum: { ...minimum, evaluations: evaluations + 1 },
    ranks,
    largest,
    optima: optima.count(),
    ahead: away,
  };

  /** A minimum within rounding of the boundary, on it. */
  function atBoundary(found: Minimum): Minimum {
    const x = onBoundary(profiled, found, value);
    if (x === null) return found;
    const gradient = new Float64Array(x.length);
    const deviance = profiled.search(x, gradient);
    const hessian = profiled.curvature?.(x) ?? differenceHessian(profiled.search, x, undefined, stepAtZero);
    evaluations += profiled.curvature === null ? 1 + 2 * x.length : 1;
    // A boundary that costs less than 1e-7 may curve down towards the minimum beside it, whose Hessian is then the one
    // that was checked.
    const { values } = symmetricEigen(hessian, x.length);
    const checked = values[0]! < -ROUNDING * values[x.length - 1]! ? {} : { gradient, hessian };
    return { ...found, x, value: deviance, ...checked };
  }

  /**
   * A saddle on the boundary beside a minimum that is lower by less than the same deviance stands for that minimum,
   * whose gradient and Hessian are then those that are checked; what lies lower than that is gone on to.
   */
  function besideShallow(saddle: Minimum): Minimum {
    if (factors.blocks.length === 0 || !(symmetricEigen(saddle.hessian, saddle.x.length).values[0]! < 0)) return saddle;
    const way = wayOut(profiled, saddle, value, SHALLOW);
    if (way === null) return { ...saddle, hessian: withoutDips(saddle) };
    const beside = minimumFrom(way);
    evaluations += beside.evaluations;
    if (!(beside.value < saddle.value - SHALLOW)) return { ...saddle, hessian: withoutDips(saddle) };
    if (beside.value < saddle.value - SAME_DEVIANCE) return atBoundary(search(beside.x));
    const { gradient, hessian, expectedDecrease } = beside;
    return { ...saddle, gradient, hessian, expectedDecrease };
  }

  /**
   * The Hessian with 0 for coordinates on the boundary that curve down, where there is no way out: what they gain is
   * less than is seen.
   */
  function withoutDips({ x, hessian }: Minimum): Float64Array {
    const d = x.length;
    const others = factors.blocks.reduce((left, { size }) => left - (size * (size + 1)) / 2, d);
    const out = Float64Array.from(hessian);
    for (let k = 0; k < d - others; k++) {
      if (x[k] !== 0 || !(hessian[k * d + k]! < 0)) continue;
      for (let i = 0; i < d; i++) {
        out[k * d + i] = 0;
        out[i * d + k] = 0;
      }
    }
    return out;
  }

  function allVary(x: Float64Array): boolean {
    return factors.blocks.every((block) => reach(lowerTriangle(x, block)) > 0);
  }

  /**
   * Where a coarse search ends: below the best so far, or at another minimum over the covariances; null for a known
   * minimum, a saddle or too many evaluations.
   */
  function coarse(from: Float64Array, most: number): { x: Float64Array; value: number } | null {
    const until = evaluations + most;
    let at = from;
    let last: Float64Array | null = null;
    while (evaluations < until) {
      if (screened && allVary(at) && leadsTo(factors, value, at, value(at), minimum)) {
        if (last !== null) saddles.push(last);
        return null;
      }
      let known = false;
      const found = descend(profiled.search, at, {
        tolerance: COARSE,
        maxEvaluations: until - evaluations,
        abandon: (x, height) => {
          known = inBowl(factors, minimum, x, height);
          return known;
        },
      });
      evaluations += found.evaluations;
      if (known || !Number.isFinite(found.value)) return null;
      if (found.value < minimum.value - betterBy(profiled, minimum.x)) return found;
      if (saddles.some((saddle) => sameCovariances(factors, saddle, found.x))) return null;
      const back = last !== null && sameCovariances(factors, last, found.x);
      const way = back ? null : wayOut(profiled, found, value, COARSE);
      if (way === null) return found.settled ? found : null;
      if (last !== null) saddles.push(last);
      last = found.x;
      at = way;
    }
    return null;
  }
}

/**
 * By how much a deviance has to be lower to be another fit: beyond the rounding of the log-determinants, which grows
 * with the sds, or where they come from cross-products with their squares.
 */
function betterBy({ unit, keepsDigits }: ThetaCriterion, x: Float64Array): number {
  const largest = x.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0) / unit;
  return Math.min(Math.max(COARSE, keepsDigits ? 1e-13 * largest : 1e-12 * largest * largest), 0.1);
}

/** Whether a block's lower triangle is well away from a singular one. */
function interior(x: Float64Array, block: SearchBlock): boolean {
  const L = lowerTriangle(x, block);
  const length = reach(L);
  for (let a = 0; a < block.size; a++) if (!(Math.abs(L[a * block.size + a]!) > INTERIOR * length)) return false;
  return length > INTERIOR;
}

/** Number of non-zero diagonal entries of a canonical lower factor. */
function rank(L: Float64Array, size: number): number {
  const lower = lowerFactor(L, size, size);
  let count = 0;
  for (let a = 0; a < size; a++) if (lower[a * size + a] !== 0) count++;
  return count;
}
