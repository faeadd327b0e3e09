import type { Design } from '../../design/design.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';

/**
 * The columns of X~ that lie in the span of the leading factor's Z~ in every group: X~_j = Z~_j C~_j. They are the
 * level-2 columns z_k w_l (C_j holds w_jl in row k) and, in working coordinates, combinations of such columns alone.
 * Returns their border columns and C~, J x q x m.
 */
export function spannedColumns(crossProducts: CrossProducts, design: Design): { columns: Int32Array; C: Float64Array } {
  const { leading, coordinates, pattern } = crossProducts;
  const { J, q, r } = pattern;
  const { p } = design;
  const group = design.groupTerms[leading];
  if (group === undefined) return { columns: new Int32Array(0), C: new Float64Array(0) };
  const { level2 } = group;
  const T = coordinates.beta.T;
  const inverse = coordinates.groups[leading]!.inverse;
  const spanned = new Uint8Array(p);
  for (const column of level2.columns) if (column >= 0) spanned[column] = 1;
  const isPure = (c: number): boolean => {
    for (let a = 0; a <= c; a++) {
      // Below the rounding of the coordinates themselves a column counts as unmixed.
      if (!spanned[a] && Math.abs(T[a * p + c]!) > 1e-14 * T[a * p + a]!) return false;
    }
    return true;
  };
  const pure = Array.from({ length: p }, (_, c) => c).filter(isPure);
  const m = pure.length;
  const C = new Float64Array(J * q * m);
  const user = new Float64Array(q * p);
  for (let j = 0; j < J; j++) {
    if (group.counts[j] === 0) continue;
    user.fill(0);
    for (let k = 0; k < q; k++) {
      for (let l = 0; l < level2.m; l++) {
        const column = level2.columns[k * level2.m + l]!;
        if (column >= 0) user[k * p + column] = level2.W[j * level2.m + l]!;
      }
    }
    for (let a = 0; a < m; a++) {
      const c = pure[a]!;
      for (let k = 0; k < q; k++) {
        let sum = 0;
        for (let l = k; l < q; l++) {
          let mixed = 0;
          for (let b = 0; b <= c; b++) if (spanned[b]) mixed += user[l * p + b]! * T[b * p + c]!;
          sum += inverse[k * q + l]! * mixed;
        }
        C[(j * q + k) * m + a] = sum;
      }
    }
  }
  return { columns: Int32Array.from(pure, (c) => r - p + c), C };
}
