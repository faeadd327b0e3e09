import { quantileOfSorted } from './quantile.ts';
import { BINS, valueBins } from './valueBins.ts';

/** Below so many values sorting them is as quick. */
const FEW = 256;

const wanted = new Uint8Array(BINS);
/** How many values of the bins that were left aside are below each bin. */
const aside = new Int32Array(BINS);

/**
 * Type-7 quantiles of values in any order, not checked, to the last bit those of `quantileOfSorted`: the bins
 * (`valueBins`) that hold the order statistics asked for are sorted, the others only counted. O(n).
 */
export function unsortedQuantiles(values: Float64Array, probabilities: readonly number[]): number[] {
  const last = values.length - 1;
  const bins = values.length < FEW || probabilities.length === 0 ? null : valueBins(values);
  if (bins === null) {
    const sorted = Float64Array.from(values).sort();
    return probabilities.map((probability) => quantileOfSorted(sorted, probability));
  }
  const { least, scale, counts } = bins;
  wanted.fill(0);
  for (const probability of probabilities) {
    const at = last * probability;
    markBin(counts, Math.floor(at));
    markBin(counts, Math.ceil(at));
  }
  let left = 0;
  let taken = 0;
  for (let b = 0; b < BINS; b++) {
    aside[b] = left;
    if (wanted[b] === 1) taken += counts[b]!;
    else left += counts[b]!;
  }
  const members = new Float64Array(taken);
  let next = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (wanted[((value - least) * scale) | 0] === 1) members[next++] = value;
  }
  members.sort();
  const statistic = (rank: number): number => members[rank - aside[binOfRank(counts, rank)]!]!;
  return probabilities.map((probability) => {
    const at = last * probability;
    const below = Math.floor(at);
    const two = [statistic(below), statistic(Math.ceil(at))];
    return quantileOfSorted(two, at - below);
  });
}

function markBin(counts: Int32Array, rank: number): void {
  wanted[binOfRank(counts, rank)] = 1;
}

/** The bin of the value of that rank, counted from 0. */
function binOfRank(counts: Int32Array, rank: number): number {
  let b = 0;
  for (let below = counts[0]!; below <= rank; below += counts[b]!) b += 1;
  return b;
}
