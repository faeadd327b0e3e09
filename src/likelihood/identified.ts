import type { Design } from '../design/design.ts';
import { levelObservations, observations } from '../design/observations.ts';
import { ModelError } from '../errors.ts';
import type { ProductsOfRows } from '../products/crossProducts.ts';
import { exactFit } from '../products/exactFit.ts';
import type { ProfiledDeviance } from './gaussian/profiledDeviance.ts';
import type { LikelihoodMethod } from './maximumLikelihoodFit.ts';
import type { ThetaEstimate } from './search/estimateTheta.ts';

/** In search coordinates, where columns have mean square 1, an sd this many times sigma leaves sigma no digits. */
const LARGEST = 1e9;

/**
 * Throws a ModelError, before anything is optimised, where the criterion is flat by design: a varying intercept whose
 * groups have one row each beside an unknown sigma; REML without residual degrees of freedom.
 */
export function checkIdentified(design: Design, method: LikelihoodMethod): void {
  const { p, response } = design;
  const n = observations(design);
  if (n <= p && (method === 'REML' || response.standardErrors === null)) {
    throw new ModelError(
      'too-few-rows',
      response.label,
      `${response.label} has ${n} rows for ${p} population-level coefficients; ${method} needs more rows than coefficients`,
    );
  }
  if (response.standardErrors !== null || response.weights !== null) return;
  for (const term of design.groupTerms) {
    const { factor, labels, J } = term;
    if (!labels.includes('Intercept') || Array.from(levelObservations(design, term)).some((count) => count > 1))
      continue;
    throw new ModelError(
      'not-identified',
      factor,
      `every one of the ${J} levels of "${factor}" has one row, so that the sd among levels and the residual sd cannot be told apart; give groups of two rows or more, or known standard errors as ${response.label} | se(...)`,
    );
  }
}

/**
 * Throws a ModelError where the responses are fitted exactly, so that the criterion grows without bound as sigma goes
 * to 0.
 */
export function checkExactFit(design: Design, products: ProductsOfRows, method: LikelihoodMethod): void {
  const found = exactFit(design, products);
  if (found === null) return;
  const { label } = design.response;
  throw new ModelError(
    'residual-scale',
    label,
    `${label} ${found}: the residual sd is 0 to working precision, and no ${method} fit exists`,
  );
}

/** A change of the criterion that is none, over a factor of 4 in sds that are 1e4 times sigma. */
const LEVEL = 1e-3;

/**
 * Throws a ModelError where the criterion improves, or stays as good, all the way to a residual sd of 0, so that it has
 * no optimum and nothing can be stated relative to sigma. `alongSigma` is whether sigma is one of the parameters of a
 * flat direction.
 */
export function checkResidualScale(
  design: Design,
  products: Pick<ProductsOfRows, 'knownScale'>,
  profiled: Pick<ProfiledDeviance, 'method' | 'sigma2'>,
  estimate: ThetaEstimate,
  alongSigma: boolean,
): void {
  const label = design.response.label;
  if (!Number.isFinite(estimate.deviance)) {
    throw new ModelError(
      'no-optimum',
      label,
      `the ${profiled.method} criterion of ${label} is not finite at any covariance that was tried; X'V^-1 X is singular to working precision`,
    );
  }
  if (products.knownScale) return;
  // Rounding alone leaves about 1e-16 of the response's length in every residual.
  const size = design.response.y.reduce((sum, y) => sum + y * y, 0) / design.n;
  const vanished = !(profiled.sigma2() > 1e-29 * size) || estimate.largest > LARGEST;
  // Along a flat direction the criterion gains nothing on the way to sigma = 0; without one, levelling off is no
  // optimum.
  const gained = estimate.ahead !== null && estimate.ahead > (alongSigma ? LEVEL : -LEVEL);
  if (!vanished && !gained) return;
  throw new ModelError(
    'residual-scale',
    label,
    `the ${profiled.method} criterion of ${label} keeps improving as the residual sd goes to 0: the columns and group terms of the model fit every row to working precision, which leaves nothing to estimate it from, and no ${profiled.method} estimate exists; leave out a group term, or give known standard errors as ${label} | se(...)`,
  );
}
