import { responseDifference } from '../../design/responseDifference.ts';
import { ModelError } from '../../errors.ts';
import { checkFit } from '../../input/checkFit.ts';
import { quote } from '../../input/quote.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { likelihoodRatio } from './likelihoodRatio.ts';

/** The test of a model against the one before it in the table. */
export interface AnovaTest {
  readonly against: string;
  readonly chiSquare: number;
  readonly df: number;
  /** P(chi^2_df >= chiSquare). */
  readonly pValue: number;
  /** Where an sd is 0 in the smaller model: the p-value of the mixture of two chi-squares (`likelihoodRatio`). */
  readonly mixture: number | null;
  /** What is to be said of `pValue`; null where it is the right one. */
  readonly note: string | null;
}

/** One model of the table. */
export interface AnovaRow {
  readonly model: string;
  /** Parameters. */
  readonly df: number;
  readonly logLik: number;
  readonly deviance: number;
  /** -2 logLik + 2 df, and -2 logLik + log(n) df; their excess over the smallest of the table. */
  readonly aic: number;
  readonly aicDiff: number;
  readonly bic: number;
  readonly bicDiff: number;
  /** Null for the first model, and where the one before is not nested in it. */
  readonly test: AnovaTest | null;
  /** Why there is no test; null where there is one, and for the first model. */
  readonly reason: string | null;
}

/** Maximum likelihood fits side by side. */
export interface Anova {
  readonly method: LikelihoodMethod;
  /** By the number of parameters, the smallest model first. */
  readonly rows: readonly AnovaRow[];
}

/**
 * The table of several maximum likelihood fits to the same rows (R's `anova`): AIC and BIC of each, and the likelihood
 * ratio of each against the one before it, where that is nested in it. Nothing is refitted: criteria that cannot be
 * compared are refused. Throws `no-models`; `different-data` where rows, response, offset or weights differ;
 * `different-criteria` where methods or quadrature points differ, and for REML fits with different X, whose
 * criteria are likelihoods of different contrasts of y.
 */
export function anova(fits: Readonly<Record<string, MaximumLikelihoodFit>>): Anova;
/** The same of fits without names, which are then `model1`, `model2`, ... in their order. */
export function anova(...fits: readonly MaximumLikelihoodFit[]): Anova;
export function anova(...given: readonly unknown[]): Anova {
  const entries = named(given);
  const first = entries[0];
  if (first === undefined) {
    throw new ModelError('no-models', 'models', 'there are no fits to compare; give them by name, { small, large }');
  }
  for (const [name, fit] of entries) checkFit(`anova: model ${quote(name)}`, fit, 'maximumLikelihood');
  for (const other of entries.slice(1)) checkComparable(first, other);
  const sorted = entries
    .map(([model, fit], place) => ({ model, fit, place }))
    .sort((a, b) => a.fit.df - b.fit.df || a.place - b.place);
  const least = (criterion: 'aic' | 'bic') => Math.min(...sorted.map(({ fit }) => fit[criterion]));
  const [aic, bic] = [least('aic'), least('bic')];
  return {
    method: first[1].method,
    rows: sorted.map(({ model, fit }, at): AnovaRow => {
      const { df, logLik, deviance } = fit;
      const before = sorted[at - 1];
      return {
        ...{ model, df, logLik, deviance },
        ...{ aic: fit.aic, aicDiff: fit.aic - aic, bic: fit.bic, bicDiff: fit.bic - bic },
        ...(before === undefined ? { test: null, reason: null } : tested(before.model, before.fit, fit)),
      };
    }),
  };
}

function tested(
  against: string,
  small: MaximumLikelihoodFit,
  large: MaximumLikelihoodFit,
): Pick<AnovaRow, 'test' | 'reason'> {
  try {
    const { chiSquare, df, pValue, mixture, note } = likelihoodRatio(small, large);
    return {
      test: { against, chiSquare, df, pValue, mixture: mixture?.pValue ?? null, note: note ?? null },
      reason: null,
    };
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { test: null, reason: error.message };
  }
}

function named(given: readonly unknown[]): readonly (readonly [string, MaximumLikelihoodFit])[] {
  const isFit = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && 'kind' in value && 'design' in value;
  const one = given.length === 1 && !isFit(given[0]);
  const fits = one
    ? Object.entries((given[0] ?? {}) as object)
    : given.map((fit, i) => [`model${i + 1}`, fit] as const);
  return fits as readonly (readonly [string, MaximumLikelihoodFit])[];
}

type Named = readonly [string, MaximumLikelihoodFit];

function checkComparable([name, fit]: Named, [otherName, other]: Named): void {
  const pair = `models ${quote(name)} and ${quote(otherName)}`;
  const differ = responseDifference(fit.design, other.design);
  if (differ.length > 0) {
    throw new ModelError(
      'different-data',
      otherName,
      `${pair} differ in ${differ.join(', ')}; criteria of one family on the same rows are compared`,
    );
  }
  if (fit.method !== other.method || fit.points !== other.points) {
    const of = ({ method, points }: MaximumLikelihoodFit): string =>
      points === undefined ? method : `${method} with ${points} points`;
    throw new ModelError(
      'different-criteria',
      otherName,
      `${pair} were fitted by ${of(fit)} and ${of(other)}; fit both by one criterion`,
    );
  }
  if (fit.method !== 'REML') return;
  const labels = ({ design }: MaximumLikelihoodFit): string[] => design.columns.map(({ label }) => label);
  const [own, others] = [new Set(labels(fit)), new Set(labels(other))];
  const apart = [
    ...labels(fit).filter((label) => !others.has(label)),
    ...labels(other).filter((label) => !own.has(label)),
  ];
  if (apart.length === 0) return;
  throw new ModelError(
    'different-criteria',
    otherName,
    `${pair} are REML fits with different population parts (${apart.join(', ')}), whose criteria cannot be compared; fit both by method 'ML'`,
  );
}
