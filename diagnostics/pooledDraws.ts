import { normalQuantile } from '../src/special/distributions.ts';
import { type Chains, chainsShape, copyChains } from './chains.ts';
import { mean, squaredDeviations } from './moments.ts';
import { type SortOrder, sortOrder } from './sortOrder.ts';
import { type ChainBlock, splitPositions } from './splitChains.ts';

/**
 * The draws of one quantity pooled over its chains, with one sort and one set of work arrays that all measures share;
 * `load` takes the next quantity of the same shape into the same arrays.
 */
export class PooledDraws {
  /** The draws as given: M x N, row-major. */
  readonly unsplit: ChainBlock;
  readonly size: number;
  /** No NaN among the draws; then they can be sorted. */
  ordered = false;
  /** Neither NaN nor an infinity. */
  finite = false;

  private readonly halves: ChainBlock;
  private readonly position: Int32Array;
  private readonly order: Int32Array;
  private readonly sortedValues: Float64Array;
  private readonly folded: Float64Array;
  private readonly foldedOrder: Int32Array;
  private readonly scores: Float64Array; // of the ranks 1 .. S, filled when first asked for
  private readonly sort: SortOrder;
  private isSorted = false;
  private holdsScores = false;
  private hasMean = false;
  private centre = Number.NaN;

  constructor(chainCount: number, drawCount: number) {
    this.size = chainCount * drawCount;
    this.unsplit = { values: new Float64Array(this.size), chainCount, drawCount };
    const half = Math.floor(drawCount / 2);
    const halvesSize = 2 * chainCount * half;
    this.halves = { values: new Float64Array(halvesSize), chainCount: 2 * chainCount, drawCount: half };
    this.position = new Int32Array(this.size);
    const within = splitPositions(drawCount);
    for (let k = 0; k < this.size; k++) {
      const at = within[k % drawCount]!;
      this.position[k] = at < 0 ? -1 : Math.floor(k / drawCount) * 2 * half + at;
    }
    this.order = new Int32Array(this.size);
    this.sortedValues = new Float64Array(this.size);
    this.folded = new Float64Array(this.size);
    this.foldedOrder = new Int32Array(this.size);
    this.scores = new Float64Array(halvesSize + 1).fill(Number.NaN);
    this.sort = sortOrder(this.size);
  }

  load(chains: Chains, name?: string): this {
    const { values } = this.unsplit;
    copyChains(chains, values, name);
    this.ordered = true;
    this.finite = true;
    for (let i = 0; i < values.length; i++) {
      const x = values[i]!;
      if (x - x !== 0) {
        this.finite = false;
        if (Number.isNaN(x)) this.ordered = false;
      }
    }
    this.isSorted = false;
    this.holdsScores = false;
    this.hasMean = false;
    return this;
  }

  /** The pooled draws in ascending order (not to be called with a NaN among them). */
  sorted(): Float64Array {
    if (!this.isSorted) {
      this.sort(this.unsplit.values, this.finite ? this.mean() : 0, this.order, this.sortedValues);
      this.isSorted = true;
    }
    return this.sortedValues;
  }

  /** The sorted draws and, for each, its place in `unsplit.values`. */
  ordering(): { readonly sorted: Float64Array; readonly order: Int32Array } {
    return { sorted: this.sorted(), order: this.order };
  }

  mean(): number {
    if (!this.hasMean) this.centre = mean(this.unsplit.values);
    this.hasMean = true;
    return this.centre;
  }

  /** Standard deviation with denominator S - 1; NaN unless all draws are finite. */
  sd(): number {
    if (!this.finite || this.size < 2) return Number.NaN;
    return Math.sqrt(squaredDeviations(this.unsplit.values, this.mean()) / (this.size - 1));
  }

  median(): number {
    const sorted = this.sorted();
    const middle = this.size >> 1;
    return this.size % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  }

  /** Largest absolute value of the draws: the scale of their rounding. */
  magnitude(): number {
    const sorted = this.sorted();
    return Math.max(Math.abs(sorted[0]!), Math.abs(sorted[this.size - 1]!));
  }

  // The transforms below write into the one block of split chains (2M x floor(N/2)), which the next one overwrites.

  /** The draws in split chains. */
  split(): ChainBlock {
    this.holdsScores = false;
    const { values } = this.unsplit;
    const out = this.halves.values;
    for (let k = 0; k < this.size; k++) {
      const at = this.position[k]!;
      if (at >= 0) out[at] = values[k]!;
    }
    return this.halves;
  }

  /** f(draw) in split chains. */
  splitMap(f: (draw: number) => number): ChainBlock {
    this.holdsScores = false;
    const { values } = this.unsplit;
    const out = this.halves.values;
    for (let k = 0; k < this.size; k++) {
      const at = this.position[k]!;
      if (at >= 0) out[at] = f(values[k]!);
    }
    return this.halves;
  }

  /** The indicator of draw <= threshold, 0 or 1, in split chains. */
  splitIndicator(threshold: number): ChainBlock {
    this.holdsScores = false;
    const { values } = this.unsplit;
    const out = this.halves.values;
    for (let k = 0; k < this.size; k++) {
      const at = this.position[k]!;
      if (at >= 0) out[at] = values[k]! <= threshold ? 1 : 0;
    }
    return this.halves;
  }

  /**
   * Normal scores of the draws in split chains: Phi^-1((r - 3/8) / (S + 1/4)), r the average rank among the S split
   * draws.
   */
  splitScores(): ChainBlock {
    if (!this.holdsScores) this.scatterScores(this.sorted(), this.order);
    this.holdsScores = true; // R-hat and bulk ESS, asked for one after the other, share them
    return this.halves;
  }

  /**
   * Normal scores of the folded draws |x - median| in split chains, or null when folding leaves nothing but rounding
   * (draws that take two values equally often). One merge outwards from the median replaces a second sort.
   */
  splitFoldedScores(): ChainBlock | null {
    this.holdsScores = false;
    const { folded, foldedOrder, order, size } = this;
    const sorted = this.sorted();
    const centre = this.median();
    let down = (size >> 1) - 1;
    let up = size >> 1;
    for (let k = 0; k < size; k++) {
      const left = down < 0 ? Number.POSITIVE_INFINITY : centre - sorted[down]!;
      const right = up >= size ? Number.POSITIVE_INFINITY : sorted[up]! - centre;
      const takeLeft = left < right;
      folded[k] = takeLeft ? left : right;
      foldedOrder[k] = order[takeLeft ? down : up]!;
      if (takeLeft) down--;
      else up++;
    }
    const rounding = 4 * Number.EPSILON * this.magnitude();
    return folded[size - 1]! - folded[0]! <= rounding ? null : this.scatterScores(folded, foldedOrder);
  }

  /** Average ranks of `ascending` (whose k-th value is draw order[k]) among the split draws, as normal scores. */
  private scatterScores(ascending: Float64Array, order: Int32Array): ChainBlock {
    const { size, position, scores } = this;
    if (Number.isNaN(scores[1])) for (let r = 1; r < scores.length; r++) scores[r] = this.score(r);
    const out = this.halves.values;
    let rank = 0; // split draws passed so far; the middle draws of odd chains do not count
    for (let k = 0; k < size; ) {
      const value = ascending[k]!;
      if (k + 1 === size || ascending[k + 1] !== value) {
        const at = position[order[k]!]!;
        if (at >= 0) out[at] = scores[++rank]!;
        k++;
        continue;
      }
      let end = k;
      let ties = 0;
      for (; end < size && ascending[end] === value; end++) if (position[order[end]!]! >= 0) ties++;
      const score = this.score(rank + (ties + 1) / 2); // the mean of rank + 1 .. rank + ties
      for (; k < end; k++) {
        const at = position[order[k]!]!;
        if (at >= 0) out[at] = score;
      }
      rank += ties;
    }
    return this.halves;
  }

  private score(rank: number): number {
    return normalQuantile((rank - 0.375) / (this.halves.values.length + 0.25));
  }
}

/**
 * The pooled draws of one quantity, checked. Throws DiagnosticsError on missing, empty, unequal or non-numeric chains.
 */
export function poolDraws(chains: Chains, name?: string): PooledDraws {
  const { chainCount, drawCount } = chainsShape(chains, name);
  return new PooledDraws(chainCount, drawCount).load(chains, name);
}
