import type { FittedOnce } from '../../src/kernels/fittedOnce.ts';
import { atOnce } from './atOnce.ts';

/** What a test gives a kernel in place of what it would fit; there is nothing to pack for other threads. */
export function fittedElsewhere<T>(get: () => T): FittedOnce<T> {
  return { get, prepare: () => atOnce(null) };
}
