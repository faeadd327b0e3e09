import { estimatedParameter } from '../../families/ownParameter.ts';
import type { Pausing } from '../../pausing.ts';
import type { Widening } from '../../proposals/adaptiveProposal.ts';
import { createRng } from '../../random/rng.ts';
import { covarianceModes } from '../marginal/covarianceModes.ts';
import { covarianceProposal } from '../marginal/covarianceProposal.ts';
import { affordableShare } from '../marginal/factorCost.ts';
import type { MarginalProposal } from '../marginal/marginalProposal.ts';
import type { MarginalTarget } from '../marginal/marginalTarget.ts';
import type { Knot } from './interpolatedProducts.ts';
import { type KnotLine, lineFitter, type Spacing } from './knotLine.ts';
import type { OwnAxis } from './ownAxis.ts';
import { type FittedLines, fitOwnLines, missingAt } from './ownLines.ts';
import { thirdOrder } from './thirdOrder.ts';
import type { ModelFrame } from './whitenedFrame.ts';

export const COARSE: Spacing = { step: 0.7, knots: 8 };
/** Where the coarse knots leave steps A seldom accepted: what interpolation misses adds up over the groups. */
export const FINE: Spacing = { step: 0.12, knots: 24 };

/** Alternations of mode and pseudo-observations. */
const TURNS = 3;
/** The walks of the sampler guard the tails too, so that the proposal may lie close. */
const CLOSE: Widening = { scale: 1.03, defence: 0.05, points: 2 };
/** Modes are looked for this far beyond the outer knots, in the log of that variance. */
const MARGIN = 1;

/** Pseudo-observations at knots along the size of the group-level variance, and a proposal of the covariances. */
export interface FittedKnots {
  readonly knots: readonly Knot[];
  /** Which sds move with the size; the others are pinned. */
  readonly moving: readonly boolean[];
  /** The coordinate of the family's own parameter, the last of the proposal's; null where none is estimated. */
  readonly axis: OwnAxis | null;
  readonly proposal: MarginalProposal;
}

/** Fits them from the starting observations. */
export function* fitKnots(frame: ModelFrame, spacing: Spacing): Pausing<FittedKnots> {
  const { merged, table, map, size, factorOver } = frame;
  const { axis, lines, mode } = estimatedParameter(merged)
    ? yield* fitOwnLines(frame, spacing, TURNS)
    : yield* fitOneLine(frame, spacing);
  const { moving } = lines[0]!.line;
  const knots = lines.flatMap(({ line }) => line.knots);
  const d0 = mode.length - (axis ? 1 : 0);
  /** The marginal posterior with what the pseudo-observations miss. */
  const corrected = (): MarginalTarget => {
    const factor = factorOver(knots, moving, axis ?? frame.known);
    let missing = 0;
    const logMarginal = (): number => factor.target.logMarginal() + thirdOrder(table, factor) + missing;
    return {
      ...factor.target,
      at(phi) {
        missing = missingAt(lines, d0 > 0 ? size(phi, moving) : 0, axis ? phi[d0]! : 0);
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
    d0 > 0 && mode.length > 1
      ? yield* covarianceModes(
          within(whole, knots, (phi) => size(phi, moving), axis ? (phi) => phi[d0]! : () => 0),
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
  return { knots, moving, axis, proposal };
}

/** The one line of a family whose own parameter is not estimated. */
function* fitOneLine(frame: ModelFrame, spacing: Spacing): Pausing<FittedLines> {
  const fitter = lineFitter(frame);
  const mode = fitter.start(frame.known);
  yield* fitter.settle(frame.known, mode, TURNS);
  const line: KnotLine = yield* fitter.fit(frame.known, 0, mode, spacing);
  return { axis: null, lines: [{ at: 0, line, beyond: 0 }], mode };
}

/** The target where knots tell of it: beyond the outer ones its density is 0. */
function within(
  target: MarginalTarget,
  knots: readonly Knot[],
  size: (phi: Float64Array) => number,
  line: (phi: Float64Array) => number,
): MarginalTarget {
  const outer = (of: (knot: Knot) => number): [number, number] => {
    const all = knots.map(of);
    return [Math.min(...all) - MARGIN, Math.max(...all) + MARGIN];
  };
  const [low, high] = outer(({ s }) => s);
  const [left, right] = outer((knot) => knot.line);
  return {
    ...target,
    at(phi) {
      const s = size(phi);
      const zeta = line(phi);
      return s >= low && s <= high && zeta >= left && zeta <= right && target.at(phi);
    },
  };
}
