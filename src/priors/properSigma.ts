import type { Design } from '../design/design.ts';
import { observations } from '../design/observations.ts';
import { ModelError } from '../errors.ts';
import { familyOf } from '../families/familyOf.ts';
import type { CrossProducts } from '../products/crossProducts.ts';
import type { MovingPriors } from './priors.ts';
import { residualScaleExponent } from './residualScaleExponent.ts';

/** Sds named in a message, of more the first ones. */
const NAMED = 4;

/**
 * Throws `residual-scale` where the responses are fitted exactly and the prior of sigma does not vanish fast enough at
 * 0: the posterior, of the order sigma^(exponent - 1) there, has no finite integral with an exponent of 0 or less
 * (`residualScaleExponent`). Design and priors are those in the coordinates that chains move in, of which the products
 * are.
 */
export function checkProperSigma(design: Design, products: CrossProducts, priors: MovingPriors): void {
  const { label, y, offset } = design.response;
  if (!priors.sigma) return;
  const { exponent, dropped, rank } = residualScaleExponent(design, products, priors);
  if (exponent > 0) return;
  const constant = offset === null && y.every((value) => value === y[0]);
  const found = constant ? `is ${y[0]} in every row` : 'is fitted exactly by the columns of the model';
  const named = dropped.slice(0, NAMED).join(', ') + (dropped.length > NAMED ? ' and others' : '');
  const together = dropped.length > 0 ? ` together with ${named}` : '';
  const known =
    familyOf(design).words.noStandardError === null
      ? `give known standard errors as ${label} | se(...), or sigma`
      : 'give sigma';
  throw new ModelError(
    'residual-scale',
    label,
    `${label} ${found} (${observations(design)} rows, ${rank} independent column${rank === 1 ? '' : 's'}), so that the posterior of sigma piles up at 0${together} without a finite integral: it goes ` +
      `like sigma^${Number((exponent - 1).toPrecision(3))} there; ${known} a prior that is 0 at 0, inverse_gamma(shape, scale)`,
  );
}
