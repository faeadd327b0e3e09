/** A matrix whose rows take part in the comparison: n x width, row-major. */
export interface ComparedRows {
  readonly values: Float64Array | Int32Array;
  readonly width: number;
}

/** The classes of equal rows, numbered by first appearance. */
export interface EqualRows {
  readonly count: number;
  /** Class of each row, length n. */
  readonly index: Int32Array;
  /** The first row of each class, length count. */
  readonly first: Int32Array;
}

/**
 * The classes of rows that are equal in every one of the matrices (0 and -0 are equal), by a hash table with open
 * addressing: one pass over the entries, O(n width).
 */
export function equalRows(n: number, matrices: readonly ComparedRows[]): EqualRows {
  const hash = new Int32Array(n).fill(n);
  for (const { values, width } of matrices) {
    if (values instanceof Float64Array) hashDoubles(values, width, hash);
    else hashIntegers(values, width, hash);
  }
  let slots = 16;
  while (slots < 2 * n) slots *= 2;
  const table = new Int32Array(slots).fill(-1);
  const index = new Int32Array(n);
  const first = new Int32Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    let slot = finish(hash[i]!) & (slots - 1);
    for (;;) {
      const known = table[slot]!;
      if (known < 0) {
        table[slot] = count;
        first[count] = i;
        index[i] = count;
        count += 1;
        break;
      }
      const other = first[known]!;
      if (hash[other] === hash[i] && sameRow(matrices, other, i)) {
        index[i] = known;
        break;
      }
      slot = (slot + 1) & (slots - 1);
    }
  }
  return { count, index, first: first.slice(0, count) };
}

function sameRow(matrices: readonly ComparedRows[], a: number, b: number): boolean {
  for (let m = 0; m < matrices.length; m++) {
    const { values, width } = matrices[m]!;
    const start = a * width;
    const other = b * width;
    for (let k = 0; k < width; k++) if (values[start + k] !== values[other + k]) return false;
  }
  return true;
}

/** Folds the bits of each row's entries into its hash. */
function hashDoubles(values: Float64Array, width: number, hash: Int32Array): void {
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * values.length);
  for (let i = 0, at = 0; i < hash.length; i++) {
    let h = hash[i]!;
    for (let k = 0; k < width; k++, at += 2) {
      const low = words[at]!;
      const high = words[at + 1]!;
      h = mix(h, low);
      // The sign of a zero is dropped, for 0 === -0.
      h = mix(h, low === 0 && (high & 0x7fffffff) === 0 ? 0 : high);
    }
    hash[i] = h;
  }
}

function hashIntegers(values: Int32Array, width: number, hash: Int32Array): void {
  for (let i = 0, at = 0; i < hash.length; i++) {
    let h = hash[i]!;
    for (let k = 0; k < width; k++, at++) h = mix(h, values[at]!);
    hash[i] = h;
  }
}

/** One round of MurmurHash3 (Appleby 2011) for a word of 32 bits. */
function mix(h: number, word: number): number {
  const k = Math.imul(word, 0xcc9e2d51);
  const g = h ^ Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  return (Math.imul((g << 13) | (g >>> 19), 5) + 0xe6546b64) | 0;
}

/** The last step of MurmurHash3, which spreads the bits over the low ones. */
function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
