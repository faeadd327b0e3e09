/**
 * Eigenvalues (ascending) and eigenvectors (columns of a d x d row-major array) of a symmetric d x d matrix, by
 * Jacobi's cyclic rotations (Golub & Van Loan 2013, section 8.5): the matrices here have a few rows, and small
 * eigenvalues keep their digits. Reads the lower triangle.
 */
export function symmetricEigen(A: Float64Array, d: number): { values: Float64Array; vectors: Float64Array } {
  const work = new Float64Array(d * d);
  const rotated = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) {
    rotated[i * d + i] = 1;
    for (let j = 0; j <= i; j += 1) {
      work[i * d + j] = A[i * d + j]!;
      work[j * d + i] = A[i * d + j]!;
    }
  }
  for (let sweep = 0; sweep < LARGEST_SWEEP; sweep += 1) {
    let turned = false;
    for (let p = 0; p < d - 1; p += 1) {
      for (let q = p + 1; q < d; q += 1) turned = rotate(work, rotated, d, p, q) || turned;
    }
    if (!turned) break;
  }
  const order = Array.from({ length: d }, (_, k) => k).sort((a, b) => work[a * d + a]! - work[b * d + b]!);
  const vectors = new Float64Array(d * d);
  order.forEach((from, to) => {
    for (let i = 0; i < d; i += 1) vectors[i * d + to] = rotated[i * d + from]!;
  });
  return { values: Float64Array.from(order, (k) => work[k * d + k]!), vectors };
}

/** Convergence is quadratic: a handful of sweeps; a matrix that is not finite must end, too. */
const LARGEST_SWEEP = 60;

/** Turns the plane (p, q) so that entry (p, q) vanishes; false where it is nothing but rounding already. */
function rotate(A: Float64Array, V: Float64Array, d: number, p: number, q: number): boolean {
  const apq = A[p * d + q]!;
  const app = A[p * d + p]!;
  const aqq = A[q * d + q]!;
  if (!(Math.abs(apq) > 0.25 * Number.EPSILON * Math.sqrt(Math.abs(app)) * Math.sqrt(Math.abs(aqq)))) {
    A[p * d + q] = 0;
    A[q * d + p] = 0;
    return false;
  }
  const theta = (aqq - app) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(1, theta));
  const c = 1 / Math.hypot(1, t);
  const s = t * c;
  for (let k = 0; k < d; k += 1) {
    const left = A[k * d + p]!;
    const right = A[k * d + q]!;
    A[k * d + p] = c * left - s * right;
    A[k * d + q] = s * left + c * right;
  }
  for (let k = 0; k < d; k += 1) {
    const upper = A[p * d + k]!;
    const lower = A[q * d + k]!;
    A[p * d + k] = c * upper - s * lower;
    A[q * d + k] = s * upper + c * lower;
  }
  for (let k = 0; k < d; k += 1) {
    const left = V[k * d + p]!;
    const right = V[k * d + q]!;
    V[k * d + p] = c * left - s * right;
    V[k * d + q] = s * left + c * right;
  }
  A[p * d + q] = 0;
  A[q * d + p] = 0;
  return true;
}
