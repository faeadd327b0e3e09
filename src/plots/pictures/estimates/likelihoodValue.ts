import { familyOf } from '../../../families/familyOf.ts';
import type { MaximumLikelihoodFit } from '../../../likelihood/maximumLikelihoodFit.ts';

/** The estimate of a parameter by its flat name; null where the fit has none. */
export function likelihoodValue(fit: MaximumLikelihoodFit, name: string): number | null {
  const values = new Map<string, number>(
    fit.fixef.labels.map((label, c) => [`beta[${label}]`, fit.fixef.estimates[c]!]),
  );
  for (const { factor, labels, tau, pairs, corr } of fit.groups) {
    labels.forEach((label, k) => {
      values.set(`tau_${factor}[${label}]`, tau[k]!);
    });
    pairs.forEach(([a, b], pair) => {
      values.set(`corr_${factor}[${labels[a]},${labels[b]}]`, corr[pair]!);
    });
  }
  const { parameter } = familyOf(fit.design);
  if (fit.sigma !== null) values.set('sigma', fit.sigma);
  if (parameter !== null && fit.own !== null) values.set(parameter, fit.own);
  const value = values.get(name);
  return value !== undefined && Number.isFinite(value) ? value : null;
}
