/** 52 bits of a text (two passes of FNV-1a, 32 bits each), for ids: equal texts, equal ids. */
export function contentHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x9e3779b9;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 13);
  }
  return (a >>> 0).toString(36) + ((b >>> 0) & 0xfffff).toString(36);
}
