import { expressionColumns, parseTerm } from '../formula/terms.ts';
import type { Design } from './design.ts';

/**
 * A sentence for each column of numbers that stands as a factor, and of which a file has one number written in two ways
 * (1.1 and 1.10, as of versions and codes): they are one level.
 */
export function sameNumberLevels({ columns, deficiency, encoding, groupTerms, rows }: Design): string[] {
  const terms = [...new Set((deficiency?.columns ?? columns).map(({ term }) => term))];
  const atoms = terms.flatMap((term) => parseTerm(term).atoms);
  const factors = atoms.filter(({ text }) => encoding[text]?.kind === 'factor');
  const used = new Set([
    ...factors.flatMap(({ expression }) => expressionColumns(expression)),
    ...groupTerms.flatMap(({ factor }) => (rows.columns.has(factor) ? [factor] : factor.split(':'))),
  ]);
  return [...rows.columns].flatMap(([name, column]) => {
    if (!used.has(name) || column.kind !== 'number' || column.sameNumber === undefined) return [];
    const [a, b] = column.sameNumber.texts.map((text, k) => `"${text}" (row ${column.sameNumber!.rows[k]! + 1})`);
    return [`${a} and ${b} of ${name} are one number, and so one level; --text ${name} keeps them apart`];
  });
}
