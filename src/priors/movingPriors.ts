import { cholesky } from '../linalg/cholesky.ts';
import { congruence } from '../linalg/congruence.ts';
import { type BlockStandardisation, unitsAlone } from '../products/blockStandardisation.ts';
import type { BlockPrior, MovingPrior, MovingPriors, Priors, ScalePrior } from './priors.ts';

/**
 * The origin counts as near the data where independent deviations of sd 1 in the standardised coordinates have an sd of
 * no more than this there: columns whose mean lies within some four sds of 0.
 */
const NEAR = 2;
/**
 * An inverse Wishart's scale matrix whose correlations leave less than this of a column's variance, given those before
 * it, in coordinates about the means has lost all but three of its digits there.
 */
const SINGULAR = 1e-13;

/**
 * The coordinates that chains move in, of every block: about the means of the columns, in units of twice their sd. A
 * prior on the columns as written keeps the origin where it is near: in coordinates about the means such a prior is
 * singular where an sd at the origin is 0 (d Sigma = 2^q prod tau^q d tau d R), which a proposal must meet where the
 * data do not rule it out; far from the origin they do. So does an inverse Wishart that is singular to rounding about
 * the means: columns 1e7 from zero and sds of one size there have group lines that all meet at zero, which no data of a
 * row a group rule out.
 */
export function movingBlocks(
  coordinates: readonly (readonly BlockStandardisation[])[],
  priors: Priors,
): BlockStandardisation[][] {
  return coordinates.map((own, f) =>
    own.map((block, b) => {
      const prior = priors.groups[f]![b]!;
      const written = prior.kind !== 'separation' || !prior.about;
      const keepsOrigin = written && !block.atOrigin && (isNear(block) || isSingular(prior, block));
      return keepsOrigin ? unitsAlone(block) : block;
    }),
  );
}

function isNear({ size, T }: BlockStandardisation): boolean {
  for (let k = 0; k < size; k += 1) {
    let square = 0;
    for (let l = 0; l < size; l += 1) if (l !== k) square += (T[k * size + l]! / T[k * size + k]!) ** 2;
    if (square > NEAR * NEAR) return false;
  }
  return true;
}

/** Whether an inverse Wishart that is regular on the columns as written is not about their means. */
function isSingular(prior: BlockPrior, { size, inverse }: BlockStandardisation): boolean {
  if (prior.kind !== 'inverseWishart') return false;
  return (
    leastShare(congruence(inverse, prior.scale, size), size) < SINGULAR && leastShare(prior.scale, size) > SINGULAR
  );
}

/** The least share of a variance that is left given the columns before, over the columns of S (size x size). */
function leastShare(S: Float64Array, size: number): number {
  const L = Float64Array.from(
    S,
    (value, at) => value / Math.sqrt(S[Math.floor(at / size) * (size + 1)]! * S[(at % size) * (size + 1)]!),
  );
  if (!cholesky(L, size)) return 0;
  let least = 1;
  for (let k = 0; k < size; k += 1) least = Math.min(least, L[k * (size + 1)]! * L[k * (size + 1)]!);
  return least;
}

/** The priors in force as kernels take them: those of the covariances in the standardised coordinates of each block. */
export function movingPriors(priors: Priors, blocks: readonly (readonly BlockStandardisation[])[]): MovingPriors {
  return {
    ...priors,
    groups: priors.groups.map((own, f) => own.map((prior, b) => movingPrior(prior, blocks[f]![b]!))),
  };
}

/**
 * The prior of one block: p(Sigma) as a density of Sigma', Sigma = T Sigma' T'. Where the prior is about the means, or
 * T is diagonal, sds only change their unit; an inverse Wishart stays one, with T^-1 scale T^-T; any other is mapped.
 */
export function movingPrior(prior: BlockPrior, standardisation: BlockStandardisation): MovingPrior {
  const { size, T, inverse, unit, plain, atOrigin } = standardisation;
  if (plain) return prior;
  if (prior.kind === 'inverseWishart') {
    return { ...prior, scale: congruence(inverse, prior.scale, size) };
  }
  if (prior.kind === 'separation') {
    if (!prior.about && !atOrigin) return { kind: 'mapped', of: prior, size, T, inverse };
    return { kind: 'separation', tau: prior.tau.map((tau, k) => inUnit(tau, unit[k]!)), eta: prior.eta };
  }
  if (!atOrigin) return { kind: 'mapped', of: prior, size, T, inverse };
  return { ...prior, scale: prior.scale.map((scale, k) => scale * unit[k]!) };
}

/** The prior of c tau where tau has the given one. */
function inUnit(prior: ScalePrior, c: number): ScalePrior {
  if (c === 1) return prior;
  switch (prior.distribution) {
    case 'flat':
      return prior;
    case 'halfT':
    case 'halfCauchy':
    case 'halfNormal':
      return { ...prior, scale: prior.scale * c };
    case 'exponential':
      return { ...prior, rate: prior.rate / c };
    case 'uniform':
      return { ...prior, low: prior.low * c, high: prior.high * c };
    case 'inverseGamma':
      return { ...prior, scale: prior.scale * c * c };
  }
}
