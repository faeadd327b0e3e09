import { exp, log } from '../elementary.ts';
import type { MersenneTwister } from './mersenneTwister.ts';

/**
 * Normal and exponential variates by the ziggurat of Marsaglia & Tsang (2000), 256 layers of equal area, in the form
 * that takes layer, sign and position from different bits (Doornik 2005): two 32-bit words give 8 bits for the layer,
 * one for the sign and 52 for the position. Logarithms and exponentials, needed in about 1% of the draws and in the
 * tables, are our own, so that the stream is the same on every engine.
 */

const LAYERS = 256;
const TWO_20 = 1048576;
const TWO_52 = 4503599627370496;
const TWO_MINUS_32 = 1 / 4294967296;

/** Where the tail begins, and the area of a layer (Marsaglia & Tsang 2000, p. 3 and p. 5, to double precision). */
const NORMAL_TAIL = 3.6541528853610088;
const NORMAL_AREA = 0.004928673233974658;
const EXPONENTIAL_TAIL = 7.69711747013105;
const EXPONENTIAL_AREA = 0.003949659822581556;

interface Layers {
  /** A position m in 0 .. 2^52 - 1 lies at x = m * width[i] in layer i ... */
  readonly width: Float64Array;
  /** ... and needs no further test when m < inside[i]. */
  readonly inside: Float64Array;
  /** The density at the outer edge of layer i; entry 256 is the density at 0. */
  readonly density: Float64Array;
}

function layers(tail: number, area: number, density: (x: number) => number, inverse: (y: number) => number): Layers {
  const edge = new Float64Array(LAYERS + 1);
  // The lowest layer holds the tail: a rectangle of the same area is wider than the tail's beginning.
  edge[0] = area / density(tail);
  edge[1] = tail;
  for (let i = 2; i < LAYERS; i++) edge[i] = inverse(area / edge[i - 1]! + density(edge[i - 1]!));
  const width = new Float64Array(LAYERS);
  const inside = new Float64Array(LAYERS);
  const heights = new Float64Array(LAYERS + 1);
  heights[LAYERS] = 1;
  for (let i = 0; i < LAYERS; i++) {
    width[i] = edge[i]! / TWO_52;
    inside[i] = Math.floor((edge[i + 1]! / edge[i]!) * TWO_52);
    heights[i] = density(edge[i]!);
  }
  return { width, inside, density: heights };
}

const normalLayers = layers(
  NORMAL_TAIL,
  NORMAL_AREA,
  (x) => exp(-0.5 * x * x),
  (y) => Math.sqrt(-2 * log(y)),
);
/** Width of layer i at i, and less it at 256 + i: bit 8 of a word is the sign. */
const signedWidth = Float64Array.from({ length: 2 * LAYERS }, (_, i) =>
  i < LAYERS ? normalLayers.width[i]! : -normalLayers.width[i - LAYERS]!,
);
const exponentialLayers = layers(
  EXPONENTIAL_TAIL,
  EXPONENTIAL_AREA,
  (x) => exp(-x),
  (y) => -log(y),
);

/** Uniform on (0, 1) from one word, never 0 or 1: for acceptance tests and tails. */
function coarseUniform(word: () => number): number {
  return (word() + 0.5) * TWO_MINUS_32;
}

/**
 * A draw of a standard normal that took its first two words, `low` and `high`, to layer 0 or beyond the inner part of
 * another: by a further test, or anew.
 */
function outerNormal(low: number, high: number, word: () => number): number {
  const { width, inside, density } = normalLayers;
  let bits = low;
  let position = high * TWO_20 + (bits >>> 12);
  for (;;) {
    const i = bits & 255;
    const x = position * width[i]!;
    const side = (bits & 256) === 0 ? 1 : -1;
    if (position < inside[i]!) return side * x;
    if (i === 0) {
      // Beyond the tail's beginning: Marsaglia (1964).
      let excess: number;
      let bound: number;
      do {
        excess = -log(coarseUniform(word)) / NORMAL_TAIL;
        bound = -2 * log(coarseUniform(word));
      } while (bound < excess * excess);
      return side * (NORMAL_TAIL + excess);
    }
    const height = density[i]! + coarseUniform(word) * (density[i + 1]! - density[i]!);
    if (height < exp(-0.5 * x * x)) return side * x;
    bits = word();
    position = word() * TWO_20 + (bits >>> 12);
  }
}

/** A generator of standard normals over a source of 32-bit words. */
export function normalZiggurat(word: () => number): () => number {
  const { inside } = normalLayers;
  return function normal(): number {
    const low = word();
    const high = word();
    const position = high * TWO_20 + (low >>> 12);
    // Width by layer and sign: no branch that a processor must guess.
    return position < inside[low & 255]! ? position * signedWidth[low & 511]! : outerNormal(low, high, word);
  };
}

/**
 * Writes standard normals to out[0 .. count - 1]: the same that as many calls of a generator over the same source would
 * give.
 */
export function fillNormals(
  source: Pick<MersenneTwister, 'words' | 'next' | 'word'>,
  out: Float64Array,
  count: number,
): void {
  const { inside } = normalLayers;
  const { words } = source;
  for (let k = 0; k < count; ) {
    let { next } = source;
    // As far as the block reaches; the one that straddles its end, and those of the outer parts, word by word.
    while (k < count && next + 2 <= words.length) {
      const low = words[next]!;
      const position = words[next + 1]! * TWO_20 + (low >>> 12);
      if (!(position < inside[low & 255]!)) break;
      out[k] = position * signedWidth[low & 511]!;
      next += 2;
      k += 1;
    }
    source.next = next;
    if (k === count) return;
    const low = source.word();
    out[k] = outerNormal(low, source.word(), source.word);
    k += 1;
  }
}

/** A generator of exponentials with rate 1 over a source of 32-bit words. */
export function exponentialZiggurat(word: () => number): () => number {
  const { width, inside, density } = exponentialLayers;
  return function exponential(): number {
    let beyond = 0;
    for (;;) {
      const low = word();
      const i = low & 255;
      const position = word() * TWO_20 + (low >>> 12);
      const x = position * width[i]!;
      if (position < inside[i]!) return beyond + x;
      if (i === 0) {
        // The exponential has no memory: its tail is itself, moved.
        beyond += EXPONENTIAL_TAIL;
        continue;
      }
      const height = density[i]! + coarseUniform(word) * (density[i + 1]! - density[i]!);
      if (height < exp(-x)) return beyond + x;
    }
  };
}
