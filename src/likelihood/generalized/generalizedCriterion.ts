import type { Design } from '../../design/design.ts';
import { AFFORDABLE, multiplications } from '../multiplications.ts';
import { type RelativeFactors, relativeFactors } from '../relativeFactor.ts';
import type { ThetaCriterion } from '../search/thetaCriterion.ts';
import type { MarginalDeviance } from './marginalDeviance.ts';

/** The coordinate of a family's own parameter in which the search begins is at least this. */
const LEAST_START = 0.1;
/**
 * What groups take from the parameter's coordinate of complete pooling, about: where it is larger, the search may end
 * at groups that do not vary.
 */
const WITHIN = 0.75;

/** What a row counts in multiplications. */
const ROW = 40;

/**
 * A marginal deviance as a function of search coordinates: those of the relative factors, then the family's own
 * parameter where it is estimated, then beta in working coordinates less `start`. The relative factors have one array
 * more, that of beta and of the parameter's coordinate less where it starts: that of `rows.own`.
 */
export function generalizedCriterion(design: Design, deviance: MarginalDeviance, start: Float64Array): ThetaCriterion {
  const { mode, predictor, p } = deviance.state;
  const covariances = relativeFactors(design.groupTerms, predictor.coordinates.groups);
  const { size } = covariances;
  const { rows } = deviance.state;
  const { search } = rows;
  // At 0, where the likelihood is flat, no search begins.
  const around = search ? Math.max(LEAST_START, WITHIN * search.toCoordinate(rows.own!)) : 0;
  const first = size + (search ? 1 : 0);
  const beta = new Float64Array(p);
  const byBeta = new Float64Array(p);
  const factors: RelativeFactors = {
    ...covariances,
    size: first + p,
    fromSearch: (x) => [
      ...covariances.fromSearch(x),
      Float64Array.from({ length: first - size + p }, (_, k) => x[k < p ? first + k : size]!),
    ],
  };
  const at = (lambdas: readonly Float64Array[]): number => {
    covariances.toWorking(lambdas, mode.Lambda);
    const shift = lambdas[lambdas.length - 1]!;
    for (let k = 0; k < p; k++) beta[k] = start[k]! + shift[k]!;
    if (search) rows.own = search.fromCoordinate(around + shift[p]!);
    return deviance.at(beta);
  };
  return {
    factors,
    moments: null,
    keepsDigits: false,
    unit: 1,
    unbounded: false,
    covariancesAlone: false,
    curvature: null,
    start: null,
    affordable: AFFORDABLE / (ROW * design.n + multiplications(predictor.pattern)),
    at,
    search(x, gradient) {
      const value = at(factors.fromSearch(x));
      if (!Number.isFinite(value)) return value;
      covariances.gradient(x, deviance.gradient(byBeta), gradient);
      gradient.set(byBeta, first);
      if (search) gradient[size] = deviance.byOwn(around + x[size]!);
      return value;
    },
    derivative: () => deviance.gradient(byBeta),
  };
}
