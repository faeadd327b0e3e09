import type { Design } from '../../design/design.ts';
import type { CoordinateMap } from '../../products/coordinates.ts';
import type { ProductsOfRows } from '../../products/crossProducts.ts';
import { rowCopies } from '../../products/rowCopies.ts';
import { rowSizes } from '../../products/rowSizes.ts';

/** One factor in the rows: the level of each, and its varying columns in working coordinates. */
export interface FactorRows {
  readonly J: number;
  readonly q: number;
  /** Start of its J x q coefficients in x. */
  readonly offset: number;
  /** Level of each row, length n. */
  readonly index: Int32Array;
  /** n x q, row-major; of length 1 where q = 1 and all are equal, as those of an intercept. */
  readonly z: Float64Array;
  readonly constant: boolean;
}

/**
 * The rows (cells) of a crossed model in working coordinates: eta_i = base_i + X_i beta + sum_f z_fi' u_f[index_fi].
 */
export interface CrossedRows {
  readonly n: number;
  readonly p: number;
  /** Start of beta in x. */
  readonly beta: number;
  /** Responses, sizes (`rowSizes`) and how many rows each stands for beyond its size, length n. */
  readonly y: Float64Array;
  readonly size: Float64Array;
  readonly copies: Float64Array;
  /** The offset, length n. */
  readonly base: Float64Array;
  /** n x p, row-major. */
  readonly X: Float64Array;
  /** By group term. */
  readonly factors: readonly FactorRows[];
}

/** The rows of a design in the coordinates, and with the places, of its cross-products. */
export function crossedRows(
  design: Design,
  { coordinates, borderOffsets }: Pick<ProductsOfRows, 'coordinates' | 'borderOffsets'>,
): CrossedRows {
  const { n, p, response, groupTerms } = design;
  return {
    n,
    p,
    beta: borderOffsets[groupTerms.length]!,
    y: response.y,
    size: rowSizes(design),
    copies: rowCopies(design),
    base: response.offset ?? new Float64Array(n),
    X: working(design.X, n, coordinates.beta),
    factors: groupTerms.map(({ J, q, index, Z }, f) => {
      const z = working(Z, n, coordinates.groups[f]!);
      const constant = q === 1 && z.every((value) => value === z[0]);
      return { J, q, offset: borderOffsets[f]!, index, z: constant ? z.slice(0, 1) : z, constant };
    }),
  };
}

/** M T, row by row. */
function working(M: Float64Array, n: number, { k, T }: CoordinateMap): Float64Array {
  const out = new Float64Array(n * k);
  for (let i = 0; i < n * k; i += k) {
    for (let a = 0; a < k; a += 1) {
      let sum = 0;
      for (let b = 0; b <= a; b += 1) sum += M[i + b]! * T[b * k + a]!;
      out[i + a] = sum;
    }
  }
  return out;
}
