import { type MinimizeOptions, type Minimum, minimize, type Objective } from '../search/optimize.ts';

/** Below this share of a row's residual sd a diagonal entry of a factor counts as 0. */
const AT_ZERO = 1e-2;
/** To which share such an entry is raised for a second search. */
const RAISED = 0.3;

/**
 * The lower of two minima: searched from `start` and, where an sd (or a direction of a block) stands at 0 there, from
 * above it, too. The deviance is even in each column of a factor, so that a search that begins at 0 stays there, though
 * another parameter that is held away from its estimate may want it larger. `diagonal` are the places of the diagonal
 * entries of the factors, `unit` the relative sd of one row's residual.
 */
export function lowestFrom(
  objective: Objective,
  start: Float64Array,
  diagonal: readonly number[],
  unit: number,
  options: MinimizeOptions = {},
): Minimum {
  const found = minimize(objective, start, options);
  const zero = diagonal.filter((i) => Math.abs(found.x[i]!) < AT_ZERO * unit);
  if (zero.length === 0) return found;
  const raised = Float64Array.from(found.x);
  for (const i of zero) raised[i] = RAISED * unit;
  const other = minimize(objective, raised, options);
  // A value that is no number is above any.
  return other.value < found.value || Number.isNaN(found.value) ? other : found;
}

/** The places of the diagonal entries of lower triangles that follow each other by columns. */
export function diagonalPlaces(blocks: readonly { readonly size: number }[], from = 0): number[] {
  let at = from;
  return blocks.flatMap(({ size }) =>
    Array.from({ length: size }, (_, b) => {
      const place = at;
      at += size - b;
      return place;
    }),
  );
}
