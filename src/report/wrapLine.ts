import { displayWidth } from './table.ts';

/**
 * A line in lines of at most `width` columns of a terminal, broken between words; those that follow stand two columns
 * further in than the first. A word that is wider stands alone and is not broken: it may be a path or a command.
 */
export function wrapLine(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text];
  const indent = /^ */.exec(text)![0];
  const further = `${indent}  `;
  const lines: string[] = [];
  let line = indent;
  let empty = true;
  for (const word of text.trim().split(/ +/)) {
    const longer = empty ? line + word : `${line} ${word}`;
    if (empty || displayWidth(longer) <= width) line = longer;
    else {
      lines.push(line);
      line = further + word;
    }
    empty = false;
  }
  return [...lines, line];
}
