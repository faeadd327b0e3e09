import type { Arrow } from '../../linalg/arrow.ts';
import type { BorderScaling } from '../../products/borderScaling.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import type { Centring } from './centring.ts';

/** What a derivative by covariances takes: M's factor, A, and modes with their score. */
export interface CovarianceSystem {
  readonly crossProducts: Pick<CrossProducts, 'groups' | 'leading' | 'borderOffsets'>;
  readonly centring: Pick<Centring, 'active' | 'columns' | 'F'>;
  /** Factor of [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, 0). */
  readonly factor: Arrow;
  /** Working factors Lambda~_f, q x q row-major, by factor. */
  readonly lambda: readonly Float64Array[];
  /** The full diagonal blocks of A, J x q x q, both triangles. */
  readonly blocks: Float64Array;
  /**
   * The columns of A that stand for (other factors, X) beside the blocks, before Lambda; X recentred where `centring`
   * acts.
   */
  readonly border: Float64Array;
  /** The same for the corner, both triangles. */
  readonly corner: Float64Array;
  /** Multiplies border rows by the other factors' `lambda`. */
  readonly scaling: BorderScaling;
  readonly solution: Float64Array;
  readonly score: Float64Array;
  /** The inverse of the corner's part of the other factors (r x r, both triangles), where it is there already. */
  readonly inverse?: Float64Array;
}

/** Of a system whose columns of X are as they were given. */
export const NO_CENTRING: CovarianceSystem['centring'] = {
  active: false,
  columns: new Int32Array(0),
  F: new Float64Array(0),
};
