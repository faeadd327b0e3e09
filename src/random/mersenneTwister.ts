/** The state has N words; a new one comes of the words 1 and M places on. */
const N = 624;
const M = 397;
const MATRIX = 0x9908b0df;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;

/**
 * A saved state, laid out as @stdlib/random lays out that of its mt19937 (version 1): version, number of sections, then
 * three sections with their lengths before them: the N words, the place of the next among them, the seed.
 */
const HEAD = [1, 3, N] as const;
const PLACE = HEAD.length + N + 1;
const SEED = PLACE + 2;

/** The words of a Mersenne Twister, a block of N at a time. */
export interface MersenneTwister {
  /** The block, tempered: 32-bit words, each as likely as another. */
  readonly words: Uint32Array;
  /** Place of the next word in the block; N when the block is used up. */
  next: number;
  /** The next word. */
  word(): number;
  save(): number[];
  /** Continues from a saved state; false when it is none. */
  restore(state: readonly number[]): boolean;
}

/**
 * MT19937 seeded by an array of 32-bit words: Matsumoto & Nishimura (1998), ACM TOMACS 8, and their `init_by_array` of
 * 2002. Whole blocks are twisted and tempered at once, so that a word costs one read.
 */
export function mersenneTwister(seed: readonly number[]): MersenneTwister {
  const state = seededState(seed);
  let origin = Uint32Array.from(seed);
  const twister: MersenneTwister = {
    words: new Uint32Array(N),
    next: N,
    word() {
      if (twister.next === N) {
        twist(state);
        temper(state, twister.words);
        twister.next = 0;
      }
      const word = twister.words[twister.next]!;
      twister.next += 1;
      return word;
    },
    save: () => [...HEAD, ...state, 1, twister.next, origin.length, ...origin],
    restore(saved) {
      if (!isState(saved)) return false;
      state.set(saved.slice(HEAD.length, HEAD.length + N));
      temper(state, twister.words);
      twister.next = saved[PLACE]!;
      origin = Uint32Array.from(saved.slice(SEED));
      return true;
    },
  };
  return twister;
}

function isState(saved: readonly number[]): boolean {
  return (
    HEAD.every((value, i) => saved[i] === value) &&
    saved[PLACE - 1] === 1 &&
    saved[PLACE]! <= N &&
    saved[SEED - 1]! > 0 &&
    saved[SEED - 1] === saved.length - SEED
  );
}

/** `init_by_array`: two passes that spread the seed over all words. */
function seededState(seed: readonly number[]): Uint32Array {
  const state = new Uint32Array(N);
  const mixed = (i: number, factor: number): number => {
    const before = state[i - 1]!;
    return Math.imul(before ^ (before >>> 30), factor);
  };
  state[0] = 19650218;
  for (let i = 1; i < N; i += 1) state[i] = mixed(i, 1812433253) + i;
  let i = 1;
  const nextPlace = (): void => {
    i += 1;
    if (i < N) return;
    state[0] = state[N - 1]!;
    i = 1;
  };
  for (let k = 0; k < Math.max(N, seed.length); k += 1) {
    const j = k % seed.length;
    state[i] = (state[i]! ^ mixed(i, 1664525)) + seed[j]! + j;
    nextPlace();
  }
  for (let k = 1; k < N; k += 1) {
    state[i] = (state[i]! ^ mixed(i, 1566083941)) - i;
    nextPlace();
  }
  state[0] = UPPER;
  return state;
}

/** The next N words of the recurrence, untempered. */
function twist(state: Uint32Array): void {
  for (let i = 0; i < N - M; i += 1) state[i] = state[i + M]! ^ half(state[i]!, state[i + 1]!);
  for (let i = N - M; i < N - 1; i += 1) state[i] = state[i + M - N]! ^ half(state[i]!, state[i + 1]!);
  state[N - 1] = state[M - 1]! ^ half(state[N - 1]!, state[0]!);
}

/** (upper bit of a, lower bits of b) times the matrix of the recurrence. */
function half(a: number, b: number): number {
  const joined = (a & UPPER) | (b & LOWER);
  return (joined >>> 1) ^ (-(joined & 1) & MATRIX);
}

function temper(state: Uint32Array, words: Uint32Array): void {
  for (let i = 0; i < N; i += 1) {
    let y = state[i]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    words[i] = y ^ (y >>> 18);
  }
}
