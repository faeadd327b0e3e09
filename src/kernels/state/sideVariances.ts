import { log } from '../../elementary.ts';
import { type IndependentMixture, mixtureLocation } from '../../priors/mixturePrior.ts';
import type { CoefficientPriors } from '../../priors/priors.ts';
import { inverseGamma } from '../../random/inverseGamma.ts';
import { inverseGaussian } from '../../random/inverseGaussian.ts';
import type { Rng } from '../../random/rng.ts';
import { logGamma } from '../../special/logGamma.ts';

/** A normalised distribution of the variance v of a coefficient whose prior is a scale mixture of normals. */
interface VarianceDistribution {
  draw(rng: Rng): number;
  /** Log density at v > 0. */
  logDensity(v: number): number;
}

/** Scales from the location within which the prior itself says more of v than the coefficient does. */
const NEAR = 3;

/** Proposals of the variances v (p) of coefficients with mixture priors, one about each side of the posterior. */
export interface SideVariances {
  /** Draws v from the proposal about side s; variances of normal priors stay. */
  draw(s: number, rng: Rng, v: Float64Array): void;
  /** Log density of that at v. */
  logDensity(s: number, v: Float64Array): number;
  /**
   * Log of the priors' density at v, and of prod_k v_k^(-1/2), the factor of the normal priors given v that a density
   * of the coefficients leaves out where their variances are fixed.
   */
  logPrior(v: Float64Array): number;
}

/** Of priors whose sides are known (`mixtureSides`), none of them a horseshoe. */
export function sideVariances({ mixtures, sides }: CoefficientPriors): SideVariances {
  const each = (mixtures ?? []).flatMap((mixture, k) => {
    if (!mixture || mixture.distribution === 'horseshoe') return [];
    const location = mixtureLocation(mixture);
    const own = sides!.map(({ mean }) => sideVariance(mixture, Math.abs(mean[k]! - location)));
    return [{ k, prior: variancePrior(mixture), own }];
  });
  return {
    draw(s, rng, v) {
      for (const { k, own } of each) v[k] = own[s]!.draw(rng);
    },
    logDensity(s, v) {
      let sum = 0;
      for (const { k, own } of each) sum += own[s]!.logDensity(v[k]!);
      return sum;
    },
    logPrior(v) {
      let sum = 0;
      for (const { k, prior } of each) sum += prior.logDensity(v[k]!) - 0.5 * log(v[k]!);
      return sum;
    },
  };
}

/** The prior of v (see `MixturePrior`): x ~ N(location, v). */
function variancePrior(prior: IndependentMixture): VarianceDistribution {
  const { scale } = prior;
  if (prior.distribution === 'laplace') {
    const rate = 0.5 / (scale * scale);
    return { draw: (rng) => -log(rng.uniform()) / rate, logDensity: (v) => log(rate) - rate * v };
  }
  const df = degrees(prior);
  return ofInverseGamma(0.5 * df, 0.5 * df * scale * scale);
}

/**
 * A proposal of v on a side of the posterior where the coefficient is `distance` from the location: v given the
 * coefficient (inverse gamma, or 1 / v inverse Gaussian), or near the location, where a coefficient the data hardly
 * tell follows its prior, the prior of v.
 */
function sideVariance(prior: IndependentMixture, distance: number): VarianceDistribution {
  const { scale } = prior;
  if (distance < NEAR * scale) return variancePrior(prior);
  if (prior.distribution !== 'laplace') {
    const df = degrees(prior);
    return ofInverseGamma(0.5 * (df + 1), 0.5 * (df * scale * scale + distance * distance));
  }
  const mean = 1 / (scale * distance);
  const shape = 1 / (scale * scale);
  return {
    draw: (rng) => 1 / inverseGaussian(mean, shape, rng),
    logDensity(v) {
      // The inverse Gaussian density at 1 / v, times dw / dv = v^-2.
      const off = 1 / v - mean;
      return 0.5 * log(shape / (2 * Math.PI * v)) - (0.5 * shape * off * off * v) / (mean * mean);
    },
  };
}

function degrees(prior: Exclude<IndependentMixture, { readonly distribution: 'laplace' }>): number {
  return prior.distribution === 'cauchy' ? 1 : prior.df;
}

function ofInverseGamma(shape: number, scale: number): VarianceDistribution {
  const constant = shape * log(scale) - logGamma(shape);
  return {
    draw: (rng) => inverseGamma(shape, scale, rng),
    logDensity: (v) => constant - (shape + 1) * log(v) - scale / v,
  };
}
