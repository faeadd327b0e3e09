import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { varianceParameters } from './varianceParameter.ts';

/** One parameter of a fit. */
export interface FitParameter {
  /** As printed: `beta[floor]`, `threshold[1|2]`, `tau_county[floor]`, `corr_county[Intercept,floor]`, `shape`. */
  readonly name: string;
  /** NaN for an sd that the criterion does not depend on, and for a correlation with an sd of 0. */
  readonly estimate: number;
  /** Squared standard error; null for a variance parameter, which has none. */
  readonly variance: number | null;
}

/** All parameters that were estimated: the coefficients, thresholds, then the variance parameters. */
export function fitParameters(fit: MaximumLikelihoodFit): FitParameter[] {
  const tables = [['beta', fit.fixef] as const, ...(fit.thresholds ? [['threshold', fit.thresholds] as const] : [])];
  return [
    ...tables.flatMap(([name, { labels, estimates, standardErrors }]) =>
      labels.map((label, k) => ({
        name: `${name}[${label}]`,
        estimate: estimates[k]!,
        variance: standardErrors[k]! ** 2,
      })),
    ),
    ...varianceParameters(fit).map(({ name, estimate }) => ({ name, estimate, variance: null })),
  ];
}
