import { exp, log } from '../../elementary.ts';
import { logGammaHalf, mixingWeight } from '../../families/studentT.ts';
import { LEAST, logParameterDensity, type ParameterPrior } from '../../priors/parameterPrior.ts';
import { logScaleDensity, type ScalePrior } from '../../priors/priors.ts';
import { slice } from '../../proposals/slice.ts';
import type { Rng } from '../../random/rng.ts';

/** Scale and degrees of freedom of Student-t residuals. */
export interface ResidualTails {
  sigma: number;
  nu: number;
}

/** Draws of (sigma, nu) given the residuals, their mixing variables integrated out. */
export interface ResidualTailsStep {
  /**
   * log p(sigma, nu | residuals) up to a constant, with respect to d log sigma d log nu; of log sigma alone where nu is
   * known.
   */
  logDensity(square: Float64Array, tails: ResidualTails): number;
  /** One transition, in place: `square` (length n) holds w_i e_i^2. Allocates nothing. */
  step(square: Float64Array, tails: ResidualTails, rng: Rng): void;
}

/** A product of factors of 1 or more is turned into its logarithm before it could overflow. */
const LARGEST_PRODUCT = 1e200;

/** sum_i log(1 + square_i / scale): one logarithm for many rows. */
function sumLog1p(square: Float64Array, scale: number): number {
  let sum = 0;
  const inverse = 1 / scale;
  let product = 1;
  for (let i = 0; i < square.length; i += 1) {
    const factor = 1 + square[i]! * inverse;
    if (factor > 1e100) {
      sum += log(factor);
      continue;
    }
    product *= factor;
    if (product > LARGEST_PRODUCT) {
      sum += log(product);
      product = 1;
    }
  }
  return sum + log(product);
}

/**
 * Slice steps of the t likelihood itself, prod_i t_nu(e_i / sigma) / sigma, times the priors: of log nu with sigma (nu
 * + 1) / nu kept, and of log sigma with nu kept. The first moves along the ridge: the Fisher information of (log sigma,
 * nu) (Lange, Little & Taylor 1989, appendix B) has
 * -I_12 / I_11 = 1 / (nu (nu + 1)), so that sigma (nu + 1) / nu and nu are orthogonal. `prior` of nu is absent where nu
 * is known.
 */
export function residualTailsStep(
  n: number,
  sigmaPrior: ScalePrior,
  prior: ParameterPrior | undefined,
): ResidualTailsStep {
  const nuWidth = Math.max(0.1, Math.min(1, 8 / Math.sqrt(n)));
  const sigmaWidth = Math.min(1, 2 / Math.sqrt(n));
  let rows: Float64Array = new Float64Array(0);
  let kept = 0;

  const logJoint = (sigma: number, nu: number): number => {
    const priors = logScaleDensity(sigmaPrior, sigma) + (prior ? logParameterDensity(prior, LEAST.nu, nu) : 0);
    if (priors === -Infinity) return priors;
    const constant = n * (logGammaHalf(0.5 * nu) - log(sigma));
    return priors + constant - 0.5 * (nu + 1) * sumLog1p(rows, nu * sigma * sigma);
  };
  const alongRidge = (t: number): number => {
    const nu = exp(t);
    const share = nu / (nu + 1);
    return logJoint(kept * share, nu) + t + log(share);
  };
  const acrossRidge = (t: number): number => logJoint(exp(t), kept) + t;

  return {
    logDensity(square, { sigma, nu }) {
      rows = square;
      const value = logJoint(sigma, nu) + log(sigma) + (prior ? log(nu) : 0);
      return Number.isNaN(value) ? -Infinity : value;
    },
    step(square, tails, rng) {
      rows = square;
      if (prior) {
        kept = (tails.sigma * (tails.nu + 1)) / tails.nu;
        tails.nu = exp(slice(alongRidge, log(tails.nu), nuWidth, rng));
        tails.sigma = (kept * tails.nu) / (tails.nu + 1);
      }
      kept = tails.nu;
      tails.sigma = exp(slice(acrossRidge, log(tails.sigma), sigmaWidth, rng));
    },
  };
}

/**
 * A draw of lambda_i w_i of every row, lambda_i ~ Gamma((nu + 1) / 2, (nu + w_i e_i^2 / sigma^2) / 2), to `out`.
 * Allocates nothing.
 */
export function drawMixing(
  square: Float64Array,
  weight: Float64Array,
  { sigma, nu }: ResidualTails,
  rng: Rng,
  out: Float64Array,
): void {
  const shape = 0.5 * (nu + 1);
  const scale = 1 / (sigma * sigma);
  for (let i = 0; i < out.length; i += 1) {
    out[i] = weight[i]! * rng.gamma(shape, 0.5 * (nu + square[i]! * scale));
  }
}

/** E(lambda_i | e_i) w_i of every row, to `out`. */
export function expectedMixing(
  square: Float64Array,
  weight: Float64Array,
  { sigma, nu }: ResidualTails,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i += 1) out[i] = weight[i]! * mixingWeight(square[i]! / (sigma * sigma), nu);
}
