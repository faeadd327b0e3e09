import type { Pausing } from '../../pausing.ts';
import type { Widening } from '../../proposals/adaptiveProposal.ts';
import { climb } from '../../proposals/simplex.ts';
import { createRng } from '../../random/rng.ts';
import { gaussianApproximation, startingObservations } from '../cells/gaussianApproximation.ts';
import { arrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import { covarianceModes } from '../marginal/covarianceModes.ts';
import { covarianceProposal } from '../marginal/covarianceProposal.ts';
import { affordableShare } from '../marginal/factorCost.ts';
import { marginalDensity } from '../marginal/marginalDensity.ts';
import type { MarginalProposal } from '../marginal/marginalProposal.ts';
import { type MarginalTarget, marginalTarget } from '../marginal/marginalTarget.ts';
import { priorStarts } from '../marginal/priorStarts.ts';
import { blockTransforms } from './blockTransforms.ts';
import { borderTransforms } from './borderTransforms.ts';
import { type Knot, knotAt } from './interpolatedProducts.ts';
import { knotPlaces } from './knotPlaces.ts';
import { marginalHeight } from './marginalHeight.ts';
import { thirdOrder } from './thirdOrder.ts';
import type { ModelFrame } from './whitenedFrame.ts';
import type { WhitenedFactor } from './whitenedMap.ts';

/** Alternations of mode and pseudo-observations. */
const TURNS = 3;
/** Distance of the first knots in the log of the group-level variance (it grows outwards), and their largest number to each side. */
export interface Spacing {
  readonly step: number;
  readonly knots: number;
}

export const COARSE: Spacing = { step: 0.7, knots: 8 };
/** Where the coarse knots leave steps A seldom accepted: what interpolation misses adds up over the groups. */
export const FINE: Spacing = { step: 0.12, knots: 24 };
/** Points from a knot to the next at which the marginal likelihood is measured. */
const BETWEEN = 4;
/** The walks of the sampler guard the tails too, so that the proposal may lie close. */
const CLOSE: Widening = { scale: 1.03, defence: 0.05, points: 2 };
/** Modes are looked for this far beyond the outer knots, in the log of that variance. */
const MARGIN = 1;
/** Where the marginal posterior has fallen by this much no further knot is set. */
const DROP = 9;

/** Pseudo-observations at knots along the size of the group-level variance, and a proposal of the covariances. */
export interface FittedKnots {
  readonly knots: readonly Knot[];
  /** Which sds move with the size; the others are pinned. */
  readonly moving: readonly boolean[];
  readonly proposal: MarginalProposal;
}

/** Fits them from the starting observations. */
export function* fitKnots(
  { merged, priors, family, table, weighted, prior, map, squares, size, factorOver }: ModelFrame,
  spacing: Spacing,
): Pausing<FittedKnots> {
  const pseudo = startingObservations(family, table);
  weighted.fill(pseudo.precision, pseudo.side);
  const own = arrowMarginalLikelihood(weighted.products, prior, table.n);
  const target = marginalTarget(own, merged.groupTerms, priors.groups, null);
  const { d, q } = target;
  let moving: readonly boolean[] = squares.map(() => true);
  const knot = function* (phi: Float64Array): Pausing<Knot> {
    target.at(phi);
    yield* gaussianApproximation(family, table, weighted, own, pseudo);
    return knotAt(d === 0 ? 0 : size(phi, moving), table, weighted, pseudo);
  };
  const fitBlocks = blockTransforms(table, map);
  const fitBorder = borderTransforms(table, map);
  /** A knot with its transforms. */
  const fullKnot = function* (phi: Float64Array): Pausing<Knot> {
    const made = yield* knot(phi);
    const factor = factorOver([made], moving);
    if (map.factorAt(factor, phi)) {
      thirdOrder(table, factor, factor.skew);
      yield;
      fitBlocks(factor);
      yield;
      fitBorder(factor);
      yield;
      made.skew.set(factor.skew);
      made.borderSkew.set(factor.borderSkew);
    }
    return made;
  };

  const mode = Float64Array.from({ length: d }, (_, k) => (k < q ? Math.sqrt(0.4 / Math.sqrt(squares[k]!)) : 0));
  // Where a prior with bounds has nothing there, there is nowhere to climb from.
  target.confine(mode);
  if (d > 0 && marginalDensity(target)(mode) === -Infinity) {
    for (const start of priorStarts(merged.groupTerms, priors.groups, null)) {
      if (marginalDensity(target)(start) > -Infinity) mode.set(start);
    }
  }
  let knots: Knot[] = [yield* knot(mode)];
  for (let turn = 0; turn < TURNS && d > 0; turn += 1) {
    yield* climb(marginalDensity(factorOver(knots).target), mode, 0.2, 40 * (d + 1));
    knots = [yield* knot(mode)];
  }
  const places = d > 0 ? yield* knotPlaces(marginalDensity(factorOver(knots).target), mode, q, size) : null;
  moving = places?.moving ?? moving;
  knots = [yield* fullKnot(mode)];
  const sizes: number[] = [];
  const heights: number[] = [];
  if (places) {
    const centre = knots[0]!;
    const { height } = marginalHeight(table, map);
    /** What the pseudo-observations miss of the log marginal likelihood at size s, and the density so corrected. */
    const measure = (factor: WhitenedFactor, s: number): { missing: number; density: number } => {
      const phi = places.at(s);
      if (!phi || !map.factorAt(factor, phi)) return { missing: 0, density: -Infinity };
      const plain = factor.target.logMarginal() + thirdOrder(table, factor);
      const missing = height(factor, plain);
      return { missing, density: plain + missing };
    };
    let top = measure(factorOver(knots, moving), centre.s).density;
    for (const direction of [-1, 1]) {
      for (let k = 1; k <= spacing.knots; k += 1) {
        // Steps grow outwards.
        const s = centre.s + (direction * spacing.step * k * (k + 3)) / 4;
        const phi = places.at(s);
        if (!phi) break;
        const next = yield* fullKnot(phi);
        const { density } = measure(factorOver([next], moving), s);
        if (!Number.isFinite(density)) break;
        knots = direction < 0 ? [next, ...knots] : [...knots, next];
        top = Math.max(top, density);
        if (density < top - DROP) break;
      }
    }
    const factor = factorOver(knots, moving);
    for (let k = 0; k < knots.length; k += 1) {
      const low = knots[k]!.s;
      const steps = k + 1 < knots.length ? BETWEEN : 1;
      for (let i = 0; i < steps; i += 1) {
        const s = low + (i / steps) * ((knots[k + 1]?.s ?? low) - low);
        sizes.push(s);
        heights.push(measure(factor, s).missing);
        yield;
      }
    }
  }
  /** The marginal posterior with what the pseudo-observations miss. */
  const corrected = (): MarginalTarget => {
    const factor = factorOver(knots, moving);
    let missing = 0;
    const logMarginal = (): number => factor.target.logMarginal() + thirdOrder(table, factor) + missing;
    return {
      ...factor.target,
      at(phi) {
        missing = between(sizes, heights, size(phi, moving));
        return map.factorAt(factor, phi);
      },
      logMarginal,
      // There is no sigma.
      logWeight: logMarginal,
    };
  };
  const share = affordableShare(table.layout.pattern);
  const whole = corrected();
  const modes =
    d > 1
      ? yield* covarianceModes(
          within(whole, knots, (phi) => size(phi, moving)),
          [mode],
          share,
          createRng([6]),
        )
      : [];
  const proposal = yield* covarianceProposal(whole, mode, {
    share,
    widening: CLOSE,
    local: true,
    // One alone is that which the knots are about.
    modes: modes.length > 1 ? modes : [],
  });
  return { knots, moving, proposal };
}

/** The target where knots tell of it: beyond the outer ones its density is 0. */
function within(target: MarginalTarget, knots: readonly Knot[], size: (phi: Float64Array) => number): MarginalTarget {
  const low = knots[0]!.s - MARGIN;
  const high = knots[knots.length - 1]!.s + MARGIN;
  return {
    ...target,
    at(phi) {
      const s = size(phi);
      return s >= low && s <= high && target.at(phi);
    },
  };
}

/** Linear interpolation, constant beyond the ends. */
function between(at: readonly number[], values: readonly number[], s: number): number {
  const last = at.length - 1;
  if (s <= at[0]!) return values[0]!;
  if (s >= at[last]!) return values[last]!;
  let k = 0;
  while (at[k + 1]! < s) k += 1;
  const share = (s - at[k]!) / (at[k + 1]! - at[k]!);
  return values[k]! + share * (values[k + 1]! - values[k]!);
}
