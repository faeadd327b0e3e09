import type { Design } from '../design/design.ts';
import type { CoefficientPlaces } from './arrowLayout.ts';
import type { Coordinates } from './coordinates.ts';
import { type WorkingRows, workingRows } from './workingRows.ts';

/**
 * Fills c := [Z X]' W r for r = y - offset - [Z X] x, x in working coordinates and in the arrow's order; returns r' W
 * r.
 */
export type ResidualSide = (x: Float64Array, c: Float64Array) => number;

/**
 * The residuals of a design at any coefficients, formed row by row: what no cross-product can give where the
 * coefficients dwarf the residuals. One pass over the rows, O(n (q + p)); `W` are the rows' precisions, length n.
 */
export function residualSide(
  design: Design,
  layout: CoefficientPlaces,
  coordinates: Coordinates,
  W: Float64Array,
  rows: WorkingRows = workingRows(design, layout, coordinates),
): ResidualSide {
  const { response } = design;
  const y = Float64Array.from(response.y, (value, i) => value - (response.offset?.[i] ?? 0));
  const { q } = layout.pattern;
  const head = layout.pattern.J * q;
  const { z, values, columns } = rows;
  const others = values.length - design.p;
  return (x, c) => {
    c.fill(0);
    let rss = 0;
    for (let i = 0; i < W.length; i++) {
      rows.load(i);
      const at = rows.level() * q;
      let residual = y[i]!;
      // X first: what is subtracted from a response that is still large is rounded as the response is.
      for (let k = others; k < values.length; k++) residual -= values[k]! * x[head + columns[k]!]!;
      for (let k = 0; k < others; k++) residual -= values[k]! * x[head + columns[k]!]!;
      for (let a = 0; a < q; a++) residual -= z[a]! * x[at + a]!;
      const weighted = W[i]! * residual;
      rss += weighted * residual;
      for (let a = 0; a < q; a++) c[at + a]! += weighted * z[a]!;
      for (let k = 0; k < values.length; k++) c[head + columns[k]!]! += weighted * values[k]!;
    }
    return rss;
  };
}
