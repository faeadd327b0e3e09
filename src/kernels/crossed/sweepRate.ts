import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { createRng } from '../../random/rng.ts';
import type { CrossedLayout } from './crossedLayout.ts';
import { crossedSweep } from './crossedSweep.ts';

/** Power iterations, and how many of the last ones the rate is taken over. */
const ITERATIONS = 30;
const LAST = 5;
/** What a recorded draw may keep of its slowest direction: beyond it sweeps are repeated. */
const KEPT = 0.6;
/** A rate that rounds to 1 counts as this. */
const SLOWEST = 0.9999;

/**
 * How much of its slowest direction one sweep keeps, at pilot sds: the largest eigenvalue rho of the sweep without
 * noise and without data, by power iterations from a fixed vector. That direction has (1 - rho) / (1 + rho) effective
 * draws a sweep (Roberts & Sahu 1997).
 */
export function sweepRate(layout: CrossedLayout, products: CrossProducts, prior: WorkingCoefficientPrior): number {
  const { sds, sigma } = pilotScales(products);
  const { size, groups } = products;
  const centred = { ...prior, mean: new Float64Array(prior.mean.length) };
  const sweep = crossedSweep(layout, products, centred, new Float64Array(size), 0);
  const none = new Float64Array(size);
  const Lambda = groups.map(({ q }, f) => {
    const out = new Float64Array(q * q);
    for (let a = 0; a < q; a += 1) out[a * q + a] = sds[f]![a]! / sigma;
    return out;
  });
  const small = layout.small.map((f) => Lambda[f]!);
  createRng([20260101]).fillNormals(sweep.x, size);
  let rate = 0;
  for (let t = 0; t < ITERATIONS; t += 1) {
    for (let k = 0; k < layout.large.length; k += 1) {
      const own = Lambda[layout.large[k]!.f]!;
      sweep.passes[k]!.shift(sweep.x, none);
      sweep.formBorder(k, own);
      if (sweep.border.factor(small, sigma) === -Infinity) return SLOWEST;
      sweep.draw(k, own, small, sigma, none, none);
    }
    let norm = 0;
    for (const { offset, J, q, f, blocks } of layout.large.slice(1)) {
      for (let i = 0; i < J * q; i += 1) {
        const a = i % q;
        const l = Lambda[f]![a * q + a]!;
        norm += (blocks[i * q + a]! + 1 / (l * l)) * sweep.x[offset + i]! ** 2;
      }
    }
    norm = Math.sqrt(norm);
    if (!(norm > 1e-300)) return 0;
    if (t >= ITERATIONS - LAST) rate += Math.min(norm, 1) / LAST;
    // Kept at length 1, so that nothing underflows.
    for (let i = 0; i < size; i += 1) sweep.x[i] = sweep.x[i]! / norm;
  }
  return Math.min(rate, SLOWEST);
}

/** Sweeps a recorded draw takes, so that its slowest direction keeps at most 0.6. */
export function sweepsPerDraw(rate: number): number {
  let sweeps = 1;
  for (let kept = rate; kept > KEPT; kept *= rate) sweeps += 1;
  return sweeps;
}

/**
 * Rough sds before anything is fitted: one-way analysis of variance of each varying column by itself, the others
 * ignored (working coordinates, where columns have mean square 1), and what they leave of the variance of the response
 * for sigma.
 */
export function pilotScales({
  groups,
  borderOffsets,
  leading,
  pattern,
  A,
  levels,
  c0,
  rss0,
  rss,
  n,
  knownScale,
}: Pick<
  CrossProducts,
  'groups' | 'borderOffsets' | 'leading' | 'pattern' | 'A' | 'levels' | 'c0' | 'rss0' | 'rss' | 'n' | 'knownScale'
>): { sds: number[][]; sigma: number } {
  const total = rss0 / n;
  const floor = 1e-4 * total + Number.MIN_VALUE;
  const head = pattern.J * pattern.q;
  let left = total;
  const sds = groups.map(({ J, q }, f) =>
    Array.from({ length: q }, (_, a) => {
      let between = 0;
      let weight = 0;
      let squares = 0;
      for (let j = 0; j < J; j += 1) {
        const i = borderOffsets[f]! + j * q + a;
        const own = (j * q + a) * q + a;
        const D =
          f === leading ? A.blocks[own]! : levels ? levels.blocks[f]![own]! : A.corner[(i - head) * (pattern.r + 1)]!;
        if (!(D > 0)) continue;
        between += (c0[i]! * c0[i]!) / D;
        weight += D;
        squares += D * D;
      }
      const within = Math.max(rss0 - between, 0) / Math.max(n - J, 1);
      const variance = (between - (J - 1) * within) / (weight - squares / weight);
      // Not a number where every level has one row, or there is one level.
      const used = Math.max(Number.isNaN(variance) ? 0 : variance, floor);
      left -= used;
      return Math.sqrt(used);
    }),
  );
  return { sds, sigma: knownScale ? 1 : Math.sqrt(Math.max(left, rss / n, 1e-3 * total, Number.MIN_VALUE)) };
}
