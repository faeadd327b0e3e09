import { correlationPairs } from '../../design/correlationPairs.ts';
import type { Design } from '../../design/design.ts';
import { exp, log } from '../../elementary.ts';
import { multiplyArrow, quadraticFormArrow } from '../../linalg/arrowCholesky.ts';
import { cholesky } from '../../linalg/cholesky.ts';
import { covarianceDensity } from '../../priors/covariancePrior.ts';
import type { MovingPrior } from '../../priors/priors.ts';
import { toWorking } from '../../products/coordinates.ts';
import { type CrossProducts, gather } from '../../products/crossProducts.ts';
import { slice } from '../../proposals/slice.ts';
import type { Kernel } from '../kernel.ts';

/** First bracket of a shear, in units of tau_k / tau_l. */
const SHEAR_WIDTH = 0.5;
/** Its square root, and its ratio to a variance near 1, are still far from the ends of doubles. */
const SMALLEST_VARIANCE = 1e-200;

/**
 * Interweaves the centred draw of Sigma with non-centred ones (Yu & Meng 2011): Sigma and u move together by u_j -> S
 * u_j, Sigma -> S Sigma S', so that the standardised deviations stay and tau need not creep behind u where groups are
 * small. Two kinds of S inside each covariance block:
 * - scale: column k times s. In log s the density is log p(tau, R) + log s - rss(s) / (2 sigma^2);
 * - shear: column l times a added to column k (|S| = 1). In a the density is log p(tau, R) - size log tau_k - rss(a) /
 *   (2 sigma^2), the second term from d Sigma = 2^size prod tau^size d tau d R.
 * rss is a parabola in s and in a whose coefficients come from the cross-products; each move is a slice step.
 */
export function interweavingKernel(
  design: Design,
  products: CrossProducts,
  f: number,
  priors: readonly MovingPrior[],
): Kernel {
  const term = design.groupTerms[f]!;
  const { factor, q, J, blocks } = term;
  const { A, c, reference, borderOffsets, coordinates, knownScale, size } = products;
  const tauName = `tau_${factor}`;
  const corrName = `corr_${factor}`;
  const uNames = design.groupTerms.map((each) => `u_${each.factor}`);
  const views: Float64Array[] = uNames.map(() => new Float64Array(0));
  const pairs = correlationPairs(blocks);
  const densities = blocks.map((block, b) => covarianceDensity(priors[b]!, block.size));
  const widest = blocks.reduce((w, block) => Math.max(w, block.size), 1);
  const Sigma = new Float64Array(widest * widest);
  const L = new Float64Array(widest * widest);
  const moved = new Float64Array(widest * widest);
  const tau = new Float64Array(widest);
  const x = new Float64Array(size);
  const gradient = new Float64Array(size);
  const direction = new Float64Array(size);
  const at = borderOffsets[f]!;
  // rss along the move: rss(0) + linear d + square d^2.
  let linear = 0;
  let square = 0;
  let s2 = 1;
  let block = 0;
  let width = 1;
  let to = 0;
  let from = 0;

  /**
   * log p(tau, R) of `moved`, which stays as it is; -Infinity where it is not positive definite, or too small for all
   * digits of doubles.
   */
  const logPrior = (): number => {
    for (let k = 0; k < width; k += 1) {
      if (!(moved[k * width + k]! > SMALLEST_VARIANCE)) return -Infinity;
      tau[k] = Math.sqrt(moved[k * width + k]!);
    }
    for (let a = 0; a < width; a += 1) {
      for (let b = 0; b <= a; b += 1) L[a * width + b] = moved[a * width + b]! / (tau[a]! * tau[b]!);
    }
    return cholesky(L, width) ? densities[block]!(tau, 0, L) : -Infinity;
  };
  /** moved = S Sigma S' for S = I but for row `to`, which is s e_to + a e_from. */
  const move = (s: number, a: number): void => {
    for (let i = 0; i < width * width; i += 1) moved[i] = Sigma[i]!;
    for (let k = 0; k < width; k += 1)
      moved[to * width + k] = s * Sigma[to * width + k]! + a * Sigma[from * width + k]!;
    for (let k = 0; k < width; k += 1) if (k !== to) moved[k * width + to] = moved[to * width + k]!;
    const own = Sigma[to * width + to]!;
    const cross = Sigma[to * width + from]!;
    moved[to * width + to] = s * s * own + 2 * s * a * cross + a * a * Sigma[from * width + from]!;
  };
  const logScale = (t: number): number => {
    const s = exp(t);
    move(s, 0);
    const d = s - 1;
    return logPrior() + t - (0.5 * d * (linear + square * d)) / s2;
  };
  const logShear = (a: number): number => {
    move(1, a);
    const value = logPrior();
    return value - width * log(tau[to]!) - (0.5 * a * (linear + square * a)) / s2;
  };

  return {
    name: 'interweaving',
    updates: [tauName, ...(pairs.length > 0 ? [corrName] : []), `u_${factor}`],
    why: 'the covariance moves together with the deviations, so that small groups and small sds mix',
    stats: [],
    init() {},
    step(state, rng) {
      for (let g = 0; g < uNames.length; g += 1) views[g] = state.at[uNames[g]!]!;
      const u = views[f]!;
      const sds = state.at[tauName]!;
      if (!knownScale) s2 = state.at['sigma']![0]! * state.at['sigma']![0]!;
      for (block = 0; block < blocks.length; block += 1) {
        const { start, size: blockSize } = blocks[block]!;
        width = blockSize;
        for (let k = 0; k < width; k += 1) Sigma[k * width + k] = sds[start + k]! * sds[start + k]!;
        for (let i = 0; i < pairs.length; i += 1) {
          const { block: owner, row, column, first, second } = pairs[i]!;
          if (owner !== block) continue;
          const value = state.at[corrName]![i]! * sds[first]! * sds[second]!;
          Sigma[row * width + column] = value;
          Sigma[column * width + row] = value;
        }
        for (to = 0; to < width; to += 1) {
          for (from = 0; from < width; from += 1) {
            const shear = from !== to;
            prepare(state.at['beta']!, u, start);
            if (shear) {
              const unit = Math.sqrt(Sigma[to * width + to]! / Sigma[from * width + from]!);
              const a = slice(logShear, 0, SHEAR_WIDTH * unit, rng);
              move(1, a);
              for (let j = 0; j < J; j += 1) {
                const target = j * q + start + to;
                u[target] = u[target]! + a * u[j * q + start + from]!;
              }
            } else {
              const s = exp(slice(logScale, 0, 0.5, rng));
              move(s, 0);
              for (let j = 0; j < J; j += 1) u[j * q + start + to] = u[j * q + start + to]! * s;
            }
            Sigma.set(moved);
          }
        }
        for (let k = 0; k < width; k += 1) sds[start + k] = Math.sqrt(Sigma[k * width + k]!);
        for (let i = 0; i < pairs.length; i += 1) {
          const { block: owner, row, column, first, second } = pairs[i]!;
          if (owner !== block) continue;
          const value = Sigma[row * width + column]! / (sds[first]! * sds[second]!);
          state.at[corrName]![i] = Math.max(-1, Math.min(1, value));
        }
      }
    },
  };

  /** The parabola of rss along u_to += d u_from (working coordinates: `direction`). */
  function prepare(beta: Float64Array, u: Float64Array, start: number): void {
    gather(products, views, beta, x);
    for (let i = 0; i < size; i += 1) x[i] = x[i]! - reference[i]!;
    multiplyArrow(A, x, gradient);
    direction.fill(0);
    for (let j = 0; j < J; j += 1) direction[at + j * q + start + to] = u[j * q + start + from]!;
    toWorking(coordinates.groups[f]!, direction, at, J);
    linear = 0;
    for (let i = at; i < at + J * q; i += 1) linear += 2 * direction[i]! * (gradient[i]! - c[i]!);
    square = quadraticFormArrow(A, direction);
  }
}
