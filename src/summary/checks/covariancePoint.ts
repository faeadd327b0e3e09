import type { Design } from '../../design/design.ts';
import { choleskyFromPartials, partialsFromCholesky } from '../../kernels/state/partialCorrelations.ts';
import { transformedFactor } from '../../linalg/transformedFactor.ts';
import type { BlockStandardisation } from '../../products/blockStandardisation.ts';
import { correlationFactor } from '../correlationFactor.ts';

/** Sds are not put below this share of their typical size: a boundary has no density to compare. */
const LEAST = 0.2;
/** atanh of a partial correlation is not put beyond this, for the same reason. */
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

/** Least values of sqrt(tau / sigma) where `typical` are usual ones. */
export function leastSds(typical: Float64Array): Float64Array {
  return typical.map((value) => LEAST * value);
}

/**
 * `least` (as long as phi) holds values of sqrt(tau / sigma) below which no sd is put; `blocks` are
 * the coordinates that chains move in.
 */
export function covariancePoint(
  design: Design,
  blocks: readonly (readonly BlockStandardisation[])[],
  least: Float64Array,
): CovariancePoint {
  const { groupTerms } = design;
  const q = groupTerms.reduce((sum, term) => sum + term.q, 0);
  return {
    at(tau, corr, sigma) {
      const phi = new Float64Array(least.length);
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
            phi[at] = Math.max(Math.sqrt(moved[k]! / sigma), least[at]!);
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
