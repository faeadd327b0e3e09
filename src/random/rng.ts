import { exp, log } from '../elementary.ts';
import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import { mersenneTwister } from './mersenneTwister.ts';
import { exponentialZiggurat, fillNormals, normalZiggurat } from './ziggurat.ts';

/** A stream of random numbers. Equal seed and chain give equal numbers on every engine. */
export interface Rng {
  /** Uniform on (0, 1), 53 bits, never 0 or 1. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Standard normals to out[0 .. count - 1], those that as many calls of `normal` would give. */
  fillNormals(out: Float64Array, count: number): void;
  /** Exponential with rate 1. */
  exponential(): number;
  /** Gamma(shape, rate): mean shape / rate. */
  gamma(shape: number, rate: number): number;
  /** The state of the stream as plain JSON data. */
  save(): RngState;
  /** Continues from a saved state. */
  restore(state: RngState): void;
}

/** Plain JSON data. */
export type RngState = readonly number[];

const TWO_26 = 67108864;
const TWO_MINUS_53 = 1 / 9007199254740992;
const LARGEST_WORD = 4294967295;
const SMALLEST_NORMAL = 2.2250738585072014e-308;

function isWord(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= LARGEST_WORD;
}

/**
 * A stream from a list of integers, by convention `[seed, chain]`: the Mersenne Twister MT19937 (Matsumoto & Nishimura
 * 1998) seeded by array; normals and exponentials by ziggurat; gammas by Marsaglia & Tsang (2000, "A simple method for
 * generating gamma variables"). Nothing in the stream calls sin, cos, pow or any function an engine may round its own
 * way.
 * Throws a ModelError when there is no list, when it is empty or has an entry that is no integer in 0 .. 4294967295.
 */
export function createRng(seed: readonly number[]): Rng {
  if (!Array.isArray(seed)) {
    throw new ModelError('seed', 'seed', `seed: got ${quote(seed)}; a stream takes a list of integers, createRng([1])`);
  }
  const wrong = seed.length === 0 ? 'an empty list' : seed.find((value) => !isWord(value));
  if (wrong !== undefined) {
    throw new ModelError('seed', 'seed', `seed: got ${wrong}; seeds are integers from 0 to ${LARGEST_WORD}`);
  }
  // The length goes in too: it makes [5] and [5, 0] different streams.
  const source = mersenneTwister([...seed, seed.length]);
  const { word } = source;
  const normal = normalZiggurat(word);
  const exponential = exponentialZiggurat(word);

  function uniform(): number {
    for (;;) {
      const high = word() >>> 5;
      const value = (high * TWO_26 + (word() >>> 6)) * TWO_MINUS_53;
      if (value > 0) return value;
    }
  }

  function gamma(shape: number, rate: number): number {
    if (!(shape > 0 && rate > 0)) return Number.NaN;
    // Shape below 1: Gamma(shape + 1) times U^(1 / shape), the power written as exp(-E / shape), E exponential.
    const power = shape < 1 ? exp(-exponential() / shape) : 1;
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      const u = uniform();
      const x2 = x * x;
      if (u < 1 - 0.0331 * x2 * x2 || log(u) < 0.5 * x2 + d * (1 - v + log(v))) {
        // A tiny shape may underflow: the smallest normal number stands for it, so that its inverse is finite.
        return Math.max((d * v * power) / rate, SMALLEST_NORMAL);
      }
    }
  }

  return {
    uniform,
    normal,
    fillNormals: (out, count) => fillNormals(source, out, count),
    exponential,
    gamma,
    save: () => source.save(),
    restore(state) {
      if (!state.every(isWord)) {
        throw new ModelError(
          'rng-state',
          'state',
          'state of a random stream: every entry is an integer from 0 to 4294967295',
        );
      }
      if (!source.restore(state)) {
        throw new ModelError(
          'rng-state',
          'state',
          `state of a random stream: got a list of ${state.length} numbers that is no state of the Mersenne Twister`,
        );
      }
    },
  };
}
