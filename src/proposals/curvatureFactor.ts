import { cholesky } from '../linalg/cholesky.ts';

/** The narrowest axis that is looked for where the density ends about a mode. */
const LEAST_ROOM = 1e-9;

/**
 * Lower Cholesky factor of the inverse negative Hessian at the mode, by differences; a diagonal one where that is not
 * positive definite. The first `folded` coordinates are positive.
 */
export function curvatureFactor(
  logDensity: (phi: Float64Array) => number,
  mode: Float64Array,
  folded: number,
): Float64Array {
  const d = mode.length;
  // Steps in proportion to an sd, however near 0 its mode.
  const h = Float64Array.from(mode, (v, k) => 0.02 * (k < folded && v > 0 ? v : Math.max(0.2, Math.abs(v))));
  const x = new Float64Array(d);
  const f = (a: number, sa: number, b: number, sb: number): number => {
    x.set(mode);
    x[a] = x[a]! + sa * h[a]!;
    x[b] = x[b]! + sb * h[b]!;
    return logDensity(x);
  };
  const precision = new Float64Array(d * d);
  const centre = logDensity(mode);
  for (let a = 0; a < d; a += 1) {
    const second = (f(a, 1, a, 0) - 2 * centre + f(a, -1, a, 0)) / (h[a]! * h[a]!);
    precision[a * d + a] = Math.max(1e-2 / Math.max(1, mode[a]! * mode[a]!), -second);
    for (let b = 0; b < a; b += 1) {
      const mixed = (f(a, 1, b, 1) - f(a, 1, b, -1) - f(a, -1, b, 1) + f(a, -1, b, -1)) / (4 * h[a]! * h[b]!);
      precision[a * d + b] = -mixed;
      precision[b * d + a] = -mixed;
    }
  }
  const diagonal = Float64Array.from({ length: d }, (_, a) => precision[a * d + a]!);
  const finite = precision.every((v) => Number.isFinite(v));
  const factor = finite ? inverseFactor(precision, d) : null;
  if (factor) return factor;
  // Next to where the density ends an axis is as wide as it is positive, on one side at least.
  const room = (a: number): number => {
    let width = 1;
    const empty = (sign: number): boolean => {
      x.set(mode);
      x[a] = x[a]! + sign * width;
      return !(logDensity(x) > -Infinity);
    };
    while (width > LEAST_ROOM && empty(1) && empty(-1)) width *= 0.5;
    return width;
  };
  const fallback = new Float64Array(d * d);
  for (let a = 0; a < d; a += 1) {
    fallback[a * d + a] = Number.isFinite(diagonal[a]!) ? 1 / Math.sqrt(diagonal[a]!) : room(a);
  }
  return fallback;
}

/** Lower Cholesky factor of P^-1, or null where P is not positive definite. */
function inverseFactor(P: Float64Array, d: number): Float64Array | null {
  const L = Float64Array.from(P);
  if (!cholesky(L, d)) return null;
  const inverse = new Float64Array(d * d);
  for (let c = 0; c < d; c += 1) {
    const e = new Float64Array(d);
    e[c] = 1;
    for (let i = 0; i < d; i += 1) {
      let sum = e[i]!;
      for (let k = 0; k < i; k += 1) sum -= L[i * d + k]! * e[k]!;
      e[i] = sum / L[i * d + i]!;
    }
    for (let i = d - 1; i >= 0; i -= 1) {
      let sum = e[i]!;
      for (let k = i + 1; k < d; k += 1) sum -= L[k * d + i]! * e[k]!;
      e[i] = sum / L[i * d + i]!;
    }
    inverse.set(e, c * d);
  }
  return cholesky(inverse, d) ? inverse : null;
}
