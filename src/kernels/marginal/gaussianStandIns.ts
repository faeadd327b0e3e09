import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import { identity } from '../../linalg/smallMatrix.ts';
import { type CoefficientPriors, logScaleDensity, type MovingPriors } from '../../priors/priors.ts';
import { responseSpread } from '../../priors/responseSpread.ts';
import { type SolveGiven, withStandIns } from '../../priors/standIns.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { toUser } from '../../products/coordinates.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { arrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';

/** Group-level sds over sigma. */
const RELATIVE = 0.5;
/** log sigma is looked for from the spread of the response down, in so many steps of so much, then between two. */
const STEPS = 40;
const STEP = 0.5;
const FINER = 8;

/** The priors of coefficients with stand-ins for mixtures (`withStandIns`), of normal or Student-t rows. */
export function gaussianStandIns(design: Design, products: CrossProducts, priors: MovingPriors): CoefficientPriors {
  return priors.beta.mixtures ? withStandIns(priors.beta, gaussianGiven(design, products, priors)) : priors.beta;
}

/**
 * Coefficients of normal or Student-t rows given the variances of their priors, from the cross-products: integrated out
 * at group-level sds of half of sigma, sigma where that is most likely under its prior.
 */
export function gaussianGiven(
  design: Design,
  products: CrossProducts,
  { beta, sigma: ofSigma }: MovingPriors,
): SolveGiven {
  const { p, size, reference, coordinates, knownScale, n } = products;
  const prior = workingCoefficientPrior(products, beta);
  const likelihood = arrowMarginalLikelihood(products, prior, n);
  const Lambda = design.groupTerms.map(({ q }) => identity(q, RELATIVE));
  const top = knownScale ? 0 : log(responseSpread(design)) + 1;
  const x = new Float64Array(size);
  return (variance, mean) => {
    prior.setVariances!(variance);
    likelihood.evaluate(Lambda);
    const heightAt = (sigma: number): number => {
      likelihood.solve(sigma);
      const height =
        -likelihood.degreesOfFreedom * log(sigma) -
        0.5 * (likelihood.logDeterminantK() + likelihood.logDeterminantP() + likelihood.rss() / (sigma * sigma));
      if (!Number.isFinite(height)) return -Infinity;
      return height + (knownScale || ofSigma === null ? 0 : logScaleDensity(ofSigma, sigma));
    };
    let highest = -Infinity;
    let best = top;
    const look = (t: number): void => {
      const height = heightAt(exp(t));
      if (height > highest) [highest, best] = [height, t];
    };
    for (let step = 0; step < (knownScale ? 1 : STEPS); step += 1) look(top - step * STEP);
    if (!(highest > -Infinity)) return highest;
    for (let step = knownScale ? 0 : 0.5 * STEP; step > STEP / 2 ** FINER; step /= 2) {
      const middle = best;
      look(middle - step);
      look(middle + step);
    }
    heightAt(exp(best));
    x.set(likelihood.side);
    backwardSolveArrow(likelihood.arrow, x);
    const first = size - p;
    for (let k = 0; k < p; k += 1) mean[k] = x[first + k]! + reference[first + k]!;
    toUser(coordinates.beta, mean);
    return highest;
  };
}
