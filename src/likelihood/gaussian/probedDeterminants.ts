import { log } from '../../elementary.ts';
import { choleskySolve } from '../../linalg/cholesky.ts';
import { type LevelProducts, multiplyLevels } from '../../products/levelProducts.ts';
import { scaleBy, scaleTransposed } from '../../products/relativePrecision.ts';
import { addProducts } from './addProducts.ts';
import { lanczosLog, type QuadraticLog } from './lanczosLog.ts';
import { probeVectors } from './probeVectors.ts';
import type { ReducedLevels } from './reducedLevels.ts';
import type { ProbedDeterminant } from './relativeFactorisation.ts';

/** Cross-products by pairs of levels, and where their coefficients stand. */
export interface LevelSystem {
  readonly A: LevelProducts;
  readonly p: number;
  readonly size: number;
  readonly groups: LevelProducts['groups'];
  readonly leading: number;
  readonly borderOffsets: Int32Array;
}

/**
 * log|M| = log|M_aa| + 2 sum log G + tr log S by `probeVectors`, at the relative factors that `reduced` is set to, from
 * each of the probes; NaN where S is not numerically positive definite. With u_s = Lambda e_s what M's elimination
 * makes of y_s of `QuadraticLog`, the derivative of z'log(S)z has the images
 *   sum_s (A u_s)_j e_sj' - A_jj Lambda rho_j / (q G_j^2),   rho_j = sum_s y_sj'(S y_s)_j,
 * summed over levels j, the second of them for G's own.
 */
export function probedDeterminants(
  products: LevelSystem,
  reduced: ReducedLevels,
): (lambda: readonly Float64Array[]) => ProbedDeterminant[] {
  const { A, size, groups, leading } = products;
  const { first, length, scale, factors } = reduced;
  const { fixed, random } = probeVectors(A, leading);
  const e = new Float64Array(size);
  const u = new Float64Array(size);
  const image = new Float64Array(size);
  const back = new Float64Array(size);

  return (lambda) => {
    const sum = (vectors: readonly Float64Array[], from: ProbedDeterminant): ProbedDeterminant => {
      const images = from.images.map((matrix) => matrix.slice());
      let { value } = from;
      for (const z of vectors) {
        const quadratic = lanczosLog(reduced.multiply, z);
        if (quadratic === null) return { value: Number.NaN, images };
        value += quadratic.value;
        addDerivative(quadratic, lambda, images);
      }
      return { value, images };
    };
    const shared = sum(fixed, ofScales(lambda));
    return random.map((vectors) => sum(vectors, shared));
  };

  /** log|M_aa| + 2 sum log G and its images: sum_j A_jj Lambda M_jj^-1, and sum_j A_jj Lambda / G_j^2. */
  function ofScales(lambda: readonly Float64Array[]): ProbedDeterminant {
    let value = 0;
    for (const g of scale) value += 2 * log(g);
    const images = groups.map(({ J, q }, f) => {
      const out = new Float64Array(q * q);
      for (let j = 0; j < J; j++) {
        const by = f === leading ? 1 : scale[A.offsets[f]! - first + j * q]! ** -2;
        const part = ownImage(f, j, lambda[f]!, by);
        if (f === leading) {
          for (let a = 0; a < q; a++) {
            value += 2 * log(factors[(j * q + a) * q + a]!);
            const row = part.subarray(a * q, (a + 1) * q);
            choleskySolve(factors, q, row, j * q * q);
          }
        }
        for (let k = 0; k < q * q; k++) out[k] = out[k]! + part[k]!;
      }
      return out;
    });
    return { value, images };
  }

  function addDerivative(
    { vectors }: QuadraticLog,
    lambda: readonly Float64Array[],
    images: readonly Float64Array[],
  ): void {
    const rho = new Float64Array(length);
    for (const y of vectors) {
      e.fill(0);
      reduced.restore(y, e);
      scaleBy(products, lambda, e, u);
      multiplyLevels(A, u, image);
      scaleTransposed(products, lambda, image, back);
      for (let i = 0; i < length; i++) {
        rho[i] = rho[i]! + (y[i]! * (back[first + i]! + e[first + i]!)) / scale[i]!;
      }
      groups.forEach(({ J, q }, f) => {
        addProducts(image, e, A.offsets[f]!, J, q, 1, images[f]!);
      });
    }
    groups.forEach(({ J, q }, f) => {
      if (f === leading) return;
      for (let j = 0; j < J; j++) {
        const at = A.offsets[f]! - first + j * q;
        let share = 0;
        for (let a = 0; a < q; a++) share += rho[at + a]!;
        const part = ownImage(f, j, lambda[f]!, -share / (q * scale[at]! ** 2));
        for (let k = 0; k < q * q; k++) images[f]![k] = images[f]![k]! + part[k]!;
      }
    });
  }

  /** `by` times A_jj Lambda of level j of factor f. */
  function ownImage(f: number, j: number, L: Float64Array, by: number): Float64Array {
    const { q } = groups[f]!;
    const out = new Float64Array(q * q);
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < q; b++) {
        let sum = 0;
        for (let k = 0; k < q; k++) sum += A.blocks[f]![(j * q + a) * q + k]! * L[k * q + b]!;
        out[a * q + b] = by * sum;
      }
    }
    return out;
  }
}
