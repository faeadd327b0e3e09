import type { Design } from '../design/design.ts';
import { ROW_PART } from '../families/cumulativeFamily.ts';
import type { Family, ParameterSearch } from '../families/family.ts';
import { familyOf } from '../families/familyOf.ts';
import { IntervalPlace as At, drawLevel, INTERVAL_LENGTH, type OrderedLink } from '../families/orderedLink.ts';
import { knownParameter } from '../families/ownParameter.ts';
import type { Rng } from '../random/rng.ts';
import type { Cells } from './cells.ts';
import { rowCopies } from './rowCopies.ts';
import { rowSizes } from './rowSizes.ts';

/** The rows of a response as a family reads them; every array has length n. */
export interface FamilyRows {
  readonly family: Family;
  readonly n: number;
  readonly y: Float64Array;
  /** What is known of each row by its kind: precision weight, trials or exposure (`rowSizes`). */
  readonly size: Float64Array;
  /** How many equal rows each row stands for. */
  readonly copies: Float64Array;
  /**
   * What the log-likelihood of each row has that depends on neither eta nor sigma nor the family's own parameter, times
   * its copies.
   */
  readonly constants: Float64Array;
  /** The family's own parameter: its number where it is known; a search of the likelihood sets it. */
  own?: number;
  /** How its number is searched for; null where it is known, and in families without. */
  readonly search: ParameterSearch | null;
}

/** Where a pass over the rows writes, each of length n; what is null or absent is not written. */
export interface FamilyOutputs {
  readonly logLik?: Float64Array | null;
  /** l'(eta_i). */
  readonly score?: Float64Array | null;
  /** -l''(eta_i). */
  readonly weight?: Float64Array | null;
  /** l'''(eta_i). */
  readonly third?: Float64Array | null;
}

/** The rows of a design. */
export function familyRows(design: Design): FamilyRows {
  const { n, response } = design;
  const family = familyOf(design);
  const size = rowSizes(design);
  const copies = rowCopies(design);
  const own = knownParameter(design);
  const constants = size.map((value, i) => copies[i]! * family.logConstant(response.y[i]!, value));
  return { family, n, y: response.y, size, copies, constants, own, search: own === undefined ? family.search : null };
}

/**
 * The cells of a design, with the constants of the rows they are made of: their log-likelihood is that of the rows, and
 * not that of the cells' own counts, which has other binomial coefficients.
 */
export function cellRows(design: Design, { design: merged, cell }: Cells): FamilyRows {
  const rows = familyRows(design);
  const constants = new Float64Array(merged.n);
  for (let i = 0; i < rows.n; i++) constants[cell[i]!]! += rows.constants[i]!;
  return { ...familyRows(merged), constants };
}

const one = new Float64Array(4);
const interval = new Float64Array(INTERVAL_LENGTH);

/**
 * The log-likelihood of all rows at the linear predictors `eta` (length n), sum_i copies_i log p(y_i | eta_i), and by
 * row what `out` asks for, each times its copies; `own` is that of the rows unless given. Of ordered answers the rows
 * are those of `thresholdRows`. Allocates nothing.
 */
export function fillRows(
  rows: FamilyRows,
  eta: Float64Array,
  sigma: number,
  out: FamilyOutputs,
  own: number | undefined = rows.own,
): number {
  const { family, n, y, size, copies, constants } = rows;
  const { logLik, score, weight, third } = out;
  const { ordered } = family;
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (ordered && y[i] === ROW_PART.above) {
      total += fillInterval(ordered, copies[i]!, i, eta, out);
      i += 2;
      continue;
    }
    family.derivatives(y[i]!, size[i]!, eta[i]!, sigma, one, own);
    const m = copies[i]!;
    const value = m * one[0]! + constants[i]!;
    total += value;
    if (logLik) logLik[i] = value;
    if (score) score[i] = m * one[1]!;
    if (weight) weight[i] = m * one[2]!;
    if (third) third[i] = m * one[3]!;
  }
  return total;
}

/** The three rows of an answer between two thresholds, the first of them row i; gives its log-likelihood. */
function fillInterval(
  link: OrderedLink,
  copies: number,
  i: number,
  eta: Float64Array,
  { logLik, score, weight, third }: FamilyOutputs,
): number {
  link.interval(eta[i]!, eta[i + 1]!, interval);
  if (logLik) three(logLik, i, copies, interval[At.l]!, 0, 0);
  if (score) three(score, i, copies, interval[At.scoreB]!, interval[At.scoreA]!, interval[At.scoreGap]!);
  if (weight) three(weight, i, copies, interval[At.weightB]!, interval[At.weightA]!, interval[At.weightGap]!);
  if (third) three(third, i, copies, interval[At.thirdB]!, interval[At.thirdA]!, 0);
  return copies * interval[At.l]!;
}

function three(into: Float64Array, i: number, copies: number, above: number, below: number, gap: number): void {
  into[i] = copies * above;
  into[i + 1] = copies * below;
  into[i + 2] = copies * gap;
}

/** Where the derivatives of the rows by the coordinate v of the family's own parameter go, each of length n. */
export interface OwnOutputs {
  /** dl / dv. */
  readonly logLik: Float64Array;
  /** dl' / dv. */
  readonly score?: Float64Array;
  /** d(-l'') / dv. */
  readonly weight?: Float64Array;
}

/**
 * The derivatives by v (`ParameterSearch`) of every row at the linear predictors `eta`, each times its copies.
 * Allocates nothing.
 */
export function fillOwn(rows: FamilyRows, eta: Float64Array, v: number, { logLik, score, weight }: OwnOutputs): void {
  const { family, n, y, size, copies } = rows;
  for (let i = 0; i < n; i++) {
    family.search!.derivatives(y[i]!, size[i]!, eta[i]!, v, one);
    const m = copies[i]!;
    logLik[i] = m * one[0]!;
    if (score) score[i] = m * one[1]!;
    if (weight) weight[i] = m * one[2]!;
  }
}

const NONE = new Float64Array(0);

/**
 * A draw of every row at the linear predictors `eta` into `out` (both length n): of one row, whatever its copies.
 * Ordered answers take their thresholds.
 */
export function simulateRows(
  rows: FamilyRows,
  eta: Float64Array,
  sigma: number,
  rng: Rng,
  out: Float64Array,
  own: number | undefined = rows.own,
  thresholds: ArrayLike<number> = NONE,
): void {
  const { family, n, size } = rows;
  const { ordered } = family;
  if (ordered) {
    for (let i = 0; i < n; i++) out[i] = drawLevel(ordered, eta[i]!, thresholds, rng);
    return;
  }
  for (let i = 0; i < n; i++) out[i] = family.simulate(size[i]!, eta[i]!, sigma, rng, own);
}
