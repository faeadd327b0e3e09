/**
 * A long computation that pauses every so often: its driver may go on at once, give way to other events, or give it up.
 */
export type Pausing<T> = Generator<undefined, T, undefined>;

/** Drives a computation to its end without a break. */
export function toTheEnd<T>(computation: Pausing<T>): T {
  for (;;) {
    const { done, value } = computation.next();
    if (done) return value;
  }
}
