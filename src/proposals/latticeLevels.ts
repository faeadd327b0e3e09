/** What a lattice's density integrates to over its last coordinates. */
export interface Level {
  readonly knots: Float64Array;
  /** Over the first axes up to this one, the last fastest: the density with all later coordinates integrated out. */
  readonly density: Float64Array;
  /** Its integral from the first knot of this axis to each. */
  readonly cumulative: Float64Array;
}

/**
 * All levels of a table over `axes`, the last axis fastest, those of the first axis first: trapezoids, exact as the
 * density is linear between knots.
 */
export function latticeLevels(table: Float64Array, axes: readonly Float64Array[]): Level[] {
  const levels: Level[] = [];
  let density = table;
  for (let k = axes.length - 1; k >= 0; k -= 1) {
    const knots = axes[k]!;
    const n = knots.length;
    const cumulative = new Float64Array(density.length);
    const rows = density.length / n;
    const whole = new Float64Array(rows);
    for (let r = 0; r < rows; r += 1) {
      for (let i = r * n + 1, m = 1; m < n; i += 1, m += 1) {
        cumulative[i] = cumulative[i - 1]! + 0.5 * (knots[m]! - knots[m - 1]!) * (density[i]! + density[i - 1]!);
      }
      whole[r] = cumulative[(r + 1) * n - 1]!;
    }
    levels.unshift({ knots, density, cumulative });
    density = whole;
  }
  return levels;
}

/** The integral over all axes. */
export function totalMass(levels: readonly Level[]): number {
  return levels[0]!.cumulative.at(-1)!;
}

/** The integral over the knots within `ends` of every axis. */
export function massWithin(
  levels: readonly Level[],
  axes: readonly Float64Array[],
  ends: readonly (readonly [number, number])[],
): number {
  let within = levels.at(-1)!.density;
  for (let k = axes.length - 1; k >= 0; k -= 1) {
    const knots = axes[k]!;
    const n = knots.length;
    const [low, high] = ends[k]!;
    let first = 0;
    let last = n - 1;
    while (first < last && knots[first]! < low) first += 1;
    while (last > first && knots[last]! > high) last -= 1;
    // Trapezoids of the cells between, as one weight of each knot.
    const weights = new Float64Array(n);
    for (let i = first; i < last; i += 1) {
      const half = 0.5 * (knots[i + 1]! - knots[i]!);
      weights[i] = weights[i]! + half;
      weights[i + 1] = weights[i + 1]! + half;
    }
    const rows = new Float64Array(within.length / n);
    for (let r = 0; r < rows.length; r += 1) {
      let sum = 0;
      for (let i = 0; i < n; i += 1) sum += weights[i]! * within[r * n + i]!;
      rows[r] = sum;
    }
    within = rows;
  }
  return within[0]!;
}
