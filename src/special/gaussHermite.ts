import { symmetricEigen } from '../linalg/symmetricEigen.ts';

/**
 * Nodes and weights on the line: the integral of g(z) is about sum_k weights[k] g(nodes[k]), exact for g = polynomial
 * (degree < 2 points) x exp(-z^2/2).
 */
export interface GaussHermiteRule {
  /** Ascending, symmetric about 0. */
  readonly nodes: Float64Array;
  /** With exp(z^2 / 2) in them, so that they neither underflow nor need a density beside them. */
  readonly weights: Float64Array;
}

/**
 * The Gauss-Hermite rule with any number of points >= 1, for the weight exp(-z^2 / 2): nodes are the eigenvalues of the
 * Jacobi matrix (Golub & Welsch 1969), settled by Newton steps; weights are Christoffel's, 1 / sum_m phi_m(z)^2 over
 * the orthonormal Hermite functions of degree < points.
 */
export function gaussHermite(points: number): GaussHermiteRule {
  const jacobi = new Float64Array(points * points);
  for (let m = 1; m < points; m++) {
    jacobi[m * points + m - 1] = Math.sqrt(m);
    jacobi[(m - 1) * points + m] = Math.sqrt(m);
  }
  const nodes = Float64Array.from(symmetricEigen(jacobi, points).values).sort();
  const weights = new Float64Array(points);
  for (let k = 0; k < points; k++) {
    let z = nodes[k]!;
    for (let step = 0; step < 3; step++) z -= hermite(z, points).ratio;
    nodes[k] = z;
  }
  for (let k = 0; k < points; k++) {
    const z = (nodes[k]! - nodes[points - 1 - k]!) / 2;
    weights[k] = 1 / hermite(z, points).squares;
  }
  return { nodes: nodes.map((_, k) => (nodes[k]! - nodes[points - 1 - k]!) / 2), weights };
}

/** The sum of phi_m(z)^2 over m < degree, and phi_degree / phi_degree' there. */
function hermite(z: number, degree: number): { squares: number; ratio: number } {
  let before = 0;
  let phi = Math.exp((-z * z) / 4) / (2 * Math.PI) ** 0.25;
  let squares = 0;
  for (let m = 0; m < degree; m++) {
    squares += phi * phi;
    const next = (z * phi - Math.sqrt(m) * before) / Math.sqrt(m + 1);
    before = phi;
    phi = next;
  }
  const slope = Math.sqrt(degree) * before - (z / 2) * phi;
  return { squares, ratio: phi / slope };
}
