import { exp, log } from '../../elementary.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import type { Pausing } from '../../pausing.ts';
import { LEAST, type ParameterPrior } from '../../priors/parameterPrior.ts';
import { DROP, type KnotLine, lineFitter, type Spacing } from './knotLine.ts';
import { logOwnPrior, type OwnAxis, ownAt } from './ownAxis.ts';
import type { ModelFrame } from './whitenedFrame.ts';

/** Where the lines of knots lie, in posterior sds of the logarithm of the parameter from its mode. */
const PLACES = [1.2, 2.6, 4.2];
/** The search for that mode: its first step in the logarithm, the steps it may take, and how often they are halved. */
const STEP = 1;
const STEPS = 30;
const HALVINGS = 2;
/** The mode is looked for among logarithms within these. */
const FARTHEST = 25;
/** The posterior sd that lines are laid out by is within these. */
const LEAST_SD = 0.02;
const LARGEST_SD = 1.2;
/** Turns of the search for the mode of the covariances at each step, which begins where the last has ended. */
const FEW_TURNS = 1;

/** A line, and what is missing between it and the next beyond what their own heights say, at the middle of the two. */
export interface PlacedLine {
  readonly at: number;
  readonly line: KnotLine;
  readonly beyond: number;
}

/** All lines of a model, in order, with the mode of phi. */
export interface FittedLines {
  readonly axis: OwnAxis | null;
  readonly lines: readonly PlacedLine[];
  readonly mode: Float64Array;
}

/**
 * Lines of knots at several values of a family's own parameter: about the mode of its marginal posterior, which is
 * climbed to by steps in the logarithm with the covariances at their own mode, and outwards until the density has
 * fallen away.
 */
export function* fitOwnLines(frame: ModelFrame, spacing: Spacing, turns: number): Pausing<FittedLines> {
  const parameter = estimatedParameter(frame.merged)!;
  const prior = frame.priors[parameter]!;
  const fitter = lineFitter(frame);
  const known = new Map<number, number>();
  let mode: Float64Array | undefined;
  const height = function* (t: number): Pausing<number> {
    const found = known.get(t);
    if (found !== undefined) return found;
    const own = exp(t);
    const logPrior = Math.abs(t) < FARTHEST ? logOwnPrior({ parameter, prior }, own) : -Infinity;
    let value = -Infinity;
    if (logPrior > -Infinity) {
      const first = mode === undefined;
      mode ??= fitter.start(own);
      value = logPrior + (yield* fitter.settle(own, mode, first ? turns : FEW_TURNS));
    }
    known.set(t, value);
    return value;
  };
  let t = log(typical(prior, LEAST[parameter]));
  let step = STEP;
  for (let halving = 0; halving <= HALVINGS; halving += 1, step /= 2) {
    let best = yield* height(t);
    for (let moved = 0; moved < STEPS; moved += 1) {
      const [down, up] = [yield* height(t - step), yield* height(t + step)];
      const higher = Math.max(down, up);
      if (!(higher > best)) break;
      t += up > down ? step : -step;
      best = higher;
    }
  }
  step *= 2;
  const { peak, sd } = parabola(yield* height(t - step), yield* height(t), yield* height(t + step), step);
  const axis: OwnAxis = {
    parameter,
    prior,
    centre: t + peak,
    scale: Math.min(LARGEST_SD, Math.max(LEAST_SD, sd)),
  };
  const centre = Float64Array.from(mode!);
  const middle = ownAt(axis, 0);
  yield* fitter.settle(middle, centre, turns);
  const central = yield* fitter.fit(middle, 0, centre, spacing);
  const whole = (line: KnotLine, own: number): number => line.top + logOwnPrior(axis, own);
  let top = whole(central, middle);
  let lines: { at: number; line: KnotLine; mode: Float64Array }[] = [{ at: 0, line: central, mode: centre }];
  for (const direction of [-1, 1]) {
    const here = Float64Array.from(centre);
    for (const place of PLACES) {
      const at = direction * place;
      const own = ownAt(axis, at);
      if (logOwnPrior(axis, own) === -Infinity) break;
      yield* fitter.settle(own, here, turns);
      const line = yield* fitter.fit(own, at, here, spacing, central.moving);
      if (!Number.isFinite(line.top)) break;
      const next = { at, line, mode: Float64Array.from(here) };
      lines = direction < 0 ? [next, ...lines] : [...lines, next];
      const density = whole(line, own);
      top = Math.max(top, density);
      if (density < top - DROP) break;
    }
  }
  const flat = lines.map(({ at, line }): PlacedLine => ({ at, line, beyond: 0 }));
  const knots = flat.flatMap(({ line }) => line.knots);
  const factor = frame.factorOver(knots, central.moving, axis);
  const placed = flat.map((each, l) => {
    const next = lines[l + 1];
    if (!next) return each;
    const { mode: low } = lines[l]!;
    const zeta = 0.5 * (each.at + next.at);
    const phi = Float64Array.from([...low.map((value, k) => 0.5 * (value + next.mode[k]!)), zeta]);
    const { missing, density } = fitter.measure(factor, phi);
    if (!Number.isFinite(density)) return each;
    const s = low.length > 0 ? frame.size(phi, central.moving) : 0;
    return { ...each, beyond: missing - missingAt(flat, s, zeta) };
  });
  return { axis, lines: placed, mode: Float64Array.from([...centre, 0]) };
}

/**
 * What the pseudo-observations miss at size s between the lines about zeta: linear in both, and of the middle between
 * two lines what was measured there, by a parabola.
 */
export function missingAt(lines: readonly PlacedLine[], s: number, zeta: number): number {
  const last = lines.length - 1;
  const own = ({ line }: PlacedLine): number => between(line.sizes, line.heights, s);
  if (zeta <= lines[0]!.at) return own(lines[0]!);
  if (zeta >= lines[last]!.at) return own(lines[last]!);
  let l = 0;
  while (lines[l + 1]!.at < zeta) l += 1;
  const low = lines[l]!;
  const high = lines[l + 1]!;
  const share = (zeta - low.at) / (high.at - low.at);
  const value = own(low);
  return value + share * (own(high) - value) + 4 * share * (1 - share) * low.beyond;
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

/**
 * The top of the parabola through three heights a step apart, from the middle one, and the sd of a normal density so
 * curved.
 */
function parabola(low: number, middle: number, high: number, step: number): { peak: number; sd: number } {
  const curvature = (low - 2 * middle + high) / (step * step);
  if (!(curvature < 0 && Number.isFinite(curvature))) return { peak: 0, sd: step };
  const slope = (high - low) / (2 * step);
  return { peak: Math.min(step, Math.max(-step, -slope / curvature)), sd: 1 / Math.sqrt(-curvature) };
}

/** A value that a prior calls usual. */
function typical(prior: ParameterPrior, least: number): number {
  switch (prior.distribution) {
    case 'gamma':
      return Math.max(prior.shape / prior.rate, 2 * least);
    case 'exponential':
      return least + 1 / prior.rate;
    case 'uniform':
      return 0.5 * (Math.max(prior.low, least) + prior.high);
  }
}
