import { looCompare } from '../../../diagnostics/looCompare.ts';
import { stackingWeights } from '../../../diagnostics/stackingWeights.ts';
import type { Design } from '../../design/design.ts';
import { observations } from '../../design/observations.ts';
import { type ResponsePart, responseDifference } from '../../design/responseDifference.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { weightMeaning } from '../../families/responseKind.ts';
import { textList } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { quote } from '../../input/quote.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { scalarNames } from '../../mcmc/layout.ts';
import { drawSummary } from '../drawSummary.ts';
import { unitsOf } from '../integrated/units.ts';
import { isDeviation } from '../isDeviation.ts';
import { leaveOneOut } from './leaveOneOut.ts';
import { type LeaveOneOut, leaveUnitsOut } from './leaveUnitsOut.ts';

/** One model among others, by how well it predicts what is left out: rows by number, or groups by level. */
export interface ModelRow<Unit extends number | string = number> {
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
  /** Stacking weight: the model's share in the mixture of predictions that predicts best (`stackingWeights`). */
  readonly weight: number;
  /**
   * The rows whose Pareto k is above `threshold`, so that their part of elpd is not to be trusted, counted from 1 among
   * those given, rows left out included, or the levels of such groups; and a sentence, or null.
   */
  readonly paretoK: { readonly threshold: number; readonly above: readonly Unit[]; readonly warning: string | null };
}

/** The same models by how well they predict a new group. */
export interface NewGroupComparison {
  /** The grouping factor whose groups were left out. */
  readonly by: string;
  /** Best first; empty where it was not computed. */
  readonly models: readonly ModelRow<string>[];
  /** What each model's elpd is of each group, in the order of the levels; empty where it was not computed. */
  readonly groups: readonly GroupElpd[];
  /** Why it was not computed; null where it was. */
  readonly reason: string | null;
}

/** How well each model predicts one group that it has not seen: log densities by PSIS-LOO, by model. */
export interface GroupElpd {
  readonly level: string;
  readonly elpd: Readonly<Record<string, number>>;
}

/** What is compared. */
export interface CompareModelsOptions {
  /** Grouping factors whose groups are left out as well; default every factor of any of the models, [] for none. */
  readonly by?: readonly string[];
}

const COMPARE_OPTIONS: OptionTable<CompareModelsOptions> = { by: textList };

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
  /** How well each predicts a new row of the groups there are, best first; empty where `reason` says why. */
  readonly models: readonly ModelRow[];
  /** Why rows were not left out one by one: that in some model they depend on each other; null where they were. */
  readonly reason: string | null;
  /** How well each predicts a new group, by factor. */
  readonly newGroups: readonly NewGroupComparison[];
  /** Coefficients, then group-level sds and correlations, then sigma. */
  readonly parameters: readonly ModelParameterRow[];
}

/**
 * Sets models of one response side by side: what each estimates, matched by name, and how well each predicts, by
 * leave-one-out cross-validation with Pareto-smoothed importance sampling (Vehtari, Gelman & Gabry 2017). That has two
 * answers: over the rows, how well a new row of the same groups is predicted, and over the groups of each factor, their
 * deviations integrated out, how well a new group is (`leaveOneOut` with `by`); level-2 predictors matter to the
 * second. A model without the factor is asked the same of the same rows. Where Pareto k is above the threshold, elpd is
 * not to be trusted, and the row says so; a row that is all its group has is the usual one. A factor that a model
 * cannot answer for has the reason, and is an error where `by` names it. Where residuals of rows depend on each other
 * in some model, groups alone are left out, those of their structure among them.
 *
 * Throws `no-models`; `different-data` where two models do not have the same rows of the same response: their densities
 * cannot be compared; `unknown-factor` for a name in `by` that no model has.
 */
export function compareModels(fits: Readonly<Record<string, Fit>>, options?: CompareModelsOptions): ModelComparison;
/** The same of fits without names, which are then `model1`, `model2`, ... in their order. */
export function compareModels(...fits: readonly Fit[]): ModelComparison;
export function compareModels(...given: readonly unknown[]): ModelComparison {
  const { fits, options } = named(given);
  checkOptions('compareModels', options, COMPARE_OPTIONS);
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
  const factors = new Set(entries.flatMap(([, { design }]) => factorsOf(design)));
  for (const factor of options.by ?? []) {
    if (factors.has(factor)) continue;
    const there = factors.size === 0 ? 'they have none' : `they have ${[...factors].join(', ')}`;
    throw new ModelError('unknown-factor', factor, `${quote(factor)} is no grouping factor of the models; ${there}`);
  }
  return {
    names: entries.map(([name]) => name),
    ...rows(entries),
    newGroups: [...(options.by ?? factors)].map((by) => newGroups(entries, by, options.by !== undefined)),
    parameters: parameterRows(entries),
  };
}

/** Every factor whose groups may be left out of a model. */
function factorsOf({ groupTerms, residual }: Design): string[] {
  const { groups = null, sigmaGroups = null } = residual ?? {};
  return [...groupTerms, ...(groups ? [groups] : []), ...(sigmaGroups ? [sigmaGroups] : [])].map(
    ({ factor }) => factor,
  );
}

/** The models by how well they predict a new row, which one whose residuals depend on each other does not say. */
function rows(entries: readonly (readonly [string, Fit])[]): Pick<ModelComparison, 'models' | 'reason'> {
  const apart = entries.find(([, { design }]) => design.residual?.groups);
  if (!apart) {
    const results = leftOut(entries, (fit) => leaveOneOut(fit));
    return { models: ranked(results, 'row'), reason: null };
  }
  const { structure, factor } = apart[1].design.residual!.groups!;
  const reason = `in ${apart[0]} rows of one ${factor} depend on each other (${structure}), and a row left out alone would be told of by them; groups are left out whole`;
  return { models: [], reason };
}

/** The models by how well they predict a new group of a factor that one of them has. */
function newGroups(entries: readonly (readonly [string, Fit])[], by: string, asked: boolean): NewGroupComparison {
  const has = ({ design }: Fit): boolean => factorsOf(design).includes(by);
  const { levels, index } = unitsOf(entries.map(([, fit]) => fit).find(has)!.design, by);
  try {
    const leave = (fit: Fit): LeaveOneOut =>
      has(fit) ? leaveOneOut(fit, { by }) : leaveUnitsOut(fit, by, { levels, index });
    const results = leftOut(entries, leave);
    const groups = Object.values(results)[0]!.levels.map((level, j) => ({
      level,
      elpd: Object.fromEntries(Object.entries(results).map(([name, { pointwise }]) => [name, pointwise.elpd[j]!])),
    }));
    return { by, models: ranked(results, by), groups, reason: null };
  } catch (error) {
    if (asked || !(error instanceof ModelError)) throw error;
    return { by, models: [], groups: [], reason: error.message };
  }
}

/** What `leave` gives of each model. */
function leftOut(
  entries: readonly (readonly [string, Fit])[],
  leave: (fit: Fit) => LeaveOneOut,
): Readonly<Record<string, LeaveOneOut>> {
  return Object.fromEntries(entries.map(([name, fit]) => [name, leave(fit)]));
}

/** The models by what was left out of each, best first; `what` that is, in the singular. */
function ranked<Unit extends number | string>(
  results: Readonly<Record<string, LeaveOneOut>>,
  what: string,
): ModelRow<Unit>[] {
  const weights = stackingWeights(results);
  return looCompare(results).map((row): ModelRow<Unit> => {
    const { above, paretoKThreshold, by, rowNumbers, levels, pointwise } = results[row.model]!;
    const units = (by === null ? rowNumbers : levels) as readonly Unit[];
    return {
      model: row.model,
      elpd: row.elpd,
      elpdSe: row.seElpd,
      elpdDiff: row.elpdDiff,
      elpdDiffSe: row.seDiff,
      looic: row.ic,
      looicSe: row.seIc,
      p: row.p,
      weight: weights[row.model]!,
      paretoK: {
        threshold: paretoKThreshold,
        above: above.map((i) => units[i]!),
        warning: paretoWarning(row.model, above.length, pointwise.elpd.length, paretoKThreshold, what),
      },
    };
  });
}

/** Fits by name: as they were given, with options, or numbered. */
function named(given: readonly unknown[]): {
  readonly fits: Readonly<Record<string, Fit>>;
  readonly options: CompareModelsOptions;
} {
  const isFit = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'draws' in value && 'design' in value;
  const [first, second, ...rest] = given;
  if (given.length > 0 && !isFit(first) && rest.length === 0 && !isFit(second)) {
    return { fits: (first ?? {}) as Readonly<Record<string, Fit>>, options: (second ?? {}) as CompareModelsOptions };
  }
  return { fits: Object.fromEntries(given.map((fit, i) => [`model${i + 1}`, fit as Fit])), options: {} };
}

function paretoWarning(model: string, above: number, n: number, threshold: number, what: string): string | null {
  if (above === 0) return null;
  const groups = what === 'row' ? 'rows' : `groups of ${what}`;
  const which = `${above} of ${n} ${groups} ${above === 1 ? 'has' : 'have'} a Pareto k above ${threshold.toFixed(2)}`;
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
    ['beta', 'tau_', 'corr_', 'sigma', 'nu', 'shape', 'precision', 'threshold', ''].findIndex((start) =>
      name.startsWith(start),
    );
  const found = new Map<string, Map<string, { mean: number; sd: number; q5: number; q95: number }>>();
  for (const [name, fit] of entries) {
    for (const variable of fit.draws.variables.filter((each) => !isDeviation(fit.design, each.name))) {
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
