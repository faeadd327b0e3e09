import { congruence } from '../linalg/congruence.ts';
import { type BlockStandardisation, unitsAlone } from '../products/blockStandardisation.ts';
import type { BlockPrior, MovingPrior, MovingPriors, Priors, ScalePrior } from './priors.ts';

/**
 * The origin counts as near the data where independent deviations of sd 1 in the standardised coordinates have an sd of
 * no more than this there: columns whose mean lies within some four sds of 0.
 */
const NEAR = 2;

/**
 * The coordinates that chains move in, of every block: about the means of the columns, in units of twice their sd. A
 * prior on the columns as written keeps the origin where it is near: in coordinates about the means such a prior is
 * singular where an sd at the origin is 0 (d Sigma = 2^q prod tau^q d tau d R), which a proposal must meet where the
 * data do not rule it out; far from the origin they do.
 */
export function movingBlocks(
  coordinates: readonly (readonly BlockStandardisation[])[],
  priors: Priors,
): BlockStandardisation[][] {
  return coordinates.map((own, f) =>
    own.map((block, b) => {
      const prior = priors.groups[f]![b]!;
      const written = prior.kind !== 'separation' || !prior.about;
      return written && !block.atOrigin && isNear(block) ? unitsAlone(block) : block;
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
