import { deficiencySentence } from '../design/deficiencySentence.ts';
import type { Design } from '../design/design.ts';
import type { Io } from './io.ts';

/**
 * Says on standard error what became of rows with missing values and, where a document is printed (the text says it
 * itself), of dependent columns.
 */
export function noteDesign({ dropped, deficiency }: Design, io: Io, json: boolean): void {
  if (dropped > 0) io.stderr.write(`${droppedSentence(dropped)}\n`);
  if (deficiency && json) io.stderr.write(`${deficiencySentence(deficiency)}\n`);
}

/**
 * The same of dependent columns as a key of a document: which they are and why, the cells that no row has, and the
 * sentence. Nothing where X is of full rank.
 */
export function rankDeficiency({ deficiency }: Design): object {
  if (!deficiency) return {};
  const { columns, dependent, cells, leftOut } = deficiency;
  const named = dependent.map(({ column, sentence }) => ({ term: columns[column]!.label, reason: sentence }));
  return { rankDeficiency: { leftOut, columns: named, cells, message: deficiencySentence(deficiency) } };
}

/** What --missing drop did. */
function droppedSentence(dropped: number): string {
  return `${dropped} ${dropped === 1 ? 'row was' : 'rows were'} left out for missing values`;
}
