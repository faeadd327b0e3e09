import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { logScaleDensity, type ScalePrior } from '../../priors/priors.ts';
import { type CrossProducts, gather, residualSumOfSquares } from '../../products/crossProducts.ts';
import { slice } from '../../proposals/slice.ts';
import { inverseGamma } from '../../random/inverseGamma.ts';
import type { Kernel } from '../kernel.ts';

/**
 * Draws sigma given u and beta: sigma^-n exp(-rss / (2 sigma^2)) p(sigma), rss from the cross-products (no pass over
 * the rows). Inverse gamma by conjugacy: sigma^2 ~ IG(shape + n/2, scale + rss/2); every other prior by a slice step on
 * log sigma.
 */
export function residualScaleKernel(design: Design, products: CrossProducts, prior: ScalePrior): Kernel {
  const uNames = design.groupTerms.map((term) => `u_${term.factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  const x = new Float64Array(products.size);
  const { n } = products;
  let rss = 0;
  const logDensity = (t: number): number => {
    const sigma = exp(t);
    return (1 - n) * t - (0.5 * rss) / (sigma * sigma) + logScaleDensity(prior, sigma);
  };
  return {
    name: 'residualScale',
    updates: ['sigma'],
    why:
      prior.distribution === 'inverseGamma' ? 'sigma^2 by conjugacy' : 'slice sampling of sigma given the coefficients',
    stats: [],
    init() {},
    step(state, rng) {
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      gather(products, views, state.at['beta']!, x);
      rss = Math.max(0, residualSumOfSquares(products, x));
      const sigma = state.at['sigma']!;
      if (prior.distribution === 'inverseGamma') {
        sigma[0] = Math.sqrt(inverseGamma(prior.shape + 0.5 * n, prior.scale + 0.5 * rss, rng));
      } else {
        // A bracket of two posterior sds of log sigma.
        sigma[0] = exp(slice(logDensity, log(sigma[0]!), Math.sqrt(2 / n), rng));
      }
    },
  };
}
