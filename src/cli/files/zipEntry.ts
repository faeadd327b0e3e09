import { inflateRawSync } from 'node:zlib';
import { ModelError } from '../../errors.ts';
import { crc32 } from './crc32.ts';

/** Signatures of a zip file's records, read as little-endian numbers of four bytes. */
const ENTRY = 0x04034b50;
const DIRECTORY = 0x02014b50;
const END = 0x06054b50;

/** Bytes of the record at the end without its comment, and the longest comment. */
const END_LENGTH = 22;
const LONGEST_COMMENT = 65535;

/** What the directory of a zip file says of a file in it. */
interface Entry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly sum: number;
  readonly length: number;
  readonly size: number;
  readonly start: number;
}

export function isZip(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && view(bytes).getUint32(0, true) === ENTRY;
}

/**
 * The bytes of the one file in a zip file, as posteriordb packs its draws. Throws ModelError `file` where it holds more
 * files or none, is damaged, locked, or packed otherwise than by deflate (PKWARE's APPNOTE 6.3, sections 4.3.12 and
 * 4.3.16).
 */
export function zipEntry(bytes: Uint8Array, where: string): Uint8Array {
  const fault = (what: string): ModelError => new ModelError('file', where, `${where} is a zip file ${what}`);
  const data = view(bytes);
  try {
    let end = bytes.length - END_LENGTH;
    const first = Math.max(0, end - LONGEST_COMMENT);
    while (end >= first && data.getUint32(end, true) !== END) end -= 1;
    if (end < first) throw fault('that is damaged or cut off');
    const count = data.getUint16(end + 10, true);
    let at = data.getUint32(end + 16, true);
    const files: Entry[] = [];
    for (let i = 0; i < count; i += 1) {
      if (data.getUint32(at, true) !== DIRECTORY) throw fault('that is damaged');
      const nameLength = data.getUint16(at + 28, true);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
      files.push({
        name,
        flags: data.getUint16(at + 8, true),
        method: data.getUint16(at + 10, true),
        sum: data.getUint32(at + 16, true),
        length: data.getUint32(at + 20, true),
        size: data.getUint32(at + 24, true),
        start: data.getUint32(at + 42, true),
      });
      at += 46 + nameLength + data.getUint16(at + 30, true) + data.getUint16(at + 32, true);
    }
    const kept = files.filter(({ name }) => !name.endsWith('/') && !name.startsWith('__MACOSX/'));
    const [file] = kept;
    if (file === undefined || kept.length > 1) {
      throw fault(`of ${kept.length} files; one is read, so unpack it and give the file of draws`);
    }
    if ((file.flags & 1) !== 0) throw fault('that is locked by a password; unpack it first');
    const from = file.start + 30 + data.getUint16(file.start + 26, true) + data.getUint16(file.start + 28, true);
    const packed = bytes.subarray(from, from + file.length);
    if (file.method !== 0 && file.method !== 8) throw fault(`packed by method ${file.method}; unpack it first`);
    const unpacked = file.method === 0 ? packed : inflateRawSync(packed);
    if (unpacked.length !== file.size) throw fault('that is damaged or too large; unpack it first');
    if (crc32(unpacked) !== file.sum) throw fault('that is damaged: its check sum is not that of what is in it');
    return unpacked;
  } catch (error) {
    if (error instanceof ModelError) throw error;
    throw fault(`that is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
