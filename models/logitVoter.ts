import { formula } from '../src/formula/formula.ts';
import { factorText } from '../src/formula/groupPart.ts';
import { parseTerm } from '../src/formula/terms.ts';
import type { ModelGraph } from '../src/graph/node.ts';
import type { Prior } from '../src/graph/priors.ts';
import { anyValue, text, textList } from '../src/input/acceptedValue.ts';
import { checkOptions, type OptionTable } from '../src/input/checkOptions.ts';

/** What a logit model of votes in groups is made of. */
export interface LogitVoterOptions {
  /** The response: 0/1, true/false or a column of two levels; with `trials` the number of successes. */
  readonly response: string;
  /** The grouping factor: a column, or columns joined by ':'. */
  readonly group: string;
  /**
   * Terms of row predictors with one coefficient for all groups, such as `female` or `female:black`; none unless given.
   */
  readonly predictors?: readonly string[];
  /** Terms whose slopes vary by group beside the intercept, such as `income`; none unless given. */
  readonly varying?: readonly string[];
  /**
   * Terms of group-level predictors, of every varying coefficient alike or by varying term; the constant is implied.
   */
  readonly level2?: readonly string[] | Readonly<Record<string, readonly string[]>>;
  /** The number of trials of each row: a column or an expression; one each unless given. */
  readonly trials?: string;
  /** Priors by the names of the glossary; the rest default. */
  readonly priors?: Readonly<Record<string, Prior>>;
}

const OPTIONS: OptionTable<LogitVoterOptions> = {
  response: text,
  group: text,
  predictors: textList,
  varying: textList,
  level2: anyValue,
  trials: text,
  priors: anyValue,
};

/**
 * Votes in states: y_i ~ Binomial(n_i, 1 / (1 + exp(-eta_i))), eta_i = z_i b_j[i] + x_i beta, b_j ~ N(gamma w_j,
 * Sigma), z_i = (1, varying). The graph equals that of the formula `response | trials(n) ~ 1 + varying + predictors +
 * (1 + varying | group)` of the family 'binomialLogit' with the level-2 regressions of `level2`. Throws what `formula`
 * throws.
 */
export function logitVoter(options: LogitVoterOptions): ModelGraph<string, 'binomialLogit'> {
  checkOptions('logitVoter', options, OPTIONS, ['response', 'group']);
  const { response, group, predictors = [], varying = [], level2, trials, priors } = options;
  const left = trials === undefined ? response : `${response} | trials(${trials})`;
  const text = `${left} ~ ${sum([...varying, ...predictors])} + (${sum(varying)} | ${factorText(group)})`;
  return formula(text, {
    family: 'binomialLogit',
    ...(level2 === undefined ? {} : { level2: { [group]: regressions(level2) } }),
    ...(priors === undefined ? {} : { priors }),
  });
}

function sum(terms: readonly string[]): string {
  return ['1', ...terms.map((term) => parseTerm(term).label)].join(' + ');
}

function regressions(level2: NonNullable<LogitVoterOptions['level2']>): string | Record<string, string> {
  if (isList(level2)) return `~ ${sum(level2)}`;
  return Object.fromEntries(Object.entries(level2).map(([term, terms]) => [term, `~ ${sum(terms)}`]));
}

function isList(level2: NonNullable<LogitVoterOptions['level2']>): level2 is readonly string[] {
  return Array.isArray(level2);
}
