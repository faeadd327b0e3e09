import { type Pausing, toTheEnd } from '../pausing.ts';

/** What is fitted before sampling, once for all chains: a function of graph and data alone. */
export interface FittedOnce<T> {
  /** What was fitted or taken; fits it without a break where there is none yet. */
  get(): T;
  /** The `prepare` of a kernel that stands on it. Two kernels of a sweep may share it. */
  prepare(made?: object): Pausing<object | null>;
}

/**
 * Computes the fit when it is first asked for. `pack` gives what was fitted as plain data, null where it is none;
 * `unpack` makes it of what the same kernel of an equal plan packed in another thread, and brings along what fitting
 * would have left behind (the calibration of a target).
 */
export function fittedOnce<T, P extends object>(
  compute: () => Pausing<T>,
  pack: (fitted: T) => P | null,
  unpack: (packed: P) => T,
): FittedOnce<T> {
  let result: T | undefined;
  const fitted = function* (): Pausing<T> {
    result ??= yield* compute();
    return result;
  };
  return {
    get: () => result ?? toTheEnd(fitted()),
    *prepare(made) {
      if (made === undefined) return pack(yield* fitted());
      result ??= unpack(made as P);
      return made;
    },
  };
}
