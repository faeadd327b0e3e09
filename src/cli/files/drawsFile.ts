import type { Io } from '../io.ts';
import { decodedText } from './decodedText.ts';
import { readBytes } from './files.ts';
import { joined } from './joinedBytes.ts';
import { refuseOtherDraws } from './otherFormat.ts';
import { isZip, zipEntry } from './zipEntry.ts';

/**
 * The text of a file of draws in pieces, packed by gzip, or the one file of a zip, or not. Throws ModelError `file`,
 * and `file-format` where it is another program's file that is not text, with the line that writes it as text.
 */
export function drawsPieces(path: string, io: Io): string[] {
  const where = path === '-' ? 'standard input' : path;
  const bytes = joined([...readBytes(path, io)]);
  const pieces = [...decodedText([isZip(bytes) ? zipEntry(bytes, where) : bytes], where)];
  refuseOtherDraws(pieces[0] ?? '', where);
  return pieces;
}
