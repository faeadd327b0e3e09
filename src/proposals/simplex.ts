import type { Pausing } from '../pausing.ts';

/**
 * Nelder & Mead's (1965) simplex search for the maximum of f, restarted once around its answer; good enough to centre a
 * proposal on a mode. Changes `x` in place and returns the value there. It is not restarted where `enough` of the first
 * answer says so.
 */
export function* climb(
  f: (x: Float64Array) => number,
  x: Float64Array,
  step: number,
  evaluations: number,
  enough?: (x: Float64Array, value: number) => boolean,
): Pausing<number> {
  const first = yield* search(f, x, step, evaluations >> 1);
  if (enough?.(x, first)) return first;
  return yield* search(f, x, 0.3 * step, evaluations >> 1);
}

interface Vertex {
  readonly point: Float64Array;
  readonly value: number;
}

function* search(f: (x: Float64Array) => number, x: Float64Array, step: number, evaluations: number): Pausing<number> {
  const d = x.length;
  const points: Vertex[] = Array.from({ length: d + 1 }, (_, i) => {
    const point = Float64Array.from(x);
    if (i > 0) point[i - 1] = point[i - 1]! + step;
    return { point, value: safe(f, point) };
  });
  let left = evaluations - d - 1;
  const centre = new Float64Array(d);
  const along = (factor: number): Vertex => {
    left -= 1;
    const worst = points[d]!.point;
    const point = Float64Array.from(centre, (c, i) => c + factor * (c - worst[i]!));
    return { point, value: safe(f, point) };
  };
  while (left > 0) {
    points.sort((a, b) => b.value - a.value);
    if (points[0]!.value - points[d]!.value < 1e-6) break;
    for (let i = 0; i < d; i += 1) {
      let sum = 0;
      for (let k = 0; k < d; k += 1) sum += points[k]!.point[i]!;
      centre[i] = sum / d;
    }
    yield;
    const reflected = along(1);
    if (reflected.value > points[0]!.value) {
      const expanded = along(2);
      points[d] = expanded.value > reflected.value ? expanded : reflected;
    } else if (reflected.value > points[d - 1]!.value) {
      points[d] = reflected;
    } else {
      const contracted = reflected.value > points[d]!.value ? along(0.5) : along(-0.5);
      if (contracted.value > Math.max(points[d]!.value, reflected.value)) {
        points[d] = contracted;
      } else {
        for (let k = 1; k <= d; k += 1) {
          const point = Float64Array.from(
            points[k]!.point,
            (v, i) => points[0]!.point[i]! + 0.5 * (v - points[0]!.point[i]!),
          );
          points[k] = { point, value: safe(f, point) };
          left -= 1;
        }
      }
    }
  }
  points.sort((a, b) => b.value - a.value);
  x.set(points[0]!.point);
  return points[0]!.value;
}

function safe(f: (x: Float64Array) => number, x: Float64Array): number {
  const value = f(x);
  return Number.isNaN(value) ? -Infinity : value;
}
