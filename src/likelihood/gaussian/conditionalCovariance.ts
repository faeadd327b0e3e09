import { invertLower } from '../../linalg/cholesky.ts';
import { cornerInverse } from '../../linalg/cornerInverse.ts';
import type { CovarianceSystem } from './covarianceSystem.ts';

/**
 * Covariance of the standardised modes e_l of every level given the data, beta and the covariances, in units of
 * sigma^2: the diagonal blocks of (Lambda'Z'WZ Lambda + I)^-1, J x q x q by factor.
 */
export function conditionalCovariance(
  system: Pick<CovarianceSystem, 'crossProducts' | 'factor'> & { readonly others: number },
): Float64Array[] {
  const { crossProducts, factor, others } = system;
  const { J, q, r, start, columns } = factor.pattern;
  const C = new Float64Array(r * r);
  cornerInverse(factor.corner, r, others, C);
  const lower = new Float64Array(q * q);
  const edge = new Float64Array(q * r);
  return crossProducts.groups.map((group, f) => {
    const out = new Float64Array(group.J * group.q * group.q);
    if (f !== crossProducts.leading) {
      const offset = crossProducts.borderOffsets[f]! - J * q;
      for (let l = 0; l < group.J; l++) {
        for (let a = 0; a < group.q; a++) {
          const row = (offset + l * group.q + a) * r + offset + l * group.q;
          for (let b = 0; b < group.q; b++) out[(l * group.q + a) * group.q + b] = C[row + b]!;
        }
      }
      return out;
    }
    for (let j = 0; j < J; j++) {
      const first = start[j]!;
      const width = start[j + 1]! - first;
      invertLower(factor.blocks, q, lower, j * q * q, 0);
      let used = 0;
      while (used < width && columns[first + used]! < others) used++;
      for (let a = 0; a < q; a++) {
        for (let s = 0; s < used; s++) {
          let sum = 0;
          for (let k = a; k < q; k++) sum += lower[k * q + a]! * factor.border[q * first + k * width + s]!;
          edge[a * used + s] = sum;
        }
      }
      for (let a = 0; a < q; a++) {
        for (let b = 0; b <= a; b++) {
          let sum = 0;
          for (let k = a; k < q; k++) sum += lower[k * q + a]! * lower[k * q + b]!;
          for (let s = 0; s < used; s++) {
            let inner = 0;
            const row = columns[first + s]! * r;
            for (let t = 0; t < used; t++) inner += C[row + columns[first + t]!]! * edge[b * used + t]!;
            sum += edge[a * used + s]! * inner;
          }
          out[(j * q + a) * q + b] = sum;
          out[(j * q + b) * q + a] = sum;
        }
      }
    }
    return out;
  });
}
