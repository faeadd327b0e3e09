import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import type { CoefficientPriors, MovingPriors } from '../../priors/priors.ts';
import { responseSpread } from '../../priors/responseSpread.ts';
import { withStandIns } from '../../priors/standIns.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { toUser } from '../../products/coordinates.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { arrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';

/** Group-level sds over sigma. */
const RELATIVE = 0.5;
/** log sigma is looked for from the spread of the response down, in so many steps of so much. */
const STEPS = 40;
const STEP = 0.5;

/**
 * The priors of coefficients with stand-ins for mixtures (`withStandIns`), of normal or Student-t rows: coefficients
 * are integrated out at group-level sds of half of sigma, sigma where that is most likely. From the cross-products.
 */
export function gaussianStandIns(design: Design, products: CrossProducts, { beta }: MovingPriors): CoefficientPriors {
  if (!beta.mixtures) return beta;
  const { p, size, reference, coordinates, knownScale, n } = products;
  const prior = workingCoefficientPrior(products, beta);
  const likelihood = arrowMarginalLikelihood(products, prior, n);
  const Lambda = design.groupTerms.map(({ q }) =>
    Float64Array.from({ length: q * q }, (_, at) => (Math.floor(at / q) === at % q ? RELATIVE : 0)),
  );
  const top = knownScale ? 0 : log(responseSpread(design)) + 1;
  const x = new Float64Array(size);
  return withStandIns(beta, (variance, mean) => {
    prior.setVariances!(variance);
    likelihood.evaluate(Lambda);
    const given = variance.reduce((sum, v) => (v < Infinity ? sum - 0.5 * log(v) : sum), 0);
    const heightAt = (sigma: number): number => {
      likelihood.solve(sigma);
      const height =
        -likelihood.degreesOfFreedom * log(sigma) -
        0.5 * (likelihood.logDeterminantK() + likelihood.logDeterminantP() + likelihood.rss() / (sigma * sigma));
      return Number.isFinite(height) ? height + given : -Infinity;
    };
    let highest = -Infinity;
    let best = 1;
    for (let step = 0; step < (knownScale ? 1 : STEPS); step += 1) {
      const sigma = exp(top - step * STEP);
      const height = heightAt(sigma);
      if (height > highest) [highest, best] = [height, sigma];
    }
    if (!(highest > -Infinity)) return highest;
    heightAt(best);
    x.set(likelihood.side);
    backwardSolveArrow(likelihood.arrow, x);
    const first = size - p;
    for (let k = 0; k < p; k += 1) mean[k] = x[first + k]! + reference[first + k]!;
    toUser(coordinates.beta, mean);
    return highest;
  });
}
