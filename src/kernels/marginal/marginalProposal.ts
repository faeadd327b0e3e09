import type { Pausing } from '../../pausing.ts';
import { adaptiveProposal, type Widening } from '../../proposals/adaptiveProposal.ts';
import { gridProposal } from '../../proposals/gridProposal.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import type { ProposalTable } from '../../proposals/proposalTable.ts';
import { climb } from '../../proposals/simplex.ts';
import { tabulatedProposal } from '../../proposals/tabulatedProposal.ts';
import { createRng } from '../../random/rng.ts';
import { covarianceModes, type PosteriorMode } from './covarianceModes.ts';
import { marginalDensity } from './marginalDensity.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import { powerStands } from './powerStands.ts';
import { type WrittenCoordinates, writtenProposal } from './writtenCoordinates.ts';

/** What is fitted to the marginal posterior of the covariance parameters before sampling. */
export interface MarginalProposal {
  readonly proposal: Proposal;
  /** Lower Cholesky factor of a random walk's covariance, d x d. */
  readonly walk: Float64Array;
  /** The mode. */
  readonly start: Float64Array;
  /**
   * Independence steps worth their time per recorded draw. A second removes most repeats where the proposal is a
   * mixture (effective draws of the worst parameter from some 0.65 to 0.9 of the recorded ones); a tabulated
   * density is accepted 19 times of 20.
   */
  readonly steps: number;
  /** Every mode that the search found, highest first; absent where none was looked for. */
  readonly modes?: readonly PosteriorMode[];
  /**
   * Points of the posterior (N x d, in logs of phi for the sds) along whose differences a chain walks in place of
   * `walk`; present where no proposal fits. Of the columns as written where a prior is.
   */
  readonly cloud?: Float64Array;
  /** Of what `proposal` is made where it is one of the columns as written as well, and the share of that. */
  readonly written?: { readonly own: Proposal; readonly moving: Proposal; readonly share: number };
}

/** A fitted proposal as plain data. */
export interface PreparedProposal {
  readonly table: ProposalTable;
  readonly walk: Float64Array;
  readonly start: Float64Array;
  readonly steps: number;
  readonly modes: readonly PosteriorMode[];
  readonly cloud?: Float64Array;
  readonly written?: { readonly table: ProposalTable; readonly share: number };
}

/** What another thread needs to take a proposal; null where the proposal has no table. */
export function preparedProposal({
  proposal,
  walk,
  start,
  steps,
  modes = [],
  cloud,
  written,
}: MarginalProposal): PreparedProposal | null {
  const { table } = written?.moving ?? proposal;
  if (!table) return null;
  const own = written?.own.table;
  return {
    table,
    walk,
    start,
    steps,
    modes,
    ...(cloud && { cloud }),
    ...(written && own && { written: { table: own, share: written.share } }),
  };
}

/** The proposal that another thread fitted; `coordinates` are those of the model, where a prior is as written. */
export function takeProposal(
  { table, written, ...others }: PreparedProposal,
  coordinates: WrittenCoordinates | null = null,
): MarginalProposal {
  const moving = tabulatedProposal(table);
  if (!written || !coordinates) return { proposal: moving, ...others };
  const own = tabulatedProposal(written.table);
  const { share } = written;
  return { proposal: writtenProposal(coordinates, own, moving, share), ...others, written: { own, moving, share } };
}

/** How a proposal is looked for. */
export interface ProposalSearch {
  /** Thins the evaluations where they are dear; 1 where it is not given. */
  readonly share?: number;
  readonly widening?: Widening;
  /** The mixture only shows where the mass is. */
  readonly few?: boolean;
  /** Further points (phi) from which modes are looked for, as the optimum of the likelihood. */
  readonly starts?: readonly Float64Array[];
  /** Points from which places are climbed to that a fitted proposal may leave out, as the optimum of the likelihood. */
  readonly further?: ((share: number) => Pausing<readonly Float64Array[]>) | undefined;
  /** Of the columns as written, where a prior is of those: a proposal is fitted there as well. */
  readonly written?: WrittenCoordinates | null;
  /** Gives points to look from where none of these, nor any about them, has a positive density. */
  readonly lastStarts?: () => readonly Float64Array[];
  /** The first point is next to the mode, and the target good only about there: nothing is looked for farther away. */
  readonly local?: boolean;
  /** What was found by such a target's own search, highest first: all are covered. */
  readonly modes?: readonly PosteriorMode[];
  /** Has sigma integrated out numerically whatever its power is worth. */
  readonly integrated?: boolean;
}

/**
 * Fits an independence proposal to a marginal target: a table of the density where phi has one coordinate, a mixture
 * of t distributions around the modes otherwise, nothing where phi has none. `typical` is where the search for modes
 * starts, with those of `search`. Where a power of sigma does not stand for the priors the target is left to
 * integrate sigma out numerically. It is a function of the target alone: its random streams are its own.
 */
export function* marginalProposal(
  target: MarginalTarget,
  typical: Float64Array,
  search: ProposalSearch = {},
): Pausing<MarginalProposal> {
  const { d } = target;
  const { share = 1, starts = [], local = false, integrated = false } = search;
  const first = new Float64Array(d);
  first.set(typical.subarray(0, Math.min(d, typical.length)));
  target.integrate(false);
  target.confine(first);
  let modes: readonly PosteriorMode[] = search.modes ?? [];
  if (d > 0 && !local) {
    target.calibrate(first);
    target.integrate(true);
    modes = yield* covarianceModes(target, [first, ...starts], share, createRng([6]));
    if (modes.length === 0 && search.lastStarts) {
      modes = yield* covarianceModes(target, search.lastStarts(), share, createRng([6]));
    }
  }
  const mode = Float64Array.from(modes[0]?.phi ?? first);
  target.integrate(false);
  target.calibrate(mode);
  if (target.estimatesSigma && !target.calibration().integrated) {
    const places = modes.length > 0 ? modes.map(({ phi }) => phi) : [mode];
    const powerful = !integrated && (yield* powerStands(target, places, share));
    if (!powerful) integrateFrom(target, mode);
  }
  return yield* proposalAbout(target, mode, modes, [], search);
}

/** Has sigma integrated out numerically from now on. */
function integrateFrom(target: MarginalTarget, mode: Float64Array): void {
  target.integrate(true);
  target.calibrate(mode);
}

/**
 * Fits the proposal about `mode` and all `modes`, the target being calibrated or integrating; `places` are further
 * points that it must cover. Without a record of modes the nearest one is climbed to first.
 */
export function* proposalAbout(
  target: MarginalTarget,
  mode: Float64Array,
  modes: readonly PosteriorMode[],
  places: readonly Float64Array[],
  { share = 1, widening, few = false }: ProposalSearch,
): Pausing<MarginalProposal> {
  const { d, q } = target;
  const logDensity = marginalDensity(target);
  if (d === 0) {
    return { proposal: tabulatedProposal({ kind: 'none' }), walk: new Float64Array(0), start: mode, steps: 1, modes };
  }
  if (d === 1 && q === 1) {
    const scale = mode[0]!;
    const point = new Float64Array(1);
    const noise = new Float64Array(1);
    const scalar = (x: number): number => {
      point[0] = x;
      return logDensity(point);
    };
    const peaks = [...modes.map(({ phi }) => phi), ...places].map((phi) => phi[0]!);
    // The first table finds the mode, where the power of sigma is then set.
    const rough = yield* gridProposal(scalar, scale, peaks);
    const stream = createRng([1]);
    let best = -Infinity;
    for (let i = 0; i < 40; i += 1) {
      rough.draw(stream, noise);
      const value = scalar(noise[0]!);
      if (value > best) {
        best = value;
        mode[0] = noise[0]!;
      }
    }
    target.calibrate(mode);
    target.tabulate(rough.table.knots);
    return {
      proposal: yield* gridProposal(scalar, scale, peaks),
      walk: Float64Array.of(0.5 * mode[0]!),
      start: mode,
      steps: 1,
      modes,
    };
  }
  if (modes.length === 0) {
    yield* climb(logDensity, mode, 0.3, Math.round(share * 150 * (d + 1)));
    target.calibrate(mode);
  }
  yield* climb(logDensity, mode, 0.1, 50 * (d + 1));
  const peaks = [mode, ...modes.slice(1).map(({ phi }) => phi), ...places];
  const { proposal, walk } = yield* adaptiveProposal(logDensity, peaks, q, createRng([1]), share, widening, few);
  return { proposal, walk, start: mode, steps: 2, modes };
}
