/**
 * PG(n, z) is a generalised gamma convolution: sum_k Gamma(n) y_k with y_k = 2 / (pi^2 (2 k - 1)^2 + z^2) (Polson,
 * Scott & Windle 2013, equation 5), and its cumulants are (r - 1)! n sum_k y_k^r. A Gauss-Radau rule for that sum, with
 * m nodes and one at 0, gives loc + sum_i Gamma(n w_i) y_i with the first 2 m + 1 cumulants right for every n; the node
 * at 0 is the constant `loc`. The rule depends on z alone. It is kept for 257 values of tau = (1 + z^2 / pi^2)^(-1/2)
 * and read by linear interpolation.
 */
export interface ThorinQuadrature {
  /** Nodes times (pi^2 + z^2) / 2, in (0, 1]: 257 x m, row-major, row i at tau = i / 256. */
  readonly nodes: Float64Array;
  /** Weights times tau: 257 x m, row-major. */
  readonly weights: Float64Array;
}

export const INTERVALS = 256;
/** For a smaller tau the sum over k is an integral, by the midpoint rule to exp(-pi / tau) < 1e-40. */
const SMALLEST_STEP = 1 / 32;
/** Atoms with sqrt(1 / y) beyond 60 (in scaled units) hold 3e-6 of the sum of squares: one atom stands for them. */
const FURTHEST = 60;
const NEWTON_STEPS = 40;

/** Atoms y (scaled) and masses y^2 of the measure for one tau, weights of the sum times tau. */
function measure(tau: number): { y: Float64Array; mass: Float64Array } {
  const step = Math.max(tau, SMALLEST_STEP);
  const rest = 1 - tau * tau;
  const count = Math.ceil(FURTHEST / (2 * step));
  const y = new Float64Array(count + 1);
  const mass = new Float64Array(count + 1);
  for (let k = 0; k < count; k++) {
    const x = (2 * k + 1) * step;
    y[k] = 1 / (rest + x * x);
    mass[k] = step * y[k]! * y[k]!;
  }
  // The integrals of x^-4 and x^-6 from the last edge on.
  const edge = 2 * count * step;
  mass[count] = 1 / (6 * edge * edge * edge);
  y[count] = 0.6 / (edge * edge);
  return { y, mass };
}

/**
 * The m-point Gauss rule of `mass` on `y` (Stieltjes' recursion, roots by Newton's method with deflation) to row `row`.
 */
function gaussRule(
  y: Float64Array,
  mass: Float64Array,
  m: number,
  row: number,
  nodes: Float64Array,
  weights: Float64Array,
): void {
  const count = y.length;
  let before = new Float64Array(count);
  let current = new Float64Array(count).fill(1);
  const shift: number[] = [];
  const ratio: number[] = [];
  const norm: number[] = [];
  for (let j = 0; j < m; j++) {
    let square = 0;
    let first = 0;
    for (let k = 0; k < count; k++) {
      const part = mass[k]! * current[k]! * current[k]!;
      square += part;
      first += part * y[k]!;
    }
    norm.push(square);
    shift.push(first / square);
    ratio.push(j === 0 ? 0 : square / norm[j - 1]!);
    const next = new Float64Array(count);
    for (let k = 0; k < count; k++) next[k] = (y[k]! - shift[j]!) * current[k]! - ratio[j]! * before[k]!;
    before = current;
    current = next;
  }
  const found: number[] = [];
  for (let i = 0; i < m; i++) {
    let x = 1;
    let christoffel = 0;
    for (let step = 0; step < NEWTON_STEPS; step++) {
      let p0 = 0;
      let p1 = 1;
      let d0 = 0;
      let d1 = 0;
      christoffel = 0;
      for (let j = 0; j < m; j++) {
        christoffel += (p1 * p1) / norm[j]!;
        const p2 = (x - shift[j]!) * p1 - ratio[j]! * p0;
        const d2 = p1 + (x - shift[j]!) * d1 - ratio[j]! * d0;
        p0 = p1;
        p1 = p2;
        d0 = d1;
        d1 = d2;
      }
      let slope = d1;
      for (const root of found) slope -= p1 / (x - root);
      if (p1 === 0 || slope === 0) break;
      x -= p1 / slope;
    }
    found.push(x);
    nodes[row * m + i] = x;
    weights[row * m + i] = 1 / (christoffel * x * x);
  }
}

const tables: (ThorinQuadrature | undefined)[] = [];

/** The rule with m nodes, 1 <= m <= 3, laid down on first use (a few milliseconds). */
export function thorinQuadrature(m: number): ThorinQuadrature {
  const known = tables[m];
  if (known !== undefined) return known;
  const nodes = new Float64Array((INTERVALS + 1) * m);
  const weights = new Float64Array((INTERVALS + 1) * m);
  for (let row = 0; row <= INTERVALS; row++) {
    const { y, mass } = measure(row / INTERVALS);
    gaussRule(y, mass, m, row, nodes, weights);
  }
  const table = { nodes, weights };
  tables[m] = table;
  return table;
}
