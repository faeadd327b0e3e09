import { exp, log } from '../../elementary.ts';
import type { FamilyParameter } from '../../families/family.ts';
import { LEAST, logParameterDensity, type ParameterPrior } from '../../priors/parameterPrior.ts';

/**
 * The coordinate zeta of the family's own parameter, own = exp(centre + scale zeta), which stands behind those of the
 * covariances in phi: about 0 and of sd 1 in the posterior. Plain data.
 */
export interface OwnAxis {
  readonly parameter: FamilyParameter;
  readonly prior: ParameterPrior;
  readonly centre: number;
  readonly scale: number;
}

/** The parameter at zeta. */
export function ownAt({ centre, scale }: OwnAxis, zeta: number): number {
  return exp(centre + scale * zeta);
}

/** Its coordinate. */
export function zetaOf({ centre, scale }: OwnAxis, own: number): number {
  return (log(own) - centre) / scale;
}

/** Log prior density of the logarithm of the parameter, up to a constant: that of zeta. */
export function logOwnPrior({ parameter, prior }: Pick<OwnAxis, 'parameter' | 'prior'>, own: number): number {
  return own > 0 ? logParameterDensity(prior, LEAST[parameter], own) + log(own) : -Infinity;
}
