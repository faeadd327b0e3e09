import type { Design } from '../../design/design.ts';
import { AFFORDABLE, multiplications } from '../multiplications.ts';
import { type RelativeFactors, relativeFactors } from '../relativeFactor.ts';
import type { ThetaCriterion } from '../search/thetaCriterion.ts';
import type { MarginalDeviance } from './marginalDeviance.ts';

/** What a row counts in multiplications. */
const ROW = 40;

/**
 * A marginal deviance as a function of search coordinates: those of the relative factors, then beta in working coordinates less `start`. The
 * relative factors have one array more, that of beta.
 */
export function generalizedCriterion(design: Design, deviance: MarginalDeviance, start: Float64Array): ThetaCriterion {
  const { mode, predictor, p } = deviance.state;
  const covariances = relativeFactors(design.groupTerms, predictor.coordinates.groups);
  const { size } = covariances;
  const beta = new Float64Array(p);
  const byBeta = new Float64Array(p);
  const factors: RelativeFactors = {
    ...covariances,
    size: size + p,
    fromSearch: (x) => [...covariances.fromSearch(x), Float64Array.from({ length: p }, (_, k) => x[size + k]!)],
  };
  const at = (lambdas: readonly Float64Array[]): number => {
    covariances.toWorking(lambdas, mode.Lambda);
    const shift = lambdas[lambdas.length - 1]!;
    for (let k = 0; k < p; k++) beta[k] = start[k]! + shift[k]!;
    return deviance.at(beta);
  };
  return {
    factors,
    moments: null,
    unit: 1,
    unbounded: false,
    covariancesAlone: false,
    affordable: AFFORDABLE / (ROW * design.n + multiplications(predictor.pattern)),
    at,
    search(x, gradient) {
      const value = at(factors.fromSearch(x));
      if (!Number.isFinite(value)) return value;
      covariances.gradient(x, deviance.gradient(byBeta), gradient);
      gradient.set(byBeta, size);
      return value;
    },
    derivative: () => deviance.gradient(byBeta),
  };
}
