import { exp, log } from '../../elementary.ts';
import { slice } from '../../proposals/slice.ts';
import type { Rng } from '../../random/rng.ts';
import type { Whitener } from './whiten.ts';
import type { BlockSteps } from './whitenedBlocks.ts';
import { logSum, type WhitenedFactor, type WhitenedPlace } from './whitenedMap.ts';
import type { WhitenedModel } from './whitenedModel.ts';

/** Where a chain is, (phi, xi), and workspaces for where it may go: of the sampler, which holds the moves too. */
export interface WhitenedPosition {
  readonly phi: Float64Array;
  readonly xi: Float64Array;
  /** Where `proposed` and `there` are to be. */
  readonly nextPhi: Float64Array;
  readonly nextXi: Float64Array;
  current(): WhitenedFactor;
  proposed(): WhitenedFactor;
  here(): WhitenedPlace;
  there(): WhitenedPlace;
  /** To `proposed` and `there`, with the border's xi. */
  move(): void;
  /** To `there`, the factor kept, with the border's xi. */
  moveBorder(): void;
  /** Workspaces for a block, and taking what is in them. */
  readonly blocks: BlockSteps;
}

/** First brackets in sds: of the walk, and of xi, which has 1 where the approximation holds. */
const WIDTH = 2;

/** The same of the logarithm of a factor of sds. */
const LOG_WIDTH = 1;

/**
 * The least first bracket of what else phi holds, atanh of partial correlations and the own parameter: a walk whose
 * approximation is far off may be a thousandth of that, and ten thousand of its steps lead nowhere.
 */
const LEAST_WIDTH = 0.5;

/**
 * Step C: every coordinate of phi and xi in turn by slice sampling (Neal 2003), phi once with xi and once with e kept,
 * and all sds of a block together. Sds are sliced in logarithms: where a prior falls off as a power of the sd, a
 * bracket that grows by sums does not come to an end. Where the posterior of eta is nowhere near normal (a response
 * that splits its groups under wide priors: a normal density cut off by half-spaces) no proposal of the whole fits, but
 * every line through the point is an easy density, and a bracket that grows finds the tail that a walk of fixed size
 * would creep along.
 */
export function whitenedSlices(
  { map, table, proposal }: WhitenedModel,
  at: WhitenedPosition,
  inverse: Whitener,
): (rng: Rng) => void {
  const { phi, xi, nextPhi, nextXi } = at;
  const { trialXi, trial, trialValues, trialFactors, take: takeBlock } = at.blocks;
  const { walk } = proposal;
  const { q, layout } = table;
  const d = phi.length;
  const { size } = layout;
  const blocks = size - layout.pattern.r;
  // The coordinates of the sds of every covariance block, in the order of phi.
  let count = 0;
  const sds = at
    .current()
    .target.factors.flat()
    .map(({ length }) => Array.from({ length: Math.sqrt(length) }, () => count++));
  // Each by itself, then those of a block together.
  const scales = [...sds.flat().map((k) => [k]), ...sds.filter((block) => block.length > 1)];
  const standardised = new Float64Array(size);
  let coordinate = 0;
  let own: readonly number[] = [];
  // Whether e is kept, so that u goes with its covariance, or xi.
  let scaling = false;

  /** The log density at nextPhi: with respect to d(phi, xi), xi kept, or to d(phi, e, beta), (e, beta) kept. */
  const atNext = (): number => {
    const factor = at.proposed();
    const there = at.there();
    if (!map.factorAt(factor, nextPhi)) return -Infinity;
    if (scaling) inverse.whiten(factor, standardised, nextXi);
    else nextXi.set(xi);
    map.placeBorder(factor, there, nextXi);
    map.placeBlocks(factor, there, nextXi);
    const height = factor.logBase + there.total + there.border;
    return finite(scaling ? height - inverse.logJacobian(factor, nextXi) : height);
  };
  const take = (): void => {
    const factor = at.proposed();
    factor.logProposal = proposal.proposal.logDensity(nextPhi);
    at.move();
    if (scaling) xi.set(nextXi);
  };
  const alongPhi = (value: number): number => {
    nextPhi.set(phi);
    nextPhi[coordinate] = value;
    return atNext();
  };
  /** phi = sqrt(sd): with the Jacobian of its logarithms. */
  const alongSize = (t: number): number => {
    nextPhi.set(phi);
    for (let k = 0; k < own.length; k += 1) nextPhi[own[k]!] = phi[own[k]!]! * exp(0.5 * t);
    return atNext() + 0.5 * own.length * t;
  };
  const alongBorder = (value: number): number => {
    const there = at.there();
    nextXi.set(xi);
    nextXi[coordinate] = value;
    map.placeBorder(at.current(), there, nextXi);
    map.placeBlocks(at.current(), there, nextXi);
    return finite(there.total + there.border);
  };
  /** Of the coordinate's block alone. */
  const alongBlock = (value: number): number => {
    const j = Math.floor(coordinate / q);
    for (let i = j * q; i < (j + 1) * q; i += 1) trialXi[i] = xi[i]!;
    trialXi[coordinate] = value;
    map.blocks(at.current(), at.here(), trialXi, trial, trialValues, trialFactors, j, j + 1);
    return finite(trialValues[j]! + log(trialFactors[j]!));
  };

  const covariances = (rng: Rng): void => {
    for (const scaled of scales) {
      own = scaled;
      const t = slice(alongSize, 0, LOG_WIDTH, rng);
      if (t === 0) continue;
      alongSize(t);
      take();
    }
    for (coordinate = count; coordinate < d; coordinate += 1) {
      const width = Math.max(LEAST_WIDTH, WIDTH * walk[coordinate * d + coordinate]!) || 1;
      const to = slice(alongPhi, phi[coordinate]!, width, rng);
      if (to === phi[coordinate]) continue;
      alongPhi(to);
      take();
    }
  };
  return (rng) => {
    scaling = false;
    covariances(rng);
    for (coordinate = blocks; coordinate < size; coordinate += 1) {
      const to = slice(alongBorder, xi[coordinate]!, WIDTH, rng);
      if (to === xi[coordinate]) continue;
      alongBorder(to);
      at.moveBorder();
    }
    for (coordinate = 0; coordinate < blocks; coordinate += 1) {
      const to = slice(alongBlock, xi[coordinate]!, WIDTH, rng);
      if (to === xi[coordinate]) continue;
      alongBlock(to);
      takeBlock(Math.floor(coordinate / q));
    }
    const here = at.here();
    here.total = logSum(here.values, here.factors);
    inverse.standardise(at.current(), here.x, standardised);
    scaling = true;
    covariances(rng);
  };
}

/** A density that is not finite, far out, is none. */
function finite(height: number): number {
  return Number.isFinite(height) ? height : -Infinity;
}
