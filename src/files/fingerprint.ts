import type { Column, Frame } from '../data/frame.ts';
import type { Design } from '../design/design.ts';

/**
 * The 64-bit FNV-1a hash, fed byte by byte: h <- (h xor byte) * (2^40 + 435) mod 2^64, from 14695981039346656037
 * (Fowler, Noll & Vo).
 */
export class Fnv1a {
  private high = 0xcbf29ce4;
  private low = 0x84222325;

  byte(value: number): void {
    const low = (this.low ^ (value & 0xff)) >>> 0;
    const product = low * 0x1b3;
    const carry = Math.floor(product / 4294967296);
    this.high = (Math.imul(this.high, 0x1b3) + carry + (low << 8)) >>> 0;
    this.low = product >>> 0;
  }

  bytes(values: Uint8Array): void {
    for (let i = 0; i < values.length; i += 1) this.byte(values[i]!);
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }
}

/**
 * A short hash of the data of a design, 16 hexadecimal digits: the used columns of the rows and of the group tables, by
 * name, kind and value to the last bit. The order of the columns does not matter, the order of the rows does.
 */
export function fingerprint({ rows, tables }: Pick<Design, 'rows' | 'tables'>): string {
  const hash = new Fnv1a();
  addFrame(hash, rows);
  for (const name of [...tables.keys()].sort()) {
    addText(hash, name);
    addFrame(hash, tables.get(name)!);
  }
  return hash.digest();
}

function addFrame(hash: Fnv1a, { n, columns, reduced }: Frame): void {
  addNumber(hash, n);
  for (const name of [...columns.keys()].sort()) {
    addText(hash, name);
    addColumn(hash, columns.get(name)!);
  }
  if (!reduced) return;
  const { counts, moments } = reduced;
  addColumn(hash, { kind: 'number', values: counts });
  for (const parts of [moments?.values, moments?.products]) {
    for (const name of [...(parts?.keys() ?? [])].sort()) {
      addText(hash, name);
      addColumn(hash, { kind: 'number', values: parts!.get(name)! });
    }
  }
}

function addColumn(hash: Fnv1a, column: Column): void {
  hash.byte(column.kind === 'number' ? 0 : 1);
  for (let i = 0; i < column.values.length; i += 1) {
    const value = column.values[i]!;
    if (typeof value === 'number') addNumber(hash, value);
    else if (value === null) addNumber(hash, -1);
    else addText(hash, value);
  }
}

const buffer = new DataView(new ArrayBuffer(8));
const eight = new Uint8Array(buffer.buffer);

function addNumber(hash: Fnv1a, value: number): void {
  buffer.setFloat64(0, value, true);
  hash.bytes(eight);
}

/** Length and UTF-16 code units, so that no two texts run into each other. */
function addText(hash: Fnv1a, text: string): void {
  addNumber(hash, text.length);
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    hash.byte(unit);
    hash.byte(unit >>> 8);
  }
}
