import { quantileOfSorted } from '../../../diagnostics/quantile.ts';
import { ModelError } from '../../errors.ts';
import { probability } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { fitParameters } from '../../likelihood/inference/fitParameters.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { scalarNames } from '../../mcmc/layout.ts';
import { studentQuantile } from '../../special/distributionFunctions.ts';
import { drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';

/** One quantity over all imputed data sets. */
export interface ImputationRow {
  /** `beta[x]`, `threshold[1|2]`, `tau_county[Intercept]`, `corr_county[Intercept,x]`, `sigma`, `shape`. */
  readonly parameter: string;
  /**
   * Null where a fit has none: a correlation with an sd of 0, an sd that its criterion does not depend on, a shape
   * without bound.
   */
  readonly estimate: number | null;
  /** With what the imputations differ in; null for the variance parameters of maximum likelihood fits. */
  readonly se: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  /** Degrees of freedom of the interval; null for draws, and infinite where the imputations agree. */
  readonly df: number | null;
  /** The share of the variance that is due to the missing values, (1 + 1 / M) B / T; null where se is. */
  readonly missingInformation: number | null;
}

/** The same model fitted to M completed data sets. */
export interface CombinedImputations {
  readonly kind: 'draws' | 'estimates';
  readonly imputations: number;
  readonly level: number;
  readonly rows: readonly ImputationRow[];
}

/**
 * What fits of one model to M imputed data sets say together; deviations of groups are left out. Of draws: those of
 * all fits pooled, the mixture of the posteriors, with mean, sd and central interval of probability `level` (default
 * 0.9; Gelman et al. 2013, section 18.2). Of maximum likelihood fits: Rubin's rules (Rubin 1987, equations 3.1.2 to
 * 3.1.6),
 *   Q = mean Q_m,  T = U + (1 + 1 / M) B,  df = (M - 1) (1 + U / ((1 + 1 / M) B))^2,
 * U the mean of the squared standard errors, B the variance of the M estimates, and the interval of Student's t;
 * variance parameters are averaged and have no error. Chains of different imputations need not agree: judge each fit
 * by its own `check`.
 *
 * Throws `not-a-fit`; `combine` for fewer than two fits, other models, fits of both kinds, or other numbers of draws.
 */
export function combineImputations(
  fits: readonly ModelFit[],
  options: { readonly level?: number } = {},
): CombinedImputations {
  const given: unknown = fits;
  if (!Array.isArray(given)) throw refused('give a list of fits, one of each imputed data set');
  for (const fit of Array.from<unknown>(given)) checkFit('combineImputations', fit);
  checkOptions('combineImputations', options, { level: probability });
  const { level = 0.9 } = options;
  const [first, ...others] = fits;
  if (first === undefined || others.length === 0) throw refused('give two or more, one of each imputed data set');
  others.forEach((other, k) => {
    const which = `fit ${k + 2} is of`;
    if (other.kind !== first.kind) throw refused(`${which} the other kind than the first`);
    if (JSON.stringify(other.graph) !== JSON.stringify(first.graph))
      throw refused(`${which} another model than the first`);
    const [names, own] = [parametersOf(other), parametersOf(first)];
    if (JSON.stringify(names) !== JSON.stringify(own)) {
      const odd = names.find((name) => !own.includes(name)) ?? own.find((name) => !names.includes(name)) ?? own[0]!;
      throw refused(`${which} other quantities than the first (${odd}); levels have to be the same in every data set`);
    }
    if (drawsOf(other) !== drawsOf(first)) throw refused(`${which} another number of draws than the first`);
  });
  const rows =
    first.kind === 'mcmc'
      ? ofDraws(fits as readonly Fit[], level)
      : ofEstimates(fits as readonly MaximumLikelihoodFit[], level);
  return { kind: first.kind === 'mcmc' ? 'draws' : 'estimates', imputations: fits.length, level, rows };
}

function refused(sentence: string): ModelError {
  return new ModelError('combine', 'combineImputations', `combineImputations: ${sentence}`);
}

function drawsOf(fit: ModelFit): string {
  return fit.kind === 'mcmc' ? String(drawCount(fit)) : `${fit.method} ${fit.points}`;
}

/** The quantities of the draws without deviations, by name and position. */
function scalarsOf({ draws, design }: Fit): readonly { readonly name: string; readonly at: number }[] {
  const deviations = new Set(design.groupTerms.map(({ factor }) => `u_${factor}`));
  return draws.variables
    .filter(({ name }) => !deviations.has(name))
    .flatMap((variable) => scalarNames(variable).map((name, i) => ({ name, at: variable.offset + i })));
}

function parametersOf(fit: ModelFit): readonly string[] {
  return fit.kind === 'mcmc' ? scalarsOf(fit).map(({ name }) => name) : fitParameters(fit).map(({ name }) => name);
}

function ofDraws(fits: readonly Fit[], level: number): ImputationRow[] {
  const M = fits.length;
  const S = drawCount(fits[0]!);
  const places = fits.map(scalarsOf);
  return places[0]!.map(({ name }, k): ImputationRow => {
    const pooled = new Float64Array(M * S);
    const parts = fits.map((fit, m) => {
      const own = scalarDraws(fit.draws, places[m]![k]!.at);
      pooled.set(own, m * S);
      return drawSummary(own, []);
    });
    const { mean, sd } = drawSummary(pooled, []);
    const sorted = pooled.sort();
    const [within, between] = variances(parts.map(({ mean, sd }) => ({ estimate: mean, variance: sd * sd })));
    return {
      parameter: name,
      estimate: mean,
      se: sd,
      lower: quantileOfSorted(sorted, (1 - level) / 2),
      upper: quantileOfSorted(sorted, (1 + level) / 2),
      df: null,
      missingInformation: share(within, between),
    };
  });
}

function ofEstimates(fits: readonly MaximumLikelihoodFit[], level: number): ImputationRow[] {
  const M = fits.length;
  const all = fits.map(fitParameters);
  return all[0]!.map(({ name }, k): ImputationRow => {
    const own = all.map((estimates) => estimates[k]!);
    const estimate = own.reduce((sum, each) => sum + each.estimate, 0) / M;
    if (own[0]!.variance === null) {
      const none = { se: null, lower: null, upper: null, df: null, missingInformation: null };
      return { parameter: name, estimate: Number.isFinite(estimate) ? estimate : null, ...none };
    }
    const [within, between] = variances(own.map((each) => ({ estimate: each.estimate, variance: each.variance! })));
    const se = Math.sqrt(within + between);
    const df = between > 0 ? (M - 1) * (1 + within / between) ** 2 : Number.POSITIVE_INFINITY;
    const reach = studentQuantile((1 + level) / 2, df) * se;
    return {
      parameter: name,
      estimate,
      se,
      lower: estimate - reach,
      upper: estimate + reach,
      df,
      missingInformation: share(within, between),
    };
  });
}

/** The mean variance within data sets, and (1 + 1 / M) times that of the estimates between them. */
function variances(parts: readonly { readonly estimate: number; readonly variance: number }[]): [number, number] {
  const M = parts.length;
  const mean = parts.reduce((sum, { estimate }) => sum + estimate, 0) / M;
  const within = parts.reduce((sum, { variance }) => sum + variance, 0) / M;
  const B = parts.reduce((sum, { estimate }) => sum + (estimate - mean) ** 2, 0) / (M - 1);
  return [within, (1 + 1 / M) * B];
}

function share(within: number, between: number): number {
  return within + between > 0 ? between / (within + between) : 0;
}
