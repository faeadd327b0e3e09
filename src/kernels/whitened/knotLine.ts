import type { Pausing } from '../../pausing.ts';
import { climb } from '../../proposals/simplex.ts';
import { gaussianApproximation, startingObservations } from '../cells/gaussianApproximation.ts';
import { arrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import { marginalDensity } from '../marginal/marginalDensity.ts';
import { marginalTarget } from '../marginal/marginalTarget.ts';
import { priorStarts } from '../marginal/priorStarts.ts';
import { blockTransforms } from './blockTransforms.ts';
import { borderTransforms } from './borderTransforms.ts';
import { type Knot, knotAt } from './interpolatedProducts.ts';
import { knotPlaces } from './knotPlaces.ts';
import { marginalHeight } from './marginalHeight.ts';
import { thirdOrder } from './thirdOrder.ts';
import type { ModelFrame } from './whitenedFrame.ts';
import type { WhitenedFactor } from './whitenedMap.ts';

/**
 * Distance of the first knots in the log of the group-level variance (it grows outwards), and their largest number to
 * each side.
 */
export interface Spacing {
  readonly step: number;
  readonly knots: number;
}

/** Points from a knot to the next, the knot itself one, at which the marginal likelihood is measured. */
const BETWEEN = 4;
/** Where the marginal posterior has fallen by this much no further knot is set. */
export const DROP = 9;

/** The knots at one value of the family's own parameter, along the size of the group-level variance. */
export interface KnotLine {
  /** In order of s. */
  readonly knots: readonly Knot[];
  /** Which sds move with the size; the others are pinned. */
  readonly moving: readonly boolean[];
  /** What the pseudo-observations miss of the log marginal likelihood, at ascending sizes. */
  readonly sizes: readonly number[];
  readonly heights: readonly number[];
  /** The highest log density that was measured, the prior of the family's own parameter left out. */
  readonly top: number;
}

/** Fits lines of knots; each starts from the pseudo-observations that the last one ended with. */
export interface LineFitter {
  /** A place to begin: covariances of usual size. */
  start(own: number | undefined): Float64Array;
  /** Moves `mode` to that of the covariances given `own`, in so many turns, and returns the log density there. */
  settle(own: number | undefined, mode: Float64Array, turns: number): Pausing<number>;
  /** The knots about the mode that was last settled; `moving` where other lines have said which sds do. */
  fit(
    own: number | undefined,
    line: number,
    mode: Float64Array,
    spacing: Spacing,
    moving?: readonly boolean[],
  ): Pausing<KnotLine>;
  /**
   * What the pseudo-observations of a factor miss of the log marginal likelihood at phi, and the density so corrected.
   */
  measure(factor: WhitenedFactor, phi: Float64Array | null): { readonly missing: number; readonly density: number };
}

/** The fitter of a frame. */
export function lineFitter(frame: ModelFrame): LineFitter {
  const { merged, priors, family, table, weighted, prior, map, squares, size, factorOver, tree } = frame;
  const likelihood = arrowMarginalLikelihood(weighted.products, prior, table.n);
  const target = marginalTarget(likelihood, merged.groupTerms, priors.groups, null);
  const { d, q } = target;
  let pseudo: ReturnType<typeof startingObservations> | undefined;
  const every: readonly boolean[] = squares.map(() => true);
  const knot = function* (
    own: number | undefined,
    line: number,
    phi: Float64Array,
    moving: readonly boolean[],
  ): Pausing<Knot> {
    if (!pseudo) throw new Error('no pseudo-observations to start from');
    target.at(phi);
    yield* gaussianApproximation(family, table, weighted, likelihood, pseudo, own);
    return knotAt(line, d === 0 ? 0 : size(phi, moving), table, weighted, pseudo);
  };
  const fitBlocks = blockTransforms(table, map);
  const fitBorder = borderTransforms(table, map);
  /** A knot with its transforms. */
  const fullKnot = function* (
    own: number | undefined,
    line: number,
    phi: Float64Array,
    moving: readonly boolean[],
  ): Pausing<Knot> {
    const made = yield* knot(own, line, phi, moving);
    const factor = factorOver([made], moving, own);
    if (map.factorAt(factor, phi)) {
      thirdOrder(table, factor, factor.skew);
      yield;
      fitBlocks(factor);
      yield;
      // Along an axis of the trunk the density with all branches at 0 is not that with them integrated out: the share
      // of accepted steps A of the ticks of grouse chicks fell from .61 to .50.
      if (tree.sets.length === 0) fitBorder(factor);
      yield;
      made.skew.set(factor.skew);
      made.borderSkew.set(factor.borderSkew);
    }
    return made;
  };
  const { height } = marginalHeight(table, map);
  const measure: LineFitter['measure'] = (factor, phi) => {
    if (!phi || !map.factorAt(factor, phi)) return { missing: 0, density: -Infinity };
    const plain = factor.target.logMarginal() + thirdOrder(table, factor);
    const missing = height(factor, plain);
    return { missing, density: plain + missing };
  };
  let settled: Knot | undefined;

  return {
    measure,
    start(own) {
      pseudo = startingObservations(family, table, own);
      weighted.fill(pseudo.precision, pseudo.side);
      const mode = Float64Array.from({ length: d }, (_, k) => (k < q ? Math.sqrt(0.4 / Math.sqrt(squares[k]!)) : 0));
      // Where a prior with bounds has nothing there, there is nowhere to climb from.
      target.confine(mode);
      if (d > 0 && marginalDensity(target)(mode) === -Infinity) {
        for (const start of priorStarts(merged.groupTerms, priors.groups, null)) {
          if (marginalDensity(target)(start) > -Infinity) mode.set(start);
        }
      }
      return mode;
    },
    *settle(own, mode, turns) {
      settled = yield* knot(own, 0, mode, every);
      for (let turn = 0; turn < turns && d > 0; turn += 1) {
        yield* climb(marginalDensity(factorOver([settled], every, own).target), mode, 0.2, 40 * (d + 1));
        settled = yield* knot(own, 0, mode, every);
      }
      return marginalDensity(factorOver([settled], every, own).target)(mode);
    },
    *fit(own, line, mode, spacing, known) {
      const places =
        d > 0
          ? yield* knotPlaces(marginalDensity(factorOver([settled!], every, own).target), mode, q, size, known)
          : null;
      const moving = places?.moving ?? every;
      let knots: Knot[] = [yield* fullKnot(own, line, mode, moving)];
      const sizes: number[] = [];
      const heights: number[] = [];
      const centre = knots[0]!;
      if (!places) {
        const { missing, density } = measure(factorOver(knots, moving, own), mode);
        return { knots, moving, sizes: [centre.s], heights: [missing], top: density };
      }
      const first = measure(factorOver(knots, moving, own), places.at(centre.s));
      let { density: top } = first;
      // At a knot the others have no part in the factor.
      const atKnots = new Map([[centre, first.missing]]);
      for (const direction of [-1, 1]) {
        for (let k = 1; k <= spacing.knots; k += 1) {
          // Steps grow outwards.
          const s = centre.s + (direction * spacing.step * k * (k + 3)) / 4;
          const phi = places.at(s);
          if (!phi) break;
          const next = yield* fullKnot(own, line, phi, moving);
          const { missing, density } = measure(factorOver([next], moving, own), places.at(s));
          if (!Number.isFinite(density)) break;
          atKnots.set(next, missing);
          knots = direction < 0 ? [next, ...knots] : [...knots, next];
          top = Math.max(top, density);
          if (density < top - DROP) break;
        }
      }
      const factor = factorOver(knots, moving, own);
      for (let k = 0; k < knots.length; k += 1) {
        const low = knots[k]!.s;
        const steps = k + 1 < knots.length ? BETWEEN : 1;
        for (let i = 0; i < steps; i += 1) {
          const s = low + (i / steps) * ((knots[k + 1]?.s ?? low) - low);
          sizes.push(s);
          heights.push(i === 0 ? atKnots.get(knots[k]!)! : measure(factor, places.at(s)).missing);
          yield;
        }
      }
      return { knots, moving, sizes, heights, top };
    },
  };
}
