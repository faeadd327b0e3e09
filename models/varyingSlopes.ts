import { formula } from '../src/formula/formula.ts';
import { factorText } from '../src/formula/groupPart.ts';
import { parseTerm } from '../src/formula/terms.ts';
import type { ModelGraph } from '../src/graph/node.ts';
import type { Prior } from '../src/graph/priors.ts';
import { anyValue, flag, text, textList } from '../src/input/acceptedValue.ts';
import { checkOptions, type OptionTable } from '../src/input/checkOptions.ts';

/** What a normal model of group intercepts and slopes is made of. */
export interface VaryingSlopesOptions {
  /** The response: a column, or an expression of columns such as `log(radon)`. */
  readonly response: string;
  /** The grouping factor: a column, or columns joined by ':'. */
  readonly group: string;
  /** The terms whose slopes vary, such as `floor`; the intercept varies with them. */
  readonly varying: readonly string[];
  /** Terms of row predictors with one coefficient for all groups; none unless given. */
  readonly predictors?: readonly string[];
  /**
   * Terms of group-level predictors, of every varying coefficient alike or by varying term; the constant is implied.
   */
  readonly level2?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** Whether intercepts and slopes are correlated (`|`) or not (`||`): true unless given. */
  readonly correlated?: boolean;
  /** Priors by the names of the glossary; the rest default. */
  readonly priors?: Readonly<Record<string, Prior>>;
}

const OPTIONS: OptionTable<VaryingSlopesOptions> = {
  response: text,
  group: text,
  varying: textList,
  predictors: textList,
  level2: anyValue,
  correlated: flag,
  priors: anyValue,
};

/**
 * Varying intercepts and slopes: y_i ~ N(z_i b_j[i] + x_i beta, sigma^2), b_j ~ N(gamma w_j, Sigma), z_i = (1,
 * varying). The graph equals that of the formula `response ~ 1 + varying + predictors + (1 + varying | group)` with the
 * level-2 regressions of `level2`.
 * Throws what `formula` throws.
 */
export function varyingSlopes(options: VaryingSlopesOptions): ModelGraph<string, 'gaussian'> {
  checkOptions('varyingSlopes', options, OPTIONS, ['response', 'group', 'varying']);
  const { response, group, varying, predictors = [], level2, correlated = true, priors } = options;
  const slopes = sum(varying);
  const population = sum([...varying, ...predictors]);
  const bar = correlated ? '|' : '||';
  return formula(`${response} ~ ${population} + (${slopes} ${bar} ${factorText(group)})`, {
    ...(level2 === undefined ? {} : { level2: { [group]: regressions(level2) } }),
    ...(priors === undefined ? {} : { priors }),
  });
}

function sum(terms: readonly string[]): string {
  return ['1', ...terms.map((term) => parseTerm(term).label)].join(' + ');
}

function regressions(level2: NonNullable<VaryingSlopesOptions['level2']>): string | Record<string, string> {
  if (isList(level2)) return `~ ${sum(level2)}`;
  return Object.fromEntries(Object.entries(level2).map(([term, terms]) => [term, `~ ${sum(terms)}`]));
}

function isList(level2: NonNullable<VaryingSlopesOptions['level2']>): level2 is readonly string[] {
  return Array.isArray(level2);
}
