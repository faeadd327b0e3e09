import type { CrossProducts } from '../design/crossProducts.ts';
import type { Design } from '../design/design.ts';
import { exactFit } from '../design/exactFit.ts';
import { ModelError } from '../errors.ts';
import { isContinuous } from '../graph/nodes.ts';
import type { Priors } from '../kernels/priors.ts';

/**
 * Throws `residual-scale` where the responses are fitted exactly and the prior of sigma does not vanish at 0: as sigma goes to 0 the likelihood grows like
 * sigma^-(n - columns), so that the posterior has no finite integral.
 */
export function checkProperSigma(design: Design, products: CrossProducts, { sigma }: Priors): void {
  if (!sigma || !isContinuous(design.response.family)) return;
  if (sigma.distribution === 'inverseGamma' && sigma.scale > 0) return;
  const found = exactFit(design, products);
  if (found === null) return;
  const { label, family } = design.response;
  const known = family === 'gaussian' ? `give known standard errors as ${label} | se(...), or sigma` : 'give sigma';
  throw new ModelError(
    'residual-scale',
    label,
    `${label} ${found}, so that the posterior of sigma piles up at 0 without a finite integral; ${known} a prior that is 0 at 0, inverse_gamma(shape, scale)`,
  );
}
