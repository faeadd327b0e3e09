import { product, transpose } from '../../linalg/smallMatrix.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import type { LevelProducts } from '../../products/levelProducts.ts';

/** A squared sd, times what a level has of rows, that is next to none: it moves Z'V^-1 Z by so much of itself. */
const NEXT_TO_NONE = 1e-7;

/** By factor the squared relative sd that is next to none. */
export function levelFloors({ groups, blocks }: LevelProducts): number[] {
  return groups.map(({ J, q }, f) => {
    let trace = 0;
    for (let i = 0; i < J * q; i++) trace += blocks[f]![i * q + (i % q)]!;
    return trace > 0 ? (NEXT_TO_NONE * J * q) / trace : NEXT_TO_NONE;
  });
}

/** A factor of Lambda Lambda' (q x q) with its eigenvalues raised to `floor`; Lambda itself where none is below. */
export function raisedFactor(L: Float64Array, q: number, floor: number): Float64Array {
  if (q === 1) return L[0]! * L[0]! >= floor ? L : Float64Array.of(Math.sqrt(floor));
  const { values, vectors } = symmetricEigen(product(L, transpose(L, q), q), q);
  if (values[0]! >= floor) return L;
  return vectors.map((value, i) => value * Math.sqrt(Math.max(values[i % q]!, floor)));
}
