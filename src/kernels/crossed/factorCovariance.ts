import { correlationPairs } from '../../design/correlationPairs.ts';
import type { GroupTerm } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { covarianceDensity } from '../../priors/covariancePrior.ts';
import type { MovingPrior } from '../../priors/priors.ts';
import type { CoordinateMap } from '../../products/coordinates.ts';
import type { State } from '../kernel.ts';
import { correlationFactor } from '../state/correlationFactor.ts';
import { choleskyFromPartials, partialsFromCholesky } from '../state/partialCorrelations.ts';
import { toWorkingFactor } from '../state/relativeFactor.ts';

/**
 * The covariance of one factor in unconstrained coordinates, moved one at a time: log tau of every varying column, then
 * atanh of the partial correlations, block by block.
 */
export interface FactorCovariance {
  /** The names it writes. */
  readonly names: readonly string[];
  readonly coordinates: Float64Array;
  /** How many of them are logs of sds: the first ones. */
  readonly sds: number;
  /** First bracket of a slice along each coordinate: two sds of it were u known, at most 1. */
  readonly widths: Float64Array;
  read(state: State): void;
  write(state: State): void;
  /** Log prior density in these coordinates, Jacobians included; -Infinity where an sd leaves the doubles. */
  logPrior(): number;
  /** out = T^-1 diag(tau / sigma) L_R, q x q: the relative factor in working coordinates. Call after `logPrior`. */
  factor(sigma: number, out: Float64Array): void;
  /**
   * out = its inverse, q x q: (diag(tau / sigma) L_R)^-1 T, not triangular. Gives log |det out| = log |T| - sum_k
   * log(tau_k / sigma) - log |L_R|. Call after `factor`.
   */
  inverse(out: Float64Array): number;
}

/** Sds beyond which squares leave the doubles. */
const SMALLEST = 1e-150;
const LARGEST = 1e150;

/** The coordinates of a group term's covariance. Allocates nothing in its calls. */
export function factorCovariance(
  term: GroupTerm,
  priors: readonly MovingPrior[],
  map: CoordinateMap,
): FactorCovariance {
  const { factor: name, q, blocks, J } = term;
  const pairs = correlationPairs(blocks);
  const readFactor = correlationFactor(term);
  const densities = blocks.map(({ size }, b) => covarianceDensity(priors[b]!, size));
  const factors = blocks.map(({ size }) => new Float64Array(size * size));
  const coordinates = new Float64Array(q + pairs.length);
  const widths = coordinates.map((_, k) => Math.min(1, k < q ? Math.sqrt(2 / J) : 2 / Math.sqrt(J)));
  const tau = new Float64Array(q);
  const Lambda = new Float64Array(q * q);
  return {
    names: pairs.length > 0 ? [`tau_${name}`, `corr_${name}`] : [`tau_${name}`],
    coordinates,
    sds: q,
    widths,
    read(state) {
      readFactor(state, 1, Lambda);
      const sds = state.at[`tau_${name}`]!;
      for (let k = 0; k < q; k += 1) coordinates[k] = log(sds[k]!);
      let at = q;
      for (let b = 0; b < blocks.length; b += 1) {
        const { start, size } = blocks[b]!;
        const L = factors[b]!;
        for (let i = 0; i < size; i += 1)
          for (let k = 0; k <= i; k += 1) L[i * size + k] = Lambda[(start + i) * q + start + k]! / sds[start + i]!;
        partialsFromCholesky(L, size, coordinates, at);
        at += (size * (size - 1)) / 2;
      }
    },
    write(state) {
      this.logPrior();
      state.at[`tau_${name}`]!.set(tau);
      for (let i = 0; i < pairs.length; i += 1) {
        const { block, row, column } = pairs[i]!;
        const { size } = blocks[block]!;
        const L = factors[block]!;
        let sum = 0;
        for (let t = 0; t <= column; t += 1) sum += L[row * size + t]! * L[column * size + t]!;
        state.at[`corr_${name}`]![i] = sum;
      }
    },
    logPrior() {
      let sum = 0;
      for (let k = 0; k < q; k += 1) {
        tau[k] = exp(coordinates[k]!);
        if (!(tau[k]! > SMALLEST && tau[k]! < LARGEST)) return -Infinity;
        sum += coordinates[k]!;
      }
      let at = q;
      for (let b = 0; b < blocks.length; b += 1) {
        const { start, size } = blocks[b]!;
        const L = factors[b]!;
        sum += choleskyFromPartials(coordinates, at, size, L);
        for (let i = 0; i < size; i += 1) if (!(L[i * size + i]! > 0)) return -Infinity;
        sum += densities[b]!(tau, start, L);
        at += (size * (size - 1)) / 2;
      }
      return Number.isNaN(sum) ? -Infinity : sum;
    },
    factor(sigma, out) {
      Lambda.fill(0);
      for (let b = 0; b < blocks.length; b += 1) {
        const { start, size } = blocks[b]!;
        for (let i = 0; i < size; i += 1)
          for (let k = 0; k <= i; k += 1)
            Lambda[(start + i) * q + start + k] = (factors[b]![i * size + k]! * tau[start + i]!) / sigma;
      }
      toWorkingFactor(map, Lambda, out);
    },
    inverse(out) {
      out.set(map.T);
      let logs = map.logDeterminant;
      for (let i = 0; i < q; i += 1) {
        logs -= log(Lambda[i * q + i]!);
        for (let c = 0; c < q; c += 1) {
          let sum = out[i * q + c]!;
          for (let k = 0; k < i; k += 1) sum -= Lambda[i * q + k]! * out[k * q + c]!;
          out[i * q + c] = sum / Lambda[i * q + i]!;
        }
      }
      return logs;
    },
  };
}
