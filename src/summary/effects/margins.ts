import { ModelError } from '../../errors.ts';
import { anyValue, either, oneOf, probability, text, textList } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import { quote } from '../../input/quote.ts';
import { studentQuantile } from '../../special/distributionFunctions.ts';
import { drawAnswer } from '../drawSummary.ts';
import { intervalKeys } from '../intervalKeys.ts';
import type { ModelFit } from '../modelFit.ts';
import { thinnedFit } from '../thinnedFit.ts';
import { type Adjustment, adjusted } from './adjusted.ts';
import type { EffectKind } from './effectOptions.ts';
import { mergePoints } from './effectPoints.ts';
import { effectScale } from './effectScale.ts';
import { groupsMeaning } from './groupsMeaning.ts';
import { type Held, heldAt } from './heldAt.ts';
import { marginBase } from './marginBase.ts';
import { confidence, NO_ANSWER, type PartAnswer } from './partAnswers.ts';
import { partCost, partDraws } from './partDraws.ts';
import { partDifference, partErrors, partEstimates } from './partEstimates.ts';
import type { EffectGroups } from './pointSums.ts';
import { predictors } from './predictors.ts';
import { settingPoints } from './settingPoints.ts';

/** The mean of one combination of levels. */
export interface MarginMean extends PartAnswer {
  readonly levels: Held;
  readonly reason: string | null;
}

/** The difference of two means. */
export interface MarginDifference extends PartAnswer {
  /** The levels of `by` that both have. */
  readonly by: Held;
  /** `Catholic - Public`. */
  readonly contrast: string;
  /** Two-sided, adjusted, of a maximum likelihood fit; null of draws. */
  readonly pValue: number | null;
  /** Posterior probability that the difference exceeds 0; null of a maximum likelihood fit. */
  readonly probability: number | null;
  readonly reason: string | null;
}

export interface MarginsOptions {
  /** Factors within whose levels differences are taken, and means given. */
  readonly by?: string | readonly string[];
  /** Columns held at values; other numbers stand at their mean, over the levels of other factors the mean is taken. */
  readonly at?: Readonly<Record<string, number | string>>;
  /**
   * 'population' (default): a group whose deviations are 0; 'average': over the groups of the data; 'new': over new
   * ones.
   */
  readonly groups?: EffectGroups;
  /** Default 'mean'; of counts at the exposure 1. */
  readonly kind?: EffectKind;
  /** The levels of other factors count equally (default), or by their share of the rows. */
  readonly weights?: 'equal' | 'proportional';
  /** Of a maximum likelihood fit; default 'tukey'. */
  readonly adjust?: Adjustment;
  /** Probability of the interval, default 0.9. */
  readonly level?: number;
}

const MARGINS_OPTIONS: OptionTable<MarginsOptions> = {
  by: either(text, textList),
  at: anyValue,
  groups: oneOf('population', 'average', 'new'),
  kind: oneOf('mean', 'rate', 'linear'),
  weights: oneOf('equal', 'proportional'),
  adjust: oneOf('tukey', 'holm', 'bonferroni', 'none'),
  level: probability,
};

export interface Margins {
  readonly factors: readonly string[];
  readonly by: readonly string[];
  readonly groups: EffectGroups;
  readonly kind: EffectKind;
  readonly level: number;
  /** Null of draws, which are not adjusted. */
  readonly adjust: Adjustment | null;
  /** What the numbers are, in words. */
  readonly meaning: string;
  readonly means: readonly MarginMean[];
  readonly differences: readonly MarginDifference[];
  readonly notes: readonly string[];
}

/**
 * Marginal means of factors and their pairwise differences (least-squares means, Searle, Speed & Milliken 1980; R's
 * emmeans): means of the response over a reference grid of all combinations of levels, numbers at their mean, other
 * factors averaged over. With a link the average is of means of the response (`kind: 'linear'` has that of linear
 * predictors, as emmeans does first).
 *
 * Draws: computed in each draw; `probability` is that of a difference above 0, and nothing is adjusted: partial pooling
 * is of groups, and a posterior probability of each difference is what it says, however many are looked at (Gelman,
 * Hill & Yajima 2012). Maximum likelihood: delta method and degrees of freedom as `effects` has them; p-values and
 * intervals of the differences are adjusted for all pairs within a level of `by` (`Adjustment`), those of means are
 * not.
 *
 * Throws `unknown-predictor`, `unknown-level`, `option` for a column of many numbers and a grid of too many cells,
 * `not-supported` for an adjustment of draws and an ordered response, `no-rate`, `draws-not-kept` and `needs-rows`.
 */
export function margins(fit: ModelFit, factors: string | readonly string[], options: MarginsOptions = {}): Margins {
  checkFit('margins', fit);
  const names = listOf(factors);
  checkOptions('margins', options, MARGINS_OPTIONS);
  const { groups = 'population', kind = 'mean', weights = 'equal', level = 0.9 } = options;
  if (fit.kind === 'mcmc' && options.adjust !== undefined && options.adjust !== 'none') {
    const message = `adjust: draws are not adjusted for multiplicity, and ${quote(options.adjust)} is of a maximum likelihood fit; leave it out`;
    throw new ModelError('not-supported', 'adjust', message);
  }
  const adjust = options.adjust ?? 'tukey';
  const scale = effectScale(fit.design, kind, 'margins');
  const found = predictors(fit.design);
  const by = typeof options.by === 'string' ? [options.by] : [...(options.by ?? [])];
  const asked = [...by, ...names].map((name) => found.named(name, by.includes(name) ? 'by' : 'margins'));
  const twice = [...by, ...names].find((name, k, every) => every.indexOf(name) !== k);
  if (twice !== undefined) throw optionError('factors', twice, 'each factor once, among the factors or in by');
  const held = heldAt(options.at, found);
  const both = Object.keys(held[0]!).find((name) => by.includes(name) || names.includes(name));
  if (held.length > 1 || both !== undefined) {
    throw optionError(
      'at',
      both ?? options.at,
      'one value for each column, of columns whose margins are not asked for',
    );
  }
  const base = marginBase(fit, found, asked, held[0]!, weights, groups === 'average');
  const { points: all, reasons } = settingPoints(fit.design, base, new Map(), 1, (part) => part);
  const parts = base.parts.length;
  const why = new Array<string | null>(parts).fill(null);
  base.row.forEach((row, m) => {
    if (base.share[m]! > 0) why[base.part[m]!] ??= reasons[row]!;
  });
  const points = mergePoints(fit.design, all, groups === 'average');
  const levels = base.parts.map((part) => part.by);
  const pairs = allPairs(levels, by, names);
  const common = {
    factors: names,
    by,
    groups,
    kind,
    level,
    meaning: `${scale.what} over a grid of all levels, numbers at their mean${scale.linear ? '' : ', other levels averaged on its scale'}; ${groups === 'average' ? `averaged over ${fit.design.groupTerms.map(({ factor }) => factor).join(' and ')} of the data by their share of the rows` : groupsMeaning(fit.design, groups, scale)}`,
  };
  const reasonOf = ({ to, from }: Pair): string | null => why[to] ?? why[from]!;

  if (fit.kind === 'maximumLikelihood') {
    const estimates = partEstimates(fit, points, parts, groups, scale.linear);
    const differences = pairs.map(({ to, from }) => partDifference(estimates[to]!, estimates[from]!));
    const errors = partErrors(fit, [...estimates, ...differences], scale.linear);
    const tests = differences.map(({ estimate }, a) => {
      const { se, df } = errors[parts + a]!;
      return { t: estimate / se, df };
    });
    const families = [...new Set(pairs.map(({ family }) => family))];
    const answers = families.flatMap((family) =>
      adjusted(
        tests.filter((_, a) => pairs[a]!.family === family),
        parts / families.length,
        adjust,
        level,
      ),
    );
    return {
      ...common,
      adjust,
      means: levels.map((own, a): MarginMean => {
        const { estimate } = estimates[a]!;
        const { se, df } = errors[a]!;
        const q = studentQuantile((1 + level) / 2, df);
        const answer = { estimate, se, df, ...confidence(estimate, se, q, scale, true) };
        return { levels: own, ...(why[a] === null ? answer : NO_ANSWER), reason: why[a]! };
      }),
      differences: pairs.map((pair, a): MarginDifference => {
        const { estimate } = differences[a]!;
        const { se, df } = errors[parts + a]!;
        const { pValue, quantile } = answers[a]!;
        const answer = { estimate, se, df, lower: estimate - quantile * se, upper: estimate + quantile * se };
        const reason = reasonOf(pair);
        const own = reason === null ? { ...answer, pValue } : { ...NO_ANSWER, pValue: null };
        return { by: pair.by, contrast: pair.contrast, ...own, probability: null, reason };
      }),
      notes: [],
    };
  }
  const { fit: taken, notes } = thinnedFit(fit, points.n, partCost(fit, points, groups, scale.linear));
  const draws = partDraws(taken, points, parts, groups, scale.linear);
  const S = draws.length / parts;
  const { probs } = intervalKeys(level);
  const summary = (values: Float64Array): PartAnswer => ({ ...drawAnswer(values, probs), df: null });
  const drawsOf = (a: number): Float64Array => draws.subarray(a * S, (a + 1) * S);
  return {
    ...common,
    adjust: null,
    means: levels.map((own, a): MarginMean => {
      return { levels: own, ...(why[a] === null ? summary(drawsOf(a)) : NO_ANSWER), reason: why[a]! };
    }),
    differences: pairs.map((pair): MarginDifference => {
      const from = drawsOf(pair.from);
      const values = drawsOf(pair.to).map((value, s) => value - from[s]!);
      const reason = reasonOf(pair);
      const above = values.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0) / S;
      const own = reason === null ? { ...summary(values), probability: above } : { ...NO_ANSWER, probability: null };
      return { by: pair.by, contrast: pair.contrast, ...own, pValue: null, reason };
    }),
    notes,
  };
}

interface Pair {
  readonly to: number;
  readonly from: number;
  readonly by: Held;
  /** Pairs of one family are adjusted together. */
  readonly family: number;
  readonly contrast: string;
}

/** All pairs of parts that have one level of `by`, the later less the earlier. */
function allPairs(levels: readonly Held[], by: readonly string[], factors: readonly string[]): Pair[] {
  const families = new Map<string, number[]>();
  levels.forEach((own, a) => {
    const key = JSON.stringify(by.map((name) => own[name]));
    families.set(key, [...(families.get(key) ?? []), a]);
  });
  const label = (a: number): string => factors.map((name) => levels[a]![name]).join(' ');
  return [...families.values()].flatMap((members, family) =>
    members.flatMap((from, k) =>
      members.slice(k + 1).map((to): Pair => {
        const own = Object.fromEntries(by.map((name) => [name, levels[to]![name]!]));
        return { to, from, by: own, family, contrast: `${label(to)} - ${label(from)}` };
      }),
    ),
  );
}

function listOf(factors: unknown): string[] {
  const names = typeof factors === 'string' ? [factors] : factors;
  if (textList.accepts(names) && (names as string[]).length > 0) return [...(names as string[])];
  const message = `margins: expected a factor, as "sector", or a list of them, not ${quote(factors)}`;
  throw new ModelError('unknown-predictor', 'factors', message);
}
