import { checkObject } from './checkObject.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { type Estimate, sumWithError } from './logLikelihood.ts';
import type { Loo } from './loo.ts';
import type { Waic } from './waic.ts';

/** One model of a comparison. Differences are to the best model: zero for it, negative for the others. */
export interface LooComparison {
  readonly model: string;
  readonly elpdDiff: number;
  readonly seDiff: number;
  readonly elpd: number;
  readonly seElpd: number;
  readonly p: number;
  readonly seP: number;
  readonly ic: number;
  readonly seIc: number;
}

/** One model of a comparison by k-fold cross-validation, which has no number of parameters. */
export type KFoldComparison = Omit<LooComparison, 'p' | 'seP'>;

/** What k-fold cross-validation gives, as far as models are compared by it. */
export interface KFoldElpd {
  readonly kind: 'kfold';
  readonly elpd: Estimate;
  readonly ic: Estimate;
  readonly pointwise: { readonly elpd: Float64Array };
}

/**
 * Compares models by their `loo` (or all by their `waic`, or all by k-fold cross-validation), best first: elpdDiff =
 * sum_i (elpd_i - elpd_i of the best model) and its standard error sqrt(N var of those differences), which is far
 * smaller than the errors of the two sums suggest because both models meet the same observations (Vehtari, Gelman &
 * Gabry 2017; `loo::loo_compare`).
 *
 * Throws DiagnosticsError `bad-argument` when there are no models, when they were computed in different ways, or when
 * they do not have the same observations.
 */
export function looCompare(models: Readonly<Record<string, Loo | Waic>>): LooComparison[];
export function looCompare(models: Readonly<Record<string, KFoldElpd>>): KFoldComparison[];
export function looCompare(
  models: Readonly<Record<string, Loo | Waic | KFoldElpd>>,
): (LooComparison | KFoldComparison)[] {
  checkObject(models, 'models', '{ name: loo(...) }');
  const entries = Object.entries(models);
  for (const [name, given] of entries) {
    checkObject(given, `model ${JSON.stringify(name)}`, 'loo(...) or waic(...)', 'kind', 'pointwise', 'elpd');
  }
  const [firstName, first] = entries[0] ?? ['', undefined];
  if (first === undefined)
    throw new DiagnosticsError('bad-argument', 'there are no models to compare; give { name: loo(…) }');
  for (const [name, { kind, pointwise }] of entries) {
    if (kind !== first.kind || pointwise.elpd.length !== first.pointwise.elpd.length) {
      throw new DiagnosticsError(
        'bad-argument',
        `model "${name}" is ${kind} of ${pointwise.elpd.length} observations and model "${firstName}" is ${first.kind} of ${first.pointwise.elpd.length}; compare models by one criterion on the same observations`,
      );
    }
  }
  const sorted = entries.sort(([, a], [, b]) => b.elpd.estimate - a.elpd.estimate);
  const best = sorted[0]![1].pointwise.elpd;
  return sorted.map(([model, each], rank) => {
    const { elpd, ic, pointwise } = each;
    const difference = sumWithError(pointwise.elpd.map((value, i) => value - best[i]!));
    return {
      model,
      elpdDiff: rank === 0 ? 0 : difference.estimate,
      seDiff: rank === 0 ? 0 : difference.se,
      elpd: elpd.estimate,
      seElpd: elpd.se,
      ...(each.kind === 'kfold' ? {} : { p: each.p.estimate, seP: each.p.se }),
      ic: ic.estimate,
      seIc: ic.se,
    };
  });
}
