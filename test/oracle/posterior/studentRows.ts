import type { Rng } from '../../../src/random/rng.ts';
import type { Augmentation } from './augmentedPosterior.ts';
import type { CoefficientFrame } from './coefficientFrame.ts';
import { logDegreesDensity } from './degreesDensity.ts';
import { variableNames } from './posteriorDensity.ts';
import type { PosteriorModel } from './posteriorModel.ts';

/** Names of what the chains of a Student-t model record, in their order. */
export function studentNames(model: PosteriorModel): string[] {
  return [...variableNames(model, false), ...(typeof model.nu === 'number' ? [] : ['nu'])];
}

/**
 * Student-t rows as a scale mixture of normals, y_i ~ N(eta_i, sigma^2 / (w_i lambda_i)), lambda_i ~ gamma(nu/2, nu/2):
 * nu given the coefficients with lambda integrated out, then lambda.
 */
export function studentRows(model: PosteriorModel, _frame: CoefficientFrame, rng: Rng): Augmentation {
  const n = model.y.length;
  const prior = model.nu!;
  let nu = typeof prior === 'number' ? prior : 2 + 20 * rng.uniform();
  const weights = Float64Array.from(model.weights);
  return {
    weights,
    response: Float64Array.from(model.y),
    update(eta, sigma) {
      const square = (i: number) => (model.weights[i]! * (model.y[i]! - eta[i]!) ** 2) / (sigma * sigma);
      if (typeof prior !== 'number') {
        const height = (value: number): number => {
          let sum = logDegreesDensity(prior, value) + Math.log(value - 1);
          for (let i = 0; i < n; i += 1) {
            sum +=
              logGamma((value + 1) / 2) -
              logGamma(value / 2) -
              0.5 * Math.log(value) -
              ((value + 1) / 2) * Math.log1p(square(i) / value);
          }
          return sum;
        };
        for (const size of [0.3, 1, 2]) {
          const next = 1 + (nu - 1) * Math.exp(size * rng.normal());
          if (Math.log(rng.uniform()) < height(next) - height(nu)) nu = next;
        }
      }
      for (let i = 0; i < n; i += 1) {
        weights[i] = model.weights[i]! * rng.gamma((nu + 1) / 2, (nu + square(i)) / 2);
      }
    },
    own: () => (typeof prior === 'number' ? [] : [nu]),
  };
}

/** log Gamma(x), x > 0: Stirling's series after moving x above 10. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at += 1) shift += Math.log(at);
  const inverse = 1 / (at * at);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.9189385332046727 + series - shift;
}
