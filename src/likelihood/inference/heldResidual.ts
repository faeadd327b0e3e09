import { tanh } from '../../elementary.ts';
import { levinson } from '../../residual/toeplitz.ts';
import type { Objective } from '../search/optimize.ts';
import type { StructuredDeviance } from '../structured/structuredDeviance.ts';
import type { ConstrainedDeviance } from './constrainedDeviance.ts';
import { diagonalPlaces, lowestFrom } from './lowestFrom.ts';

/** How one parameter of the residuals is held at a value, x being search coordinates. */
export interface ResidualHold {
  /** The coordinates that follow from the value and the others: no part of the search. */
  readonly places: readonly number[];
  /** Sets them; returns the sd that everything is relative to where the value fixes it, else undefined. */
  complete(x: Float64Array, value: number): number | undefined;
  /** Adds to the derivatives by the others what comes by these, and by log sigma where it is fixed. */
  chain(gradient: Float64Array, byLogSigma: number): void;
}

/** The deviance with one parameter of the residuals held and everything else at its best, searched from `start`. */
export function heldResidual(
  criterion: StructuredDeviance,
  { places, complete, chain }: ResidualHold,
  start: Float64Array,
): ConstrainedDeviance {
  const { system, divisor, covariances, unit } = criterion;
  const free = Array.from(start.keys()).filter((at) => !places.includes(at));
  const full = start.slice();
  const gradient = new Float64Array(start.length);
  let last = Float64Array.from(free, (at) => start[at]!);
  const diagonal = diagonalPlaces(covariances.blocks);
  return {
    at(value) {
      const objective: Objective = (z, slope) => {
        free.forEach((at, i) => {
          full[at] = z[i]!;
        });
        const sigma = complete(full, value);
        const deviance = criterion.search(full, gradient, sigma);
        if (!Number.isFinite(deviance)) return deviance;
        chain(gradient, sigma === undefined ? 0 : 2 * divisor - (2 * system.r2) / (sigma * sigma));
        free.forEach((at, i) => {
          slope[i] = gradient[at]!;
        });
        return deviance;
      };
      const found = lowestFrom(objective, last, diagonal, unit, { tolerance: 1e-8 });
      if (Number.isFinite(found.value)) last = Float64Array.from(found.x);
      return found.value;
    },
  };
}

/** A parameter that is one coordinate, `place` of its value. */
export function heldCorrelation(at: number, place: (value: number) => number): ResidualHold {
  return {
    places: [at],
    complete(x, value) {
      x[at] = place(value);
      return undefined;
    },
    chain() {},
  };
}

/**
 * sigma, the sd where the columns of sigma are 0: log of the sd at their means = log sigma + sum_k delta_k centre_k,
 * whose coordinates begin at `deltas` among those of the residuals.
 */
export function heldSigma({ covariances, origin, products }: StructuredDeviance, deltas: number): ResidualHold {
  const { centre, scale } = products.model;
  const from = covariances.size + deltas;
  return {
    places: [],
    complete(x, value) {
      let log = Math.log(value);
      for (let k = 0; k < centre.length; k++) log += ((origin[deltas + k]! + x[from + k]!) * centre[k]!) / scale[k]!;
      return Math.exp(log);
    },
    chain(gradient, byLogSigma) {
      for (let k = 0; k < centre.length; k++) gradient[from + k]! += (byLogSigma * centre[k]!) / scale[k]!;
    },
  };
}

/**
 * rho_k of `toeplitz`, k steps less 1: given the partial correlations before it, it is a line in the k-th, whose slope
 * the recursion has; one out of (-1, 1) leaves no number.
 */
export function heldLag({ covariances, origin }: StructuredDeviance, K: number, lag: number): ResidualHold {
  const from = covariances.size;
  const p = new Float64Array(K);
  const rho = new Float64Array(K + 1).fill(1);
  const jacobian = new Float64Array((K + 1) * K);
  const recurse = levinson(K);
  const row = (lag + 1) * K;
  return {
    places: [from + lag],
    complete(x, value) {
      for (let k = 0; k < K; k++) p[k] = k < lag ? tanh(origin[k]! + x[from + k]!) : 0;
      recurse(p, rho, jacobian);
      p[lag] = (value - rho[lag + 1]!) / jacobian[row + lag]!;
      recurse(p, rho, jacobian);
      x[from + lag] = Math.atanh(p[lag]!) - origin[lag]!;
      return undefined;
    },
    chain(gradient) {
      const slope = (l: number): number => (1 - p[l]!) * (1 + p[l]!);
      for (let l = 0; l < lag; l++) {
        const change = (-jacobian[row + l]! / jacobian[row + lag]!) * (slope(l) / slope(lag));
        gradient[from + l]! += gradient[from + lag]! * change;
      }
    },
  };
}
