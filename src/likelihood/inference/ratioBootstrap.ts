import { ModelError } from '../../errors.ts';
import { createRng } from '../../random/rng.ts';
import { fitDesign } from '../maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { SAME_DEVIANCE } from './boundaryMixture.ts';
import { simulateResponse } from './simulateResponse.ts';

/** The p-value of a likelihood ratio by simulation. */
export interface RatioBootstrap {
  /** Data sets that both models could be fitted to. */
  readonly simulations: number;
  /** Data sets that one of the models could not be fitted to; they count for nothing. */
  readonly failures: number;
  /** (1 + number of simulated ratios >= the observed one) / (1 + simulations). */
  readonly pValue: number;
  /** Its Monte Carlo standard error, sqrt(p (1 - p) / simulations). */
  readonly mcse: number;
}

/**
 * Parametric bootstrap of a likelihood ratio: data sets drawn from the fit of the smaller model, both models fitted to
 * each (Davison & Hinkley 1997, section 4.2.3 and equation 4.11). It needs no boundary theory and no large number of
 * groups. Throws `not-supported` for rows with counting weights, and `no-simulations` where no data set could be
 * fitted.
 */
export function ratioBootstrap(
  small: MaximumLikelihoodFit,
  large: MaximumLikelihoodFit,
  chiSquare: number,
  simulations: number,
  seed: number,
): RatioBootstrap {
  const rng = createRng([seed]);
  let above = 0;
  let failures = 0;
  for (let s = 0; s < simulations; s++) {
    const y = simulateResponse(small, rng);
    const deviance = ({ design, method, points }: MaximumLikelihoodFit): number =>
      fitDesign({ ...design, response: { ...design.response, y } }, method, undefined, points).deviance;
    try {
      // Ratios of 0 are common on the boundary, and rounding must not order them.
      if (deviance(small) - deviance(large) >= chiSquare - SAME_DEVIANCE) above++;
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      failures++;
    }
  }
  const fitted = simulations - failures;
  if (fitted === 0) {
    const { label } = small.design.response;
    throw new ModelError(
      'no-simulations',
      label,
      `none of the ${simulations} data sets simulated from the smaller model could be fitted by both models`,
    );
  }
  const pValue = (1 + above) / (1 + fitted);
  return { simulations: fitted, failures, pValue, mcse: Math.sqrt((pValue * (1 - pValue)) / fitted) };
}
