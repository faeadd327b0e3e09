import { looCompare } from '../../../diagnostics/looCompare.ts';
import { observations } from '../../design/observations.ts';
import { type ResponsePart, responseDifference } from '../../design/responseDifference.ts';
import { rowNumber } from '../../design/rowNumbers.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { weightMeaning } from '../../families/responseKind.ts';
import { checkFit } from '../../input/checkFit.ts';
import { quote } from '../../input/quote.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { scalarNames } from '../../mcmc/layout.ts';
import { drawSummary } from '../drawSummary.ts';
import { leaveOneOut } from './leaveOneOut.ts';

/** One model among others, by how well it predicts rows left out. */
export interface ModelRow {
  readonly model: string;
  /**
   * Expected log predictive density by PSIS-LOO, its standard error, and that less the best model's with its standard
   * error.
   */
  readonly elpd: number;
  readonly elpdSe: number;
  readonly elpdDiff: number;
  readonly elpdDiffSe: number;
  /** -2 elpd. */
  readonly looic: number;
  readonly looicSe: number;
  /** Effective number of parameters. */
  readonly p: number;
  /**
   * How many rows have a Pareto k above `threshold`, so that their part of elpd is not to be trusted; the rows counted
   * from 1 among those given, rows left out included, and a sentence, or null.
   */
  readonly paretoK: { readonly threshold: number; readonly above: readonly number[]; readonly warning: string | null };
}

/** One quantity in every model: posterior mean and sd with the 90% interval, null where a model lacks it. */
export interface ModelParameterRow {
  /** Flat name: `beta[income]`, `tau_state[Intercept]`, `corr_state[Intercept,income]`, `sigma`. */
  readonly parameter: string;
  readonly estimates: Readonly<
    Record<string, { readonly mean: number; readonly sd: number; readonly q5: number; readonly q95: number } | null>
  >;
}

/** Models side by side. */
export interface ModelComparison {
  /** In the order given. */
  readonly names: readonly string[];
  /** Best first. */
  readonly models: readonly ModelRow[];
  /** Coefficients, then group-level sds and correlations, then sigma. */
  readonly parameters: readonly ModelParameterRow[];
}

/**
 * Sets models of one response side by side: what each estimates, matched by name, and how well each predicts, by
 * leave-one-out cross-validation with Pareto-smoothed importance sampling over the rows (Vehtari, Gelman & Gabry 2017).
 * Where rows have Pareto k above the threshold, elpd is not to be trusted, and the row says so; a row that is all its
 * group has is the usual one.
 *
 * Throws `no-models`, and `different-data` where two models do not have the same rows of the same response: their
 * densities cannot be compared.
 */
export function compareModels(fits: Readonly<Record<string, Fit>>): ModelComparison;
/** The same of fits without names, which are then `model1`, `model2`, ... in their order. */
export function compareModels(...fits: readonly Fit[]): ModelComparison;
export function compareModels(...given: readonly unknown[]): ModelComparison {
  const fits = named(given);
  const entries = Object.entries(fits);
  const first = entries[0];
  if (first === undefined) {
    throw new ModelError(
      'no-models',
      'models',
      'there are no models to compare; give them by name, { pooled: fit, partial: fit }',
    );
  }
  for (const [name, fit] of entries) checkFit(`compareModels: model ${quote(name)}`, fit, 'mcmc');
  for (const other of entries) checkSameResponse(first, other);
  const results = new Map(entries.map(([name, fit]) => [name, leaveOneOut(fit)]));
  const models = looCompare(Object.fromEntries(results)).map((row): ModelRow => {
    const { above, paretoKThreshold } = results.get(row.model)!;
    return {
      model: row.model,
      elpd: row.elpd,
      elpdSe: row.seElpd,
      elpdDiff: row.elpdDiff,
      elpdDiffSe: row.seDiff,
      looic: row.ic,
      looicSe: row.seIc,
      p: row.p,
      paretoK: {
        threshold: paretoKThreshold,
        above: above.map((i) => rowNumber(fits[row.model]!.design, i)),
        warning: paretoWarning(row.model, above.length, fits[row.model]!.design.n, paretoKThreshold),
      },
    };
  });
  return { names: entries.map(([name]) => name), models, parameters: parameterRows(entries) };
}

/** Fits by name: as they were given, or numbered. */
function named(given: readonly unknown[]): Readonly<Record<string, Fit>> {
  const isFit = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'draws' in value && 'design' in value;
  if (given.length === 1 && !isFit(given[0])) return (given[0] ?? {}) as Readonly<Record<string, Fit>>;
  return Object.fromEntries(given.map((fit, i) => [`model${i + 1}`, fit as Fit]));
}

function paretoWarning(model: string, above: number, n: number, threshold: number): string | null {
  if (above === 0) return null;
  const which = `${above} of ${n} rows ${above === 1 ? 'has' : 'have'} a Pareto k above ${threshold.toFixed(2)}`;
  return `${model}: ${which}, so that elpd is not to be trusted to its standard error`;
}

function checkSameResponse([name, fit]: [string, Fit], [otherName, other]: [string, Fit]): void {
  const a = fit.design.response;
  const b = other.design.response;
  const kind = kindOf(fit.design);
  const counted = weightMeaning(kind) === 'copies';
  // Densities of one response can be compared whatever the family, the offset or the weights make of it; weights that
  // count rows make other rows.
  const apart = new Set<ResponsePart>([
    'rows',
    'response',
    'trials',
    'exposure',
    ...(counted ? ['weights' as const] : []),
  ]);
  const differ = responseDifference(fit.design, other.design).filter((part) => apart.has(part));
  if (kind === kindOf(other.design) && differ.length === 0) return;
  const message = `models ${quote(name)} and ${quote(otherName)} do not have the same rows of the same response (${observations(fit.design)} rows of ${a.label}, ${observations(other.design)} of ${b.label}); compare models of one response on the same rows, written the same way`;
  throw new ModelError('different-data', otherName, message);
}

/** Quantities of every model by name, coefficients first; the deviations of groups are left out. */
function parameterRows(entries: readonly (readonly [string, Fit])[]): ModelParameterRow[] {
  const rank = (name: string): number =>
    ['beta', 'tau_', 'corr_', 'sigma', 'nu', 'shape', 'threshold'].findIndex((start) => name.startsWith(start));
  const found = new Map<string, Map<string, { mean: number; sd: number; q5: number; q95: number }>>();
  for (const [name, fit] of entries) {
    const deviations = new Set(fit.design.groupTerms.map(({ factor }) => `u_${factor}`));
    for (const variable of fit.draws.variables.filter((each) => !deviations.has(each.name))) {
      scalarNames(variable).forEach((parameter, i) => {
        const { mean, sd, quantiles } = drawSummary(scalarDraws(fit.draws, variable.offset + i), [0.05, 0.95]);
        const row = found.get(parameter) ?? new Map<string, { mean: number; sd: number; q5: number; q95: number }>();
        found.set(parameter, row.set(name, { mean, sd, q5: quantiles[0]!, q95: quantiles[1]! }));
      });
    }
  }
  // A stable sort: within a kind, in the order in which the models have them.
  const parameters = [...found.keys()].sort((a, b) => rank(a) - rank(b));
  return parameters.map((parameter) => ({
    parameter,
    estimates: Object.fromEntries(entries.map(([name]) => [name, found.get(parameter)!.get(name) ?? null])),
  }));
}
