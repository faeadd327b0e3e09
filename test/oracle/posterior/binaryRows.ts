import type { Rng } from '../../../src/random/rng.ts';
import type { Augmentation } from './augmentedPosterior.ts';
import type { CoefficientFrame } from './coefficientFrame.ts';
import type { PosteriorModel } from './posteriorModel.ts';

/**
 * Logit rows by Polya-Gamma variables (Polson, Scott & Windle 2013), probit rows by truncated normal ones (Albert &
 * Chib 1993). Slow where rows say little, but exact, and no draw of a coefficient depends on a normal approximation,
 * which a response that splits its groups makes poor.
 */
export function binaryRows(model: PosteriorModel, _frame: CoefficientFrame, rng: Rng): Augmentation {
  const { y, trials, family } = model;
  const weights = new Float64Array(y.length).fill(family === 'binomialLogit' ? 0.25 : 1);
  const response = Float64Array.from(y, (value, i) => 4 * (value - trials[i]! / 2));
  return {
    weights,
    response,
    update(eta) {
      for (let i = 0; i < y.length; i += 1) {
        if (family === 'binomialLogit') {
          weights[i] = polyaGamma(trials[i]!, eta[i]!, rng);
          response[i] = (y[i]! - trials[i]! / 2) / weights[i]!;
        } else response[i] = y[i]! > 0 ? eta[i]! + above(-eta[i]!, rng) : eta[i]! - above(eta[i]!, rng);
      }
    },
    own: () => [],
  };
}

/** Terms of the sum below; the rest is replaced by its mean, whose sd is below 1e-4 of the whole's. */
const TERMS = 80;

/** PG(m, eta) = sum_k g_k / (2 pi^2 ((k - 1/2)^2 + eta^2 / (4 pi^2))), g_k ~ gamma(m, 1). */
function polyaGamma(m: number, eta: number, rng: Rng): number {
  const shift = (eta / (2 * Math.PI)) ** 2;
  let sum = 0;
  let expected = 0;
  for (let k = 1; k <= TERMS; k += 1) {
    const term = 1 / ((k - 0.5) ** 2 + shift);
    expected += term;
    sum += term * rng.gamma(m, 1);
  }
  // The sum over all k is pi tanh(eta / 2) / (2 sqrt(shift)).
  const root = Math.sqrt(shift);
  const whole = root > 1e-6 ? (Math.PI * Math.tanh(Math.PI * root)) / (2 * root) : Math.PI ** 2 / 2;
  return (sum + m * Math.max(0, whole - expected)) / (2 * Math.PI ** 2);
}

/**
 * A standard normal given that it is above `low`: by rejection from the normal, or from an exponential (Robert 1995).
 */
function above(low: number, rng: Rng): number {
  if (low < 0.4) {
    for (;;) {
      const z = rng.normal();
      if (z > low) return z;
    }
  }
  const rate = (low + Math.sqrt(low * low + 4)) / 2;
  for (;;) {
    const z = low - Math.log(1 - rng.uniform()) / rate;
    if (Math.log(1 - rng.uniform()) < -0.5 * (z - rate) ** 2) return z;
  }
}
