import { ModelError } from '../errors.ts';
import type { TermColumn } from './termColumns.ts';

/** A column counts as dependent when less than this share of its length (about its mean) is left over: R's `lm` has the same. */
const TOLERANCE = 1e-7;
/** A column whose spread is below this share of its size is constant up to rounding. */
const CONSTANT = 1e-13;

interface Independent {
  readonly label: string;
  readonly mean: number;
  readonly norm: number;
  /** Unit vector orthogonal to the ones before. */
  readonly direction: Float64Array;
  /** Coordinates of the (centred) column along the directions up to its own. */
  readonly coordinates: Float64Array;
}

/**
 * Throws ModelError when the columns of X are linearly dependent, naming each dependent column and those it depends on.
 *
 * Gram-Schmidt in the order of the columns, each projection done twice. With an intercept the other columns are taken
 * about their means, so that a year or a time stamp is not mistaken for a constant.
 */
export function checkFullRank(columns: readonly TermColumn[], n: number): void {
  const centred = columns.some((column) => column.parts.length === 0);
  const independent: Independent[] = [];
  const faults: string[] = [];
  for (const { label, parts, values } of columns) {
    if (centred && parts.length === 0) continue;
    const mean = centred ? average(values) : 0;
    const rest = values.map((value) => value - mean);
    const size = length(values);
    const norm = length(rest);
    const coordinates = new Float64Array(independent.length + 1);
    if (size === 0 || norm <= CONSTANT * size) {
      faults.push(size === 0 ? `${label} is 0 in every row` : `${label} is constant, as is Intercept`);
      continue;
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
      faults.push(`${label} depends on ${dependsOn(independent, coordinates, norm, mean, centred, n).join(', ')}`);
      continue;
    }
    coordinates[independent.length] = left;
    independent.push({ label, mean, norm, direction: rest.map((value) => value / left), coordinates });
  }
  if (faults.length === 0) return;
  const message = `the columns of the population part are linearly dependent (${n} rows, ${columns.length} columns): ${faults.join('; ')}; leave ${faults.length === 1 ? 'it' : 'them'} out`;
  throw new ModelError('rank-deficient', 'X', message);
}

/** Labels of the columns with a share in the dependent one, by back substitution through the triangle of coordinates. */
function dependsOn(
  independent: readonly Independent[],
  coordinates: Float64Array,
  norm: number,
  mean: number,
  centred: boolean,
  n: number,
): string[] {
  const weights = Float64Array.from(coordinates);
  let constant = mean;
  const labels: string[] = [];
  for (let k = independent.length - 1; k >= 0; k--) {
    const column = independent[k]!;
    const weight = weights[k]! / column.coordinates[k]!;
    for (let l = 0; l < k; l++) weights[l]! -= weight * column.coordinates[l]!;
    constant -= weight * column.mean;
    if (Math.abs(weight) * column.norm > 1e-6 * norm) labels.unshift(column.label);
  }
  if (centred && Math.abs(constant) * Math.sqrt(n) > 1e-6 * norm) labels.unshift('Intercept');
  return labels;
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
