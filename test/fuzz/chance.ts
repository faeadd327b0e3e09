import { createRng, type Rng } from '../../src/random/rng.ts';

/** A stream with the picks that generators make. */
export interface Chance extends Rng {
  /** A whole number from low to high, both included. */
  whole(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** A value of a list of values with weights. */
  among<T>(list: readonly (readonly [T, number])[]): T;
  maybe(share: number): boolean;
}

export function chance(seed: readonly number[]): Chance {
  const rng = createRng(seed);
  const whole = (low: number, high: number): number => low + Math.floor(rng.uniform() * (high - low + 1));
  return {
    ...rng,
    whole,
    pick: (list) => list[whole(0, list.length - 1)]!,
    among(list) {
      let left = rng.uniform() * list.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [value, weight] of list) {
        left -= weight;
        if (left < 0) return value;
      }
      return list[0]![0];
    },
    maybe: (share) => rng.uniform() < share,
  };
}
