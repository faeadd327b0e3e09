import { dot } from '../dot.ts';
/** out := A x, A symmetric and positive definite; `out` is not `x`. */
export type Multiply = (x: Float64Array, out: Float64Array) => void;

/**
 * Solves A x = b by conjugate gradients (Hestenes & Stiefel 1952) from x = 0, until the residual is `tolerance` of b;
 * `precondition` solves with an approximation of A. Whatever the start of a search was, equal A and b give equal x.
 * Returns false where A is not numerically positive definite, or `most` steps are not enough.
 */
export function conjugateGradients(
  multiply: Multiply,
  b: Float64Array,
  x: Float64Array,
  { tolerance, most, precondition }: { tolerance: number; most: number; precondition?: Multiply },
): boolean {
  const n = b.length;
  const residual = b.slice();
  const scaled = precondition ? new Float64Array(n) : residual;
  const image = new Float64Array(n);
  x.fill(0);
  precondition?.(residual, scaled);
  const direction = scaled.slice();
  let height = dot(residual, scaled);
  const enough = tolerance * tolerance * height;
  for (let step = 0; height > enough; step++) {
    if (step === most) return false;
    multiply(direction, image);
    const curvature = dot(direction, image);
    if (!(curvature > 0 && curvature < Number.POSITIVE_INFINITY)) return false;
    const length = height / curvature;
    for (let i = 0; i < n; i++) {
      x[i] = x[i]! + length * direction[i]!;
      residual[i] = residual[i]! - length * image[i]!;
    }
    precondition?.(residual, scaled);
    const before = height;
    height = dot(residual, scaled);
    const turn = height / before;
    for (let i = 0; i < n; i++) direction[i] = scaled[i]! + turn * direction[i]!;
  }
  return height >= 0;
}
