import { fitParameters } from '../../../likelihood/inference/fitParameters.ts';
import type { MaximumLikelihoodFit } from '../../../likelihood/maximumLikelihoodFit.ts';

/** The estimate of a parameter by its flat name; null where the fit has none. */
export function likelihoodValue(fit: MaximumLikelihoodFit, name: string): number | null {
  const value = fitParameters(fit).find((each) => each.name === name)?.estimate;
  return value !== undefined && Number.isFinite(value) ? value : null;
}
