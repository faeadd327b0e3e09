import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { probability, textList, wholeNumber } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { parameterRoots } from './parameterRoots.ts';
import { profileInterval } from './profileInterval.ts';
import type { SignedRoot } from './signedRoot.ts';
import { profiledParameters } from './varianceParameter.ts';

/** The profile of one parameter. */
export interface ParameterProfile {
  /** `beta[floor]`, `tau_county[floor]`, `corr_county[Intercept,floor]`, `sigma`, `phi`. */
  readonly parameter: string;
  /** Where zeta is 0: of the coefficients of a REML fit the ML estimate. */
  readonly estimate: number;
  /** The criterion that is profiled. */
  readonly criterion: LikelihoodMethod;
  /** Values of the parameter in ascending order, the estimate among them, and zeta there. */
  readonly value: Float64Array;
  readonly zeta: Float64Array;
}

export interface ProfileOptions {
  /** Which parameters, by name; default all. */
  readonly parameters?: readonly string[];
  /** The profile goes as far as the interval of this probability, or to the end of the range; default 0.99. */
  readonly level?: number;
  /** Values on each side of the estimate, default 12. */
  readonly points?: number;
}

const PROFILE_OPTIONS: OptionTable<ProfileOptions> = {
  parameters: textList,
  level: probability,
  points: wholeNumber(1, 1000),
};

/**
 * Profiles of the deviance of a gaussian fit, parameter by parameter: the signed root zeta(v) = sign(v - estimate)
 * sqrt(D(v) - D(estimate)), D the lowest deviance with the parameter held at v (Bates 2010, section 1.5; lme4's
 * `profile`). A straight line through 0 says that the estimate is as good as normal, a bent one that a Wald interval
 * would mislead. Sds and correlations are profiled by the criterion of the fit, coefficients by ML. A correlation
 * beside an sd of 0 is not defined, and left out unless it is named.
 *
 * Throws `option`, `unknown-variable`, and `not-supported` for responses that are not gaussian and for a correlation
 * that is not defined.
 */
export function profile(fit: MaximumLikelihoodFit, options: ProfileOptions = {}): ParameterProfile[] {
  checkFit('profile', fit, 'maximumLikelihood');
  checkOptions('profile', options, PROFILE_OPTIONS);
  if (familyOf(fit.design).conjugate !== 'normal') {
    const message = 'profile: got a fit without a residual sd; accepted are fits of gaussian responses';
    throw new ModelError('not-supported', 'fit', message);
  }
  const { level = 0.99, points = 12 } = options;
  const all = parameterRoots(fit);
  const roots = new Map<string, (() => SignedRoot) | null>(
    fit.fixef.labels.map((label, c) => [`beta[${label}]`, () => all.coefficient(c)]),
  );
  for (const parameter of profiledParameters(fit)) {
    roots.set(parameter.name, Number.isNaN(parameter.estimate) ? null : () => all.variance(parameter));
  }
  const names = options.parameters ?? [...roots.keys()].filter((name) => roots.get(name) !== null);
  return names.map((name) => {
    const root = roots.get(name);
    if (root === undefined) {
      const accepted = nearestNames(name, [...roots.keys()], 8).join(', ');
      throw new ModelError(
        'unknown-variable',
        'parameters',
        `parameters: got ${quote(name)}; accepted are ${accepted}`,
      );
    }
    if (root === null) {
      const message = `parameters: ${quote(name)} has no profile, because one of its sds is 0`;
      throw new ModelError('not-supported', 'parameters', message);
    }
    return profileOf(root(), level, points);
  });
}

function profileOf(root: SignedRoot, level: number, points: number): ParameterProfile {
  const { parameter, estimate, criterion, walk } = root;
  const { lower: low, upper: high } = profileInterval(root, level);
  // Outwards from the estimate, so that each search begins where the one before it ended.
  const side = (end: number): [number, number][] => {
    if (!Number.isFinite(end) || end === estimate) return [];
    const zeta = walk();
    return Array.from({ length: points }, (_, i): [number, number] => {
      const value = i === points - 1 ? end : estimate + ((end - estimate) * (i + 1)) / points;
      return [value, zeta(value)];
    }).filter(([, height]) => Number.isFinite(height));
  };
  const all = [...side(low).reverse(), [estimate, 0] as [number, number], ...side(high)];
  return {
    parameter,
    estimate,
    criterion,
    value: Float64Array.from(all, ([value]) => value),
    zeta: Float64Array.from(all, ([, height]) => height),
  };
}
