import { ModelError } from '../errors.ts';

/** A text being read, and where it stands (`formula`, `level2.county`): what an error message says of its place. */
export interface Source {
  readonly text: string;
  readonly where: string;
}

/** How much of a long text is quoted before and after the place of the fault. */
const quoted = 60;

/**
 * The `formula-syntax` error: a sentence, the text (of a long one the neighbourhood), and under it a caret at
 * `position`, an index into the text in UTF-16 units.
 */
export function syntaxError(source: Source, position: number, sentence: string): ModelError {
  const { text, where } = source;
  const before = Array.from(text.slice(Math.max(0, position - quoted), position));
  const after = Array.from(text.slice(position, position + quoted));
  const opening = position > quoted ? '...' : '';
  const closing = position + quoted < text.length ? '...' : '';
  const line = (opening + before.join('') + after.join('') + closing).replace(/\s/g, ' ');
  const caret = `${' '.repeat(opening.length + before.length)}^`;
  return new ModelError('formula-syntax', where, `${where}: ${sentence}\n  ${line}\n  ${caret}`, position);
}
