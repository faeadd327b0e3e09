import { exp, log } from '../../elementary.ts';
import { takesWalk } from '../../proposals/delayedRejection.ts';
import type { Rng } from '../../random/rng.ts';
import type { BranchSet } from './branches.ts';
import {
  LEVEL_CORRELATION,
  LEVEL_FRESH,
  LEVEL_SCALE,
  type LevelPosition,
  type LevelStep,
  type LevelSteps,
  SLACK,
} from './levelSteps.ts';
import { logSum } from './whitenedMap.ts';
import type { WhitenedModel } from './whitenedModel.ts';

/**
 * The xi of a set's branches anew, all at once: what each moves, no other does, so that each is accepted by itself on
 * what its own blocks and coefficients make of it: T of a sparse border is the identity. One pass of the border and the
 * cells, and one more for those that were refused.
 */
export function whitenedBranches({ map, table }: WhitenedModel, set: BranchSet, at: LevelPosition): LevelSteps {
  const { count, drawn, branchDrawn, ofColumn, ofBlock, ofRow } = set;
  const { q, layout } = table;
  const { size } = layout;
  const tail = size - layout.pattern.r;
  const { xi, nextXi } = at;
  const shift = new Float64Array(count);
  const rise = new Float64Array(count);
  const product = new Float64Array(count);
  // Of the branches: tried in this pass, taken.
  const tried = new Uint8Array(count);
  const taken = new Uint8Array(count);
  const weights = new Float64Array(count);
  const chances = new Float64Array(count);
  const result: LevelStep = { accepted: 0, walked: 0 };
  const ofBranch = (of: Int32Array): Int32Array => Int32Array.from(of.keys()).filter((k) => of[k]! >= 0);
  const blocks = ofBranch(ofBlock);
  const rows = ofBranch(ofRow);
  const columns = ofBranch(ofColumn);

  const multiply = (b: number, by: number): void => {
    const next = product[b]! * by;
    if (next > 1e-100 && next < 1e100) product[b] = next;
    else {
      rise[b] = rise[b]! + log(product[b]!) + log(by);
      product[b] = 1;
    }
  };

  /**
   * Evaluates `there` with the xi of the branches tried drawn with correlation `keep` to what they are: fills `rise`,
   * the log of the density there over that here, and `shift`, the change of xi'xi.
   */
  const evaluate = (keep: number, fresh: number, rng: Rng): void => {
    const factor = at.current();
    const here = at.here();
    const there = at.there();
    nextXi.set(xi);
    shift.fill(0);
    rise.fill(0);
    product.fill(1);
    for (let i = 0; i < drawn.length; i += 1) {
      const b = branchDrawn[i]!;
      if (tried[b] === 0) continue;
      const k = drawn[i]!;
      const old = xi[tail + k]!;
      const value = keep * old + fresh * rng.normal();
      nextXi[tail + k] = value;
      shift[b] = shift[b]! + value * value - old * old;
    }
    map.placeBorder(factor, there, nextXi);
    for (let i = 0; i < columns.length; i += 1) {
      const k = columns[i]!;
      const b = ofColumn[k]!;
      const e = there.e[tail + k]!;
      const old = here.e[tail + k]!;
      rise[b] = rise[b]! + map.linear[k]! * (there.x[tail + k]! - here.x[tail + k]!) - 0.5 * (e * e - old * old);
    }
    for (let i = 0; i < blocks.length; i += 1) {
      const j = blocks[i]!;
      const b = ofBlock[j]!;
      if (tried[b] === 0) continue;
      map.blocks(factor, there, nextXi, there.x, there.values, there.factors, j, j + 1);
      rise[b] = rise[b]! + there.values[j]! - here.values[j]!;
      multiply(b, there.factors[j]! / here.factors[j]!);
    }
    for (let b = 0; b < count; b += 1) rise[b] = rise[b]! + log(product[b]!);
  };

  /** Moves the branches that are taken. */
  const move = (): void => {
    const here = at.here();
    const there = at.there();
    for (let i = 0; i < columns.length; i += 1) {
      const k = columns[i]!;
      if (taken[ofColumn[k]!] === 0) continue;
      xi[tail + k] = nextXi[tail + k]!;
      here.e[tail + k] = there.e[tail + k]!;
      here.x[tail + k] = there.x[tail + k]!;
    }
    for (let i = 0; i < rows.length; i += 1) {
      const d = rows[i]!;
      if (taken[ofRow[d]!] === 1) here.predictor[d] = there.predictor[d]!;
    }
    for (let i = 0; i < blocks.length; i += 1) {
      const j = blocks[i]!;
      if (taken[ofBlock[j]!] === 0) continue;
      here.values[j] = there.values[j]!;
      here.factors[j] = there.factors[j]!;
      for (let k = j * q; k < (j + 1) * q; k += 1) {
        here.mean[k] = there.mean[k]!;
        here.x[k] = there.x[k]!;
      }
    }
    map.joinBorder(at.current(), here, xi);
    here.total = logSum(here.values, here.factors);
  };

  const tryAll = (rng: Rng): void => {
    tried.fill(1);
    evaluate(0, LEVEL_SCALE, rng);
    for (let b = 0; b < count; b += 1) {
      weights[b] = rise[b]! + SLACK * shift[b]!;
      const chance = exp(weights[b]!);
      chances[b] = chance < 1 ? chance : weights[b]! >= 0 ? 1 : 0;
    }
  };

  return {
    count,
    chances,
    try: tryAll,
    step(rng) {
      result.accepted = 0;
      result.walked = 0;
      tryAll(rng);
      for (let b = 0; b < count; b += 1) {
        const chance = chances[b]!;
        taken[b] = chance >= 1 || rng.uniform() < chance ? 1 : 0;
        result.accepted += taken[b]!;
        tried[b] = 1 - taken[b]!;
      }
      if (result.accepted > 0) move();
      if (result.accepted === count) return result;
      evaluate(LEVEL_CORRELATION, LEVEL_FRESH, rng);
      for (let b = 0; b < count; b += 1) {
        taken[b] = 0;
        if (tried[b] === 0) continue;
        const height = rise[b]! + 0.5 * shift[b]!;
        if (takesWalk(height, rise[b]! + SLACK * shift[b]!, weights[b]!, chances[b]!, rng)) taken[b] = 1;
        result.walked += taken[b]!;
      }
      if (result.walked > 0) move();
      return result;
    },
  };
}
