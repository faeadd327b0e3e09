import type { PosteriorTruth } from './posteriorTruth.ts';

/** A number with its Monte Carlo standard error. */
export interface Measured {
  readonly value: number;
  readonly error: number;
}

/**
 * Mean, or a quantile, of a variable: over all replicates; its error is the larger of the replicates' own scatter (sd
 * / sqrt R) and that of independent draws a third as many as there are, for resampled particles are not all distinct.
 */
export function truthMean(truth: PosteriorTruth, name: string): Measured {
  const runs = truth.draws.get(name)!;
  const all = pooled(runs);
  const value = mean(all);
  const sd = Math.sqrt(all.reduce((sum, x) => sum + (x - value) ** 2, 0) / (all.length - 1));
  return { value, error: Math.max(scatter(runs.map(mean)), sd / Math.sqrt(all.length / 3)) };
}

export function truthQuantile(truth: PosteriorTruth, name: string, p: number): Measured {
  const runs = truth.draws.get(name)!;
  const all = pooled(runs).sort();
  const width = Math.sqrt((p * (1 - p)) / (all.length / 3));
  const local = (quantile(all, Math.min(1, p + width)) - quantile(all, Math.max(0, p - width))) / 2;
  return { value: quantile(all, p), error: Math.max(scatter(runs.map((run) => quantile(run, p))), local) };
}

/** The share of a variable's distribution at or below x, and its error in the same way. */
export function truthBelow(truth: PosteriorTruth, name: string, x: number): Measured {
  const runs = truth.draws.get(name)!;
  const shares = runs.map((run) => below(run, x));
  const value = mean(shares);
  const count = runs.reduce((sum, run) => sum + run.length, 0);
  return { value, error: Math.max(scatter(shares), Math.sqrt((value * (1 - value)) / (count / 3))) };
}

function below(run: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = run.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run[middle]! <= x) low = middle + 1;
    else high = middle;
  }
  return low / run.length;
}

function pooled(runs: readonly Float64Array[]): Float64Array {
  return Float64Array.from(runs.flatMap((run) => Array.from(run)));
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i += 1) sum += values[i]!;
  return sum / values.length;
}

function scatter(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(values.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (values.length - 1) / values.length);
}

function quantile(sorted: ArrayLike<number>, p: number): number {
  const at = p * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
