import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import type { ResidualModel } from '../../residual/residualModel.ts';
import { gaussHermite } from '../../special/gaussHermite.ts';
import { LOG_2PI } from '../../special/normalPoints.ts';
import { drawSummary } from '../drawSummary.ts';
import { variableOf } from '../groupDraws.ts';
import type { Units } from './units.ts';

/** Nodes of the rule, and how many posterior sds of delta_j the rule's unit is: given a draw it is narrower. */
const POINTS = 21;
const WIDENING = 1.2;

/** Log densities of all units at coordinates of the residuals, to `out`. */
type Evaluate = (coordinates: ArrayLike<number>, out: Float64Array) => void;

/**
 * The log densities of units with the log residual sd of each integrated out,
 *   log of the integral of p(y_j | delta, ...) N(delta; 0, omega^2) over delta,
 * by Gauss-Hermite quadrature about the posterior of delta_j, for units of which each is one group with a residual sd
 * of its own, all its rows; the others keep the delta drawn. Null where there is no such unit.
 */
export function integratedSds(
  fit: Fit,
  design: Design,
  units: Units,
  { deviations }: ResidualModel,
): ((s: number, coordinates: ArrayLike<number>, evaluate: Evaluate, out: Float64Array) => void) | null {
  const groups = design.residual?.sigmaGroups;
  if (!groups) return null;
  const own = groupOfUnit(groups.index, groups.J, units);
  if (own.every((group) => group < 0)) return null;
  const omega = scalarDraws(fit.draws, variableOf(fit, `omega_${groups.factor}`).offset);
  const { offset } = variableOf(fit, `delta_${groups.factor}`);
  const places = Array.from(own, (group) => (group < 0 ? null : drawSummary(scalarDraws(fit.draws, offset + group))));
  const { nodes, weights } = gaussHermite(POINTS);
  const J = units.levels.length;
  const at = new Float64Array(J);
  const sums = new Float64Array(J);
  const highest = new Float64Array(J);
  return (s, coordinates, evaluate, out) => {
    const moved = Float64Array.from(coordinates);
    const first = moved.length - deviations;
    const sd = omega[s]!;
    sums.fill(0);
    highest.fill(-Infinity);
    for (let k = 0; k < POINTS; k++) {
      const delta = (place: { readonly mean: number; readonly sd: number }): number =>
        place.mean + WIDENING * place.sd * nodes[k]!;
      own.forEach((group, j) => {
        if (group >= 0) moved[first + group] = delta(places[j]!);
      });
      evaluate(moved, at);
      own.forEach((group, j) => {
        if (group < 0) {
          out[j] = at[j]!;
          return;
        }
        const z = delta(places[j]!) / sd;
        const prior = -0.5 * (z * z + LOG_2PI) - log(sd);
        const value = at[j]! + prior + log(weights[k]! * WIDENING * places[j]!.sd);
        const top = Math.max(highest[j]!, value);
        sums[j] = sums[j]! * exp(highest[j]! - top) + exp(value - top);
        highest[j] = top;
        out[j] = top + log(sums[j]!);
      });
    }
  };
}

/** The one group that a unit is, all its rows and no other; -1 where it is none. */
function groupOfUnit(index: Int32Array, J: number, units: Units): Int32Array {
  const group = new Int32Array(units.levels.length).fill(-2);
  const unit = new Int32Array(J).fill(-2);
  index.forEach((j, i) => {
    const own = units.index[i]!;
    unit[j] = unit[j] === -2 || unit[j] === own ? own : -1;
    if (own >= 0) group[own] = group[own] === -2 || group[own] === j ? j : -1;
  });
  return group.map((j, own) => (j >= 0 && unit[j] === own ? j : -1));
}
