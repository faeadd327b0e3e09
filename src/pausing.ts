/** A long computation that pauses every so often: its driver may go on at once, give way to other events, or give it up. */
export type Pausing<T> = Generator<undefined, T, undefined>;

/** Drives a computation to its end without a break. */
export function toTheEnd<T>(computation: Pausing<T>): T {
  for (;;) {
    const { done, value } = computation.next();
    if (done) return value;
  }
}

/** A result that is computed when it is first asked for, or taken from elsewhere. */
export interface Once<T> {
  /** The result; computes it without a break where there is none yet. */
  get(): T;
  /** The same with pauses. */
  compute(): Pausing<T>;
  /** Has the given result where there is none yet. */
  take(given: () => T): void;
}

export function once<T>(make: () => Pausing<T>): Once<T> {
  let result: T | undefined;
  const compute = function* (): Pausing<T> {
    result ??= yield* make();
    return result;
  };
  return {
    get: () => result ?? toTheEnd(compute()),
    compute,
    take(given) {
      result ??= given();
    },
  };
}
