import { exp, log } from '../../elementary.ts';
import { independentChance, takesWalk } from '../../proposals/delayedRejection.ts';
import { foldedWalk } from '../../proposals/foldedWalk.ts';
import type { Rng } from '../../random/rng.ts';
import { firstPoint } from '../firstPoint.ts';
import { BLOCK_CORRELATION, BLOCK_FRESH, BLOCK_SCALE, SLACK } from './blockSteps.ts';
import { branches } from './branches.ts';
import { whitener } from './whiten.ts';
import { whitenedBranches } from './whitenedBranches.ts';
import { logSum, type WhitenedFactor, type WhitenedPlace } from './whitenedMap.ts';
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
   * Share so far of the steps A whose independent proposal was accepted, of accepted blocks in steps B, and of accepted
   * branches.
   */
  acceptance(): { readonly joint: number; readonly blocks: number; readonly branches: number };
  /** The chance that independent proposals leave `latent`, by so many tries: the least of A and the blocks. */
  chanceToLeave(latent: Float64Array, tries: number, rng: Rng): number;
}

/** A sampler of the model; workspaces are allocated here. */
export function whitenedSampler(model: WhitenedModel, { pairs, slices }: SweepSteps = model.steps): WhitenedSampler {
  const { table, map } = model;
  const { proposal, walk, start: mode } = model.proposal;
  const { J, q, start, layout } = table;
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
  const trialXi = new Float64Array(J * q);
  const trial = new Float64Array(J * q);
  const trialValues = new Float64Array(J);
  const trialFactors = new Float64Array(J);
  const { trunk, sets } = branches(table, model.products.groups);
  const branchSteps = sets.map((set) =>
    whitenedBranches(model, set, { xi, nextXi, current: () => current, here: () => here, there: () => there }),
  );
  // With which each block's independent proposal would have been accepted; 1 where it was.
  const chances = new Float64Array(J);
  // Steps and those accepted, of A and of the blocks in B.
  let joint = 0;
  let jointWalks = 0;
  let jointTries = 0;
  let blocks = 0;
  let blockWalks = 0;
  let blockTries = 0;
  let branchesTaken = 0;
  let branchWalks = 0;
  let branchTries = 0;

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

  /** Takes the trial of block j. */
  const takeBlock = (j: number): void => {
    const { x, values, factors } = here;
    values[j] = trialValues[j]!;
    factors[j] = trialFactors[j]!;
    for (let k = j * q; k < (j + 1) * q; k += 1) {
      xi[k] = trialXi[k]!;
      x[k] = trial[k]!;
    }
  };

  /** Draws the xi of all blocks anew, and fills `chances` with those that each would be accepted with. */
  const tryBlocks = (rng: Rng): void => {
    const { values, factors } = here;
    rng.fillNormals(trialXi, J * q);
    for (let j = 0; j < J; j += 1) {
      // No rows: the prior given the border, whatever the transform.
      if (start[j] === start[j + 1]) continue;
      for (let k = j * q; k < (j + 1) * q; k += 1) trialXi[k] = BLOCK_SCALE * trialXi[k]!;
    }
    map.blocks(current, here, trialXi, trial, trialValues, trialFactors);
    for (let j = 0; j < J; j += 1) {
      let shift = 0;
      for (let k = j * q; k < (j + 1) * q; k += 1) shift += trialXi[k]! * trialXi[k]! - xi[k]! * xi[k]!;
      chances[j] = (exp(trialValues[j]! - values[j]! + SLACK * shift) * trialFactors[j]!) / factors[j]!;
    }
  };

  const stepB = (rng: Rng): void => {
    tryBlocks(rng);
    for (let j = 0; j < J; j += 1) {
      const ratio = chances[j]!;
      if (start[j] === start[j + 1] || ratio >= 1 || rng.uniform() < ratio) {
        chances[j] = 1;
        blocks += 1;
        takeBlock(j);
      }
    }
    blockTries += J;
    for (let j = 0; j < J; j += 1) if (chances[j]! < 1) walkBlock(j, rng);
    here.total = logSum(here.values, here.factors);
  };

  /** A walk of block j after its independent proposal was refused. */
  const walkBlock = (j: number, rng: Rng): void => {
    const chance = chances[j]!;
    let shift = 0;
    for (let k = j * q; k < (j + 1) * q; k += 1) {
      const value = BLOCK_CORRELATION * xi[k]! + BLOCK_FRESH * rng.normal();
      shift += value * value - xi[k]! * xi[k]!;
      trialXi[k] = value;
    }
    map.blocks(current, here, trialXi, trial, trialValues, trialFactors, j, j + 1);
    const rise = trialValues[j]! - here.values[j]! + log(trialFactors[j]! / here.factors[j]!);
    if (takesWalk(rise + 0.5 * shift, rise + SLACK * shift, log(chance), chance, rng)) {
      blockWalks += 1;
      takeBlock(j);
    }
  };

  /** Every set of branches in turn, from the trunk outwards. */
  const stepBranches = (rng: Rng): void => {
    for (let s = 0; s < branchSteps.length; s += 1) {
      const { accepted, walked } = branchSteps[s]!.step(rng);
      branchTries += branchSteps[s]!.count;
      branchesTaken += accepted;
      branchWalks += walked;
    }
  };

  const slice = whitenedSlices(
    model,
    {
      phi,
      xi,
      nextPhi,
      nextXi,
      trialXi,
      trial,
      trialValues,
      trialFactors,
      current: () => current,
      proposed: () => proposed,
      here: () => here,
      there: () => there,
      move,
      moveBorder() {
        for (let k = tail; k < size; k += 1) xi[k] = nextXi[k]!;
        const left = here;
        here = there;
        there = left;
      },
      takeBlock,
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
      const levelsAccepted = blocks + branchesTaken;
      const levelsWalked = blockWalks + branchWalks;
      const levelsTried = blockTries + branchTries;
      for (let pair = 0; pair < pairs; pair += 1) {
        stepA(rng);
        stepBranches(rng);
        if (q > 0) stepB(rng);
      }
      for (let s = 0; s < slices; s += 1) slice(rng);
      latent.set(known);
      if (info === undefined) return;
      const steps = jointTries - tried;
      info[1] = steps > 0 ? (joint - accepted) / steps : 1;
      info[0] = steps > 0 ? info[1] + (jointWalks - walked) / steps : 1;
      const own = blockTries + branchTries - levelsTried;
      info[3] = own > 0 ? (blocks + branchesTaken - levelsAccepted) / own : 1;
      info[2] = own > 0 ? info[3] + (blockWalks + branchWalks - levelsWalked) / own : 1;
      info[4] = current.logBase + here.total + here.border;
    },
    factor: () => current,
    place: () => here,
    acceptance: () => ({
      joint: joint / jointTries,
      blocks: blockTries > 0 ? blocks / blockTries : 1,
      branches: branchTries > 0 ? branchesTaken / branchTries : 1,
    }),
    chanceToLeave(latent, tries, rng) {
      restore(latent);
      let ofA = 0;
      const ofB = new Float64Array(q > 0 ? J : 0);
      const ofBranches = branchSteps.map(({ count }) => new Float64Array(count));
      for (let t = 0; t < tries; t += 1) {
        ofA += independentChance(tryJoint(rng), -current.logProposal);
        if (q > 0) tryBlocks(rng);
        branchSteps.forEach((each, s) => {
          each.try(rng).chances.forEach((chance, b) => {
            ofBranches[s]![b]! += chance;
          });
        });
        for (let j = 0; j < ofB.length; j += 1) ofB[j]! += start[j] === start[j + 1] ? 1 : Math.min(1, chances[j]!);
      }
      return Math.min(ofA, ...ofB, ...ofBranches.flatMap((all) => [...all])) / tries;
    },
  };
}
