import { cholesky, choleskySolve } from '../../linalg/cholesky.ts';
import type { SparseProducts } from '../../products/sparseProducts.ts';
import type { RelativeFactors } from '../relativeFactor.ts';

/** No start is below this relative sd, or has less than this share of the variance for the residuals. */
const LEAST = 0.05;

/**
 * Where to begin a search of many levels, in search coordinates: the variances that have the squares of the groups'
 * sums as their expectation (minimum norm quadratic estimation with weights 1, Rao 1971), no correlations, what X took
 * from the residuals neglected. With r the residuals about X, coordinate a of factor f and V_fa = Z_fa Z_fa' (rows in
 * units of their precision),
 *   |Z_fa'r|^2 = sum_gb tau_gb^2 |Z_fa'Z_gb|^2 + sigma^2 |Z_fa|^2,   r'r = sum_gb tau_gb^2 |Z_gb|^2 + sigma^2 n.
 * All of it is in the cross-products. Null where these equations have no solution.
 */
export function momentStart(products: SparseProducts, factors: RelativeFactors): Float64Array | null {
  const { A, size, p, c0, rss0, knownScale, groups } = products;
  const { offsets, blocks, beside, population, pairs } = A;
  const first: number[] = [];
  let m = 0;
  for (const { q } of groups) {
    first.push(m);
    m += q;
  }
  const d = m + 1;
  const G = new Float64Array(d * d);
  const h = new Float64Array(d);
  // The residuals about X alone: from c0, those about the reference fit's beta.
  const shift = c0.slice(size - p);
  const factor = population.slice();
  if (p > 0 && !cholesky(factor, p)) return null;
  choleskySolve(factor, p, shift);
  h[m] = rss0;
  for (let k = 0; k < p; k++) h[m]! -= shift[k]! * c0[size - p + k]!;
  groups.forEach(({ J, q }, f) => {
    for (let i = 0; i < J * q; i++) {
      const a = first[f]! + (i % q);
      let sum = c0[offsets[f]! + i]!;
      for (let k = 0; k < p; k++) sum -= beside[f]![i * p + k]! * shift[k]!;
      h[a]! += sum * sum;
      for (let b = 0; b < q; b++) G[a * d + first[f]! + b]! += blocks[f]![i * q + b]! ** 2;
      G[m * d + a]! += blocks[f]![i * q + (i % q)]!;
    }
  });
  for (const { f, g, values } of pairs) {
    const [q, width] = [groups[f]!.q, groups[g]!.q];
    for (let k = 0; k < values.length; k++) {
      const a = first[f]! + (Math.floor(k / width) % q);
      const b = first[g]! + (k % width);
      G[b * d + a]! += values[k]! ** 2;
    }
  }
  G[m * d + m] = products.n;
  const total = h[m]! / products.n;
  if (!cholesky(G, d)) return null;
  choleskySolve(G, d, h);
  if (!(total > 0) || !h.every(Number.isFinite)) return null;
  const sigma2 = knownScale ? 1 : Math.max(h[m]!, LEAST * total);
  const x = new Float64Array(factors.size);
  for (const { factor: f, start, size: width, offset } of factors.blocks) {
    let at = offset;
    for (let b = 0; b < width; b++) {
      x[at] = Math.max(Math.sqrt(Math.max(0, h[first[f]! + start + b]! / sigma2)), LEAST);
      at += width - b;
    }
  }
  return x;
}
