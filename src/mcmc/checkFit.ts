import { ModelError } from '../errors.ts';
import { quote } from '../graph/quote.ts';

/**
 * Throws `not-a-fit` where a function was given something else than a fit, above all the promise of `sample` that nobody awaited. `kinds` are the kinds of
 * fit that the function takes, draws alone unless given.
 */
export function checkFit(place: string, fit: unknown, kinds: readonly string[] = ['mcmc']): void {
  const given = fit as { readonly kind?: unknown; readonly then?: unknown } | null | undefined;
  if (typeof given === 'object' && given !== null && kinds.includes(given.kind as string)) return;
  const fail = (sentence: string): ModelError =>
    new ModelError('not-a-fit', place, `${place}: expected a fit${sentence}`);
  if (typeof given?.then === 'function') throw fail(', not the promise of one; write await sample(...)');
  if (typeof given?.kind === 'string')
    throw fail(` of draws (sample, sampleSync), not one of kind ${quote(given.kind)}`);
  throw fail(`, not ${quote(given)}; sample, sampleSync and fromJson give one`);
}
