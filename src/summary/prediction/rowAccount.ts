import type { Frame } from '../../data/frame.ts';
import { rowNumbers } from '../../design/rowNumbers.ts';
import { quote } from '../../input/quote.ts';
import type { ModelFit } from '../modelFit.ts';

const UNNUMBERED =
  'rows were left out for missing values, and the fit does not hold which: rows are numbered among those in use';

/**
 * The numbers of the rows that were predicted, and what is to be said of them; `given` are the notes on rows of
 * newdata, null where the rows are those of the fit, and `summaries` the names that the answer takes.
 */
export function rowAccount(
  fit: ModelFit,
  frame: Frame,
  summaries: readonly string[],
  given: readonly string[] | null,
): { readonly numbers: readonly number[]; readonly notes: readonly string[] } {
  const numbers = given ? Array.from({ length: frame.n }, (_, i) => i + 1) : rowNumbers(fit.design);
  const hidden = [...frame.columns.keys()].filter((name) => summaries.includes(name));
  const notes = [
    ...(given ?? []),
    ...(given === null && fit.design.dropped > 0 && !fit.design.kept ? [UNNUMBERED] : []),
    ...hidden.map((name) => `the column ${quote(name)} of the rows is not among the answers: a summary has its name`),
  ];
  return { numbers, notes };
}
