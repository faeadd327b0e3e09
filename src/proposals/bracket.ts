/**
 * The interval of ascending `points` that holds x, by bisection: the last i with points[i] <= x, kept within 0 ..
 * length - 2.
 */
export function bracket(points: Float64Array, x: number): number {
  let a = 0;
  let b = points.length - 1;
  while (b - a > 1) {
    const middle = (a + b) >> 1;
    if (points[middle]! <= x) a = middle;
    else b = middle;
  }
  return a;
}
