import { exp } from '../elementary.ts';

/** 1 / (1 + exp(-x)), which neither overflows nor loses digits. */
export function logistic(x: number): number {
  const e = exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}
