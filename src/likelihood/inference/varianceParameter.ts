import { estimatedParameter } from '../../families/ownParameter.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';

/**
 * A variance parameter of a fit by its name as printed: `sigma`, `tau_county[floor]`, `corr_county[Intercept,floor]`,
 * `shape`, `precision`.
 */
export type VarianceParameter =
  | { readonly kind: 'sigma'; readonly name: string; readonly estimate: number }
  /** A parameter of the residuals' structure or of their sds. */
  | { readonly kind: 'residual'; readonly name: string; readonly estimate: number }
  /** The family's own parameter. */
  | { readonly kind: 'own'; readonly name: string; readonly estimate: number }
  | {
      readonly kind: 'tau';
      readonly name: string;
      readonly estimate: number;
      readonly factor: number;
      readonly k: number;
    }
  | {
      readonly kind: 'corr';
      readonly name: string;
      /** NaN where one of the sds is 0. */
      readonly estimate: number;
      readonly factor: number;
      readonly k: number;
      readonly l: number;
    };

/** Those that a Gaussian fit has. */
export type GaussianParameter = Exclude<VarianceParameter, { kind: 'own' | 'residual' }>;

/** Those that a fit of normal rows has, whatever its residuals. */
export type ProfiledParameter = Exclude<VarianceParameter, { kind: 'own' }>;

/**
 * The variance parameters of a fit: the sds and correlations factor by factor, then sigma and what there is of the
 * residuals beside it, or the family's own parameter, unless it is known.
 */
export function varianceParameters(fit: MaximumLikelihoodFit): VarianceParameter[] {
  const parameters: VarianceParameter[] = fit.groups.flatMap((group, factor) => [
    ...group.labels.map((label, k): VarianceParameter => {
      return { kind: 'tau', name: `tau_${group.factor}[${label}]`, estimate: group.tau[k]!, factor, k };
    }),
    ...group.pairs.map(([k, l], at): VarianceParameter => {
      const name = `corr_${group.factor}[${group.labels[k]},${group.labels[l]}]`;
      return { kind: 'corr', name, estimate: group.corr[at]!, factor, k, l };
    }),
  ]);
  if (fit.sigma !== null) parameters.push({ kind: 'sigma', name: 'sigma', estimate: fit.sigma });
  if (fit.residual) {
    for (const { name, estimate } of fit.residual.parameters) parameters.push({ kind: 'residual', name, estimate });
    for (const { name, estimate } of fit.residual.sds.slice(1)) parameters.push({ kind: 'residual', name, estimate });
  }
  const own = estimatedParameter(fit.design);
  if (own !== null && fit.own !== null) parameters.push({ kind: 'own', name: own, estimate: fit.own });
  return parameters;
}

/** Those of a Gaussian fit. */
export function gaussianParameters(fit: MaximumLikelihoodFit): GaussianParameter[] {
  return profiledParameters(fit).filter((parameter): parameter is GaussianParameter => parameter.kind !== 'residual');
}

/** Those, and what there is of the residuals beside sigma. */
export function profiledParameters(fit: MaximumLikelihoodFit): ProfiledParameter[] {
  return varianceParameters(fit).filter((parameter): parameter is ProfiledParameter => parameter.kind !== 'own');
}
