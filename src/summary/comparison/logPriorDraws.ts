import { estimatedParameter } from '../../families/ownParameter.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { covarianceDensity } from '../../priors/covariancePrior.ts';
import { horseshoes } from '../../priors/horseshoe.ts';
import { horseshoeDensity } from '../../priors/horseshoeDensity.ts';
import { logMixtureDensity } from '../../priors/mixturePrior.ts';
import { LEAST, logParameterDensity } from '../../priors/parameterPrior.ts';
import { logScaleDensity } from '../../priors/priors.ts';
import { centreLine, logThresholdDensity } from '../../priors/thresholdPrior.ts';
import { correlationFactor } from '../correlationFactor.ts';
import { betaDraws, drawCount, ownDraws, sigmaDraws } from '../groupDraws.ts';
import { thresholdDraws } from '../thresholdDraws.ts';
import { priorCoefficient, priorCovariance } from './priorQuantities.ts';
import { addResidualPriors } from './residualPriorDensity.ts';

/**
 * The log prior density of every draw (length S, chain after chain), up to a constant: of the coefficients, of each
 * covariance block, of sigma, of the parameters of
 * residuals and of the family's own parameter. The
 * group deviations are no part of it: N(0, Sigma) is the model's. A density is by the quantities that the prior is
 * stated on: sds and correlations, those about the means of the columns where a default prior is of them. Flat priors
 * add nothing.
 */
export function logPriorDraws(fit: Fit): Float64Array {
  const { design, priors } = fit;
  const sum = new Float64Array(drawCount(fit));
  const add = (value: (s: number) => number): void => {
    for (let s = 0; s < sum.length; s++) sum[s] = sum[s]! + value(s);
  };
  const { mean, sd, mixtures } = priors.beta;
  mean.forEach((m, k) => {
    const mixture = mixtures?.[k];
    if (!Number.isFinite(sd[k]!) || mixture?.distribution === 'horseshoe') return;
    const { draws } = priorCoefficient(fit, k);
    add(mixture ? (s) => logMixtureDensity(mixture, draws[s]!) : (s) => -0.5 * ((draws[s]! - m) / sd[k]!) ** 2);
  });
  for (const { prior, columns } of horseshoes(priors.beta)) {
    const density = horseshoeDensity(prior, columns.length);
    const draws = columns.map((k) => betaDraws(fit, k));
    const x = new Float64Array(columns.length);
    add((s) => {
      for (let j = 0; j < x.length; j++) x[j] = draws[j]![s]!;
      return density(x);
    });
  }
  design.groupTerms.forEach(({ blocks }, f) => {
    blocks.forEach(({ size }, b) => {
      const { tau, corr } = priorCovariance(fit, f, b);
      const density = covarianceDensity(priors.groups[f]![b]!, size);
      const factor = correlationFactor({ q: size, blocks: [{ start: 0, size }] });
      const own = {
        tau: new Float64Array(size),
        corr: new Float64Array(corr.length),
        L: new Float64Array(size * size),
      };
      add((s) => {
        tau.forEach(({ draws }, k) => {
          own.tau[k] = draws[s]!;
        });
        corr.forEach(({ draws }, pair) => {
          own.corr[pair] = draws[s]!;
        });
        factor(own.corr, own.L);
        return density(own.tau, 0, own.L);
      });
    });
  });
  const sigma = sigmaDraws(fit);
  const prior = priors.sigma;
  if (sigma && prior && !design.residual) add((s) => logScaleDensity(prior, sigma[s]!));
  if (design.residual) addResidualPriors(fit, add);
  const ordered = thresholdDraws(fit);
  const { threshold } = priors;
  if (ordered && threshold) {
    const thresholds = new Float64Array(ordered.count);
    const beta = design.columns.map((_, k) => betaDraws(fit, k));
    add((s) => {
      ordered.at(s, thresholds);
      const line = centreLine(
        threshold.about,
        beta.map((draws) => draws[s]!),
      );
      return logThresholdDensity(threshold, line, thresholds);
    });
  }
  const own = ownDraws(fit);
  const parameter = estimatedParameter(design);
  if (own && parameter) {
    const of = priors[parameter]!;
    add((s) => logParameterDensity(of, LEAST[parameter], own[s]!));
  }
  return sum;
}
