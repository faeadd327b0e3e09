import type { Design } from '../../design/design.ts';
import { choleskyFromPartials, partialsFromCholesky } from '../../kernels/state/partialCorrelations.ts';
import { transformedFactor } from '../../linalg/transformedFactor.ts';
import type { BlockStandardisation } from '../../products/blockStandardisation.ts';
import { correlationFactor } from '../correlationFactor.ts';

/**
 * Sds are not put below this share of their typical size, nor atanh of a partial correlation beyond this: a boundary
 * has no density to compare.
 */
const LEAST = 0.2;
const MOST_ATANH = 8;

/**
 * Points of the covariance parameters, to and from the coordinates phi of a marginal target over the standardised
 * design.
 */
export interface CovariancePoint {
  /** phi of sds (q by factor) and correlations (pairs by factor) on the columns as written, and the residual sd. */
  at(tau: readonly ArrayLike<number>[], corr: readonly ArrayLike<number>[], sigma: number): Float64Array;
  /** The sds on the columns as written of phi and sigma, q by factor. */
  back(phi: Float64Array, sigma: number): number[][];
}

/**
 * `typical` (as long as phi) holds typical sds as sqrt(tau / sigma); `blocks` are the coordinates that chains move in.
 */
export function covariancePoint(
  design: Design,
  blocks: readonly (readonly BlockStandardisation[])[],
  typical: Float64Array,
): CovariancePoint {
  const { groupTerms } = design;
  const q = groupTerms.reduce((sum, term) => sum + term.q, 0);
  return {
    at(tau, corr, sigma) {
      const phi = new Float64Array(typical.length);
      let first = 0;
      let pairAt = q;
      groupTerms.forEach((term, f) => {
        const C = new Float64Array(term.q * term.q);
        correlationFactor(term)(corr[f]!, C);
        const sds = Float64Array.from(tau[f]!);
        term.blocks.forEach(({ start, size }, b) => {
          const own = Float64Array.from(
            { length: size * size },
            (_, at) => C[(start + Math.floor(at / size)) * term.q + start + (at % size)]!,
          );
          const moved = new Float64Array(size);
          const L = new Float64Array(size * size);
          transformedFactor(blocks[f]![b]!.inverse, size, sds, start, own, moved, L);
          for (let k = 0; k < size; k++) {
            const at = first + start + k;
            phi[at] = Math.max(Math.sqrt(moved[k]! / sigma), LEAST * typical[at]!);
          }
          partialsFromCholesky(L, size, phi, pairAt);
          const pairs = (size * (size - 1)) / 2;
          for (let i = pairAt; i < pairAt + pairs; i++) phi[i] = Math.max(-MOST_ATANH, Math.min(MOST_ATANH, phi[i]!));
          pairAt += pairs;
        });
        first += term.q;
      });
      return phi;
    },
    back(phi, sigma) {
      let first = 0;
      let pairAt = q;
      return groupTerms.map((term, f) => {
        const out: number[] = [];
        term.blocks.forEach(({ start, size }, b) => {
          const L = new Float64Array(size * size);
          choleskyFromPartials(phi, pairAt, size, L);
          pairAt += (size * (size - 1)) / 2;
          const moved = Float64Array.from({ length: size }, (_, k) => sigma * phi[first + start + k]! ** 2);
          const sds = new Float64Array(size);
          transformedFactor(blocks[f]![b]!.T, size, moved, 0, L, sds, new Float64Array(size * size));
          out.push(...sds);
        });
        first += term.q;
        return out;
      });
    },
  };
}
