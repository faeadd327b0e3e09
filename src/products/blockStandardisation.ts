import type { ColumnPart, CovarianceBlock, GroupTerm } from '../design/design.ts';
import { cholesky, choleskySolve } from '../linalg/cholesky.ts';
import { identity } from '../linalg/smallMatrix.ts';
import { meanOverRows } from './rowCounts.ts';

/** Columns side by side (Z n x q, row-major), with the parts of each. */
type Columns = Pick<GroupTerm, 'Z' | 'q' | 'parts'>;

type Block = Pick<CovarianceBlock, 'start' | 'size'>;

/**
 * The standardised coordinates of one covariance block: u = T u', Sigma = T Sigma' T', T = C diag(1 / unit). C (size x
 * size, unit diagonal) takes numeric columns about their means: column k of Z C is column k of Z less its least-squares
 * fit, over the rows, by the columns it is a product with (its margins) and the constant. `unit` is twice the sd of
 * that column (Gelman 2008, "Scaling regression inputs by dividing by two standard deviations"), so that a balanced 0/1
 * column keeps its unit; 1 for the constant. So u' is free of the origin and of the unit of every column.
 *
 * Only what the block itself holds can take a mean up: without a constant in the block (`0 + x`, or the separate blocks
 * of `||`) a column keeps its origin, as the model then has it.
 */
export interface BlockStandardisation {
  readonly size: number;
  /** size x size, row-major: deviations on the columns as written = C (deviations about the means). */
  readonly C: Float64Array;
  /** Length size. */
  readonly unit: Float64Array;
  /** C diag(1 / unit). */
  readonly T: Float64Array;
  /** C^-1: deviations about the means from those on the columns as written. */
  readonly toMeans: Float64Array;
  /** T^-1 = diag(unit) C^-1. */
  readonly inverse: Float64Array;
  /**
   * Columns (of the block, from 0) that are the levels of a factor coded in full: each is the intercept of the rows it
   * marks.
   */
  readonly levels: ReadonlySet<number>;
  /** Whether C is the identity: nothing is taken about its mean. */
  readonly atOrigin: boolean;
  /** Whether T is the identity. */
  readonly plain: boolean;
}

/**
 * A column counts as dependent on its margins when less than this share of its length is left over: R's `lm` has the
 * same.
 */
const DEPENDENT = 1e-7;

/** A column whose spread is below this share of its size is constant up to rounding. */
const CONSTANT = 1e-13;

/**
 * The standardisation of one block of a group term; `counts` (length n) says how often each row counts, null for once.
 */
export function blockStandardisation(term: Columns, block: Block, counts: Float64Array | null): BlockStandardisation {
  const { size, start } = block;
  const C = identity(size);
  const unit = new Float64Array(size).fill(1);
  const levels = levelColumns(term);
  const constant = constantWeights(term, block, levels);
  // Columns about their means, in the order of their degree: margins come before products.
  const centred = new Array<Float64Array>(size);
  const order = Array.from({ length: size }, (_, k) => k).sort(
    (a, b) => term.parts[start + a]!.length - term.parts[start + b]!.length || a - b,
  );
  for (const k of order) {
    const values = column(term, start + k);
    const parts = term.parts[start + k]!;
    centred[k] = values;
    if (parts.length === 0 || levels.has(start + k)) continue;
    const margins = order.filter((l) => l !== k && isMargin(term.parts[start + l]!, parts) && l in centred);
    const regressors: { values: Float64Array; weights: Float64Array }[] = margins
      .filter((l) => term.parts[start + l]!.length > 0)
      .map((l) => ({ values: centred[l]!, weights: columnOf(C, size, l) }));
    // A level of a factor coded in full is the constant of the rows it marks.
    if (constant && !margins.some((l) => levels.has(start + l))) {
      regressors.unshift({ values: new Float64Array(values.length).fill(1), weights: constant });
    }
    const rest = lessFit(values, regressors, counts);
    if (rest) {
      centred[k] = rest.values;
      regressors.forEach(({ weights }, r) => {
        for (let a = 0; a < size; a++) C[a * size + k]! -= rest.coefficients[r]! * weights[a]!;
      });
    }
    unit[k] = unitOf(centred[k]!, counts);
  }
  const T = Float64Array.from(C, (value, at) => value / unit[at % size]!);
  const toMeans = inverseOf(C, size, order);
  return {
    size,
    C,
    unit,
    T,
    toMeans,
    inverse: toMeans.map((value, at) => unit[Math.floor(at / size)]! * value),
    levels: new Set([...levels].flatMap((k) => (k >= start && k < start + size ? [k - start] : []))),
    atOrigin: isIdentity(C, size),
    plain: isIdentity(T, size),
  };
}

/** The same units without the means: T = diag(1 / unit). */
export function unitsAlone({ size, unit, levels }: BlockStandardisation): BlockStandardisation {
  const diagonal = (of: (k: number) => number): Float64Array =>
    Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? of(at / (size + 1)) : 0));
  const T = diagonal((k) => 1 / unit[k]!);
  return {
    size,
    C: identity(size),
    unit,
    T,
    toMeans: identity(size),
    inverse: diagonal((k) => unit[k]!),
    levels,
    atOrigin: true,
    plain: isIdentity(T, size),
  };
}

/** Varying columns that are the levels of a factor coded in full: each is the intercept of the rows it marks. */
function levelColumns({ parts, q, Z }: Columns): Set<number> {
  const byAtom = new Map<string, number[]>();
  parts.forEach((own, k) => {
    if (own.length === 1) byAtom.set(own[0]!.atom, [...(byAtom.get(own[0]!.atom) ?? []), k]);
  });
  const found = new Set<number>();
  const n = Z.length / q;
  for (const columns of byAtom.values()) {
    if (columns.length < 2) continue;
    let full = true;
    for (let i = 0; full && i < n; i++) {
      let sum = 0;
      for (const k of columns) {
        const z = Z[i * q + k]!;
        full &&= z === 0 || z === 1;
        sum += z;
      }
      full &&= sum === 1;
    }
    if (full) for (const k of columns) found.add(k);
  }
  return found;
}

/**
 * What the constant is made of in a block: its own column, or all levels of a factor coded in full; null where it is
 * not in the block.
 */
function constantWeights(term: Columns, { start, size }: Block, levels: Set<number>): Float64Array | null {
  const weights = new Float64Array(size);
  const own = Array.from({ length: size }, (_, k) => k);
  const intercept = own.find((k) => term.parts[start + k]!.length === 0);
  if (intercept !== undefined) {
    weights[intercept] = 1;
    return weights;
  }
  const atom = own.filter((k) => levels.has(start + k)).map((k) => term.parts[start + k]![0]!.atom)[0];
  if (atom === undefined) return null;
  const whole = [...levels].filter((k) => term.parts[k]![0]!.atom === atom);
  if (whole.some((k) => k < start || k >= start + size)) return null;
  for (const k of whole) weights[k - start] = 1;
  return weights;
}

/** Whether every part of `margin` is one of `parts`, and there are fewer of them. */
function isMargin(margin: readonly ColumnPart[], parts: readonly ColumnPart[]): boolean {
  return (
    margin.length < parts.length &&
    margin.every((part) => parts.some(({ atom, label }) => atom === part.atom && label === part.label))
  );
}

/**
 * `values` less their weighted least-squares fit by the regressors, solved twice: what rounding leaves of the first
 * solution is fitted again. Null where nothing is fitted, or next to nothing is left.
 */
function lessFit(
  values: Float64Array,
  regressors: readonly { readonly values: Float64Array }[],
  counts: Float64Array | null,
): { values: Float64Array; coefficients: Float64Array } | null {
  const m = regressors.length;
  if (m === 0) return null;
  const G = new Float64Array(m * m);
  for (let a = 0; a < m; a++) {
    for (let b = 0; b <= a; b++) G[a * m + b] = product(regressors[a]!.values, regressors[b]!.values, counts);
  }
  // One regressor is divided by and not rooted: the mean of a balanced 0/1 column is exactly a half.
  const single = m === 1 ? G[0]! : 0;
  if (!cholesky(G, m)) return null;
  const rest = Float64Array.from(values);
  const coefficients = new Float64Array(m);
  for (let pass = 0; pass < 2; pass++) {
    const side = Float64Array.from(regressors, (regressor) => product(regressor.values, rest, counts));
    if (m === 1) side[0] = side[0]! / single;
    else choleskySolve(G, m, side);
    for (let a = 0; a < m; a++) {
      coefficients[a]! += side[a]!;
      const { values: x } = regressors[a]!;
      for (let i = 0; i < rest.length; i++) rest[i]! -= side[a]! * x[i]!;
    }
  }
  const left = product(rest, rest, counts);
  const about = spread2(values, counts);
  if (!(left > DEPENDENT * DEPENDENT * about) || !(about > CONSTANT * CONSTANT * product(values, values, counts)))
    return null;
  return { values: rest, coefficients };
}

/** Twice the sd of a column over the rows; its size where it is constant. */
function unitOf(values: Float64Array, counts: Float64Array | null): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += counts ? counts[i]! : 1;
  const variance = spread2(values, counts) / total;
  const square = product(values, values, counts) / total;
  if (variance > CONSTANT * CONSTANT * square) return 2 * Math.sqrt(variance);
  return square > 0 ? Math.sqrt(square) : 1;
}

/** Sum of squares about the mean, in two passes. */
function spread2(values: Float64Array, counts: Float64Array | null): number {
  const mean = meanOverRows(values.length, counts, (i) => values[i]!);
  let total = 0;
  let rest = 0;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const c = counts ? counts[i]! : 1;
    total += c;
    const e = values[i]! - mean;
    rest += c * e;
    squares += c * e * e;
  }
  return total > 0 ? Math.max(0, squares - (rest * rest) / total) : 0;
}

function product(a: Float64Array, b: Float64Array, counts: Float64Array | null): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (counts ? counts[i]! : 1) * a[i]! * b[i]!;
  return sum;
}

function column({ Z, q }: Columns, k: number): Float64Array {
  return Float64Array.from({ length: Z.length / q }, (_, i) => Z[i * q + k]!);
}

function columnOf(M: Float64Array, size: number, k: number): Float64Array {
  return Float64Array.from({ length: size }, (_, a) => M[a * size + k]!);
}

/** C^-1, C unit triangular in the given order. */
function inverseOf(C: Float64Array, size: number, order: readonly number[]): Float64Array {
  const inverse = identity(size);
  // Column by column in that order: C^-1 e_k = e_k - sum over the columns before k of C_lk C^-1 e_l.
  for (const k of order) {
    for (const l of order) {
      const weight = C[l * size + k]!;
      if (l === k || weight === 0) continue;
      for (let a = 0; a < size; a++) inverse[a * size + k]! -= weight * inverse[a * size + l]!;
    }
  }
  return inverse;
}

function isIdentity(M: Float64Array, size: number): boolean {
  return M.every((value, at) => value === (at % (size + 1) === 0 ? 1 : 0));
}
