import type { Column } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { quote } from '../../input/quote.ts';
import type { ModelFit } from '../modelFit.ts';
import { type EffectBase, gridBase, rowsBase } from './effectBase.ts';
import { EFFECTS_OPTIONS, type EffectKind, type EffectsOptions } from './effectOptions.ts';
import { joinPoints, mergePoints } from './effectPoints.ts';
import { effectScale } from './effectScale.ts';
import { effectSteps, type StepValue } from './effectSteps.ts';
import { groupsMeaning } from './groupsMeaning.ts';
import { constantColumn, heldAt } from './heldAt.ts';
import { NO_ANSWER, type PartAnswer, partAnswers } from './partAnswers.ts';
import type { EffectGroups } from './pointSums.ts';
import { predictors } from './predictors.ts';
import { type SettingPoints, settingPoints, slopePoints } from './settingPoints.ts';

/** One effect, or prediction, with its uncertainty. */
export interface EffectRow extends PartAnswer {
  /** The levels of `by`, the values of `at`, and of a prediction that of the predictor. */
  readonly at: Readonly<Record<string, string | number>>;
  /** What is compared: `Catholic - Public`, `+1`, `slope`; null of a prediction. */
  readonly contrast: string | null;
  /** Rows of the data that it is taken over, or whose groups and typical values a reference row has. */
  readonly n: number;
  /** Why it is not estimable; null where it is. */
  readonly reason: string | null;
}

export interface Effects {
  readonly variable: string;
  readonly of: 'slopes' | 'comparisons' | 'predictions';
  readonly over: 'rows' | 'grid';
  readonly groups: EffectGroups;
  readonly kind: EffectKind;
  readonly level: number;
  /** What the numbers are, in words: of what, over which rows, and conditional or population-averaged. */
  readonly meaning: string;
  readonly rows: readonly EffectRow[];
  readonly notes: readonly string[];
  /** Rows x draws, row-major; only when asked for. */
  readonly draws?: Float64Array;
}

/**
 * What a predictor does to the mean of the response: slopes, comparisons or predictions, averaged over the rows of the
 * data or at a reference row, whole or by parts. With g the inverse of the link and eta = offset + x'beta + z'u
 *   prediction  sum_i w_i g(eta_i at v);   comparison  sum_i w_i (g(eta_i at b) - g(eta_i at a));
 *   slope       sum_i w_i g'(eta_i) d eta_i / dx
 * with weights w that count rows of the data (trials, copies) and add up to 1, d / dx by differences over 1e-3 sd of x
 * (`slopePoints`): average marginal effects and predictive comparisons (Gelman & Pardoe 2007, equation 2; Arel-Bundock,
 * Greifer & Heiss 2024). With an identity link the slope of x is its coefficient.
 *
 * Draws: the sum is taken in each draw, and mean, sd and type-7 quantiles are those of its draws; nothing is computed
 * at a mean of draws. Where points times draws are beyond 3e7 a note says how many draws were used. Maximum likelihood:
 * the sum at the estimates and se = sqrt(g'Vg) by the delta method with the exact gradient by (beta, u), V as `predict`
 * has it, covariances held at their estimates; the interval is estimate -+ q se with a normal quantile, Student's with
 * Satterthwaite's degrees of freedom for coefficients of a gaussian model, and of a prediction taken through the link.
 *
 * Which groups: 'average' those of the data; 'population' one whose deviations are 0, a conditional effect; 'new' the
 * mean over u ~ N(0, Sigma), integrated out (`averagedMean`), a population-averaged effect. A predictor that stands in
 * a group table is changed for all rows of a group; group means in `within(x, g)` and `between(x, g)` stay as they
 * were.
 *
 * Throws `unknown-predictor`, `unknown-column`, `unknown-level`, `option`, `no-rate`, `not-supported` for an ordered
 * response, `draws-not-kept` where groups 'average' asks for deviations a fit did not keep, and `needs-rows`.
 */
export function effects(fit: ModelFit, variable: string, options: EffectsOptions = {}): Effects {
  checkFit('effects', fit);
  if (typeof variable !== 'string') {
    const message = `effects: expected the name of a predictor, as "income", not ${quote(variable)}`;
    throw new ModelError('unknown-predictor', 'variable', message);
  }
  checkOptions('effects', options, EFFECTS_OPTIONS);
  const { design } = fit;
  const { over = 'rows', groups = 'average', kind = 'mean', level = 0.9 } = options;
  const scale = effectScale(design, kind, 'effects');
  const by = typeof options.by === 'string' ? [options.by] : [...(options.by ?? [])];
  const found = predictors(design);
  const predictor = found.named(variable, 'effects');
  const held = heldAt(options.at, found);
  // The values of the predictor itself are those of predictions.
  const own = options.of === 'predictions' && held[0]![variable] !== undefined;
  const steps = own
    ? [{ contrast: null, value: null, ends: [{ weight: 1 as const, at: { plus: 0 } }] }]
    : effectSteps(predictor, found, options.of, options.change);
  const of = own || steps[0]?.value != null ? 'predictions' : steps[0]?.ends.length === 0 ? 'slopes' : 'comparisons';
  if (of === 'comparisons' && held[0]![variable] !== undefined) {
    const message = `at: ${variable} is what is compared; say its values by change, [from, to]`;
    throw new ModelError('option', 'at', message);
  }
  const whole = over === 'rows' ? rowsBase(fit, found, by) : gridBase(fit, found, by);
  const base: EffectBase = scale.exposed ? whole : { ...whole, exposure: null };
  const x = found.source.column(variable);
  const spread = x.kind === 'number' ? sdOf(x.values) : 0;
  const sets: SettingPoints[] = [];
  const rows = base.parts.flatMap(({ by: levels, n }) =>
    held.flatMap((values) =>
      steps.map(({ contrast, value }) => ({
        at: { ...levels, ...values, ...(value === null ? {} : { [variable]: value }) },
        contrast,
        n,
      })),
    ),
  );
  const reasons = new Array<string | null>(rows.length).fill(null);
  held.forEach((values, c) => {
    const { n } = base.frame;
    const set = new Map<string, Column>(
      Object.entries(values).map(([name, value]) => [name, constantColumn(value, n)] as const),
    );
    const standing = set.get(variable) ?? base.frame.columns.get(variable) ?? x;
    steps.forEach(({ ends }, t) => {
      const partOf = (part: number): number => (part * held.length + c) * steps.length + t;
      const taken =
        ends.length === 0 && predictor.kind === 'number'
          ? [slopePoints(design, base, set, predictor, standing.values as Float64Array, spread, partOf)]
          : ends.map(({ weight, at }) =>
              settingPoints(design, base, new Map([...set, [variable, columnAt(at, standing, n)]]), weight, partOf),
            );
      for (const { reasons: own } of taken) {
        base.row.forEach((i, m) => {
          if (own[i] !== null) reasons[partOf(base.part[m]!)] ??= own[i]!;
        });
      }
      sets.push(...taken);
    });
  });
  const points = mergePoints(design, joinPoints(sets.map((set) => set.points)), groups === 'average');
  const question = { parts: rows.length, groups, scale, level, means: of === 'predictions' };
  const { answers, notes, draws } = partAnswers(fit, points, question);
  const asked =
    of === 'slopes' ? `the slope in ${variable} of ` : of === 'comparisons' ? `what ${variable} changes in ` : '';
  const where = over === 'rows' ? 'averaged over the rows' : 'at a reference row';
  return {
    variable,
    of,
    over,
    groups,
    kind,
    level,
    meaning: `${asked}${scale.what}, ${where}; ${groupsMeaning(design, groups, scale)}`,
    rows: rows.map(
      (row, a): EffectRow => ({ ...row, ...(reasons[a] === null ? answers[a]! : NO_ANSWER), reason: reasons[a]! }),
    ),
    notes,
    ...(options.draws && draws ? { draws } : {}),
  };
}

function columnAt(at: StepValue, standing: Column, n: number): Column {
  if ('value' in at) return constantColumn(at.value, n);
  if (at.plus === 0 || standing.kind === 'text') return standing;
  return { kind: 'number', values: standing.values.map((value) => value + at.plus) };
}

function sdOf(x: Float64Array): number {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  return Math.sqrt(x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length);
}
