import type { Finding } from '../../../diagnostics/finding.ts';
import { familyOf } from '../../families/familyOf.ts';
import { arrowMarginalLikelihood } from '../../kernels/marginal/arrowMarginalLikelihood.ts';
import { covarianceModes, logScaleDensity } from '../../kernels/marginal/covarianceModes.ts';
import { affordableShare } from '../../kernels/marginal/factorCost.ts';
import { marginalTarget } from '../../kernels/marginal/marginalTarget.ts';
import { typicalScales } from '../../kernels/marginal/typicalScales.ts';
import { covarianceParameters, LARGEST_MARGINAL } from '../../kernels/modelSetting.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { toTheEnd } from '../../pausing.ts';
import { movingModel } from '../../priors/movingModel.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../products/crossProducts.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { curvatureFactor } from '../../proposals/curvatureFactor.ts';
import { createRng } from '../../random/rng.ts';
import { drawCount } from '../groupDraws.ts';
import { drawnPoints, estimatedPoint, pointsOfFit } from './knownPoints.ts';
import { describePlace, distance, joined, logVolume, missedMode, spreadOf } from './places.ts';

/** Draws whose density is evaluated. */
const DRAWS = 200;
/** Of these, how many of the nearest to a mode are joined to it by a line. */
const NEAREST = 8;
/** A mode is a finding where its mass is at least this share of that of the draws. */
const LEAST_SHARE = 0.01;

/**
 * Modes of the posterior that no chain visited, of a Gaussian model: that of the REML estimate `reml` (null where there
 * is none) and those that a search from many starts finds are compared with the draws, in the logs of the sds relative
 * to sigma and atanh of the partial correlations, coefficients and sigma integrated out. A mode was visited where the
 * density does not fall on the way to it from one of the draws nearest to it. Its mass is that of a normal density of
 * its height and curvature, that of the draws one of their best height and their covariance; a mode with less than a
 * hundredth of it is left out.
 *
 * Chains that share one proposal, or one side of a valley, agree with each other: R-hat does not see what all of them
 * missed. It compares only what it can find: a mode that the search misses too is not reported. Models of the other
 * families are looked at by `missedPlaces`.
 */
export function missedModes(fit: Fit, reml: MaximumLikelihoodFit | null): Finding[] {
  const { design, priors } = fit;
  // A density with coefficients integrated out is of normal priors.
  if (priors.beta.mixtures) return [];
  if (design.residual || familyOf(design).conjugate !== 'normal' || design.groupTerms.length === 0) return [];
  // As in the rules of kernels.
  if (covarianceParameters(design) > LARGEST_MARGINAL) return [];
  const { design: moving, priors: moved, blocks } = movingModel(design, priors);
  const products = crossProducts(moving, priors.beta);
  const share = affordableShare(products.pattern);
  if (share < 1) return [];
  const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, priors.beta), products.n);
  const target = marginalTarget(likelihood, moving.groupTerms, moved.groups, priors.sigma);
  const { d, q } = target;
  const typical = new Float64Array(d);
  typical.set(typicalScales(moving, rowWeights(moving)));
  const point = pointsOfFit(fit, blocks, typical);
  target.calibrate(typical);
  target.integrate(true);
  const place = new Float64Array(d);
  const density = logScaleDensity(target);
  const heightOf = (z: Float64Array): number => density(z, place);
  const toLog = (phi: Float64Array): Float64Array => phi.map((v, k) => (k < q ? Math.log(v) : v));

  const step = Math.max(1, Math.floor(drawCount(fit) / DRAWS));
  const drawn = drawnPoints(fit, point, step).map(({ phi }) => {
    const z = toLog(phi);
    return { z, height: heightOf(z) };
  });
  const best = drawn.reduce((a, b) => (b.height > a.height ? b : a));
  const starts: Float64Array[] = [typical];
  const estimate = estimatedPoint(reml, point);
  if (estimate) starts.push(estimate.phi);
  const modes = toTheEnd(covarianceModes(target, starts, share, createRng([7]), !searchedBefore(fit)));
  const mass = best.height + logVolume(spreadOf(drawn.map(({ z }) => z)), d);
  return modes.flatMap((mode): Finding[] => {
    const z = toLog(mode.phi);
    if (!(best.height > -Infinity) || !Number.isFinite(mode.logMarginal)) return [];
    const nearest = [...drawn].sort((a, b) => distance(a.z, z) - distance(b.z, z)).slice(0, NEAREST);
    if (nearest.some((draw) => joined(heightOf, draw, { z, height: mode.logMarginal }))) return [];
    const own = mode.logMarginal + logVolume(curvatureFactor(heightOf, z, 0), d);
    if (!(own - mass > Math.log(LEAST_SHARE))) return [];
    const sds = describePlace(fit, point.back(mode.phi, mode.sigma), mode.sigma);
    return [missedMode(sds, mode.logMarginal, best.height)];
  });
}

/** Whether the kernel of the fit searched everywhere itself before it sampled. */
function searchedBefore(fit: Fit): boolean {
  return fit.sampling.kernels.some(({ name }) => name === 'marginalCovariance');
}
