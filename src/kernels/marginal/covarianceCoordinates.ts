import type { GroupTerm } from '../../design/design.ts';
import { log } from '../../elementary.ts';
import { transformedFactor } from '../../linalg/transformedFactor.ts';
import { covarianceDensity } from '../../priors/covariancePrior.ts';
import { logScaleDensity, type MovingPrior, type ScalePrior } from '../../priors/priors.ts';
import { choleskyFromPartials } from '../state/partialCorrelations.ts';

/**
 * The covariances of all factors relative to sigma in the coordinates phi of `marginalTarget`: sqrt(tau_k / sigma) for
 * the q varying columns, then atanh of the canonical partial correlations of each block; and their priors.
 */
export interface CovarianceCoordinates {
  /** Length of phi. */
  readonly d: number;
  /** Its first q coordinates belong to sds. */
  readonly q: number;
  /** Moves to phi and returns log of |d (tau / sigma, R) / d phi|; -Infinity where an sd is not positive. */
  moveTo(phi: Float64Array): number;
  /** log of sigma^q p(tau = lambda sigma, R) p(sigma): the priors and d tau = sigma d lambda. */
  logPriors(sigma: number): number;
  /** The ends of sigma that uniform priors, its own and those of the sds, set here. */
  ends(): { readonly low: number; readonly high: number };
  /** tau of every factor in turn (q, as multiples of sigma). */
  readonly lambda: Float64Array;
  /** One q_f x q_f lower triangle per grouping factor: the relative factors. */
  readonly relative: readonly Float64Array[];
  /** Per factor, per block: the Cholesky factor of the correlation matrix. */
  readonly factors: readonly (readonly Float64Array[])[];
  /** The prior of each sd where it has one of its own, else null. */
  readonly scales: readonly (ScalePrior | null)[];
}

/** No prior of its own for any sd of a block. */
function unbounded(prior: Exclude<MovingPrior, { kind: 'separation' }>): null[] {
  const size =
    prior.kind === 'mapped'
      ? prior.size
      : prior.kind === 'halfTCov'
        ? prior.scale.length
        : Math.sqrt(prior.scale.length);
  return Array.from({ length: size }, () => null);
}

/** Builds the coordinates; allocates only here. `sigmaPrior` is null with known standard errors. */
export function covarianceCoordinates(
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
  sigmaPrior: ScalePrior | null,
): CovarianceCoordinates {
  const q = terms.reduce((sum, term) => sum + term.q, 0);
  let pairs = 0;
  let first = 0;
  // Every block of every factor, with the place of its sds in lambda.
  const factors = terms.map((term) => term.blocks.map((block) => new Float64Array(block.size * block.size)));
  const blocks = terms.flatMap((term, f) => {
    const offset = first;
    first += term.q;
    return term.blocks.map((block, b) => {
      pairs += (block.size * (block.size - 1)) / 2;
      const prior = priors[f]![b]!;
      const { start, size } = block;
      return {
        f,
        offset: offset + start,
        columns: term.q,
        start,
        size,
        density: covarianceDensity(prior, size),
        L: factors[f]![b]!,
        mapped: prior.kind === 'mapped' ? prior : null,
        sds: new Float64Array(size),
        mappedFactor: new Float64Array(size * size),
      };
    });
  });
  const scales = priors.flat().flatMap((prior) => (prior.kind === 'separation' ? [...prior.tau] : unbounded(prior)));
  const lambda = new Float64Array(q);
  const tau = new Float64Array(q);
  const relative = terms.map((term) => new Float64Array(term.q * term.q));
  return {
    d: q + pairs,
    q,
    lambda,
    relative,
    factors,
    scales,
    moveTo(phi) {
      let product = 1;
      for (let k = 0; k < q; k += 1) {
        const x = phi[k]!;
        lambda[k] = x * x;
        product *= 2 * x;
      }
      if (!(product > 0)) return -Infinity;
      let logJacobian = log(product);
      let z = q;
      for (let b = 0; b < blocks.length; b += 1) {
        const { f, offset, columns, start, size, L } = blocks[b]!;
        logJacobian += choleskyFromPartials(phi, z, size, L);
        z += (size * (size - 1)) / 2;
        for (let i = 0; i < size; i += 1) {
          const scale = lambda[offset + i]!;
          for (let j = 0; j <= i; j += 1) relative[f]![(start + i) * columns + start + j] = scale * L[i * size + j]!;
        }
      }
      return logJacobian;
    },
    logPriors(sigma) {
      for (let k = 0; k < q; k += 1) tau[k] = lambda[k]! * sigma;
      let sum = q * log(sigma) + (sigmaPrior ? logScaleDensity(sigmaPrior, sigma) : 0);
      for (let b = 0; b < blocks.length; b += 1) {
        const { density, offset, L } = blocks[b]!;
        sum += density(tau, offset, L);
      }
      return sum;
    },
    ends() {
      let low = sigmaPrior?.distribution === 'uniform' ? sigmaPrior.low : 0;
      let high = sigmaPrior?.distribution === 'uniform' ? sigmaPrior.high : Infinity;
      for (let k = 0; k < q; k += 1) {
        const bounds = scales[k]!;
        if (bounds?.distribution !== 'uniform') continue;
        low = Math.max(low, bounds.low / lambda[k]!);
        high = Math.min(high, bounds.high / lambda[k]!);
      }
      // Bounds of the columns as written: sds there are in proportion to sigma too.
      for (const { mapped, offset, size, L, sds, mappedFactor } of blocks) {
        if (mapped?.of.kind !== 'separation') continue;
        transformedFactor(mapped.T, size, lambda, offset, L, sds, mappedFactor);
        for (let k = 0; k < size; k += 1) {
          const bounds = mapped.of.tau[k]!;
          if (bounds.distribution !== 'uniform') continue;
          low = Math.max(low, bounds.low / sds[k]!);
          high = Math.min(high, bounds.high / sds[k]!);
        }
      }
      return { low, high };
    },
  };
}
