import type { Design, GroupTerm } from '../../design/design.ts';
import { rowsText } from '../../design/observations.ts';
import { responseDifference } from '../../design/responseDifference.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { seedValue, wholeNumber } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import { chiSquareUpper } from '../../special/distributionFunctions.ts';
import { fitDesign } from '../maximumLikelihood.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { type BoundaryMixture, boundaryMixture, SAME_DEVIANCE } from './boundaryMixture.ts';
import { checkResidualsNested } from './nestedResiduals.ts';
import { type RatioBootstrap, ratioBootstrap } from './ratioBootstrap.ts';

export interface LikelihoodRatio {
  /**
   * The criterion both fits were compared by; ML where the population-level columns differ, after a refit if need be.
   */
  readonly method: LikelihoodMethod;
  readonly refitted: boolean;
  readonly small: { readonly logLik: number; readonly df: number };
  readonly large: { readonly logLik: number; readonly df: number };
  /** 2 (logLik of the large model - logLik of the small one). */
  readonly chiSquare: number;
  readonly df: number;
  /** The naive p-value, P(chi^2_df >= chiSquare): the right one where the small model is interior to the large one. */
  readonly pValue: number;
  /**
   * Where the small model puts one sd of the large one at 0: half chi^2_(df - 1), half chi^2_df, so half 0, half
   * chi^2_1 for a varying intercept against none, half chi^2_1, half chi^2_2 for a correlated slope against an
   * intercept. Null where the small model is interior, and where the mixture is not known.
   */
  readonly mixture: BoundaryMixture | null;
  /** Only when simulations were asked for. */
  readonly bootstrap?: RatioBootstrap;
  /**
   * Present where `pValue` is not the right one, and where the large model was not fitted to its optimum: the sentence
   * says why.
   */
  readonly note?: string;
}

export interface LikelihoodRatioOptions {
  /** How many data sets to simulate from the smaller model for a bootstrap p-value, from 1; none unless given. */
  readonly simulations?: number;
  /** Seed of the simulations, needed with them. */
  readonly seed?: number;
}

const RATIO_OPTIONS: OptionTable<LikelihoodRatioOptions> = { simulations: wholeNumber(1, 1e6), seed: seedValue };

/**
 * Likelihood-ratio test of two nested fits to the same rows, in either order. REML criteria are compared only where X
 * is the same; otherwise both are refitted by ML. Of binomial and probit fits the smaller is refitted by the larger
 * one's approximation where they differ. Chi-square and mixture hold for many groups; with few, a variance is estimated
 * as 0 more often than half the time, and `simulations` is the better answer.
 * Throws a ModelError where responses, families, trials, weights or offsets differ or neither model is nested in the
 * other.
 */
export function likelihoodRatio(
  a: MaximumLikelihoodFit,
  b: MaximumLikelihoodFit,
  options: LikelihoodRatioOptions = {},
): LikelihoodRatio {
  for (const fit of [a, b]) checkFit('likelihoodRatio', fit, 'maximumLikelihood');
  checkOptions('likelihoodRatio', options, RATIO_OPTIONS);
  const { simulations, seed } = options;
  if (simulations !== undefined && seed === undefined) throw optionError('seed', seed, seedValue.words);
  const [small, large] = a.df <= b.df ? [a, b] : [b, a];
  checkSameResponse(small.design, large.design);
  checkNested(small, large);
  const sameX = small.design.p === large.design.p;
  const gaussian = familyOf(large.design).conjugate === 'normal';
  const method: LikelihoodMethod = !gaussian
    ? large.method
    : sameX && small.method === 'REML' && large.method === 'REML'
      ? 'REML'
      : 'ML';
  const refit = (fit: MaximumLikelihoodFit) =>
    fit.method === method && fit.points === large.points ? fit : fitDesign(fit.design, method, undefined, large.points);
  // REML with one column space but another basis: the criterion shifts with the basis, so the small model takes the
  // large one's X.
  const sharesX = method === 'REML' && !equal(small.design.X, large.design.X);
  const first = sharesX
    ? fitDesign({ ...small.design, X: large.design.X, columns: large.design.columns }, 'REML')
    : refit(small);
  const second = refit(large);
  const difference = first.deviance - second.deviance;
  const chiSquare = Math.max(0, difference);
  const df = second.df - first.df;
  const { mixture, note } = boundaryMixture(first, second, chiSquare, df);
  const notes = [note, difference < -SAME_DEVIANCE ? worse(difference) : null].filter((text) => text !== null);
  return {
    method,
    refitted: first !== small || second !== large,
    small: { logLik: first.logLik, df: first.df },
    large: { logLik: second.logLik, df: second.df },
    chiSquare,
    df,
    pValue: chiSquareUpper(chiSquare, df),
    mixture,
    ...(simulations === undefined ? {} : { bootstrap: ratioBootstrap(first, second, chiSquare, simulations, seed!) }),
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  };
}

function worse(difference: number): string {
  return `the deviance of the larger model is ${Number((-difference).toPrecision(3))} above that of the smaller one, which it contains, so that its optimum was not found and this ratio says nothing`;
}

function checkSameResponse(a: Design, b: Design): void {
  const differ = responseDifference(a, b);
  if (differ.length === 0) return;
  const [one, other] = [a.response, b.response];
  const families = one.family === other.family ? '' : ` (${one.family} and ${other.family})`;
  throw new ModelError(
    'not-nested',
    one.label,
    `a likelihood ratio compares fits of one family to the same rows, offset and weights; got ${one.label} (${rowsText(a)}) and ${other.label} (${rowsText(b)}) that differ in ${differ.join(', ')}${families}`,
  );
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
  checkResidualsNested(small.design, large.design);
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
