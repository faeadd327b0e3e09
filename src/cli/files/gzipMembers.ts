import { gunzipSync, gzipSync } from 'node:zlib';
import { ModelError } from '../../errors.ts';
import { joined } from './joinedBytes.ts';
import { joinedPieces } from './joinedPieces.ts';

/*
 * Long texts packed by gzip are written as members, one after the other, each with its own length in its header, so
 * that they are unpacked one by one: neither the packed nor the unpacked whole is ever held. Any program that reads
 * gzip reads them (RFC 1952, 2.2 members, 2.3.1.1 extra field), and files of other programs are unpacked in one go.
 *
 * Bytes of a header: 0 to 9 as gzip writes them, FEXTRA set in byte 3; 10, 11 the length of the extra field, 8; 12, 13
 * the name of its one subfield, PP; 14, 15 its length, 4; 16 to 19 the bytes of the member, header and trailer
 * included.
 */
const FEXTRA = 4;
const PLAIN = 10;
const EXTRA = [8, 0, 0x50, 0x50, 4, 0];
const HEADER = PLAIN + EXTRA.length + 4;

/** So many characters are packed at once. */
const PIECE = 1 << 22;

/** The pieces of a text, packed. */
export function* gzipMembers(pieces: Iterable<string>): Generator<Uint8Array> {
  let some = false;
  for (const text of joinedPieces(pieces, PIECE)) {
    some = true;
    yield member(text);
  }
  // The packed file of nothing has a member, too.
  if (!some) yield member('');
}

function member(text: string): Uint8Array {
  const plain = gzipSync(text);
  const all = new Uint8Array(plain.length + HEADER - PLAIN);
  all.set(plain.subarray(0, PLAIN));
  all[3] = plain[3]! | FEXTRA;
  all.set(EXTRA, PLAIN);
  new DataView(all.buffer).setUint32(HEADER - 4, all.length, true);
  all.set(plain.subarray(PLAIN), HEADER);
  return all;
}

/** Whether bytes are the first of a gzip file. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/** The bytes of a gzip file unpacked, in pieces. Throws ModelError `file` for one that is damaged; `where` names it. */
export function* gunzipMembers(bytes: Iterable<Uint8Array>, where: string): Generator<Uint8Array> {
  const source = bytes[Symbol.iterator]();
  let held: Uint8Array = new Uint8Array(0);
  let ended = false;
  /** Holds at least so many bytes, if there are as many. */
  const hold = (count: number): void => {
    const more = [held];
    for (let length = held.length; length < count && !ended; ) {
      const next = source.next();
      ended = next.done === true;
      if (next.done) break;
      more.push(next.value);
      length += next.value.length;
    }
    if (more.length > 1) held = joined(more);
  };
  for (hold(HEADER); held.length > 0; hold(HEADER)) {
    const length = memberLength(held) ?? Number.POSITIVE_INFINITY;
    hold(length);
    yield* slices(gunzip(held.subarray(0, length), where));
    held = held.subarray(Math.min(length, held.length));
  }
}

/** The length of a member that says it; null for any other. */
function memberLength(head: Uint8Array): number | null {
  if (head.length < HEADER || !isGzip(head) || head[3] !== FEXTRA) return null;
  if (EXTRA.some((byte, i) => head[PLAIN + i] !== byte)) return null;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(HEADER - 4, true);
  return length > HEADER ? length : null;
}

/** So many bytes go on at once. */
const SLICE = 1 << 20;

function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += SLICE) yield bytes.subarray(at, at + SLICE);
}

function gunzip(bytes: Uint8Array, where: string): Uint8Array {
  try {
    return gunzipSync(bytes);
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      const sentence = `${where}: too much is packed in it to be unpacked at once; let a program unpack it and read standard input: gunzip -c FILE | partial-pooling ... --data -`;
      throw new ModelError('file', where, sentence);
    }
    const said = error instanceof Error ? error.message : String(error);
    throw new ModelError('file', where, `${where} begins as a gzip file does and cannot be unpacked: ${said}`);
  }
}
