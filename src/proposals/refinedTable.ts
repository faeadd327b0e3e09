/**
 * A table of log densities over a lattice (row-major, `sizes` knots per axis, evenly spaced in each axis' own
 * coordinate) at `times` as many steps per axis: (sizes[k] - 1) times + 1 knots, those given among them. Cubic along
 * one axis after the other (Keys 1981: third order, exact for quadratics). Where the density falls off a cliff cubics
 * would ring: values more than `low` below `top` are met linearly and left out of the cubics beside them; next to
 * -Infinity the last value is held.
 */
export function refinedTable(
  values: Float64Array,
  sizes: readonly number[],
  times: number,
  top: number,
  low = 60,
): { values: Float64Array; sizes: number[] } {
  const floor = top - low;
  let table = values;
  const grown = [...sizes];
  for (let axis = 0; axis < sizes.length; axis += 1) {
    const n = grown[axis]!;
    const fine = (n - 1) * times + 1;
    const inner = grown.slice(axis + 1).reduce((product, size) => product * size, 1);
    const outer = grown.slice(0, axis).reduce((product, size) => product * size, 1);
    const refined = new Float64Array(outer * fine * inner);
    for (let o = 0; o < outer; o += 1) {
      for (let i = 0; i < inner; i += 1) {
        const from = o * n * inner + i;
        const to = o * fine * inner + i;
        for (let k = 0; k + 1 < n; k += 1) {
          const a = table[from + k * inner]!;
          const b = table[from + (k + 1) * inner]!;
          const smooth = a > floor && b > floor;
          const last = k > 0 ? table[from + (k - 1) * inner]! : -Infinity;
          const next = k + 2 < n ? table[from + (k + 2) * inner]! : -Infinity;
          // Beyond an end or a cliff the table is continued by the parabola of the three knots this side of it, or by a
          // line.
          const before = last > floor ? last : next > floor ? 3 * a - 3 * b + next : 2 * a - b;
          const after = next > floor ? next : last > floor ? 3 * b - 3 * a + last : 2 * b - a;
          for (let m = 0; m < times; m += 1) {
            const s = m / times;
            refined[to + (k * times + m) * inner] = smooth ? cubic(before, a, b, after, s) : edge(a, b, s);
          }
        }
        refined[to + (fine - 1) * inner] = table[from + (n - 1) * inner]!;
      }
    }
    table = refined;
    grown[axis] = fine;
  }
  return { values: table, sizes: grown };
}

/** Keys' cubic convolution between a and b. */
function cubic(before: number, a: number, b: number, after: number, s: number): number {
  const slope = 0.5 * (b - before);
  const end = 0.5 * (after - a);
  const rise = b - a;
  return a + s * (slope + s * (3 * rise - 2 * slope - end + s * (slope + end - 2 * rise)));
}

/** Linear, or the finite one of the two where the other is -Infinity. */
function edge(a: number, b: number, s: number): number {
  if (s === 0) return a;
  if (a === Number.NEGATIVE_INFINITY) return b;
  if (b === Number.NEGATIVE_INFINITY) return a;
  return a + s * (b - a);
}
