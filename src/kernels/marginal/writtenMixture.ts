import type { Pausing } from '../../pausing.ts';
import { adaptiveProposal } from '../../proposals/adaptiveProposal.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import { climb } from '../../proposals/simplex.ts';
import { createRng } from '../../random/rng.ts';
import { marginalDensity } from './marginalDensity.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import type { WrittenCoordinates } from './writtenCoordinates.ts';

/** Most places that the mixture begins at, and how far below the highest (in logs) one may lie. */
const MOST = 5;
const DEPTH = 12;
/** Two ends of a climb this near to each other, as a share of either coordinate, are one. */
const NEAR = 0.05;

/**
 * An independence proposal of phi of the columns as written, fitted from `places` (phi as chains have it). Where a
 * prior of those columns lets an sd at a far origin be next to 0 the posterior is a funnel about the means, next to a
 * correlation of 1, and a plain half of a bell here, folded at 0. Null where no place has a positive density.
 */
export function* writtenMixture(
  target: MarginalTarget,
  coordinates: WrittenCoordinates,
  places: readonly Float64Array[],
  share: number,
): Pausing<Proposal | null> {
  const { d, q } = target;
  const density = marginalDensity(target);
  const phi = new Float64Array(d);
  const ofWritten = (written: Float64Array): number => {
    for (let k = 0; k < q; k += 1) if (!(written[k]! > 0)) return Number.NEGATIVE_INFINITY;
    const jacobian = coordinates.fromWritten(written, phi);
    return jacobian > -Infinity ? density(phi) + jacobian : jacobian;
  };
  const ends: { readonly at: Float64Array; readonly value: number }[] = [];
  for (const place of places) {
    const at = new Float64Array(d);
    if (!(coordinates.toWritten(place, at) > -Infinity) || !(ofWritten(at) > -Infinity)) continue;
    yield* climb(ofWritten, at, 0.3, 60 * (d + 1));
    ends.push({ at, value: ofWritten(at) });
  }
  ends.sort((a, b) => b.value - a.value);
  const peaks: Float64Array[] = [];
  for (const { at, value } of ends) {
    if (peaks.length === MOST || !(value > ends[0]!.value - DEPTH)) break;
    if (peaks.every((peak) => !near(peak, at))) peaks.push(at);
  }
  if (peaks.length === 0) return null;
  return (yield* adaptiveProposal(ofWritten, peaks, q, createRng([15]), share)).proposal;
}

function near(a: Float64Array, b: Float64Array): boolean {
  return a.every((v, k) => Math.abs(v - b[k]!) <= NEAR * (Math.abs(v) + Math.abs(b[k]!)) + 1e-3);
}
