import { exp, log } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import type { Rng } from '../../random/rng.ts';
import { covarianceModes, logScaleDensity, type PosteriorMode } from './covarianceModes.ts';
import type { MarginalProposal } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** Points of the proposal that tell how it usually stands to the density. */
const POINTS = 200;
/** Walks, and steps of each per coordinate and two more. */
const WALKS = 4;
const STEPS = 40;
/** Sds of their starts about the mode: of log phi and of atanh of a partial correlation. */
const SPREAD = 3;
const CORRELATIONS = 0.8;
/** Logs of the smallest and largest steps. */
const SMALLEST = -4;
const LARGEST = 0.7;
/**
 * A place counts where the density is this much (in logs) more above the proposal than usual, and within so much of
 * the highest mode.
 */
const ABOVE = 3;
const DEPTH = 10;

/** What walks found that a proposal leaves out. */
export interface UncoveredPlaces {
  readonly places: readonly Float64Array[];
  /** The modes as known, with those the places lead to. */
  readonly modes: readonly PosteriorMode[];
}

/**
 * Sends random walks over the posterior of phi (log scales, sigma integrated out numerically) from far off, and
 * gives, of each, the place where the density is most above what the proposal makes of it, if it is by much, and a
 * mode that it leads to where that is a new one; the tops that `further` points climb to are looked at likewise. The
 * target is left as it was calibrated.
 */
export function* uncoveredPlaces(
  target: MarginalTarget,
  { proposal, start }: MarginalProposal,
  modes: readonly PosteriorMode[],
  share: number,
  rng: Rng,
  further: readonly Float64Array[] = [],
): Pausing<UncoveredPlaces> {
  const { d, q } = target;
  const { integrated } = target.calibration();
  target.integrate(true);
  const density = logScaleDensity(target);
  const phi = new Float64Array(d);
  const z = new Float64Array(d);
  const toLog = (x: Float64Array): void => {
    for (let k = 0; k < d; k += 1) z[k] = k < q ? log(Math.max(x[k]!, 1e-150)) : x[k]!;
  };
  /** Log density in z, and that of phi over the proposal's. */
  let above = 0;
  const measure = (at: Float64Array): number => {
    const value = density(at, phi);
    let jacobian = 0;
    for (let k = 0; k < q; k += 1) jacobian += at[k]!;
    above = value > -Infinity ? value - jacobian - proposal.logDensity(phi) : -Infinity;
    return value;
  };
  const own: number[] = [];
  let top = modes[0]?.logMarginal ?? -Infinity;
  // Of the points alone: a mode may be a spike that no draw is near.
  let drawn = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < Math.round(share * POINTS); n += 1) {
    proposal.draw(rng, phi);
    toLog(phi);
    const value = measure(z);
    if (above > -Infinity) own.push(above);
    if (value > top) top = value;
    if (value > drawn) drawn = value;
    yield;
  }
  own.sort((a, b) => a - b);
  // Where half of the mass lies: that of the points is their weight.
  const usual = weightedMiddle(own);
  toLog(start);
  const centre = z.slice();
  const places: Float64Array[] = [];
  const next = new Float64Array(d);
  for (let w = 0; w < WALKS; w += 1) {
    let here = -Infinity;
    for (let attempt = 0; attempt < 20 && here === -Infinity; attempt += 1) {
      const common = SPREAD * rng.normal();
      for (let k = 0; k < d; k += 1) {
        z[k] = k < q ? centre[k]! + 0.7 * (common + SPREAD * rng.normal()) : CORRELATIONS * rng.normal();
      }
      here = measure(z);
    }
    let most = usual + ABOVE;
    let place: Float64Array | null = null;
    const steps = Math.round(share * STEPS * (d + 2));
    for (let s = 0; s < steps && here > -Infinity; s += 1) {
      const size = exp(SMALLEST + (LARGEST - SMALLEST) * rng.uniform());
      const single = rng.uniform() < 0.5 ? Math.floor(d * rng.uniform()) : -1;
      for (let k = 0; k < d; k += 1) next[k] = single < 0 || single === k ? z[k]! + size * rng.normal() : z[k]!;
      const value = measure(next);
      if (value > top) top = value;
      if (above > most && value > top - DEPTH) {
        most = above;
        place = Float64Array.from(phi);
      }
      if (rng.uniform() < exp(Math.min(0, value - here))) {
        here = value;
        z.set(next);
      }
      yield;
    }
    if (place) places.push(place);
  }
  if (further.length > 0) {
    for (const { phi: end } of yield* covarianceModes(target, further, share, rng, false)) {
      toLog(end);
      const value = measure(z);
      if (above > usual + ABOVE && value > drawn - DEPTH) places.unshift(end);
    }
  }
  const found = places.length > 0 ? yield* covarianceModes(target, [start, ...places], share, rng, false) : [];
  const { merged, fresh } = merge(modes, found);
  target.integrate(integrated);
  return { places: places.filter((_, i) => i < 4), modes: fresh ? merged : modes };
}

/** The weighted median of sorted logs of weights, each weighted by itself. */
function weightedMiddle(logs: readonly number[]): number {
  const top = logs[logs.length - 1] ?? 0;
  const total = logs.reduce((sum, value) => sum + exp(value - top), 0);
  let below = 0;
  for (const value of logs) {
    below += exp(value - top);
    if (below >= 0.5 * total) return value;
  }
  return top;
}

/** The modes of both lists: one of the second is new where it is away from all of the first. */
function merge(
  known: readonly PosteriorMode[],
  found: readonly PosteriorMode[],
): { merged: PosteriorMode[]; fresh: boolean } {
  const merged = [...known];
  for (const mode of found) {
    const near = known.some(({ phi }) =>
      phi.every((v, k) => Math.abs(v - mode.phi[k]!) <= 0.05 * (Math.abs(v) + Math.abs(mode.phi[k]!)) + 1e-3),
    );
    if (!near) merged.push(mode);
  }
  return { merged: merged.sort((a, b) => b.logMarginal - a.logMarginal), fresh: merged.length > known.length };
}
