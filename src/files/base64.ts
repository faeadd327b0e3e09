const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(DIGITS, (digit) => digit.charCodeAt(0));
const PAD = '='.charCodeAt(0);

/** The value of each character code below 128; 255 for what is no digit. */
const VALUES = new Uint8Array(128).fill(255);
CODES.forEach((code, value) => {
  VALUES[code] = value;
});

/** Bytes in base 64, three in four characters, the last filled up with `=` (RFC 4648, section 4). */
export function toBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(4 * Math.ceil(bytes.length / 3));
  let at = 0;
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    out[at] = CODES[word >>> 18]!;
    out[at + 1] = CODES[(word >>> 12) & 63]!;
    out[at + 2] = i + 1 < bytes.length ? CODES[(word >>> 6) & 63]! : PAD;
    out[at + 3] = i + 2 < bytes.length ? CODES[word & 63]! : PAD;
    at += 4;
  }
  return new TextDecoder().decode(out);
}

/** The bytes of the characters from `start` on, null where they are not what `toBase64` writes. */
export function fromBase64(text: string, start = 0): Uint8Array<ArrayBuffer> | null {
  const length = text.length - start;
  if (length % 4 !== 0) return null;
  const padding = length === 0 ? 0 : text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((length / 4) * 3 - padding);
  const end = text.length - (padding > 0 ? 4 : 0);
  let wrong = 0;
  let at = 0;
  for (let i = start; i < end; i += 4) {
    const a = valueAt(text, i);
    const b = valueAt(text, i + 1);
    const c = valueAt(text, i + 2);
    const d = valueAt(text, i + 3);
    wrong |= a | b | c | d;
    bytes[at] = (a << 2) | (b >>> 4);
    bytes[at + 1] = (b << 4) | (c >>> 2);
    bytes[at + 2] = (c << 6) | d;
    at += 3;
  }
  if (padding > 0) {
    const [a, b] = [valueAt(text, end), valueAt(text, end + 1)];
    const c = padding === 1 ? valueAt(text, end + 2) : 0;
    wrong |= a | b | c;
    // Bits that stand for nothing are zero.
    if ((padding === 2 ? b & 15 : c & 3) !== 0) return null;
    bytes[at] = (a << 2) | (b >>> 4);
    if (padding === 1) bytes[at + 1] = (b << 4) | (c >>> 2);
  }
  return wrong > 63 ? null : bytes;
}

function valueAt(text: string, i: number): number {
  const code = text.charCodeAt(i);
  return code < 128 ? VALUES[code]! : 255;
}
