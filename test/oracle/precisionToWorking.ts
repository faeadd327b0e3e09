import { Matrix } from 'ml-matrix';
import type { CoordinateMap } from '../../src/products/coordinates.ts';

/** A precision matrix (k x k, both triangles) from user to working coordinates: out = T' P T; `out` may be `P`. */
export function precisionToWorking({ T, k }: CoordinateMap, P: Float64Array, out: Float64Array): void {
  const map = Matrix.from1DArray(k, k, T);
  out.set(
    map
      .transpose()
      .mmul(Matrix.from1DArray(k, k, P))
      .mmul(map)
      .to1DArray(),
  );
}
