import type { ThetaEstimate } from './estimateTheta.ts';
import type { Convergence } from './maximumLikelihoodFit.ts';
import { symmetricEigen } from './symmetricEigen.ts';

/** A fit has converged when no Newton step promises a lower deviance and no direction curves down. */
export function convergence({ minimum }: ThetaEstimate): Convergence {
  const { gradient, hessian, evaluations, expectedDecrease, x } = minimum;
  const { values } = x.length === 0 ? { values: Float64Array.of(1) } : symmetricEigen(hessian, x.length);
  const curvature = values[0]! / Math.max(Math.abs(values[values.length - 1]!), Number.MIN_VALUE);
  const converged = expectedDecrease < 1e-6 && curvature > -1e-6;
  const message = converged
    ? ''
    : `the search stopped ${expectedDecrease.toExponential(1)} above the deviance a Newton step predicts: the criterion has run out of digits or is nearly flat, and these estimates are not the optimum.`;
  return { converged, message, evaluations, gradient, hessian, expectedDecrease, curvature };
}
