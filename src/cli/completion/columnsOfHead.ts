import { csvTable } from '../../data/csvTable.ts';
import { decodedText } from '../files/decodedText.ts';
import { readBytes } from '../files/files.ts';
import type { Io } from '../io.ts';

/**
 * The columns of a table of delimited text, read off its first piece alone; none of a file that is no such table or is
 * not there.
 */
export function columnsOfHead(path: string, io: Io): string[] {
  try {
    const head = decodedText(readBytes(path, io), path).next();
    if (head.done) return [];
    const lines = head.value.slice(0, 65_536).split(/\r\n?|\n/);
    const names = [...csvTable([lines.slice(0, 3).join('\n')], path, {}).frame.columns.keys()];
    // A shell is told one name a line.
    return names.filter((name) => !/[\p{Cc}]/u.test(name));
  } catch {
    // A completion is a guess: whatever is wrong with the file is said by the command that reads it.
    return [];
  }
}
