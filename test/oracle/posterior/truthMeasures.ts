import type { PosteriorTruth } from './posteriorTruth.ts';

/** A number with its Monte Carlo standard error. */
export interface Measured {
  readonly value: number;
  readonly error: number;
}

/**
 * Mean, or a quantile, of a variable: over all replicates; its error is the larger of the replicates' own scatter (sd
 * / sqrt R) and that of as many independent draws as they are worth (see `clumping`).
 */
export function truthMean(truth: PosteriorTruth, name: string): Measured {
  const runs = truth.draws.get(name)!;
  const all = pooled(runs);
  const value = mean(all);
  const sd = Math.sqrt(all.reduce((sum, x) => sum + (x - value) ** 2, 0) / (all.length - 1));
  return { value, error: Math.max(scatter(runs.map(mean)), sd / Math.sqrt(all.length / clumping(truth, name))) };
}

export function truthQuantile(truth: PosteriorTruth, name: string, p: number): Measured {
  const runs = truth.draws.get(name)!;
  const all = pooled(runs).sort();
  const width = Math.sqrt((p * (1 - p)) / (all.length / clumping(truth, name)));
  const local = (quantile(all, Math.min(1, p + width)) - quantile(all, Math.max(0, p - width))) / 2;
  return { value: quantile(all, p), error: Math.max(scatter(runs.map((run) => quantile(run, p))), local) };
}

/** The share of a variable's distribution at or below x, and its error in the same way. */
export function truthBelow(truth: PosteriorTruth, name: string, x: number): Measured {
  const runs = truth.draws.get(name)!;
  const shares = runs.map((run) => below(run, x));
  const value = mean(shares);
  const count = runs.reduce((sum, run) => sum + run.length, 0);
  return {
    value,
    error: Math.max(scatter(shares), Math.sqrt((value * (1 - value)) / (count / clumping(truth, name)))),
  };
}

/** Shares of the distribution at which the replicates are compared. */
const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];
const known = new WeakMap<PosteriorTruth, Map<string, number>>();

/**
 * How many draws of the replicates are worth an independent one: at least 3, for resampled particles are not all
 * distinct; as many as the variance of the shares below a level between replicates says, the largest over levels, and
 * on average over all variables. A handful of replicates agrees by chance in one quantile, not in all of them.
 */
function clumping(truth: PosteriorTruth, name: string): number {
  let all = known.get(truth);
  if (!all) {
    const own = new Map(truth.names.map((one) => [one, ratios(truth.draws.get(one)!)]));
    const overall = mean([...own.values()].map(mean));
    all = new Map([...own].map(([one, list]) => [one, Math.max(3, overall, ...list)]));
    known.set(truth, all);
  }
  return all.get(name)!;
}

/** Independent draws that the worst variable has. */
export function worth(truth: PosteriorTruth): number {
  return Math.min(
    ...truth.names.map(
      (name) => truth.draws.get(name)!.reduce((sum, run) => sum + run.length, 0) / clumping(truth, name),
    ),
  );
}

/** Of each level: the variance of the share below it over that of independent draws. */
function ratios(runs: readonly Float64Array[]): number[] {
  const all = pooled(runs).sort();
  return LEVELS.map((p) => {
    const x = quantile(all, p);
    return scatter(runs.map((run) => below(run, x))) ** 2 / ((p * (1 - p)) / all.length);
  });
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
