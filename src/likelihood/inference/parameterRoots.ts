import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { type SignedRoots, signedRoots } from './signedRoot.ts';
import { structuredRoots } from './structuredRoots.ts';

/** The signed roots of a fit's parameters, whatever its residuals; Gaussian responses. */
export function parameterRoots(fit: MaximumLikelihoodFit): SignedRoots {
  return fit.residual ? structuredRoots(fit) : signedRoots(fit);
}
