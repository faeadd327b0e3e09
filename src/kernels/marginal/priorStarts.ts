import type { GroupTerm } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { triangularFactor } from '../../linalg/triangularFactor.ts';
import type { BlockPrior, MovingPrior, ScalePrior } from '../../priors/priors.ts';
import { partialsFromCholesky } from '../state/partialCorrelations.ts';

/** Logs of the sizes of the covariances beside that of the usual starts. */
const SIZES = [-3, -1.5, 0, 1.5, 3];
/** Shares of the way between the ends of sigma at which it is tried. */
const SHARES = [0.5, 0.9, 0.99, 0.1, 0.01];

/**
 * Points phi from which modes may be looked for where priors are of the columns as written: there sds of those
 * columns that the priors call usual, without correlations, in the coordinates that chains move in, of several sizes
 * relative to sigma. Far from the origin of a column with a bounded prior on the sd at the origin nothing else may
 * have a positive density. None where every prior is of the coordinates themselves. `typical` holds the q usual sds, or
 * is null where sigma is known, and those sds are taken as they are.
 */
export function priorStarts(
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
  typical: Float64Array | null,
): Float64Array[] {
  if (!priors.flat().some(({ kind }) => kind === 'mapped')) return [];
  const { sds, partials } = usualCovariances(terms, priors);
  // phi = sqrt(sd / sigma), of the typical size on average.
  let shift = 0;
  sds.forEach((sd, k) => {
    if (typical) shift += (log(typical[k]!) - 0.5 * log(sd)) / sds.length;
  });
  return pointsOf(
    sds,
    partials,
    (typical ? SIZES : [0]).map((size) => exp(shift + size)),
  );
}

/**
 * Points phi for a search that found no positive density anywhere: the usual sds of every prior, each block's as it
 * states them, relative to values of sigma that its own prior calls usual. Narrow bounds of several sds and of sigma
 * leave no room for any other ratio of them.
 */
export function boundedStarts(
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
  sigmaPrior: ScalePrior | null,
): Float64Array[] {
  const { sds, partials } = usualCovariances(terms, priors);
  const sigmas =
    sigmaPrior === null
      ? [1]
      : sigmaPrior.distribution === 'uniform'
        ? SHARES.map((share) => sigmaPrior.low + share * (sigmaPrior.high - sigmaPrior.low))
        : SIZES.map((size) => usualSd(sigmaPrior) * exp(size));
  return pointsOf(
    sds,
    partials,
    sigmas.map((sigma) => 1 / Math.sqrt(sigma)),
  );
}

/** phi of the sds, their roots times each factor, and the partial correlations; those of them that are finite. */
function pointsOf(sds: readonly number[], partials: readonly number[], factors: readonly number[]): Float64Array[] {
  return factors
    .map((factor) => Float64Array.from([...sds.map((sd) => Math.sqrt(sd) * factor), ...partials]))
    .filter((phi) => phi.every((v) => Number.isFinite(v)));
}

/** Of all blocks in turn: the sds that the priors call usual and atanh of partial correlations, as chains move. */
function usualCovariances(
  terms: readonly GroupTerm[],
  priors: readonly (readonly MovingPrior[])[],
): { readonly sds: number[]; readonly partials: number[] } {
  const sds: number[] = [];
  const partials: number[] = [];
  priors.forEach((own, f) => {
    own.forEach((prior, b) => {
      const { size } = terms[f]!.blocks[b]!;
      const L = new Float64Array(size * size);
      if (prior.kind === 'mapped') {
        // The factor of T^-1 diag(sd^2) T^-T.
        const usual = usualSds(prior.of, size);
        for (let i = 0; i < size * size; i += 1) L[i] = prior.inverse[i]! * usual[i % size]!;
        triangularFactor(L, size);
      } else {
        usualSds(prior, size).forEach((sd, k) => {
          L[k * size + k] = sd;
        });
      }
      for (let i = 0; i < size; i += 1) {
        let square = 0;
        for (let j = 0; j <= i; j += 1) square += L[i * size + j]! * L[i * size + j]!;
        const sd = Math.sqrt(square);
        sds.push(sd);
        for (let j = 0; j <= i; j += 1) L[i * size + j] = L[i * size + j]! / sd;
      }
      const z = new Float64Array((size * (size - 1)) / 2);
      partialsFromCholesky(L, size, z, 0);
      partials.push(...z);
    });
  });
  return { sds, partials };
}

function usualSds(prior: BlockPrior, size: number): Float64Array {
  switch (prior.kind) {
    case 'separation':
      return Float64Array.from(prior.tau, usualSd);
    case 'halfTCov':
      return prior.scale;
    case 'inverseWishart':
      return Float64Array.from({ length: size }, (_, k) => Math.sqrt(prior.scale[k * size + k]! / prior.df));
  }
}

/** An sd that the prior calls usual; 1 where it has no size. */
function usualSd(prior: ScalePrior): number {
  switch (prior.distribution) {
    case 'flat':
      return 1;
    case 'halfT':
    case 'halfCauchy':
    case 'halfNormal':
      return prior.scale;
    case 'exponential':
      return 1 / prior.rate;
    case 'uniform':
      return 0.5 * (prior.low + prior.high);
    case 'inverseGamma':
      return Math.sqrt(prior.scale / (prior.shape + 0.5));
  }
}
