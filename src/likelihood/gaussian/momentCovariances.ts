import { product } from '../../linalg/smallMatrix.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { covarianceToUser } from '../../products/coordinates.ts';
import type { ProductsOfRows } from '../../products/crossProducts.ts';
import { lowerFactor, type RelativeFactors } from '../relativeFactor.ts';

/**
 * What the groups' own estimates vary by, relative to the residuals: mean_j u_j u_j' / s^2 of the reference fit, s^2
 * its residual variance, as the lower factor of each block in search coordinates (size x size). The analysis of
 * variance without its correction for the noise of the estimates: a place to search from. Null where the columns leave
 * no residuals to compare with.
 */
export function momentCovariances(
  products: ProductsOfRows,
  factors: RelativeFactors,
  columns: number,
): Float64Array[] | null {
  const { n, rss, reference, groups, borderOffsets, coordinates } = products;
  if (columns >= n || !(rss > 0)) return null;
  const variance = rss / (n - columns);
  const covariances = groups.map(({ J, q }, f) => {
    const S = new Float64Array(q * q);
    const at = borderOffsets[f]!;
    for (let j = 0; j < J; j++) {
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) {
          S[a * q + b]! += (reference[at + j * q + a]! * reference[at + j * q + b]!) / (J * variance);
        }
      }
    }
    covarianceToUser(coordinates.groups[f]!, S, S);
    return S;
  });
  return factors.blocks.map(({ factor, start, size, basisInverse }) => {
    const { q } = groups[factor]!;
    const S = new Float64Array(size * size);
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) S[a * size + b] = covariances[factor]![(start + a) * q + start + b]!;
    }
    const { values, vectors } = symmetricEigen(S, size);
    const root = vectors.map((value, i) => value * Math.sqrt(Math.max(0, values[i % size]!)));
    return lowerFactor(product(basisInverse, root, size), size, size);
  });
}
