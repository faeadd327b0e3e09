import { psis } from '../../../diagnostics/psis.ts';
import { correlationPairs } from '../../design/correlationPairs.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { scalarNames } from '../../mcmc/layout.ts';
import { type HorseshoePrior, horseshoes } from '../../priors/horseshoe.ts';
import { horseshoeDensity } from '../../priors/horseshoeDensity.ts';
import { logMixtureDensity } from '../../priors/mixturePrior.ts';
import { correlationExponent, marginalScalePrior, scalePriorText } from '../../priors/priorShape.ts';
import { logScaleDensity, type ScalePrior } from '../../priors/priors.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { betaDraws, drawCount, sigmaDraws, variableOf } from '../groupDraws.ts';
import { residualDraws } from '../residualDraws.ts';
import { type PriorQuantity, priorCoefficient, priorCovariance } from './priorQuantities.ts';

/** The prior of one quantity, and what the posterior means would be with another. */
export interface PriorPart {
  /** Flat name of the quantity: `beta[floor]`, `tau_county[Intercept]`. */
  readonly parameter: string;
  /** The prior as it is written: `normal(0, 1)`. */
  readonly text: string;
  /** log p_c / p of every draw, p_c the prior with its scale times c; null where it has no scale. */
  readonly logRatios: ((factor: number) => Float64Array) | null;
  /** The mean of a quantity with this prior widened; null where the draws cannot tell. */
  relaxed(draws: Float64Array, ess: number): Relaxed | null;
}

/** A posterior mean under a weaker prior. */
export interface Relaxed {
  readonly mean: number;
  /** Monte Carlo standard error of the change from the mean as it is. */
  readonly error: number;
  /** How many times wider the prior is; Infinity where it is taken away. */
  readonly factor: number;
}

/** Factors by which a prior is widened, the largest first that importance weights can carry. */
const FACTORS = [10, 5, 3, 2, 1.5, 1.2, 1.1] as const;
/**
 * Pareto k below which weights have a finite variance, and the share of the draws that they must be worth: with less,
 * means of long-tailed sds come out too small.
 */
const FINITE_VARIANCE = 0.5;
const LEAST_EFFICIENCY = 0.2;

/**
 * The proper priors of a fit, each with the means that the posterior would have were it wider: importance weights
 * p_wide / p of the draws, Pareto-smoothed, with the largest of the factors above that leaves them a finite variance
 * and a fifth of their worth (Vehtari, Simpson, Gelman, Yao & Gabry 2024; Kallioinen, Paananen, Buerkner & Vehtari 2024
 * on weights for priors). A normal prior that so dominates that draws cannot be weighted far is taken away by the
 * covariance of the draws instead: with prior N(m, 1 / P) and posterior covariance C, exact for a normal posterior,
 * E_without(theta) = E(theta) + C_theta,b P (E(b) - m) / (1 - P C_bb).
 */
export function priorParts(fit: Fit): PriorPart[] {
  const { design, priors } = fit;
  const parts: PriorPart[] = [];
  const { mean, sd, mixtures } = priors.beta;
  design.columns.forEach(({ label }, c) => {
    if (!Number.isFinite(sd[c]!)) return;
    const mixture = mixtures?.[c];
    if (mixture?.distribution === 'horseshoe') return;
    const { draws, where } = priorCoefficient(fit, c);
    if (mixture) {
      const logRatios = (factor: number): Float64Array => {
        const wide = { ...mixture, scale: mixture.scale * factor };
        return draws.map((value) => logMixtureDensity(wide, value) - logMixtureDensity(mixture, value));
      };
      const text = scalePriorText(mixture);
      parts.push({ parameter: `beta[${label}]`, text, logRatios, relaxed: weighting(logRatios) });
      return;
    }
    parts.push(normalPart(`beta[${label}]`, `normal(${mean[c]}, ${sd[c]})${where}`, draws, mean[c]!, sd[c]!));
  });
  for (const { prior, columns } of horseshoes(priors.beta)) {
    const logRatios = horseshoeRatios(fit, prior, columns);
    const relaxed = weighting(logRatios);
    for (const c of columns) {
      parts.push({ parameter: `beta[${design.columns[c]!.label}]`, text: scalePriorText(prior), logRatios, relaxed });
    }
  }
  const scale = (parameter: string, prior: ScalePrior, { draws, where }: PriorQuantity): void => {
    const wider = widened(prior);
    if (wider === null) return;
    const logRatios = (factor: number): Float64Array => {
      const wide = wider(factor);
      return draws.map((value) => logScaleDensity(wide, value) - logScaleDensity(prior, value));
    };
    parts.push({ parameter, text: `${scalePriorText(prior)}${where}`, logRatios, relaxed: weighting(logRatios) });
  };
  design.groupTerms.forEach(({ factor, labels, blocks }, f) => {
    const pairs = correlationPairs(blocks);
    blocks.forEach((block, b) => {
      const prior = priors.groups[f]![b]!;
      const quantities = priorCovariance(fit, f, b);
      quantities.tau.forEach((quantity, k) => {
        scale(`tau_${factor}[${labels[block.start + k]}]`, marginalScalePrior(prior, block, k), quantity);
      });
      const exponent = correlationExponent(prior, block);
      const own = pairs.filter((pair) => pair.block === b);
      if (exponent === 0) return;
      own.forEach(({ first, second }, pair) => {
        const { draws, where } = quantities.corr[pair]!;
        const logPrior = draws.map((r) => exponent * Math.log1p(-Math.min(r * r, 1 - 1e-15)));
        parts.push({
          parameter: `corr_${factor}[${labels[first]},${labels[second]}]`,
          text: `proportional to (1 - r^2)^${exponent}${where}`,
          logRatios: null,
          relaxed: weighting((factor) => logPrior.map((value) => value / factor ** 2 - value)),
        });
      });
    });
  });
  const sigma = sigmaDraws(fit);
  if (priors.sigma && sigma) {
    const variable = variableOf(fit, 'sigma');
    scalarNames(variable).forEach((parameter, t) => {
      scale(parameter, priors.sigma!, design.residual ? sigmaAtMeans(fit, t) : { draws: sigma, where: '' });
    });
  }
  priors.residual?.delta.forEach(({ label, mean, sd }, k) => {
    const draws = scalarDraws(fit.draws, variableOf(fit, 'delta').offset + k);
    parts.push(normalPart(`delta[${label}]`, `normal(${mean}, ${sd})`, draws, mean, sd));
  });
  const { omega } = priors.residual ?? {};
  if (omega) {
    const draws = scalarDraws(fit.draws, variableOf(fit, omega.name).offset);
    scale(omega.name, omega.prior, { draws, where: '' });
  }
  return parts;
}

/** Of the coefficients that share a horseshoe, with its global scale times a factor; each factor once. */
function horseshoeRatios(
  fit: Fit,
  prior: HorseshoePrior,
  columns: readonly number[],
): (factor: number) => Float64Array {
  const draws = columns.map((c) => betaDraws(fit, c));
  const x = new Float64Array(columns.length);
  const made = new Map<number, Float64Array>();
  const logDensity = (factor: number): Float64Array => {
    const known = made.get(factor);
    if (known) return known;
    const density = horseshoeDensity({ ...prior, globalScale: prior.globalScale * factor }, columns.length);
    const values = draws[0]!.map((_, s) => {
      for (let j = 0; j < x.length; j++) x[j] = draws[j]![s]!;
      return density(x);
    });
    made.set(factor, values);
    return values;
  };
  return (factor) => {
    const own = logDensity(1);
    return logDensity(factor).map((value, s) => value - own[s]!);
  };
}

/** The sd (of an occasion) that sigma's prior is of where it depends on terms: that at the means of their columns. */
function sigmaAtMeans(fit: Fit, occasion: number): PriorQuantity {
  const placeAt = residualDraws(fit, residualModel(fit.design));
  const { offset } = variableOf(fit, 'sigma');
  const [first, own] = [0, occasion].map((t) => scalarDraws(fit.draws, offset + t));
  const draws = Float64Array.from({ length: drawCount(fit) }, (_, s) => (placeAt(s).unit * own![s]!) / first![s]!);
  return { draws, where: fit.design.residual?.sigma ? ' at the means of the columns of sigma' : '' };
}

/** A scale prior that is so many times wider; null where it has no width, or a wider one has other bounds. */
function widened(prior: ScalePrior): ((factor: number) => ScalePrior) | null {
  switch (prior.distribution) {
    case 'flat':
    case 'uniform':
      return null;
    case 'halfT':
    case 'halfCauchy':
    case 'halfNormal':
      return (factor) => ({ ...prior, scale: prior.scale * factor });
    case 'exponential':
      return (factor) => ({ ...prior, rate: prior.rate / factor });
    case 'inverseGamma':
      return (factor) => ({ ...prior, shape: prior.shape / factor, scale: prior.scale / factor });
  }
}

/**
 * Means under importance weights of the widest prior that they can carry, or of a narrower one where the change is not
 * three of its errors: the wider a prior, the fewer draws bear the weight. Weights are made once.
 */
function weighting(logRatios: (factor: number) => Float64Array): PriorPart['relaxed'] {
  const made = new Map<number, Float64Array | null>();
  const weightsOf = (factor: number): Float64Array | null => {
    const known = made.get(factor);
    if (known !== undefined) return known;
    const weights = carried(logRatios(factor));
    made.set(factor, weights);
    return weights;
  };
  return (draws, ess) => {
    const before = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    let widest: Relaxed | null = null;
    for (const factor of FACTORS) {
      const weights = weightsOf(factor);
      if (weights === null) continue;
      const mean = draws.reduce((sum, value, s) => sum + weights[s]! * value, 0);
      // The change is the sum of (w_s - 1 / S) (theta_s - mean), from as many independent terms as the draws are worth.
      const squares = draws.reduce(
        (sum, value, s) => sum + ((weights[s]! - 1 / draws.length) * (value - before)) ** 2,
        0,
      );
      const relaxed = { mean, error: Math.sqrt(squares * (draws.length / Math.max(1, ess))), factor };
      if (Math.abs(mean - before) > 3 * relaxed.error) return relaxed;
      widest ??= relaxed;
    }
    return widest;
  };
}

/** Smoothed weights of log ratios; null where a few draws would carry them. */
function carried(ratios: Float64Array): Float64Array | null {
  if (!ratios.every(Number.isFinite)) return null;
  const { logWeights, paretoK, ess } = psis(ratios);
  if (ess < LEAST_EFFICIENCY * ratios.length) return null;
  // Weights that are all but equal have no tail to fit.
  return ess > 0.99 * ratios.length || paretoK < FINITE_VARIANCE ? logWeights.map(Math.exp) : null;
}

function normalPart(parameter: string, text: string, own: Float64Array, location: number, sd: number): PriorPart {
  const log = (value: number, width: number): number => -0.5 * ((value - location) / width) ** 2;
  const logRatios = (factor: number): Float64Array => own.map((value) => log(value, sd * factor) - log(value, sd));
  const byWeights = weighting(logRatios);
  const S = own.length;
  const centre = own.reduce((sum, value) => sum + value, 0) / S;
  return {
    parameter,
    text,
    logRatios,
    relaxed(draws, ess) {
      const weighted = byWeights(draws, ess);
      if (weighted !== null && weighted.factor >= 3) return weighted;
      const mean = draws.reduce((sum, value) => sum + value, 0) / S;
      let covariance = 0;
      let variance = 0;
      for (let s = 0; s < S; s++) {
        covariance += ((draws[s]! - mean) * (own[s]! - centre)) / (S - 1);
        variance += (own[s]! - centre) ** 2 / (S - 1);
      }
      const left = 1 - variance / (sd * sd);
      // The variance is known to a share of sqrt(2 / ess); where less than four times that is left, nothing is said by
      // it.
      const error = Math.sqrt(2 / ess) * (1 - left);
      if (!(left > 4 * error)) return weighted;
      const change = (covariance * (centre - location)) / (sd * sd) / left;
      return { mean: mean + change, error: Math.abs(change) * (error / left), factor: Number.POSITIVE_INFINITY };
    },
  };
}
