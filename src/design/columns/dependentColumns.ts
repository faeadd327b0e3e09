import { dot } from '../../linalg/dot.ts';

/**
 * A column counts as dependent when less than this share of its length (about its mean) is left over: R's `lm` has the
 * same.
 */
const TOLERANCE = 1e-7;
/** A column whose spread is below this share of its size is constant up to rounding. */
const CONSTANT = 1e-13;
/** A dependent column is said to depend on those that have more than this share of its length. */
const SHARE = 1e-6;
/** A share below this is what rounding leaves of none. */
const ROUNDING = 1e-11;

/** What it takes of a column: the constant is the one that is the product of no parts. */
export interface RankColumn {
  readonly label: string;
  readonly parts: readonly unknown[];
  /** Length n. */
  readonly values: Float64Array;
}

/** A column that is a combination of columns before it. */
export interface Dependence {
  /** Its position among the columns. */
  readonly column: number;
  /**
   * Positions and weights w of independent columns before it: the column is sum_k w_k times column k, and 0 where there
   * are none.
   */
  readonly weights: readonly (readonly [column: number, weight: number])[];
  /** The same in words: `v depends on Intercept, w`. */
  readonly sentence: string;
}

interface Independent {
  readonly position: number;
  readonly mean: number;
  readonly norm: number;
  /** Unit vector orthogonal to the ones before. */
  readonly direction: Float64Array;
  /** Coordinates of the (centred) column along the directions up to its own. */
  readonly coordinates: Float64Array;
}

/**
 * The columns (each of length n) that are linear combinations of columns before them, with the combination: those that
 * R's `lm` and lme4 leave out (`qr` with LINPACK's limited pivoting, tolerance 1e-7).
 *
 * Gram-Schmidt in the order of the columns, each projection done twice. With an intercept the other columns are taken
 * about their means, so that a year or a time stamp is not mistaken for a constant.
 */
export function dependentColumns(columns: readonly RankColumn[], n: number): Dependence[] {
  const constant = columns.findIndex((column) => column.parts.length === 0);
  const independent: Independent[] = [];
  const found: Dependence[] = [];
  columns.forEach(({ label, values }, position) => {
    if (position === constant) return;
    const mean = constant < 0 ? 0 : average(values);
    const rest = values.map((value) => value - mean);
    const size = length(values);
    const norm = length(rest);
    const coordinates = new Float64Array(independent.length + 1);
    if (size === 0) {
      found.push({ column: position, weights: [], sentence: `${label} is 0 in every row` });
      return;
    }
    if (norm <= CONSTANT * size) {
      found.push({ column: position, weights: [[constant, mean]], sentence: `${label} is constant, as is Intercept` });
      return;
    }
    for (let pass = 0; pass < 2; pass++) {
      independent.forEach(({ direction }, k) => {
        const along = dot(direction, rest);
        coordinates[k]! += along;
        for (let i = 0; i < n; i++) rest[i]! -= along * direction[i]!;
      });
    }
    const left = length(rest);
    if (left <= TOLERANCE * norm) {
      const shares = combination(independent, coordinates, norm, mean, constant, n);
      const names = shares.filter(({ share }) => share > SHARE).map((part) => columns[part.column]!.label);
      const weights = shares.map(({ column, weight }) => [column, weight] as const);
      found.push({ column: position, weights, sentence: `${label} depends on ${listed(names)}` });
      return;
    }
    coordinates[independent.length] = left;
    independent.push({ position, mean, norm, direction: rest.map((value) => value / left), coordinates });
  });
  return found;
}

/** At most eight names, or six and how many more. */
function listed(names: readonly string[]): string {
  if (names.length <= 8) return names.join(', ');
  return `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
}

/**
 * The weights of the independent columns in a dependent one, by back substitution through the triangle of coordinates,
 * with the share of its length that each has; those that are rounding are left out.
 */
function combination(
  independent: readonly Independent[],
  coordinates: Float64Array,
  norm: number,
  mean: number,
  constant: number,
  n: number,
): { readonly column: number; readonly weight: number; readonly share: number }[] {
  const along = Float64Array.from(coordinates);
  let rest = mean;
  const parts: { column: number; weight: number; share: number }[] = [];
  for (let k = independent.length - 1; k >= 0; k--) {
    const column = independent[k]!;
    const weight = along[k]! / column.coordinates[k]!;
    for (let l = 0; l < k; l++) along[l]! -= weight * column.coordinates[l]!;
    rest -= weight * column.mean;
    parts.unshift({ column: column.position, weight, share: (Math.abs(weight) * column.norm) / norm });
  }
  if (constant >= 0) {
    const share = (Math.abs(rest) * Math.sqrt(n)) / norm;
    parts.push({ column: constant, weight: rest, share });
    parts.sort((a, b) => a.column - b.column);
  }
  return parts.filter(({ share }) => share > ROUNDING);
}

function average(x: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]!;
  const first = sum / x.length;
  let rest = 0;
  for (let i = 0; i < x.length; i++) rest += x[i]! - first;
  return first + rest / x.length;
}

/** Euclidean length, scaled by the largest entry so that no square overflows. */
function length(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += (x[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}
