import { dot } from '../linalg/dot.ts';
import { addProducts } from './gaussian/addProducts.ts';
import type { ProfiledDeviance } from './gaussian/profiledDeviance.ts';
import type { ProbedDeterminant } from './gaussian/relativeFactorisation.ts';
import type { ProbeErrors } from './maximumLikelihoodFit.ts';
import { positiveInverse } from './search/optimize.ts';

/** How far along a change of the search coordinates sds are compared: a derivative to six digits. */
const STEP = 1e-4;

/**
 * Monte Carlo standard errors of a fit whose determinants are means over probes; null where they are exact. Probe k by
 * itself has the gradient g_k at the minimum x of the mean, and its own minimum at x - H^-1 g_k: what the sds change by
 * has the spread over k that their estimates have, times sqrt(K). Sigma^2 = r2 / divisor goes along. Given the profiled
 * deviance at x.
 */
export function probeErrors(
  profiled: ProfiledDeviance,
  { x, hessian }: { readonly x: Float64Array; readonly hessian: Float64Array },
): ProbeErrors | null {
  const { system, factors } = profiled;
  const { factorisation, crossProducts } = system;
  const known = crossProducts.knownScale;
  if (factorisation.probed === undefined) return null;
  const d = factors.size;
  profiled.at(factors.fromSearch(x));
  const each = factorisation.probed();
  const gradients = each.map(({ images }) => gradientOf(images));
  const middle = new Float64Array(d);
  for (const g of gradients) for (let k = 0; k < d; k++) middle[k]! += g[k]! / each.length;
  // The derivative of r2: less the products of scores and modes.
  const fall = gradientOf(
    crossProducts.groups.map(({ J, q }, f) => {
      const out = new Float64Array(q * q);
      addProducts(system.score, system.solution, crossProducts.borderOffsets[f]!, J, q, -1, out);
      return out;
    }),
  );
  const inverse = positiveInverse(Float64Array.from(hessian.subarray(0, d * d)), d);
  const sds = (at: Float64Array): number[] =>
    factors.fromSearch(at).flatMap((L) => {
      const q = Math.round(Math.sqrt(L.length));
      return Array.from({ length: q }, (_, a) => Math.hypot(...L.subarray(a * q, (a + 1) * q)));
    });
  const sigma = Math.sqrt(profiled.sigma2());
  const relative = sds(x);
  const changes = gradients.map((g) => {
    const change = new Float64Array(d);
    for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) change[k]! -= inverse[k * d + l]! * (g[l]! - middle[l]!);
    const logSigma = known ? 0 : dot(fall, change) / (2 * system.r2);
    const moved = sds(x.map((value, k) => value + STEP * change[k]!));
    return {
      sigma: sigma * logSigma,
      tau: relative.map((sd, k) => sigma * (sd * logSigma + (moved[k]! - sd) / STEP)),
    };
  });
  let at = 0;
  return {
    kind: 'probes',
    probes: each.length,
    deviance: standardError(each.map(({ value }) => value)),
    tau: crossProducts.groups.map(({ q }) =>
      Float64Array.from({ length: q }, () => {
        const k = at++;
        return standardError(changes.map(({ tau }) => tau[k]!));
      }),
    ),
    sigma: known ? null : standardError(changes.map((change) => change.sigma)),
  };

  function gradientOf(images: ProbedDeterminant['images']): Float64Array {
    const out = new Float64Array(d);
    factors.gradientOf(images, out);
    return out;
  }
}

/** Of the mean of these values. */
function standardError(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
