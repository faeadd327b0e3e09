import type { MaximumLikelihoodFit } from './maximumLikelihoodFit.ts';

/** What follows from a deviance -2 log L with df parameters over n rows: AIC = D + 2 df, BIC = D + log(n) df. */
export function criteria(
  deviance: number,
  df: number,
  n: number,
): Pick<MaximumLikelihoodFit, 'logLik' | 'deviance' | 'aic' | 'bic' | 'df'> {
  return { logLik: -deviance / 2, deviance, aic: deviance + 2 * df, bic: deviance + Math.log(n) * df, df };
}
