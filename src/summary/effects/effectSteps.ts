import { optionError } from '../../input/optionError.ts';
import type { EffectsOptions } from './effectOptions.ts';
import { predictorValue } from './heldAt.ts';
import type { Predictor, Predictors } from './predictors.ts';

/** A value of the predictor in every row: that value, or what the row has and `plus`. */
export type StepValue = { readonly value: number | string } | { readonly plus: number };

/** What is taken of a predictor: the slope, or means at values of it with weights 1, or 1 and -1. */
export interface EffectStep {
  /** `Catholic - Public`, `+1`, `slope`; null of a prediction, whose value stands in `value`. */
  readonly contrast: string | null;
  readonly value: number | string | null;
  /** Empty of a slope. */
  readonly ends: readonly { readonly weight: 1 | -1; readonly at: StepValue }[];
}

/** The steps that the options ask for. Throws `option` and `unknown-level`. */
export function effectSteps(
  predictor: Predictor,
  { source }: Predictors,
  of: EffectsOptions['of'],
  change: EffectsOptions['change'],
): EffectStep[] {
  const { name } = predictor;
  const values = predictor.kind === 'number' ? Array.from(source.column(name).values, Number) : [];
  const binary = predictor.kind === 'number' && values.every((value) => value === 0 || value === 1);
  const asked = of ?? (predictor.kind === 'factor' || binary || change !== undefined ? 'comparisons' : 'slopes');
  if (change !== undefined && asked !== 'comparisons') {
    throw optionError('change', change, `nothing where of is '${asked}'; it says what comparisons compare`);
  }
  switch (asked) {
    case 'slopes':
      if (predictor.kind === 'factor') {
        throw optionError('of', of, `'comparisons' or 'predictions' of the factor ${name}, which has no slope`);
      }
      return [{ contrast: 'slope', value: null, ends: [] }];
    case 'predictions':
      return predictionValues(predictor, values).map(
        (value): EffectStep => ({ contrast: null, value, ends: [{ weight: 1, at: { value } }] }),
      );
    case 'comparisons':
      return comparisons(predictor, binary ? (change ?? [0, 1]) : change);
  }
}

function comparisons(predictor: Predictor, change: unknown): EffectStep[] {
  const between = (from: number | string, to: number | string): EffectStep => ({
    contrast: `${to} - ${from}`,
    value: null,
    ends: [
      { weight: 1, at: { value: to } },
      { weight: -1, at: { value: from } },
    ],
  });
  if (Array.isArray(change) && change.length === 2) {
    const [from, to] = change.map((value) => predictorValue(predictor, value, 'change')) as [string, string];
    if (from === to) throw optionError('change', change, `two different values of ${predictor.name}, [from, to]`);
    return [between(from, to)];
  }
  if (predictor.kind === 'factor') {
    if (change !== undefined) throw optionError('change', change, `two levels of ${predictor.name}, [from, to]`);
    const [reference, ...others] = predictor.values;
    return others.map((level) => between(reference!, level));
  }
  const plus = change ?? 1;
  if (typeof plus !== 'number' || !Number.isFinite(plus) || plus === 0) {
    throw optionError('change', change, `a finite number other than 0 to add to ${predictor.name}, or [from, to]`);
  }
  const ends: EffectStep['ends'] = [
    { weight: 1, at: { plus } },
    { weight: -1, at: { plus: 0 } },
  ];
  return [{ contrast: plus > 0 ? `+${plus}` : String(plus), value: null, ends }];
}

/** Levels; of numbers all where they are at most ten, else least, quartiles and largest. */
function predictionValues(predictor: Predictor, values: readonly number[]): readonly (number | string)[] {
  if (predictor.kind === 'factor') return predictor.values;
  const sorted = [...values].sort((a, b) => a - b);
  const distinct = [...new Set(sorted)];
  if (distinct.length <= 10) return distinct;
  return [0, 0.25, 0.5, 0.75, 1].map((share) => sorted[Math.round(share * (sorted.length - 1))]!);
}
