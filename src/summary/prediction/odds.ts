import { quantileOfSorted } from '../../../diagnostics/quantile.ts';
import { contrasts } from '../../design/columns/contrasts.ts';
import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import type { FamilyName, LogitFamily } from '../../families/family.ts';
import { familyOf } from '../../families/familyOf.ts';
import { LINKS } from '../../families/link.ts';
import { parseTerm } from '../../formula/terms.ts';
import { probability } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { normalQuantile } from '../../special/distributionFunctions.ts';
import { betaDraws } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';

/** exp of one population-level coefficient of a logit model. */
export interface OddsRow {
  readonly term: string;
  /**
   * 'odds' of the intercept, and of each level of a factor coded in full (`0 + g`): of success where every other column
   * is 0, in a typical group. 'oddsRatio' of a column: by how much the odds are multiplied when it is one more; of
   * `g:x` beside no `x`, within a level of g. 'ratioOfOddsRatios' of an interaction beside its parts: by how much an
   * odds ratio is multiplied.
   */
  readonly kind: 'odds' | 'oddsRatio' | 'ratioOfOddsRatios';
  /** Posterior median, exp of the median coefficient; of a maximum likelihood fit exp of the estimate. */
  readonly estimate: number;
  /** Central posterior interval; of a maximum likelihood fit exp(estimate -+ z se). */
  readonly lower: number;
  readonly upper: number;
}

/**
 * What a fit of family F needs to have odds ratios: nothing more where F has the logit link or may have, and else what
 * no fit has, so that `odds` of it does not compile.
 */
export type HasOdds<F extends FamilyName> = [Extract<F, LogitFamily>] extends [never]
  ? { readonly oddsRatiosAreOfLogitModels: F }
  : unknown;

/**
 * Odds and odds ratios of the population-level coefficients of a logit model, with intervals of probability `level`
 * (default 0.9). They hold within a group (given its deviations), not on average over
 * groups, whose odds ratios are nearer to 1. Median and interval are those of the coefficient, exponentiated; the mean
 * of an odds ratio is none of either.
 *
 * A fit whose type says another family does not compile. Throws `no-odds` for a response that is gaussian or probit
 * (`predict` with kind 'odds' has the odds of rows), and `option`.
 */
export function odds<F extends FamilyName>(
  fit: ModelFit<F> & HasOdds<F>,
  options?: { readonly level?: number },
): OddsRow[];
export function odds(fit: ModelFit, options: { readonly level?: number } = {}): OddsRow[] {
  checkFit('odds', fit);
  checkOptions('odds', options, { level: probability });
  const { level = 0.9 } = options;
  const { link } = familyOf(fit.design);
  if (link !== 'logit') {
    const instead = LINKS[link].odds ? "; predict with kind 'odds' gives the odds of rows" : '';
    const message = `odds ratios are exp of the coefficients of a logit model, and the link of this one is ${link}${instead}`;
    throw new ModelError('no-odds', 'odds', message);
  }
  const z = normalQuantile((1 + level) / 2);
  const kindOf = kinds(fit.design);
  return fit.design.columns.map(({ label }, c): OddsRow => {
    const row = { term: label, kind: kindOf[c]! };
    if (fit.kind === 'maximumLikelihood') {
      const estimate = fit.fixef.estimates[c]!;
      const se = fit.fixef.standardErrors[c]!;
      return {
        ...row,
        estimate: Math.exp(estimate),
        lower: Math.exp(estimate - z * se),
        upper: Math.exp(estimate + z * se),
      };
    }
    const sorted = Float64Array.from(betaDraws(fit, c)).sort();
    const at = (probability: number): number => Math.exp(quantileOfSorted(sorted, probability));
    return { ...row, estimate: at(0.5), lower: at((1 - level) / 2), upper: at((1 + level) / 2) };
  });
}

const KINDS = ['odds', 'oddsRatio', 'ratioOfOddsRatios'] as const;

/**
 * What exp of each coefficient is, by the coding of its column: every numeric part and every level beside its reference
 * is one comparison, and a level of a factor coded in full (`0 + g`, `1 + g:x`) only says where. No comparison leaves
 * odds, one odds ratios, more ratios of them.
 */
function kinds(design: Design): OddsRow['kind'][] {
  // Columns that were left out, being dependent, have given their terms their codings.
  const all = design.deficiency?.columns ?? design.columns;
  // The constant that the thresholds of an ordered answer stand for decides on codings too.
  const constant = design.response.levels === null ? [] : ['1'];
  const labels = [...new Set([...constant, ...all.map(({ term }) => term)])];
  const terms = labels.map(parseTerm);
  const isFactor = (atom: string): boolean => design.encoding[atom]?.kind === 'factor';
  const codings = contrasts(terms, isFactor);
  const comparisons = new Map(
    terms.map(({ atoms }, t) => [
      labels[t],
      atoms.filter(({ text }, k) => !isFactor(text) || codings[t]![k] === 'treatment').length,
    ]),
  );
  return design.columns.map(({ term }) => KINDS[Math.min(comparisons.get(term)!, 2)]!);
}
