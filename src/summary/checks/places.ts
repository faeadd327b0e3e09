import { type Finding, number } from '../../../diagnostics/finding.ts';
import { familyOf } from '../../families/familyOf.ts';
import type { Fit } from '../../mcmc/fit.ts';

/** Points of the line, and the fall of the log density along it that parts two places. */
const BETWEEN = 9;
const VALLEY = 0.5;

/** Whether the density nowhere falls between a draw and a mode below the lower of the two. */
export function joined(
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

export function distance(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, k) => sum + (value - b[k]!) ** 2, 0);
}

/** A diagonal factor of the spread of points: their sds, d x d. */
export function spreadOf(points: readonly Float64Array[]): Float64Array {
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
export function logVolume(factor: Float64Array, d: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) sum += Math.log(factor[k * d + k]!);
  return sum;
}

/** The sds of a place and sigma, where it is estimated, by name. */
export function describePlace(fit: Fit, tau: readonly (readonly number[])[], sigma: number): string {
  const sds = fit.design.groupTerms.flatMap(({ factor, labels }, f) =>
    labels.map((label, k) => `tau_${factor}[${label}] = ${number(tau[f]![k]!)}`),
  );
  return [
    ...sds,
    ...(familyOf(fit.design).sigma !== null && !fit.design.response.standardErrors ? [`sigma = ${number(sigma)}`] : []),
  ].join(', ');
}

/** The finding that no chain visited the mode at `where`. */
export function missedMode(where: string, logDensity: number, highest: number): Finding {
  return {
    variable: '*',
    code: 'missedMode',
    severity: 'problem',
    message:
      `no chain visited a mode of the posterior at ${where}: its log density is ${number(logDensity)}, the highest of the draws' ${number(highest)}; ` +
      'the draws are of one part of the posterior only: choose kernels: "auto", sample more chains, or look at the priors that part them',
    value: logDensity,
    threshold: highest,
  };
}
