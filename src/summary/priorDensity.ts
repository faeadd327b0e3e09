import { correlationPairs } from '../design/correlationPairs.ts';
import { ModelError } from '../errors.ts';
import { checkFit } from '../input/checkFit.ts';
import { quote } from '../input/quote.ts';
import type { Fit } from '../mcmc/fit.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { solveCombinations } from '../priors/coefficientCombinations.ts';
import { horseshoeDensity } from '../priors/horseshoeDensity.ts';
import { logMixtureDensity, type MixturePrior } from '../priors/mixturePrior.ts';
import { correlationExponent, marginalScalePrior } from '../priors/priorShape.ts';
import { logScaleDensity, type ScalePrior } from '../priors/priors.ts';
import { logGamma } from '../special/logGamma.ts';

/**
 * The prior density of one parameter of a fit (`beta[floor]`, `tau_county[Intercept]`, `corr_county[Intercept,floor]`,
 * `sigma`) at the values of a grid, normalised; of a horseshoe by quadrature, to some thousandths. Null where it is
 * flat, and where it has no such form: sds and correlations whose prior is about the means of the columns, an intercept
 * whose prior is at the centre of columns with other priors than normal ones, and degrees of freedom. Throws
 * `unknown-variable`.
 */
export function priorDensity(fit: Fit, parameter: string, grid: ArrayLike<number>): Float64Array | null {
  checkFit('priorDensity', fit, 'mcmc');
  const logDensity = logPrior(fit, parameter);
  return logDensity && Float64Array.from(grid, (value) => Math.exp(logDensity(value)));
}

type LogDensity = (value: number) => number;

function logPrior(fit: Fit, parameter: string): LogDensity | null {
  const variable = fit.draws.variables.find((each) => scalarNames(each).includes(parameter));
  if (variable === undefined || variable.name.startsWith('u_')) {
    const known = fit.draws.variables.map(({ name }) => name).filter((name) => !name.startsWith('u_'));
    throw new ModelError(
      'unknown-variable',
      parameter,
      `the fit has no parameter ${quote(parameter)} with a prior of its own; it has ${known.join(', ')}`,
    );
  }
  const at = scalarNames(variable).indexOf(parameter);
  if (variable.name === 'beta') return coefficientPrior(fit, at);
  if (variable.name === 'sigma') return fit.priors.sigma && scalePrior(fit.priors.sigma);
  const f = fit.design.groupTerms.findIndex(({ factor }) => variable.name.endsWith(`_${factor}`));
  if (f < 0) return null;
  const { blocks } = fit.design.groupTerms[f]!;
  const pair = variable.name.startsWith('corr_') ? correlationPairs(blocks)[at]! : null;
  const b = pair ? pair.block : blocks.findIndex(({ start, size }) => at >= start && at < start + size);
  const [block, prior] = [blocks[b]!, fit.priors.groups[f]![b]!];
  if (prior.kind === 'separation' && prior.about) return null;
  return pair
    ? correlationPrior(correlationExponent(prior, block))
    : scalePrior(marginalScalePrior(prior, block, at - block.start));
}

/**
 * Of (B beta) ~ N(m, diag(sd^2)), beta_c is normal: mean B^-1 m, variance the sum of (B^-1)_ck^2 sd_k^2. A mixture
 * stands by itself, and with others in a combination the density is none of these.
 */
function coefficientPrior({ priors, design }: Fit, c: number): LogDensity | null {
  const { mean, sd, combinations, mixtures } = priors.beta;
  const own = mixtures?.[c];
  if (own) return mixtureDensity(own);
  const centre = Float64Array.from(mean);
  solveCombinations(combinations, centre);
  let variance = 0;
  for (let k = 0; k < design.p; k += 1) {
    const column = new Float64Array(design.p);
    column[k] = 1;
    solveCombinations(combinations, column);
    if (column[c] !== 0 && mixtures?.[k]) return null;
    if (column[c] !== 0) variance += (column[c]! * sd[k]!) ** 2;
  }
  if (!Number.isFinite(variance)) return null;
  return (value) => -0.5 * ((value - centre[c]!) ** 2 / variance + Math.log(2 * Math.PI * variance));
}

function mixtureDensity(prior: MixturePrior): LogDensity {
  if (prior.distribution !== 'horseshoe') return (value) => logMixtureDensity(prior, value);
  const density = horseshoeDensity(prior, 1);
  return (value) => density(Float64Array.of(value));
}

/** (1 - r^2)^c on (-1, 1), over 2^(2c + 1) B(c + 1, c + 1). */
function correlationPrior(c: number): LogDensity {
  const norm = (2 * c + 1) * Math.LN2 + 2 * logGamma(c + 1) - logGamma(2 * c + 2);
  return (r) => (r <= -1 || r >= 1 ? (c === 0 ? -norm : Number.NEGATIVE_INFINITY) : c * Math.log1p(-r * r) - norm);
}

function scalePrior(prior: ScalePrior): LogDensity | null {
  const norm = logNorm(prior);
  return norm === null ? null : (sd) => (sd < 0 ? Number.NEGATIVE_INFINITY : logScaleDensity(prior, sd) - norm);
}

/** Log of the integral of `logScaleDensity` over sd > 0; null where there is none. */
function logNorm(prior: ScalePrior): number | null {
  switch (prior.distribution) {
    case 'flat':
      return null;
    case 'halfT': {
      const { df, scale } = prior;
      return Math.log(scale / 2) + 0.5 * Math.log(df * Math.PI) + logGamma(df / 2) - logGamma((df + 1) / 2);
    }
    case 'halfCauchy':
      return Math.log((prior.scale * Math.PI) / 2);
    case 'halfNormal':
      return Math.log(prior.scale) + 0.5 * Math.log(Math.PI / 2);
    case 'exponential':
      return -Math.log(prior.rate);
    case 'uniform':
      return Math.log(prior.high - prior.low);
    case 'inverseGamma':
      return prior.shape > 0 && prior.scale > 0
        ? logGamma(prior.shape) - prior.shape * Math.log(prior.scale) - Math.LN2
        : null;
  }
}
