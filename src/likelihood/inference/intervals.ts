import { quantileOfSorted } from '../../../diagnostics/quantile.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { anyValue, oneOf, probability, seedValue } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { studentQuantile } from '../../special/distributionFunctions.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { bootstrap } from './bootstrap.ts';
import { fitParameters } from './fitParameters.ts';
import { parameterRoots } from './parameterRoots.ts';
import { profileInterval } from './profileInterval.ts';
import { coefficientTests } from './satterthwaite.ts';
import type { SignedRoot } from './signedRoot.ts';
import { varianceParameters } from './varianceParameter.ts';

/** A confidence interval; a bound that cannot be given is null, with the reason. */
export interface ConfidenceInterval {
  /** `beta[floor]`, `tau_county[floor]`, `corr_county[Intercept,floor]`, `sigma`. */
  readonly parameter: string;
  readonly estimate: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** The criterion whose profile it is; null where it is of no profile. */
  readonly criterion: LikelihoodMethod | null;
  readonly reason?: string;
}

export interface IntervalOptions {
  /**
   * Default 'profile', as R's confint has it.
   *
   * 'wald': estimate and t quantiles with Satterthwaite's degrees of freedom, population-level coefficients and
   * thresholds only.
   * 'profile': profile likelihood, gaussian responses: of the variance parameters by the criterion of the fit, of the
   * coefficients always by ML, as lme4's; coefficients of other responses have 'wald'.
   * 'bootstrap': percentiles of a parametric bootstrap, all parameters.
   */
  readonly method?: 'wald' | 'profile' | 'bootstrap';
  /** Default 0.9. */
  readonly level?: number;
  /** Bootstrap only: data sets, default 500, and seed. */
  readonly simulations?: number;
  readonly seed?: number;
}

const INTERVAL_OPTIONS: OptionTable<IntervalOptions> = {
  method: oneOf('wald', 'profile', 'bootstrap'),
  level: probability,
  simulations: anyValue,
  seed: seedValue,
};

const NO_WALD =
  'the estimate of a variance parameter is skewed, so that a Wald interval would mislead; ask for a profile or a bootstrap';
const NO_PROFILE = 'profile intervals are made for gaussian responses; ask for a bootstrap';
const NO_CORRELATION = 'a correlation with an sd of 0 is not defined';

/**
 * Confidence intervals of the parameters of a fit, beta first, by profile likelihood unless `method` says otherwise.
 * Throws a ModelError for a level outside (0, 1) or a bootstrap without a seed.
 */
export function intervals(fit: MaximumLikelihoodFit, options: IntervalOptions = {}): ConfidenceInterval[] {
  checkFit('intervals', fit, 'maximumLikelihood');
  checkOptions('intervals', options, INTERVAL_OPTIONS);
  const { method = 'profile', level = 0.9 } = options;
  if (method === 'bootstrap') return percentiles(fit, level, options);
  const profiled = method === 'profile' && familyOf(fit.design).conjugate === 'normal';
  const roots = profiled ? parameterRoots(fit) : null;
  const variance = varianceParameters(fit).map((parameter): ConfidenceInterval => {
    const { name, estimate } = parameter;
    if (Number.isNaN(estimate)) return none(name, estimate, NO_CORRELATION);
    if (method === 'wald') return none(name, estimate, NO_WALD);
    if (parameter.kind === 'own' || roots === null) return none(name, estimate, NO_PROFILE);
    return profileOf(roots.variance(parameter), estimate, level);
  });
  const coefficients =
    roots !== null
      ? Array.from(fit.fixef.estimates, (estimate, c) => profileOf(roots.coefficient(c), estimate, level))
      : waldIntervals(fit, level);
  return [...coefficients, ...thresholdIntervals(fit, level), ...variance];
}

function profileOf(root: SignedRoot, estimate: number, level: number): ConfidenceInterval {
  const { parameter, criterion } = root;
  return { parameter, estimate, ...profileInterval(root, level), criterion };
}

function none(parameter: string, estimate: number, reason: string): ConfidenceInterval {
  return { parameter, estimate, lower: null, upper: null, criterion: null, reason };
}

function waldIntervals(fit: MaximumLikelihoodFit, level: number): ConfidenceInterval[] {
  return coefficientTests(fit, { level }).map(({ label, estimate, lower, upper }) => {
    return { parameter: `beta[${label}]`, estimate, lower, upper, criterion: null };
  });
}

function thresholdIntervals({ thresholds }: MaximumLikelihoodFit, level: number): ConfidenceInterval[] {
  if (!thresholds) return [];
  const quantile = studentQuantile((1 + level) / 2, Number.POSITIVE_INFINITY);
  return thresholds.labels.map((label, k) => {
    const reach = quantile * thresholds.standardErrors[k]!;
    const estimate = thresholds.estimates[k]!;
    return {
      parameter: `threshold[${label}]`,
      estimate,
      lower: estimate - reach,
      upper: estimate + reach,
      criterion: null,
    };
  });
}

function percentiles(fit: MaximumLikelihoodFit, level: number, options: IntervalOptions): ConfidenceInterval[] {
  if (options.seed === undefined) {
    throw new ModelError('seed', 'seed', 'a bootstrap needs a seed: equal seeds give equal intervals');
  }
  const { values } = bootstrap(fit, {
    seed: options.seed,
    ...(options.simulations === undefined ? {} : { simulations: options.simulations }),
  });
  return fitParameters(fit).map(({ name: parameter, estimate }, k): ConfidenceInterval => {
    const defined = values[k]!.filter((value) => !Number.isNaN(value)).sort();
    if (defined.length === 0) return none(parameter, estimate, NO_CORRELATION);
    const [lower, upper] = [quantileOfSorted(defined, (1 - level) / 2), quantileOfSorted(defined, (1 + level) / 2)];
    return { parameter, estimate, lower, upper, criterion: null };
  });
}
