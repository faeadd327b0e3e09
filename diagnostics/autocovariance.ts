import { type FourierPlan, fourierPlan, fourierSize } from './fourier.ts';
import { chainCentre, chainMean } from './moments.ts';
import { numbersOf } from './numbersOf.ts';
import type { ChainBlock } from './splitChains.ts';

interface Scratch {
  readonly plan: FourierPlan;
  readonly re: Float64Array;
  readonly im: Float64Array;
  readonly power: Float64Array;
}

// One scratch per transform size up to 2^16 is kept: the same few sizes return for every variable of a fit.
const kept = new Map<number, Scratch>();
const LARGEST_KEPT = 65_536;

function scratchFor(drawCount: number): Scratch {
  const size = fourierSize(2 * drawCount); // zero padding: lags 0..N-1 of the linear, not the circular, autocovariance
  const known = kept.get(size);
  if (known !== undefined) return known;
  const made = {
    plan: fourierPlan(size),
    re: new Float64Array(size),
    im: new Float64Array(size),
    power: new Float64Array(size),
  };
  if (size <= LARGEST_KEPT) kept.set(size, made);
  return made;
}

/**
 * Autocovariances averaged over the chains of a block (M x N, row-major), each about its own mean: gamma_t = (1/M)
 * sum_m (1/N) sum_i (x_mi - xbar_m)(x_m,i+t - xbar_m).
 *
 * `first(k)` holds lags 0 .. 4k + 3, summed as they are asked for, four lags to a pass, k < 3; `all()` holds every lag,
 * by Fourier transform. Chains that mix well are done after the first few lags and never pay for the transform. The
 * arrays are overwritten for the next block.
 */
export interface MeanAutocovariance {
  first(k: number): Float64Array;
  all(): Float64Array;
}

/** Lags that `first` offers at most. */
export const FIRST_LAGS = 12;

let centred = new Float64Array(0);
const firstLags = new Float64Array(FIRST_LAGS);

/** `means` are the `chainMean`s of the block. */
export function meanAutocovariance(block: ChainBlock, means: ArrayLike<number>): MeanAutocovariance {
  const { values, chainCount, drawCount } = block;
  const total = chainCount * drawCount;
  if (centred.length < total || centred.length > LARGEST_KEPT) centred = new Float64Array(total);
  const x = centred;
  for (let c = 0; c < chainCount; c++) {
    const start = c * drawCount;
    const centre = chainCentre(values, means[c]!, start, drawCount);
    for (let i = start; i < start + drawCount; i++) x[i] = values[i]! - centre;
  }

  function first(k: number): Float64Array {
    const lag = 4 * k;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let c = 0; c < chainCount; c++) {
      const end = (c + 1) * drawCount;
      let i = c * drawCount;
      // a window of three values moves along, so that each step loads two
      let w0 = x[i + lag]!;
      let w1 = x[i + lag + 1]!;
      let w2 = x[i + lag + 2]!;
      for (; i + lag + 3 < end; i++) {
        const here = x[i]!;
        const w3 = x[i + lag + 3]!;
        s0 += here * w0;
        s1 += here * w1;
        s2 += here * w2;
        s3 += here * w3;
        w0 = w1;
        w1 = w2;
        w2 = w3;
      }
      for (; i + lag < end; i++) {
        s0 += x[i]! * x[i + lag]!;
        if (i + lag + 1 < end) s1 += x[i]! * x[i + lag + 1]!;
        if (i + lag + 2 < end) s2 += x[i]! * x[i + lag + 2]!;
      }
    }
    firstLags[lag] = s0 / total;
    firstLags[lag + 1] = s1 / total;
    firstLags[lag + 2] = s2 / total;
    firstLags[lag + 3] = s3 / total;
    return firstLags;
  }

  // Two chains share one complex transform: with z = a + ib the real part of the inverse transform of |Z|^2 is the sum
  // of the two autocovariances. One inverse serves all chains.
  function all(): Float64Array {
    const { plan, re, im, power } = scratchFor(drawCount);
    power.fill(0);
    for (let c = 0; c < chainCount; c += 2) {
      const a = c * drawCount;
      const b = a + drawCount;
      const paired = c + 1 < chainCount;
      for (let i = 0; i < drawCount; i++) {
        re[i] = x[a + i]!;
        im[i] = paired ? x[b + i]! : 0;
      }
      re.fill(0, drawCount);
      im.fill(0, drawCount);
      plan.forward(re, im);
      for (let k = 0; k < plan.size; k++) power[k]! += re[k]! * re[k]! + im[k]! * im[k]!;
    }
    re.set(power);
    im.fill(0);
    plan.inverse(re, im);
    const scale = 1 / (plan.size * total);
    for (let i = 0; i < drawCount; i++) re[i]! *= scale;
    return re;
  }

  return { first, all };
}

/**
 * Autocovariances of one series at every lag: gamma_t = (1/N) sum_i (x_i - xbar)(x_{i+t} - xbar), t = 0 .. N-1, with
 * denominator N at every lag, as Geyer (1992) advises. By Fourier transform, O(N log N). A constant series gives zeros;
 * a series with a NaN or an infinity gives NaN throughout.
 */
export function autocovariance(draws: ArrayLike<number>): Float64Array {
  const values = numbersOf(draws, 'draws');
  if (values.length === 0) return values;
  const centre = chainMean(values, 0, values.length);
  if (!Number.isFinite(centre)) return values.fill(Number.NaN);
  const block = { values, chainCount: 1, drawCount: values.length };
  return meanAutocovariance(block, [centre]).all().slice(0, values.length);
}
