import { formula } from '../src/formula/formula.ts';
import { factorText } from '../src/formula/groupPart.ts';
import { parseTerm } from '../src/formula/terms.ts';
import type { ModelGraph } from '../src/graph/node.ts';
import type { Prior } from '../src/graph/priors.ts';
import { anyValue, text, textList } from '../src/input/acceptedValue.ts';
import { checkOptions, type OptionTable } from '../src/input/checkOptions.ts';

/** What a normal model of group means is made of. */
export interface HierarchicalNormalOptions {
  /** The response: a column, or an expression of columns such as `log(radon)`. */
  readonly response: string;
  /** The grouping factor: a column, or columns joined by ':'. */
  readonly group: string;
  /** Terms of row predictors with one coefficient for all groups, such as `floor` or `a:b`; none unless given. */
  readonly predictors?: readonly string[];
  /** Terms of group-level predictors of the group means; the constant is implied. */
  readonly level2?: readonly string[];
  /** Priors by the names of the glossary; the rest default. */
  readonly priors?: Readonly<Record<string, Prior>>;
  /** The known standard error of each row (meta-analysis): a column or an expression; then there is no sigma. */
  readonly se?: string;
}

const OPTIONS: OptionTable<HierarchicalNormalOptions> = {
  response: text,
  group: text,
  predictors: textList,
  level2: textList,
  priors: anyValue,
  se: text,
};

/**
 * Varying intercepts: y_i ~ N(b_j[i] + x_i beta, sigma^2), b_j ~ N(gamma w_j, tau^2). The graph equals that of the
 * formula `response ~ 1 + predictors + (1 | group)` with `level2: { group: '~ level2' }`. Throws what `formula` throws.
 */
export function hierarchicalNormal(options: HierarchicalNormalOptions): ModelGraph<string, 'gaussian'> {
  checkOptions('hierarchicalNormal', options, OPTIONS, ['response', 'group']);
  const { response, group, predictors = [], level2, priors, se } = options;
  const left = se === undefined ? response : `${response} | se(${se})`;
  const population = ['1', ...predictors.map((term) => parseTerm(term).label)].join(' + ');
  return formula(`${left} ~ ${population} + (1 | ${factorText(group)})`, {
    ...(level2 === undefined
      ? {}
      : { level2: { [group]: ['~ 1', ...level2.map((term) => parseTerm(term).label)].join(' + ') } }),
    ...(priors === undefined ? {} : { priors }),
  });
}
