import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import type { Convergence } from '../maximumLikelihoodFit.ts';
import type { ThetaEstimate } from './estimateTheta.ts';

/**
 * A fit has converged when no Newton step promises a lower deviance and no direction curves down. `flat` directions in
 * which the criterion is known to be the same, those of least curvature, are left out: there a step gains nothing, and
 * what curvature there is, is rounding. So are the coordinates `atEnd` of a range that they reach at infinity alone.
 */
export function convergence(
  { minimum }: Pick<ThetaEstimate, 'minimum'>,
  flat = 0,
  atEnd: readonly number[] = [],
): Convergence {
  const { evaluations, x } = minimum;
  const inside = Array.from(x.keys()).filter((k) => !atEnd.includes(k));
  const d = inside.length;
  const gradient = Float64Array.from(inside, (k) => minimum.gradient[k]!);
  const hessian = Float64Array.from(inside.flatMap((i) => inside.map((k) => minimum.hessian[i * x.length + k]!)));
  const { values, vectors } = symmetricEigen(hessian, d);
  const order = Array.from({ length: d }, (_, k) => k).sort((a, b) => Math.abs(values[a]!) - Math.abs(values[b]!));
  const told = order.slice(flat);
  const largest = Math.max(...told.map((k) => Math.abs(values[k]!)), Number.MIN_VALUE);
  const curvature = told.length === 0 ? 1 : Math.min(...told.map((k) => values[k]!)) / largest;
  let { expectedDecrease } = minimum;
  if (flat > 0 || atEnd.length > 0) {
    expectedDecrease = told.reduce((sum, k) => {
      let along = 0;
      for (let i = 0; i < d; i++) along += vectors[i * d + k]! * gradient[i]!;
      return sum + (along * along) / (2 * Math.max(Math.abs(values[k]!), 1e-8 * largest));
    }, 0);
  }
  const converged = expectedDecrease < 1e-6 && curvature > -1e-6;
  const message = converged ? '' : shortfall(expectedDecrease, curvature);
  const derivatives = { gradient: minimum.gradient, hessian: minimum.hessian };
  return { converged, message, evaluations, ...derivatives, expectedDecrease, curvature };
}

/** What keeps a fit from being called converged, in one sentence. */
function shortfall(expectedDecrease: number, curvature: number): string {
  const end = 'the criterion has run out of digits or is nearly flat, and these estimates are not the optimum.';
  if (!Number.isFinite(expectedDecrease)) return `where the search stopped the derivatives are not finite: ${end}`;
  if (expectedDecrease < 1e-6) {
    return `where the search stopped the deviance curves down in one direction, by ${Math.abs(curvature).toExponential(1)} of the largest curvature: ${end}`;
  }
  return `the search stopped ${expectedDecrease.toExponential(1)} above the deviance a Newton step predicts: ${end}`;
}
