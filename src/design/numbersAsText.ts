import { isMissingCode, numbersInText } from '../data/numbersInText.ts';
import { numbersInTextSentence } from '../data/numbersInTextSentence.ts';
import { parseTerm } from '../formula/terms.ts';
import type { Design } from './design.ts';

/**
 * A sentence for each column in use that is text although most of its cells are numbers, and so stands in the model as
 * a factor: of a predictor always, of a grouping factor where a text is one that programs write for a missing value,
 * and would be a group of its own. A column that the formula or the caller calls a factor or text is none.
 */
export function numbersAsText({ columns, deficiency, groupTerms, encoding, rows, kept }: Design): string[] {
  const terms = [...new Set((deficiency?.columns ?? columns).map(({ term }) => term))];
  const bare = terms
    .flatMap((term) => parseTerm(term).atoms)
    .flatMap(({ text, expression }) =>
      expression.type === 'name' && encoding[text]?.kind === 'factor' ? [expression.name] : [],
    );
  const predictors = new Set(bare);
  const grouping = new Set(
    groupTerms.flatMap(({ factor }) => (rows.columns.has(factor) ? [factor] : factor.split(':'))),
  );
  return [...rows.columns].flatMap(([name, column]) => {
    if (!predictors.has(name) && !grouping.has(name)) return [];
    const found = numbersInText(column);
    if (found === null) return [];
    if (!predictors.has(name) && ![...found.others.keys()].some(isMissingCode)) return [];
    return [numbersInTextSentence(name, column, found, (i) => (kept?.[i] ?? i) + 1)];
  });
}
