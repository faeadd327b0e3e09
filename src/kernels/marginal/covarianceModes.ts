import { exp, log } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import { climb } from '../../proposals/simplex.ts';
import type { Rng } from '../../random/rng.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** A local maximum of the posterior of (phi, sigma), found before sampling. Plain data. */
export interface PosteriorMode {
  readonly phi: Float64Array;
  /** Where sigma is likeliest at phi; 1 where it is known. */
  readonly sigma: number;
  /** Log density of (phi, sigma), up to the target's constant. */
  readonly logDensity: number;
  /**
   * Log density of phi with sigma integrated out, with respect to the logarithms of the sds and atanh of the
   * partial correlations.
   */
  readonly logMarginal: number;
}

/** Sds of the search's random starts: of log phi about its typical value, and of atanh of a partial correlation. */
const SPREAD = 2.5;
const CORRELATIONS = 0.8;
/** Factors on a typical phi at which every sd is tried: next to nothing, usual, a multiple. */
const SIZES = [-3, 0, 2.5];
const MOST_COMBINED = 81;
/** Two ends of a climb are one mode where the density between them falls by no more than this. */
const VALLEY = 0.5;
/** Largest difference of a coordinate of two places that are next to each other. */
const NEXT_TO = 0.5;
/** Points of the line between two ends. */
const BETWEEN = 7;
/** Modes this far below the highest are left out: no chain would go there. */
const DEPTH = 40;

/**
 * The log density in z, z_k = log phi_k of the sds and phi_k of the correlations: what is next to 0 in phi has room
 * there. `phi` is left at the point.
 */
export function logScaleDensity(target: MarginalTarget): (z: Float64Array, phi: Float64Array) => number {
  const { d, q } = target;
  return (z, phi) => {
    let jacobian = 0;
    for (let k = 0; k < q; k += 1) {
      phi[k] = exp(z[k]!);
      jacobian += z[k]!;
    }
    for (let k = q; k < d; k += 1) phi[k] = z[k]!;
    const value = target.at(phi) ? target.logMarginal() + jacobian : -Infinity;
    return value < Infinity ? value : -Infinity;
  };
}

/**
 * Looks for every mode of the posterior of phi: from `starts`, from combinations of small, usual and large sds and
 * from random points the density is measured, and from the best and the most different of these it is climbed, in log
 * scales and in phi. Highest first; empty where the density is nowhere positive. Not `everywhere` it is climbed from
 * `starts` alone. A function of the target alone: `rng` must be a stream of its own. `share` thins the evaluations
 * where they are dear.
 */
export function* covarianceModes(
  target: MarginalTarget,
  starts: readonly Float64Array[],
  share: number,
  rng: Rng,
  everywhere = true,
): Pausing<PosteriorMode[]> {
  const { d, q } = target;
  const density = logScaleDensity(target);
  const phi = new Float64Array(d);
  const inLog = (z: Float64Array): number => density(z, phi);
  const candidates: Candidate[] = [];
  const measure = function* (z: Float64Array): Pausing<Candidate> {
    const candidate = { z, value: inLog(z) };
    yield;
    if (candidate.value > -Infinity) candidates.push(candidate);
    return candidate;
  };
  const given: Candidate[] = [];
  for (const start of starts) {
    const z = Float64Array.from(start, (v, k) => (k < q ? log(Math.max(v, 1e-150)) : v));
    given.push(yield* measure(z));
  }
  const centre = Float64Array.from(given[0]!.z);
  for (const sizes of everywhere ? combinations(q) : []) {
    yield* measure(Float64Array.from(centre, (v, k) => (k < q ? v + sizes[k]! : 0)));
  }
  // One coordinate is looked at everywhere.
  if (everywhere && d === 1) for (let i = -12; i <= 12; i += 0.5) yield* measure(Float64Array.of(centre[0]! + i));
  const random = !everywhere || d === 1 ? 0 : Math.round(share * (40 + 30 * d));
  for (let n = 0; n < random; n += 1) {
    const common = rng.normal();
    yield* measure(
      Float64Array.from(centre, (v, k) =>
        k < q ? v + SPREAD * (0.6 * common + 0.8 * rng.normal()) : CORRELATIONS * rng.normal(),
      ),
    );
  }
  const climbs = Math.max(3, Math.round(share * (3 + d)));
  const chosen = [...given.filter(({ value }) => value > -Infinity)];
  if (everywhere) chosen.push(...choose(candidates, climbs));
  const ends: Candidate[] = [];
  for (const { z } of chosen) {
    const x = Float64Array.from(z);
    // What has come next to the end of another climb, without a valley between, goes where that went.
    const value = yield* climb(inLog, x, 0.7, Math.round(40 * (d + 1)), (at, height) =>
      ends.some((end) => distance(end.z, at) < NEXT_TO && !parted(inLog, end, { z: at, value: height })),
    );
    ends.push({ z: x, value });
  }
  ends.sort((a, b) => b.value - a.value);
  const distinct: Candidate[] = [];
  for (const end of ends) {
    if (!(end.value > ends[0]!.value - DEPTH)) break;
    if (distinct.every((other) => parted(inLog, other, end))) distinct.push(end);
    yield;
  }
  const modes: PosteriorMode[] = [];
  for (const { z } of distinct) {
    yield* climb(inLog, z, 0.1, 30 * (d + 1));
    const logMarginal = inLog(z);
    const sigma = target.typicalSigma();
    modes.push({ phi: Float64Array.from(phi), sigma, logDensity: target.logJoint(sigma), logMarginal });
  }
  return modes.sort((a, b) => b.logMarginal - a.logMarginal);
}

interface Candidate {
  readonly z: Float64Array;
  readonly value: number;
}

/**
 * Logs of sqrt(sd) to try about the usual ones: every sd small, usual or large with every other, or with too many of
 * them each one small or large by itself.
 */
export function combinations(q: number): number[][] {
  if (3 ** q <= MOST_COMBINED) {
    let all: number[][] = [[]];
    for (let k = 0; k < q; k += 1) all = all.flatMap((some) => SIZES.map((size) => [...some, size]));
    return all;
  }
  const single = Array.from({ length: q }, (_, k) =>
    SIZES.map((size) => Array.from({ length: q }, (_each, i) => (i === k ? size : 0))),
  ).flat();
  const others = Array.from({ length: q }, (_, k) =>
    SIZES.map((size) => Array.from({ length: q }, (_each, i) => (i === k ? 0 : size))),
  ).flat();
  return [...SIZES.map((size) => Array.from({ length: q }, () => size)), ...single, ...others];
}

/** The best point, then in turn the best of those not near a chosen one, so that a climb begins from every side. */
function choose(candidates: readonly Candidate[], count: number): Candidate[] {
  const left = [...candidates].sort((a, b) => b.value - a.value);
  const chosen: Candidate[] = [];
  for (const radius of [2.5, 1.5]) {
    for (const candidate of left) {
      if (chosen.length === count) return chosen;
      if (chosen.every(({ z }) => distance(z, candidate.z) > radius)) chosen.push(candidate);
    }
  }
  return chosen;
}

/** The largest difference of a coordinate. */
function distance(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let k = 0; k < a.length; k += 1) largest = Math.max(largest, Math.abs(a[k]! - b[k]!));
  return largest;
}

/** Whether the density falls between two points, as it does between two modes. */
function parted(f: (z: Float64Array) => number, a: Candidate, b: Candidate): boolean {
  const z = new Float64Array(a.z.length);
  const low = Math.min(a.value, b.value);
  for (let i = 1; i <= BETWEEN; i += 1) {
    const share = i / (BETWEEN + 1);
    for (let k = 0; k < z.length; k += 1) z[k] = a.z[k]! + share * (b.z[k]! - a.z[k]!);
    if (f(z) < low - VALLEY) return true;
  }
  return false;
}
