import { gaussianProducts } from '../../products/gaussianProducts.ts';
import { type ProfiledDeviance, profiledDeviance } from '../gaussian/profiledDeviance.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import type { Minimum, Objective } from '../search/optimize.ts';
import { type CoefficientDeviance, coefficientDeviance } from './coefficientDeviance.ts';
import { type ConstrainedDeviance, constrainedDeviance } from './constrainedDeviance.ts';
import { diagonalPlaces, lowestFrom } from './lowestFrom.ts';
import type { GaussianParameter, ProfiledParameter } from './varianceParameter.ts';

/**
 * The signed root of a profile: zeta(v) = sign(v - estimate) sqrt(D(v) - D(estimate)), D the deviance with the
 * parameter held at v and all others at their best (Bates 2010, section 1.5). Where the deviance is quadratic zeta is a
 * straight line and the interval that of a normal distribution.
 */
export interface SignedRoot {
  /** `beta[floor]`, `tau_county[floor]`, `corr_county[Intercept,floor]`, `sigma`. */
  readonly parameter: string;
  readonly kind: 'beta' | GaussianParameter['kind'];
  /** Where zeta is 0. */
  readonly estimate: number;
  /** What is profiled: of a coefficient always ML, since REML criteria of different X cannot be compared. */
  readonly criterion: LikelihoodMethod;
  /** A first step away from the estimate: a standard error of a coefficient, and for an sd of 0 a small sd. */
  readonly step: number;
  /** zeta as a function that begins its searches at the optimum and goes on from where the last one ended. */
  walk(): (value: number) => number;
}

/** The signed roots of a fit's parameters; Gaussian responses. */
export interface SignedRoots {
  /** That of coefficient c of the population part. */
  coefficient(c: number): SignedRoot;
  /** That of an sd, a correlation or sigma, by the criterion of the fit (REML too: X is the same at every value). */
  variance(parameter: ProfiledParameter): SignedRoot;
}

/**
 * Of independent residuals. The rows are reduced once, and the ML optimum of a REML fit is searched once, for all of
 * them.
 */
export function signedRoots(fit: MaximumLikelihoodFit): SignedRoots {
  const { design } = fit;
  const products = gaussianProducts(design);
  const own = profiledDeviance(products, design, fit.method);
  const lambdas = own.factors.fromTheta(fit.theta);
  let best: { readonly profiled: ProfiledDeviance; readonly minimum: Minimum } | undefined;
  const ml = () => {
    if (best) return best;
    const profiled = fit.method === 'ML' ? own : profiledDeviance(products, design, 'ML');
    const { factors, unit } = profiled;
    const free: Objective = (x, gradient) => profiled.search(x, gradient);
    best = { profiled, minimum: lowestFrom(free, factors.toSearch(lambdas), diagonalPlaces(factors.blocks), unit) };
    return best;
  };
  return {
    coefficient(c) {
      const { profiled, minimum } = ml();
      return coefficientRoot(fit, c, coefficientDeviance(profiled, c, minimum.x), minimum.value);
    },
    variance(parameter: GaussianParameter) {
      const { name, kind, estimate } = parameter;
      return {
        parameter: name,
        kind,
        estimate,
        criterion: fit.method,
        step: firstStep(fit, parameter),
        walk: () => rootOf(constrainedDeviance(own, parameter, lambdas, fit.sigma), estimate, fit.deviance),
      };
    },
  };
}

/** That of coefficient c, by ML always; `lowest` is the deviance at the ML optimum. */
export function coefficientRoot(
  { fixef }: MaximumLikelihoodFit,
  c: number,
  { estimate, standardError, fromOptimum }: CoefficientDeviance,
  lowest: number,
): SignedRoot {
  return {
    parameter: `beta[${fixef.labels[c]}]`,
    kind: 'beta',
    estimate,
    criterion: 'ML',
    step: standardError,
    walk: () => rootOf(fromOptimum(), estimate, lowest),
  };
}

/** zeta by the deviance with the parameter held, `lowest` being that of the estimate. */
export function rootOf(constrained: ConstrainedDeviance, estimate: number, lowest: number): (value: number) => number {
  return (value) => {
    const rise = constrained.at(value) - lowest;
    // Where the system cannot be solved, as at a correlation of 1, the value is as far away as any.
    const root = Number.isNaN(rise) ? Number.POSITIVE_INFINITY : Math.sqrt(Math.max(rise, 0));
    return value < estimate ? -root : root;
  };
}

/** A first step for an sd of 0: a tenth of the scale on which its term matters. */
export function firstStep(fit: MaximumLikelihoodFit, parameter: GaussianParameter): number {
  if (parameter.kind !== 'tau') return 0;
  const { Z, q } = fit.design.groupTerms[parameter.factor]!;
  let square = 0;
  for (let i = parameter.k; i < Z.length; i += q) square += Z[i]! * Z[i]!;
  const column = Math.sqrt((square * q) / Z.length) || 1;
  const { n, rows, response } = fit.design;
  const spread = rows.reduced?.moments ? response.standardErrors! : fit.residuals;
  const noise = fit.sigma ?? Math.sqrt(spread.reduce((sum, e) => sum + e * e, 0) / n);
  return (0.1 * noise) / column;
}
