/** The remainders of single bytes by the polynomial, its bits turned round. */
const REMAINDERS = Int32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit += 1) rest = (rest & 1) === 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** The check sum of bytes that zip and gzip files hold: CRC-32, a whole number from 0 to 2^32 - 1 (RFC 1952, 8). */
export function crc32(bytes: Uint8Array): number {
  let sum = -1;
  for (let i = 0; i < bytes.length; i += 1) sum = (sum >>> 8) ^ REMAINDERS[(sum ^ bytes[i]!) & 255]!;
  return ~sum >>> 0;
}
