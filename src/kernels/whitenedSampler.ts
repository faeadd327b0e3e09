import type { Rng } from '../random/rng.ts';
import type { MarginalProposal } from './marginalProposal.ts';
import type { WhitenedModel } from './whitenedModel.ts';
import { placeBlock, type WhitenedFactor, type WhitenedPlace } from './whitenedPoint.ts';

/** Share of steps A that walk from where they are: they make the support complete where the proposal's tail is too light. */
const WALK_SHARE = 0.05;
/** Correlation of the border's xi in a walk, and of the blocks' in every eighth step B. */
const WALK_CORRELATION = 0.9;
const BLOCK_CORRELATION = 0.8;
const BLOCK_WALK_EVERY = 8;
/** sd of the blocks' proposals: wider than the approximation, so that no block sticks in a tail. */
const BLOCK_SCALE = 1.2;

/**
 * The two-step sampler in whitened coordinates. With x = (u, beta) = L(phi)^-T (L(phi)^-1 h + xi) under Gaussian pseudo-observations, the target in
 * (phi, xi) is p_pseudo(phi | y) N(xi; 0, I) exp(R), R what the log-likelihood has beyond the pseudo-observations.
 * - A: phi and the border's xi (beta, other factors) anew, the blocks' xi kept: they move with phi and beta.
 * - B: each block's xi, all at once, every block accepted or not by itself.
 */
export interface WhitenedSampler {
  /** Length of the latent vector: phi, then xi. */
  readonly length: number;
  /** Draws a starting point with finite density. */
  start(latent: Float64Array, rng: Rng): void;
  /** One sweep from `latent`, in place. */
  sweep(latent: Float64Array, rng: Rng): void;
  /** The factor and the place of the last sweep's end. */
  factor(): WhitenedFactor;
  place(): WhitenedPlace;
  /** Share of accepted steps A and B so far. */
  acceptance(): { readonly joint: number; readonly blocks: number };
}

/** A sampler of the model with its pseudo-observations as they are. */
export function whitenedSampler(model: WhitenedModel, { proposal, walk, start: mode }: MarginalProposal): WhitenedSampler {
  const { table } = model;
  const { J, q, start, layout } = table;
  const d = mode.length;
  const { size } = layout;
  const tail = J * q;
  const map = model.map();
  const { remainder } = map;
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
  const trialXi = new Float64Array(q);
  const trial = new Float64Array(q);
  let joint = 0;
  let jointTries = 0;
  let blocks = 0;
  let blockTries = 0;

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
    return Number.isFinite(here.total);
  };

  const stepA = (rng: Rng): void => {
    jointTries += 1;
    const walking = rng.uniform() < WALK_SHARE;
    if (walking) {
      for (let i = 0; i < d; i += 1) noise[i] = rng.normal();
      for (let i = 0; i < d; i += 1) {
        let sum = phi[i]!;
        for (let k = 0; k <= i; k += 1) sum += walk[i * d + k]! * noise[k]!;
        nextPhi[i] = i < folded ? Math.abs(sum) : sum;
      }
    } else if (d > 0) {
      proposal.draw(rng, nextPhi);
    }
    const keep = walking ? WALK_CORRELATION : 0;
    const fresh = Math.sqrt(1 - keep * keep);
    for (let k = 0; k < tail; k += 1) nextXi[k] = xi[k]!;
    for (let k = tail; k < size; k += 1) nextXi[k] = keep * xi[k]! + fresh * rng.normal();
    if (!map.factorAt(proposed, nextPhi)) return;
    map.placeBorder(proposed, there, nextXi);
    map.placeBlocks(proposed, there, nextXi);
    proposed.logProposal = d > 0 ? proposal.logDensity(nextPhi) : 0;
    let ratio = proposed.logDensity + there.total - current.logDensity - here.total;
    if (!walking) ratio += current.logProposal - proposed.logProposal;
    if (!(ratio >= 0 || rng.uniform() < Math.exp(ratio))) return;
    joint += 1;
    phi.set(nextPhi);
    for (let k = tail; k < size; k += 1) xi[k] = nextXi[k]!;
    const factor = current;
    current = proposed;
    proposed = factor;
    const place = here;
    here = there;
    there = place;
  };

  const stepB = (rng: Rng): void => {
    const walking = rng.uniform() * BLOCK_WALK_EVERY < 1;
    const keep = walking ? BLOCK_CORRELATION : 0;
    const fresh = walking ? Math.sqrt(1 - keep * keep) : BLOCK_SCALE;
    const slack = walking ? 0 : 0.5 * (1 - 1 / (BLOCK_SCALE * BLOCK_SCALE));
    const { spread } = current;
    const { x, mean, predictor, remainder: left } = here;
    let total = 0;
    for (let j = 0; j < J; j += 1) {
      const at = j * q;
      if (start[j] === start[j + 1]) {
        for (let a = 0; a < q; a += 1) xi[at + a] = rng.normal();
        placeBlock(spread, mean, xi, at, q, x, at, at);
        continue;
      }
      let shift = 0;
      for (let a = 0; a < q; a += 1) {
        const old = xi[at + a]!;
        const value = keep * old + fresh * rng.normal();
        trialXi[a] = value;
        shift += old * old - value * value;
      }
      placeBlock(spread, mean, trialXi, 0, q, trial, 0, at);
      const value = remainder(j, predictor, trial, 0);
      const ratio = value - left[j]! + slack * shift;
      if (ratio >= 0 || rng.uniform() < Math.exp(ratio)) {
        blocks += 1;
        left[j] = value;
        for (let a = 0; a < q; a += 1) {
          xi[at + a] = trialXi[a]!;
          x[at + a] = trial[a]!;
        }
      }
      blockTries += 1;
      total += left[j]!;
    }
    here.total = total;
  };

  return {
    length: d + size,
    start(latent, rng) {
      for (let attempt = 0; ; attempt += 1) {
        if (attempt < 100) proposal.draw(rng, nextPhi);
        else nextPhi.set(mode);
        latent.set(nextPhi);
        for (let k = d; k < latent.length; k += 1) latent[k] = attempt < 100 ? rng.normal() : 0;
        if (restore(latent) || attempt >= 100) return;
        known.fill(Number.NaN);
      }
    },
    sweep(latent, rng) {
      restore(latent);
      stepA(rng);
      if (q > 0) stepB(rng);
      latent.set(known);
    },
    factor: () => current,
    place: () => here,
    acceptance: () => ({ joint: joint / jointTries, blocks: blocks / blockTries }),
  };
}
