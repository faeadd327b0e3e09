import type { Design, GroupTerm } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { checkFit } from '../graph/checkFit.ts';
import { chiSquareUpper } from '../random/distributionFunctions.ts';
import { fitDesign } from './maximumLikelihood.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from './maximumLikelihoodFit.ts';

export interface LikelihoodRatio {
  /** The criterion both fits were compared by; ML where the population-level columns differ, after a refit if need be. */
  readonly method: LikelihoodMethod;
  readonly refitted: boolean;
  readonly small: { readonly logLik: number; readonly df: number };
  readonly large: { readonly logLik: number; readonly df: number };
  /** 2 (logLik of the large model - logLik of the small one). */
  readonly chiSquare: number;
  readonly df: number;
  /** P(chi^2_df >= chiSquare). */
  readonly pValue: number;
  /** Present where the small model lies on the boundary of the large one (an sd of 0): the p-value is then too large, at most twofold for one sd. */
  readonly note?: string;
}

/**
 * Likelihood-ratio test of two nested fits to the same rows, in either order. REML criteria are compared only where X is the same;
 * otherwise both are refitted by ML. Of binomial and probit fits the smaller is refitted by the larger one's approximation where they differ. Throws a ModelError where the responses differ or neither model is nested in the other.
 */
export function likelihoodRatio(a: MaximumLikelihoodFit, b: MaximumLikelihoodFit): LikelihoodRatio {
  for (const fit of [a, b]) checkFit('likelihoodRatio', fit, 'maximumLikelihood');
  const [small, large] = a.df <= b.df ? [a, b] : [b, a];
  checkSameResponse(small.design, large.design);
  checkNested(small, large);
  const sameX = small.design.p === large.design.p;
  const gaussian = large.design.response.family === 'gaussian';
  const method: LikelihoodMethod = !gaussian
    ? large.method
    : sameX && small.method === 'REML' && large.method === 'REML'
      ? 'REML'
      : 'ML';
  const refit = (fit: MaximumLikelihoodFit) =>
    fit.method === method && fit.points === large.points ? fit : fitDesign(fit.design, method, undefined, large.points);
  // REML with one column space but another basis: the criterion shifts with the basis, so the small model takes the large one's X.
  const sharesX = method === 'REML' && !equal(small.design.X, large.design.X);
  const first = sharesX
    ? fitDesign({ ...small.design, X: large.design.X, columns: large.design.columns }, 'REML')
    : refit(small);
  const second = refit(large);
  const chiSquare = Math.max(0, first.deviance - second.deviance);
  const df = second.df - first.df;
  const onBoundary = second.theta.length > first.theta.length;
  return {
    method,
    refitted: first !== small || second !== large,
    small: { logLik: first.logLik, df: first.df },
    large: { logLik: second.logLik, df: second.df },
    chiSquare,
    df,
    pValue: chiSquareUpper(chiSquare, df),
    ...(onBoundary
      ? {
          note: 'the smaller model puts an sd of the larger one at its boundary 0, so that this p-value is larger than the true one',
        }
      : {}),
  };
}

function checkSameResponse(a: Design, b: Design): void {
  const same = (x: Float64Array | null, y: Float64Array | null) => (x === null || y === null ? x === y : equal(x, y));
  const one = a.response;
  const other = b.response;
  if (
    !equal(one.y, other.y) ||
    !same(one.offset, other.offset) ||
    !same(one.weights, other.weights) ||
    !same(one.standardErrors, other.standardErrors)
  ) {
    throw new ModelError(
      'not-nested',
      one.label,
      `a likelihood ratio compares fits to the same rows, offset and weights; got ${one.label} (${a.n} rows) and ${other.label} (${b.n} rows) that differ`,
    );
  }
}

function checkNested(small: MaximumLikelihoodFit, large: MaximumLikelihoodFit): void {
  const outside = small.design.columns.filter((_, k) => !inSpan(small.design, k, large.design));
  if (outside.length > 0) {
    const names = outside.map((column) => column.label).join(', ');
    throw new ModelError(
      'not-nested',
      names,
      `the fits are not nested: ${names} is in the smaller model and not in the larger one`,
    );
  }
  for (const group of small.design.groupTerms) {
    const match = large.design.groupTerms.find((term) => term.factor === group.factor);
    if (match === undefined || !blocksWithin(group, match)) {
      throw new ModelError(
        'not-nested',
        group.factor,
        `the fits are not nested: the covariance of "${group.factor}" (${group.labels.join(', ')}) is not a part of the larger model's`,
      );
    }
  }
  if (small.df === large.df) {
    throw new ModelError(
      'not-nested',
      small.design.response.label,
      `the fits have the same number of parameters (${small.df}); a likelihood ratio needs one nested in the other`,
    );
  }
}

/** Every varying column of the small term is in the large one, and columns that share a block still do. */
function blocksWithin(small: GroupTerm, large: GroupTerm): boolean {
  const blockOf = (label: string): number => {
    const k = large.labels.indexOf(label);
    return k < 0 ? -1 : large.blocks.findIndex(({ start, size }) => k >= start && k < start + size);
  };
  return small.blocks.every(({ start, size }) => {
    const blocks = small.labels.slice(start, start + size).map(blockOf);
    return blocks.every((block) => block >= 0 && block === blocks[0]);
  });
}

/** Whether column k of X lies in the span of another design's X, by Gram-Schmidt to 1e-7 of its length. */
function inSpan(design: Design, k: number, other: Design): boolean {
  const { n, p, X } = other;
  const target = Float64Array.from({ length: n }, (_, i) => design.X[i * design.p + k]!);
  const size = Math.hypot(...norms(target));
  const basis: Float64Array[] = [];
  const strip = (v: Float64Array): void => {
    for (let pass = 0; pass < 2; pass++) {
      for (const e of basis) {
        let along = 0;
        for (let i = 0; i < n; i++) along += e[i]! * v[i]!;
        for (let i = 0; i < n; i++) v[i]! -= along * e[i]!;
      }
    }
  };
  for (let c = 0; c < p; c++) {
    const v = Float64Array.from({ length: n }, (_, i) => X[i * p + c]!);
    strip(v);
    const length = Math.hypot(...norms(v));
    if (length > 0) basis.push(v.map((value) => value / length));
  }
  strip(target);
  return Math.hypot(...norms(target)) <= 1e-7 * size;
}

/** Lengths of runs of a vector, few enough to be arguments. */
function norms(v: Float64Array): number[] {
  const out: number[] = [];
  for (let from = 0; from < v.length; from += 1024) {
    let sum = 0;
    for (let i = from; i < Math.min(v.length, from + 1024); i++) sum += v[i]! * v[i]!;
    out.push(Math.sqrt(sum));
  }
  return out;
}

function equal(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
