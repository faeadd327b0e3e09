import { anyValue, either, flag, oneOf, probability, text, textList } from '../../input/acceptedValue.ts';
import type { OptionTable } from '../../input/checkOptions.ts';
import type { EffectGroups } from './pointSums.ts';

/** On which scale: the mean of the response, of counts at the exposure of the row or at 1, or the linear predictor. */
export type EffectKind = 'mean' | 'rate' | 'linear';

/** Values of columns; of several values each is taken in turn. */
export type EffectPoint = Readonly<Record<string, number | string | readonly (number | string)[]>>;

/** What is asked of a predictor, of which rows and which groups. */
export interface EffectsOptions {
  /**
   * 'slopes': the derivative by the predictor; 'comparisons': what changing it does; 'predictions': the mean at values
   * of it. Default slopes of numbers, and comparisons of factors and of columns that hold nothing but 0 and 1.
   */
  readonly of?: 'slopes' | 'comparisons' | 'predictions';
  /**
   * Of comparisons: how much is added to a number (default 1; of a 0/1 column from 0 to 1), or the two values, [from,
   * to]. Of a factor default every level against the reference level.
   */
  readonly change?: number | readonly [from: number | string, to: number | string];
  /**
   * 'rows' (default): the average over the rows of the data; 'grid': one reference row, numbers at their mean and texts
   * at the most frequent, in every group by its share of the rows.
   */
  readonly over?: 'rows' | 'grid';
  /** Columns or grouping factors whose levels are answered for one by one, each over its own rows. */
  readonly by?: string | readonly string[];
  /** Columns held at values; of several values each is answered for. Of predictions the predictor's own values too. */
  readonly at?: EffectPoint;
  /**
   * 'average' (default): over the groups of the data; 'population': in a group whose deviations are 0; 'new': over new
   * groups, u ~ N(0, Sigma).
   */
  readonly groups?: EffectGroups;
  /** Default 'mean'. */
  readonly kind?: EffectKind;
  /** Probability of the interval, default 0.9. */
  readonly level?: number;
  /** Whether to return the draws; default false. */
  readonly draws?: boolean;
}

export const EFFECTS_OPTIONS: OptionTable<EffectsOptions> = {
  of: oneOf('slopes', 'comparisons', 'predictions'),
  change: anyValue,
  over: oneOf('rows', 'grid'),
  by: either(text, textList),
  at: anyValue,
  groups: oneOf('population', 'average', 'new'),
  kind: oneOf('mean', 'rate', 'linear'),
  level: probability,
  draws: flag,
};
