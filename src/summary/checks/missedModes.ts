import { type Finding, number } from '../../../diagnostics/finding.ts';
import { arrowMarginalLikelihood } from '../../kernels/marginal/arrowMarginalLikelihood.ts';
import { covarianceModes, logScaleDensity } from '../../kernels/marginal/covarianceModes.ts';
import { affordableShare } from '../../kernels/marginal/factorCost.ts';
import { marginalTarget } from '../../kernels/marginal/marginalTarget.ts';
import { typicalScales } from '../../kernels/marginal/typicalScales.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { toTheEnd } from '../../pausing.ts';
import { movingBlocks, movingPriors } from '../../priors/movingPriors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../products/crossProducts.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { standardisation, standardisedDesign } from '../../products/standardisedDesign.ts';
import { curvatureFactor } from '../../proposals/curvatureFactor.ts';
import { createRng } from '../../random/rng.ts';
import { drawCount, groupDraws, sigmaDraws } from '../groupDraws.ts';
import { covariancePoint } from './covariancePoint.ts';

/** Draws whose density is evaluated. */
const DRAWS = 200;
/** Of these, how many of the nearest to a mode are joined to it by a line. */
const NEAREST = 8;
/** Points of the line, and the fall of the log density along it that parts two places. */
const BETWEEN = 9;
const VALLEY = 0.5;
/** A mode is a finding where its mass is at least this share of that of the draws. */
const LEAST_SHARE = 0.01;
/** Sds and correlations beyond which nothing is searched, as in the rules of kernels. */
const MOST = 10;

/**
 * Modes of the posterior that no chain visited, of a Gaussian model: that of the REML estimate `reml` (null where there is none) and those that a search from many starts finds are compared with the
 * draws, in the logs of the sds relative to sigma and atanh of the partial correlations, coefficients and sigma integrated out. A mode was visited
 * where the density does not fall on the way to it from one of the draws nearest to it. Its mass is that of a normal density of its height and curvature,
 * that of the draws one of their best height and their covariance; a mode with less than a hundredth of it is left out.
 *
 * Chains that share one proposal, or one side of a valley, agree with each other: R-hat does not see what all of them missed. It compares only what it can
 * find: a mode that the search misses too is not reported. Student-t, logit and probit models are not looked at.
 */
export function missedModes(fit: Fit, reml: MaximumLikelihoodFit | null): Finding[] {
  const { design, priors } = fit;
  if (design.response.family !== 'gaussian' || design.groupTerms.length === 0) return [];
  const blocks = movingBlocks(standardisation(design), priors);
  const moving = standardisedDesign(design, blocks).design;
  const products = crossProducts(moving);
  const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, priors.beta), design.n);
  const target = marginalTarget(likelihood, moving.groupTerms, movingPriors(priors, blocks).groups, priors.sigma);
  const { d, q } = target;
  const share = affordableShare(products.pattern);
  if (d > MOST || share < 1) return [];
  const typical = new Float64Array(d);
  typical.set(typicalScales(moving, rowWeights(moving)));
  const point = covariancePoint(design, blocks, typical);
  target.calibrate(typical);
  target.integrate(true);
  const place = new Float64Array(d);
  const density = logScaleDensity(target);
  const heightOf = (z: Float64Array): number => density(z, place);
  const toLog = (phi: Float64Array): Float64Array => phi.map((v, k) => (k < q ? Math.log(v) : v));

  const drawn = thinned(fit, point).map((phi) => {
    const z = toLog(phi);
    return { z, height: heightOf(z) };
  });
  const best = drawn.reduce((a, b) => (b.height > a.height ? b : a));
  const starts: Float64Array[] = [typical];
  const estimate = reml && likelihoodPoint(reml, point);
  if (estimate) starts.push(estimate);
  const modes = toTheEnd(covarianceModes(target, starts, share, createRng([7]), !searchedBefore(fit)));
  const mass = best.height + logVolume(spreadOf(drawn.map(({ z }) => z)), d);
  return modes.flatMap((mode): Finding[] => {
    const z = toLog(mode.phi);
    if (!(best.height > -Infinity) || !Number.isFinite(mode.logMarginal)) return [];
    const nearest = [...drawn].sort((a, b) => distance(a.z, z) - distance(b.z, z)).slice(0, NEAREST);
    if (nearest.some((draw) => joined(heightOf, draw, { z, height: mode.logMarginal }))) return [];
    const own = mode.logMarginal + logVolume(curvatureFactor(heightOf, z, 0), d);
    if (!(own - mass > Math.log(LEAST_SHARE))) return [];
    const sds = describe(fit, point.back(mode.phi, mode.sigma), mode.sigma);
    return [
      {
        variable: '*',
        code: 'missedMode',
        severity: 'problem',
        message:
          `no chain visited a mode of the posterior at ${sds}: its log density is ${number(mode.logMarginal)}, the highest of the draws' ${number(best.height)}; ` +
          'the draws are of one part of the posterior only: choose kernels: "auto", sample more chains, or look at the priors that part them',
        value: mode.logMarginal,
        threshold: best.height,
      },
    ];
  });
}

/** Whether the kernel of the fit searched everywhere itself before it sampled. */
function searchedBefore(fit: Fit): boolean {
  return fit.sampling.kernels.some(({ name }) => name === 'marginalCovariance');
}

type Point = ReturnType<typeof covariancePoint>;

/** Evenly spaced draws of all chains as points phi. */
function thinned(fit: Fit, point: Point): Float64Array[] {
  const count = drawCount(fit);
  const groups = fit.design.groupTerms.map((_, f) => groupDraws(fit, f));
  const sigma = sigmaDraws(fit);
  const step = Math.max(1, Math.floor(count / DRAWS));
  const points: Float64Array[] = [];
  for (let s = 0; s < count; s += step) {
    const tau = groups.map(({ term, tau: of }) => Array.from({ length: term.q }, (_, k) => of(k)[s]!));
    const corr = groups.map(({ pairs, corr: of }) => pairs.map((_, pair) => of(pair)[s]!));
    points.push(point.at(tau, corr, sigma ? sigma[s]! : 1));
  }
  return points;
}

/** The REML estimate as a point, or null where one of its sds is not known. */
function likelihoodPoint({ groups, sigma }: MaximumLikelihoodFit, point: Point): Float64Array | null {
  const tau = groups.map((group) => Array.from(group.tau));
  if (tau.flat().some((value) => !Number.isFinite(value))) return null;
  return point.at(
    tau,
    groups.map((group) => Array.from(group.corr)),
    sigma ?? 1,
  );
}

/** Whether the density nowhere falls between a draw and a mode below the lower of the two. */
function joined(
  height: (z: Float64Array) => number,
  a: { readonly z: Float64Array; readonly height: number },
  b: { readonly z: Float64Array; readonly height: number },
): boolean {
  const low = Math.min(a.height, b.height) - VALLEY;
  for (let i = 1; i <= BETWEEN; i++) {
    const share = i / (BETWEEN + 1);
    if (!(height(a.z.map((value, k) => value + share * (b.z[k]! - value))) > low)) return false;
  }
  return true;
}

function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2, 0);
}

/** A diagonal factor of the spread of points: their sds, d x d. */
function spreadOf(points: readonly Float64Array[]): Float64Array {
  const d = points[0]!.length;
  const factor = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const mean = points.reduce((sum, z) => sum + z[k]! / points.length, 0);
    const square = points.reduce((sum, z) => sum + (z[k]! - mean) ** 2 / points.length, 0);
    factor[k * d + k] = Math.sqrt(square) || 1e-3;
  }
  return factor;
}

/** Log of the determinant of a lower triangular factor. */
function logVolume(factor: Float64Array, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += Math.log(factor[k * d + k]!);
  return sum;
}

function describe(fit: Fit, tau: readonly (readonly number[])[], sigma: number): string {
  const sds = fit.design.groupTerms.flatMap(({ factor, labels }, f) =>
    labels.map((label, k) => `tau_${factor}[${label}] = ${number(tau[f]![k]!)}`),
  );
  return [...sds, ...(fit.design.response.standardErrors ? [] : [`sigma = ${number(sigma)}`])].join(', ');
}
