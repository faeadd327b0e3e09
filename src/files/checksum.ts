/**
 * A sum over 32-bit words by which a changed file is known. Two lanes, a <- rot(p (a xor w), 15) and b <- rot(r (b +
 * w), 13) mod 2^32, p and r odd: a step can be undone, so that a change of one word always changes both lanes, and
 * changes of several leave both as they were once in 2^64. (The multipliers are those of xxHash32, Collet.) It is no
 * protection against intent.
 */
export class Checksum {
  private a = 0x811c9dc5 | 0;
  private b = 0x9747b28c | 0;

  word(word: number): void {
    const a = Math.imul(this.a ^ word, 0x9e3779b1);
    const b = Math.imul((this.b + word) | 0, 0x85ebca77);
    this.a = (a << 15) | (a >>> 17);
    this.b = (b << 13) | (b >>> 19);
  }

  /** Every bit of doubles, in their order. */
  numbers(values: Float64Array): void {
    const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
    for (let i = 0; i < words.length; i += 1) this.word(words[i]!);
  }

  /** Length and UTF-16 code units. */
  text(text: string): void {
    this.word(text.length);
    for (let i = 0; i < text.length; i += 1) this.word(text.charCodeAt(i));
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    return [this.a, this.b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
