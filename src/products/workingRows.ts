import type { Design } from '../design/design.ts';
import type { ArrowLayout, CoefficientPlaces } from './arrowLayout.ts';
import type { Coordinates } from './coordinates.ts';

/** Reads the rows of [Z X] one at a time in working coordinates, in the sparse form that the arrow matrix needs. */
export interface WorkingRows {
  /** Loads row i into the arrays below. */
  load(i: number): void;
  /** Level of the leading factor in the loaded row; 0 where there is none. */
  level(): number;
  /** The leading factor's entries (length q). */
  readonly z: Float64Array;
  /** The entries that fall in the border: the other factors' in order, then X's p. */
  readonly values: Float64Array;
  /** The border column (0 .. r - 1) of each of `values`, ascending. */
  readonly columns: Int32Array;
  /** The column of each of `values` within the border of the row's own block, where the layout is an arrow's. */
  readonly local: Int32Array;
}

/** A reader over the rows of a design; its arrays are overwritten by each `load`. */
export function workingRows(
  design: Design,
  layout: ArrowLayout | CoefficientPlaces,
  coordinates: Coordinates,
): WorkingRows {
  const { groupTerms, X, p } = design;
  const { leading, borderOffsets, pattern } = layout;
  const arrow = 'localColumns' in layout ? layout : null;
  const head = pattern.J * pattern.q;
  const others = groupTerms.map((_, f) => f).filter((f) => f !== leading);
  const count = others.reduce((sum, f) => sum + groupTerms[f]!.q, 0) + p;
  const z = new Float64Array(pattern.q);
  const values = new Float64Array(count);
  const columns = new Int32Array(count);
  const local = new Int32Array(count);
  const betaColumn = borderOffsets[groupTerms.length]! - head;
  for (let k = 0; k < p; k++) columns[count - p + k] = betaColumn + k;
  let level = 0;

  return {
    z,
    values,
    columns,
    local,
    level: () => level,
    load(i) {
      if (leading >= 0) {
        const term = groupTerms[leading]!;
        level = term.index[i]!;
        timesUpper(term.Z, i * term.q, coordinates.groups[leading]!.T, term.q, z, 0);
      }
      let at = 0;
      for (const f of others) {
        const term = groupTerms[f]!;
        const column = borderOffsets[f]! - head + term.index[i]! * term.q;
        const within = arrow === null ? 0 : arrow.localColumns[f]![i]!;
        timesUpper(term.Z, i * term.q, coordinates.groups[f]!.T, term.q, values, at);
        for (let a = 0; a < term.q; a++, at++) {
          columns[at] = column + a;
          local[at] = within + a;
        }
      }
      timesUpper(X, i * p, coordinates.beta.T, p, values, at);
      if (leading >= 0 && arrow !== null) {
        const { start } = arrow.pattern;
        const width = start[level + 1]! - start[level]!;
        for (let k = 0; k < p; k++) local[at + k] = width - p + k;
      }
    },
  };
}

/** out[to ..] := (row of k entries at `from`) T, T upper triangular (k x k, row-major). */
function timesUpper(M: Float64Array, from: number, T: Float64Array, k: number, out: Float64Array, to: number): void {
  for (let a = 0; a < k; a++) {
    let sum = 0;
    for (let b = 0; b <= a; b++) sum += M[from + b]! * T[b * k + a]!;
    out[to + a] = sum;
  }
}
