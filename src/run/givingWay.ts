import type { Pausing } from '../pausing.ts';
import { yieldToEvents } from './yieldToEvents.ts';

/** Milliseconds of computation between two yields to the event loop. */
const SPELL = 20;

/**
 * Drives a computation to its end, with a yield to other events every so often; `checkStop` is called after each and
 * throws to give up.
 */
export async function givingWay<T>(computation: Pausing<T>, checkStop: () => void): Promise<T> {
  let since = performance.now();
  for (;;) {
    const { done, value } = computation.next();
    if (done) return value;
    if (performance.now() - since < SPELL) continue;
    await yieldToEvents();
    checkStop();
    since = performance.now();
  }
}
