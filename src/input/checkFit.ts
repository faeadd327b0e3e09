import { ModelError } from '../errors.ts';
import { quote } from './quote.ts';

/** What gives a fit of each kind. */
const MAKERS = {
  mcmc: 'sample, sampleSync and fromJson give one',
  maximumLikelihood: 'maximumLikelihood gives one',
} as const;

export type FitKind = keyof typeof MAKERS;

const EITHER: readonly FitKind[] = ['mcmc', 'maximumLikelihood'];

/**
 * Throws `not-a-fit` where a function was given something else than a fit of the kinds it takes, above all the promise
 * of `sample` that nobody awaited. `place` is the function as callers know it; either kind is taken unless `kinds` says
 * which.
 */
export function checkFit(place: string, fit: unknown, ...kinds: readonly FitKind[]): void {
  const taken = kinds.length === 0 ? EITHER : kinds;
  const given = fit as { readonly kind?: unknown; readonly then?: unknown } | null | undefined;
  if (typeof given === 'object' && given !== null && taken.some((kind) => kind === given.kind)) return;
  const what = taken.length > 1 ? 'a fit' : taken[0] === 'mcmc' ? 'a fit of draws' : 'a fit of maximumLikelihood';
  const fail = (sentence: string): ModelError =>
    new ModelError('not-a-fit', place, `${place}: expected ${what}, not ${sentence}`);
  if (typeof given?.then === 'function') throw fail('the promise of one; write await sample(...)');
  const makers = taken.map((kind) => MAKERS[kind]).join('; ');
  throw fail(`${typeof given?.kind === 'string' ? `one of kind ${quote(given.kind)}` : quote(given)}; ${makers}`);
}
