import { independentChance, takesWalk } from '../../proposals/delayedRejection.ts';
import { foldedWalk } from '../../proposals/foldedWalk.ts';
import type { Rng } from '../../random/rng.ts';
import { firstPoint } from '../firstPoint.ts';
import { branches } from './branches.ts';
import type { LevelSteps } from './levelSteps.ts';
import { whitener } from './whiten.ts';
import { whitenedBlocks } from './whitenedBlocks.ts';
import { whitenedBranches } from './whitenedBranches.ts';
import type { WhitenedFactor, WhitenedPlace } from './whitenedMap.ts';
import type { SweepSteps, WhitenedModel } from './whitenedModel.ts';
import { whitenedSlices } from './whitenedSlices.ts';

/** Correlation of the border's xi in a walk. */
const WALK_CORRELATION = 0.9;

/**
 * The two-step sampler in whitened coordinates (phi, xi) of a model, see `whitenedMap`.
 * - A: phi from its proposal and the border's xi (beta, other factors) anew, the blocks' xi kept: their u move with phi
 *   and beta. Where that is refused, both walk from where they are (see delayedRejection.ts): in a tail that the
 *   proposal is too light for nearly every sweep ends in a walk.
 *   Of a sparse border A draws the trunk alone; its levels follow set by set, each accepted by itself (`branches`).
 * - B: each block's xi, all at once, every block accepted or not by itself; those refused walk.
 * - C: where too few of A are accepted, every coordinate by slice sampling (`whitenedSlices`).
 */
export interface WhitenedSampler {
  /** Length of the latent vector: phi, then xi. */
  readonly length: number;
  /** Draws a starting point with finite density; throws `no-start` (see firstPoint.ts) where none is found. */
  start(latent: Float64Array, rng: Rng): void;
  /** Fills `latent` from phi and coefficients x (working coordinates); false where their density is not finite. */
  adopt(latent: Float64Array, phi: Float64Array, x: Float64Array): boolean;
  /** One sweep of steps A and B from `latent`, in place; fills `info`, where it is given, with `whitenedStats`. */
  sweep(latent: Float64Array, rng: Rng, info?: Float64Array): void;
  /** The factor and the place of the last sweep's end. */
  factor(): WhitenedFactor;
  place(): WhitenedPlace;
  /**
   * Share so far of the steps A whose independent proposal was accepted; and of accepted levels, of the blocks or of
   * the set of branches that has the least.
   */
  acceptance(): { readonly joint: number; readonly levels: number };
  /** The chance that independent proposals leave `latent`, by so many tries: the least of A and all levels. */
  chanceToLeave(latent: Float64Array, tries: number, rng: Rng): number;
}

/** A sampler of the model; workspaces are allocated here. */
export function whitenedSampler(model: WhitenedModel, { pairs, slices }: SweepSteps = model.steps): WhitenedSampler {
  const { table, map } = model;
  const { proposal, walk, start: mode } = model.proposal;
  const { q, layout } = table;
  const d = mode.length;
  const { size } = layout;
  const tail = size - layout.pattern.r;
  let current = model.allocateFactor();
  let proposed = model.allocateFactor();
  const { q: folded } = current.target;
  let here = map.allocatePlace();
  let there = map.allocatePlace();
  // The latent vector that `current` and `here` belong to.
  const known = new Float64Array(d + size).fill(Number.NaN);
  const phi = known.subarray(0, d);
  const xi = known.subarray(d);
  const nextPhi = new Float64Array(d);
  const nextXi = new Float64Array(size);
  const noise = new Float64Array(d);
  const inverse = whitener(table, model.products);
  const standardised = new Float64Array(size);
  const { trunk, sets } = branches(table, model.products.groups);
  const position = { xi, nextXi, current: () => current, here: () => here, there: () => there };
  const blocks = whitenedBlocks(model, position);
  const levels: readonly LevelSteps[] = [
    ...sets.map((set) => whitenedBranches(model, set, position)),
    ...(q > 0 ? [blocks] : []),
  ];
  // Steps and those accepted, of A and of the levels of each kind.
  let joint = 0;
  let jointWalks = 0;
  let jointTries = 0;
  const taken = new Float64Array(levels.length);
  const tries = new Float64Array(levels.length);
  let walks = 0;

  /** Brings the workspaces to a latent vector; nothing to do where they are there. */
  const restore = (latent: Float64Array): boolean => {
    let same = true;
    for (let i = 0; i < known.length; i += 1) same &&= known[i] === latent[i];
    if (same) return true;
    known.set(latent);
    if (!map.factorAt(current, phi)) return false;
    current.logProposal = proposal.logDensity(phi);
    map.placeBorder(current, here, xi);
    map.placeBlocks(current, here, xi);
    return Number.isFinite(here.total + here.border);
  };

  /**
   * Draws the border's xi with correlation `keep` to where it is and evaluates `proposed` and `there` at (nextPhi,
   * nextXi): the log of the target's density there over that here, both over the normal density that such a step keeps.
   */
  const tryBorder = (keep: number, rng: Rng): number => {
    const fresh = Math.sqrt(1 - keep * keep);
    let shift = 0;
    for (let i = 0; i < trunk.length; i += 1) {
      const k = tail + trunk[i]!;
      const value = keep * xi[k]! + fresh * rng.normal();
      shift += value * value - xi[k]! * xi[k]!;
      nextXi[k] = value;
    }
    proposed.logProposal = proposal.logDensity(nextPhi);
    if (!map.factorAt(proposed, nextPhi)) return -Infinity;
    map.placeBorder(proposed, there, nextXi);
    map.placeBlocks(proposed, there, nextXi);
    return proposed.logBase + there.total + there.border - (current.logBase + here.total + here.border) + 0.5 * shift;
  };

  /** Moves to (nextPhi, nextXi). */
  const move = (): void => {
    phi.set(nextPhi);
    for (let k = tail; k < size; k += 1) xi[k] = nextXi[k]!;
    const factor = current;
    current = proposed;
    proposed = factor;
    const left = here;
    here = there;
    there = left;
  };

  /** Evaluates a draw of A's proposal: the log of its importance weight, target over proposal, less the target here. */
  const tryJoint = (rng: Rng): number => {
    nextXi.set(xi);
    proposal.draw(rng, nextPhi);
    return tryBorder(0, rng) - proposed.logProposal;
  };

  const stepA = (rng: Rng): void => {
    jointTries += 1;
    const weight = tryJoint(rng);
    const chance = independentChance(weight, -current.logProposal);
    if (rng.uniform() < chance) {
      joint += 1;
      move();
      return;
    }
    foldedWalk(phi, walk, folded, 1, rng, noise, nextPhi);
    const height = tryBorder(WALK_CORRELATION, rng);
    if (takesWalk(height, height - proposed.logProposal, weight, chance, rng)) {
      jointWalks += 1;
      move();
    }
  };

  /** The levels of every set of branches, from the trunk outwards, and the blocks: step B. */
  const stepLevels = (rng: Rng): void => {
    for (let s = 0; s < levels.length; s += 1) {
      const { accepted, walked } = levels[s]!.step(rng);
      taken[s] = taken[s]! + accepted;
      walks += walked;
      tries[s] = tries[s]! + levels[s]!.count;
    }
  };

  const slice = whitenedSlices(
    model,
    {
      ...position,
      phi,
      nextPhi,
      blocks,
      proposed: () => proposed,
      move,
      moveBorder() {
        for (let k = tail; k < size; k += 1) xi[k] = nextXi[k]!;
        const left = here;
        here = there;
        there = left;
      },
    },
    inverse,
  );

  return {
    length: d + size,
    start(latent, rng) {
      firstPoint('whitenedMetropolis', (last) => {
        if (last) nextPhi.set(mode);
        else proposal.draw(rng, nextPhi);
        latent.set(nextPhi);
        for (let k = d; k < latent.length; k += 1) latent[k] = last ? 0 : rng.normal();
        const found = restore(latent);
        if (!found) known.fill(Number.NaN);
        return found;
      });
    },
    adopt(latent, from, x) {
      // `proposed` is free between sweeps.
      if (!map.factorAt(proposed, from)) return false;
      inverse.standardise(proposed, x, standardised);
      inverse.whiten(proposed, standardised, nextXi);
      latent.set(from);
      latent.set(nextXi, d);
      return true;
    },
    sweep(latent, rng, info) {
      restore(latent);
      const accepted = joint;
      const walked = jointWalks;
      const tried = jointTries;
      const levelsTaken = sum(taken);
      const levelsWalked = walks;
      const levelsTried = sum(tries);
      for (let pair = 0; pair < pairs; pair += 1) {
        stepA(rng);
        stepLevels(rng);
      }
      for (let s = 0; s < slices; s += 1) slice(rng);
      latent.set(known);
      if (info === undefined) return;
      const steps = jointTries - tried;
      info[1] = steps > 0 ? (joint - accepted) / steps : 1;
      info[0] = steps > 0 ? info[1] + (jointWalks - walked) / steps : 1;
      const own = sum(tries) - levelsTried;
      info[3] = own > 0 ? (sum(taken) - levelsTaken) / own : 1;
      info[2] = own > 0 ? info[3] + (walks - levelsWalked) / own : 1;
      info[4] = current.logBase + here.total + here.border;
    },
    factor: () => current,
    place: () => here,
    acceptance: () => ({
      joint: joint / jointTries,
      levels: levels.reduce((least, _, s) => Math.min(least, tries[s]! > 0 ? taken[s]! / tries[s]! : 1), 1),
    }),
    chanceToLeave(latent, times, rng) {
      restore(latent);
      let ofA = 0;
      const ofLevels = levels.map(({ count }) => new Float64Array(count));
      for (let t = 0; t < times; t += 1) {
        ofA += independentChance(tryJoint(rng), -current.logProposal);
        levels.forEach((each, s) => {
          const sums = ofLevels[s]!;
          each.try(rng);
          for (let k = 0; k < sums.length; k += 1) sums[k]! += each.chances[k]!;
        });
      }
      return Math.min(ofA, ...ofLevels.flatMap((sums) => [...sums])) / times;
    },
  };
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i += 1) total += values[i]!;
  return total;
}
