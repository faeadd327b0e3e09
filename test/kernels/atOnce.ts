import type { Pausing } from '../../src/pausing.ts';

/** A computation that has its result already. */
// biome-ignore lint/correctness/useYield: there is nothing to pause in
export function* atOnce<T>(value: T): Pausing<T> {
  return value;
}
