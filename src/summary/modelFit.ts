import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import type { FamilyName } from '../families/family.ts';
import { quote } from '../input/quote.ts';
import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../mcmc/fit.ts';

/** A fit of either engine: draws of the posterior, or a maximum of the (restricted) likelihood. */
export type ModelFit<F extends FamilyName = FamilyName> = Fit<F> | MaximumLikelihoodFit<F>;

/**
 * Position of a grouping factor among the group terms of a design. Throws `unknown-factor`, listing those there are.
 */
export function factorPosition(design: Design, factor: string): number {
  const position = design.groupTerms.findIndex((term) => term.factor === factor);
  if (position >= 0) return position;
  const known = design.groupTerms.map((term) => term.factor);
  const there = known.length === 0 ? 'the model has none' : `the model has ${known.join(', ')}`;
  throw new ModelError('unknown-factor', factor, `${quote(factor)} is no grouping factor of the model; ${there}`);
}
