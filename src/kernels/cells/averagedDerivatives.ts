import { exp } from '../../elementary.ts';
import type { Family } from '../../families/family.ts';
import { normalRules } from '../../special/normalRules.ts';
import type { CellTable } from './cellTable.ts';

const { nodes: NODES, weights: WEIGHTS } = normalRules[8];
/**
 * Gauss-Hermite's nodes are too far apart for sds beyond; the trapezoidal rule takes up to this many points to each
 * side.
 */
const GAUSS_HERMITE_UP_TO = 1.5;
const MOST_POINTS = 100;

const derivatives = new Float64Array(4);

/**
 * The averages of l and its first three derivatives (the second with its sign changed) over eta ~ N(m, sd^2): by
 * Gauss-Hermite, and where that would step over the bend of l by the trapezoidal rule over 5 sds to each side. Those of
 * counts are of exp(eta), whose integrand is N(sd, 1) in sds: the rule goes so much farther to the right.
 */
export function averagedDerivatives(
  family: Family,
  { y, size, copies }: Pick<CellTable, 'y' | 'size' | 'copies'>,
  i: number,
  m: number,
  sd: number,
  out: Float64Array,
  own?: number,
): void {
  out.fill(0);
  const add = (distance: number, weight: number): void => {
    family.derivatives(y[i]!, size[i]!, m + sd * distance, 1, derivatives, own);
    const share = weight * copies[i]!;
    for (let order = 0; order < 4; order += 1) out[order] = out[order]! + share * derivatives[order]!;
  };
  if (sd < GAUSS_HERMITE_UP_TO) {
    for (let k = 0; k < NODES.length; k += 1) {
      add(-NODES[k]!, WEIGHTS[k]!);
      add(NODES[k]!, WEIGHTS[k]!);
    }
    return;
  }
  const count = Math.min(MOST_POINTS, Math.ceil(4 * sd));
  const step = 5 / count;
  const scale = step / Math.sqrt(2 * Math.PI);
  const last = family.kind === 'counts' ? Math.ceil((5 + sd) / step) : count;
  for (let k = -count; k <= last; k += 1) {
    const x = k * step;
    add(x, scale * exp(-0.5 * x * x));
  }
}
