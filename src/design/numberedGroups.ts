import { expressionColumns, parseTerm } from '../formula/terms.ts';
import type { Design } from './design.ts';

/**
 * What is to be said of a design that is accepted and may not be what was meant, a sentence each: a numeric column that
 * numbers the groups of a grouping factor and stands in the population part, where it is one slope in that number.
 */
export function numberedGroups(design: Design): string[] {
  const { columns, encoding, groupTerms, rows, tables } = design;
  const factors = [...groupTerms.map(({ factor }) => factor), ...tables.keys()];
  const ids = [...new Set(factors.flatMap((factor) => (rows.columns.has(factor) ? [factor] : factor.split(':'))))];
  const atoms = [...new Set(columns.map(({ term }) => term))].flatMap((term) => parseTerm(term).atoms);
  const asNumber = (id: string): boolean =>
    atoms.some(({ text, expression }) => {
      const kind = encoding[text]?.kind;
      return kind !== 'factor' && kind !== 'groupMeans' && expressionColumns(expression).includes(id);
    });
  return ids.flatMap((id) => {
    const column = rows.columns.get(id);
    if (column?.kind !== 'number' || !asNumber(id)) return [];
    const levels = new Set(column.values).size;
    return [
      `${id} is a grouping factor whose levels are numbers, and in the population part it stands as a number: one slope, not a coefficient for each of its ${levels} levels, which factor(${id}) gives`,
    ];
  });
}
