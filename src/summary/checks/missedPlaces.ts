import type { Finding } from '../../../diagnostics/finding.ts';
import { familyOf } from '../../families/familyOf.ts';
import { combinations } from '../../kernels/marginal/covarianceModes.ts';
import { covarianceParameters } from '../../kernels/modelSetting.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { toTheEnd } from '../../pausing.ts';
import { coefficientPlaces } from '../../products/arrowLayout.ts';
import { WIDEST_DENSE } from '../../products/crossProducts.ts';
import { curvatureFactor } from '../../proposals/curvatureFactor.ts';
import { climb } from '../../proposals/simplex.ts';
import { drawCount } from '../groupDraws.ts';
import { estimatedPoint } from './knownPoints.ts';
import { describePlace, distance, joined, logVolume, missedMode, spreadOf } from './places.ts';
import { type PosteriorHeight, posteriorHeight } from './posteriorHeight.ts';

/**
 * Draws that a place is compared with; of these the nearest are joined to it by a line, and of some the density is
 * evaluated.
 */
const DRAWS = 400;
const NEAREST = 3;
const MEASURED = 40;
/** Sds and correlations beyond which nothing is searched. */
const MOST = 10;
/**
 * A draw further below a mode than this and half the number of coordinates, the mean of chi-square(d) / 2, is of a
 * tail that ends at the saddle, not of the mode.
 */
const TAIL = 3;
/**
 * Rows times coordinates beyond which the check would be felt, and beyond which it goes from the estimate alone, by
 * lines and without a first climb.
 */
const LARGEST = 2e5;
const DEAR = 5e3;
/**
 * Searches begin at the estimate and at the best of combinations of small, usual and large sds: so many, and
 * evaluations of a climb a coordinate.
 */
const CLIMBS = 4;
const EVALUATIONS = 15;
/** A mode is a finding where its mass is at least this share of that of the draws. */
const LEAST_SHARE = 0.01;

/**
 * Modes of the posterior of a model whose rows are not normal that no chain visited: `missedModes` for families
 * whose u and beta are integrated out approximately (`posteriorHeight`). It is climbed from the likelihood estimate
 * (null where there is none) and from sds of several sizes; a top that no line along which the density does not fall
 * joins to one of the draws nearest to it, and whose mass, of a normal density of its height and curvature, is at
 * least a hundredth of that of the draws, is a mode that was missed.
 *
 * The height of the draws is of the same approximation as that of the mode. Its error is a smooth function of the
 * covariances and moves what is compared by the difference of two errors alone; a finding needs a fall of half a nat
 * between the two as well, for which the error would have to turn twice within the line. Chains at stationarity have
 * heights some chi-square(d) / 2 below the best, so that the highest of 40 is near it.
 */
export function missedPlaces(fit: Fit, estimate: MaximumLikelihoodFit | null): Finding[] {
  const { design, priors } = fit;
  // A density with coefficients integrated out is of normal priors.
  if (priors.beta.mixtures) return [];
  if (familyOf(design).conjugate === 'normal' || design.groupTerms.length === 0) return [];
  const count = covarianceParameters(design);
  if (count > MOST || design.n * count > LARGEST) return [];
  if (coefficientPlaces(design).pattern.r > WIDEST_DENSE) return [];
  const posterior = posteriorHeight(fit);
  const { height } = posterior;
  const draws = posterior.draws(Math.max(1, Math.floor(drawCount(fit) / DRAWS)));
  const visited = (place: Place): boolean =>
    [...draws]
      .sort((a, b) => distance(a, place.z) - distance(b, place.z))
      .slice(0, NEAREST)
      .map((z): Place => ({ z, height: height(z) }))
      .some((near) => near.height > place.height - 0.5 * near.z.length - TAIL && joined(height, near, place));

  const tops: Place[] = [];
  const dear = design.n * count > DEAR;
  for (const start of starts(posterior, estimate, dear)) {
    const z = Float64Array.from(start);
    if (!dear) toTheEnd(climb(height, z, 0.6, EVALUATIONS * (z.length + 1)));
    let top = { z, height: height(z) };
    if (!(top.height > -Infinity) || visited(top)) continue;
    // Only where it matters is the top itself climbed to.
    toTheEnd(climb(height, z, 0.2, 4 * EVALUATIONS * (z.length + 1)));
    top = { z, height: height(z) };
    if (!visited(top) && !tops.some((other) => joined(height, other, top))) tops.push(top);
  }
  if (tops.length === 0) return [];
  const step = Math.max(1, Math.floor(draws.length / MEASURED));
  const highest = draws.filter((_, s) => s % step === 0).reduce((best, z) => Math.max(best, height(z)), -Infinity);
  if (!(highest > -Infinity)) return [];
  const d = posterior.typical.length;
  const mass = highest + logVolume(spreadOf(draws), d);
  return tops
    .filter((top) => top.height + logVolume(curvatureFactor(height, top.z, 0), d) - mass > Math.log(LEAST_SHARE))
    .map(({ z, height: own }) => {
      const { tau, sigma } = posterior.back(z);
      return missedMode(describePlace(fit, tau, sigma), own, highest);
    });
}

interface Place {
  readonly z: Float64Array;
  readonly height: number;
}

/** The estimate, where there is one, and the best combinations of sizes of the sds, best first. */
function starts(posterior: PosteriorHeight, estimate: MaximumLikelihoodFit | null, dear: boolean): Float64Array[] {
  const { typical, q, point, place, height } = posterior;
  const sized = (): Float64Array[] =>
    dear
      ? [typical]
      : combinations(q)
          .map((sizes): Place => {
            const z = typical.map((value, k) => (k < q ? value + Math.min(sizes[k]!, 1) : value));
            return { z, height: height(z) };
          })
          .filter((each) => each.height > -Infinity)
          .sort((a, b) => b.height - a.height)
          .slice(0, CLIMBS)
          .map(({ z }) => z);
  const known = estimatedPoint(estimate, point);
  if (!known) return sized();
  // The middle of the draws of the family's own parameter, where it is estimated.
  const own = Math.exp(typical[typical.length - 1]!);
  return [place(known.phi, known.sigma, own), ...(dear ? [] : sized())];
}
