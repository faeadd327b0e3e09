import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import type { BlockStandardisation } from '../../products/blockStandardisation.ts';
import { drawCount, groupDraws, sigmaDraws } from '../groupDraws.ts';
import { type CovariancePoint, covariancePoint, leastSds } from './covariancePoint.ts';

/** The place of one draw: phi of its sds and correlations, and its residual sd (1 in a family without one). */
export interface DrawnPoint {
  /** The draw, of all chains together. */
  readonly s: number;
  readonly phi: Float64Array;
  readonly sigma: number;
}

/** Draws that the middle is taken of. */
const DRAWS = 100;

/**
 * The points of a fit's covariances, `typical` (as long as phi) holding typical sds as sqrt(tau / sigma). Where a prior
 * has all draws far below that, they are where they are: put at a share of what the rows call typical they would be
 * compared with a mode as places that no chain was at.
 */
export function pointsOfFit(
  fit: Fit,
  blocks: readonly (readonly BlockStandardisation[])[],
  typical: Float64Array,
): CovariancePoint {
  const free = covariancePoint(fit.design, blocks, new Float64Array(typical.length));
  const drawn = drawnPoints(fit, free, Math.max(1, Math.floor(drawCount(fit) / DRAWS)));
  const middles = typical.map((_, k) => Float64Array.from(drawn, ({ phi }) => phi[k]!).sort()[drawn.length >> 1]!);
  return covariancePoint(
    fit.design,
    blocks,
    leastSds(typical.map((value, k) => Math.min(value, middles[k]! > 0 ? middles[k]! : value))),
  );
}

/** Every `step`-th draw of all chains as a point of the covariances. */
export function drawnPoints(fit: Fit, { at }: CovariancePoint, step: number): DrawnPoint[] {
  const groups = fit.design.groupTerms.map((_, f) => groupDraws(fit, f));
  const sigmas = sigmaDraws(fit);
  const points: DrawnPoint[] = [];
  for (let s = 0; s < drawCount(fit); s += step) {
    const tau = groups.map(({ term, tau: of }) => Array.from({ length: term.q }, (_, k) => of(k)[s]!));
    const corr = groups.map(({ pairs, corr: of }) => pairs.map((_, pair) => of(pair)[s]!));
    const sigma = sigmas ? sigmas[s]! : 1;
    points.push({ s, phi: at(tau, corr, sigma), sigma });
  }
  return points;
}

/**
 * A likelihood estimate as a point of the covariances, with its residual sd; null where there is none, or one of its
 * sds is not known.
 */
export function estimatedPoint(
  estimate: MaximumLikelihoodFit | null,
  { at }: CovariancePoint,
): Omit<DrawnPoint, 's'> | null {
  if (!estimate) return null;
  const tau = estimate.groups.map((group) => Array.from(group.tau));
  if (tau.flat().some((value) => !Number.isFinite(value))) return null;
  const corr = estimate.groups.map((group) => Array.from(group.corr));
  const sigma = estimate.sigma ?? 1;
  return { phi: at(tau, corr, sigma), sigma };
}
