import { ModelError } from '../../errors.ts';
import { quote } from '../../input/quote.ts';
import { gunzipMembers, isGzip } from './gzipMembers.ts';
import { joined } from './joinedBytes.ts';

/**
 * The text of bytes, in pieces: unpacked where they are gzip's, UTF-8 unless a byte order mark says UTF-16 or a label
 * of TextDecoder is given. Bytes that the encoding does not have become U+FFFD, which the reader of a table refuses by
 * line and column. Throws ModelError `encoding` for a label that there is not, and `file` for a gzip file that is
 * damaged. `where` names the file.
 */
export function* decodedText(bytes: Iterable<Uint8Array>, where: string, encoding?: string): Generator<string> {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  for (const piece of unpacked(bytes, where)) {
    decoder ??= decoderOf(piece, encoding);
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
  const last = decoder?.decode() ?? '';
  if (last !== '') yield last;
}

/**
 * The bytes of a gzip file unpacked, those of any other as they are. The first piece has at least three bytes if there
 * are as many.
 */
function* unpacked(bytes: Iterable<Uint8Array>, where: string): Generator<Uint8Array> {
  const source = bytes[Symbol.iterator]();
  let head: Uint8Array = new Uint8Array(0);
  for (let next = source.next(); ; next = source.next()) {
    if (!next.done) head = joined([head, next.value]);
    if (next.done || head.length >= 3) break;
  }
  if (isGzip(head)) {
    yield* gunzipMembers(chain(head, source), where);
    return;
  }
  yield* chain(head, source);
}

function* chain(head: Uint8Array, source: Iterator<Uint8Array>): Generator<Uint8Array> {
  yield head;
  for (let next = source.next(); !next.done; next = source.next()) yield next.value;
}

function decoderOf(first: Uint8Array, encoding: string | undefined): InstanceType<typeof TextDecoder> {
  const mark =
    first[0] === 0xff && first[1] === 0xfe ? 'utf-16le' : first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding ?? mark);
  } catch {
    const sentence = `--encoding: got ${quote(encoding)}; accepted is a label of the Encoding Standard, as in latin1, windows-1250, utf-16le, shift_jis`;
    throw new ModelError('encoding', 'encoding', sentence);
  }
}
