import { type Arrow, allocateArrow } from '../../src/linalg/arrow.ts';
import { backwardSolveArrow, factorArrow, forwardSolveArrow, solveArrow } from '../../src/linalg/arrowCholesky.ts';
import type { CrossProducts } from '../../src/products/crossProducts.ts';
import type { Rng } from '../../src/random/rng.ts';
import { precisionToWorking } from './precisionToWorking.ts';

/**
 * The textbook form of the Gaussian (u, beta) | y, sigma, Sigma, against which the relative form of `src` is held:
 * precision P = [Z X]' W [Z X] / sigma^2 + Q with Q the block-diagonal prior precision.
 */
export interface PrecisionForm {
  /** P as last set by `update`: its Cholesky factor, in working coordinates. */
  readonly factor: Arrow;
  /** The side h of P d = h, d = (u, beta - beta_ref), working coordinates. */
  readonly h: Float64Array;
  /**
   * Sets and factors P.
   * `precision` is 1 / sigma^2 (1 where standard errors are known); `groupPrecisions` holds Sigma_f^-1 (q_f x q_f, both
   * triangles, user coordinates) per group term; beta ~ N(betaMean, betaPrecision^-1) in user coordinates (p, and p x p
   * with both triangles), flat where betaPrecision is null. Returns false when P is not numerically positive definite.
   */
  update(
    precision: number,
    groupPrecisions: readonly Float64Array[],
    betaPrecision?: Float64Array | null,
    betaMean?: Float64Array | null,
  ): boolean;
  /** out := E(u, beta | y, sigma, Sigma), working coordinates. */
  mean(out: Float64Array): void;
  /** out ~ (u, beta) | y, sigma, Sigma, working coordinates. */
  draw(rng: Rng, out: Float64Array): void;
}

/**
 * The conditional of all coefficients, on the cross-products of a design. It is formed about u = 0 and beta = beta_ref:
 * so a large level of the response costs no digits, and a u that Sigma holds near 0 is not the difference of two large
 * numbers.
 */
export function precisionForm(products: CrossProducts): PrecisionForm {
  const { A, c0, borderOffsets, groups, coordinates, leading, p, pattern, reference } = products;
  const { q, r } = pattern;
  const head = pattern.J * q;
  const betaStart = borderOffsets[groups.length]!;
  const factor = allocateArrow(pattern);
  const h = new Float64Array(products.size);
  const working = groups.map((group) => new Float64Array(group.q * group.q));
  const betaWorking = new Float64Array(p * p);
  const shift = new Float64Array(p);

  function scaled(from: Float64Array, precision: number, to: Float64Array): void {
    for (let i = 0; i < from.length; i++) to[i] = precision * from[i]!;
  }

  /** The leading factor's blocks: A_jj precision + Q. */
  function setBlocks(precision: number, Q: Float64Array): void {
    const { blocks } = factor;
    const entries = q * q;
    for (let block = 0; block < blocks.length; block += entries) {
      for (let i = 0; i < entries; i++) blocks[block + i] = precision * A.blocks[block + i]! + Q[i]!;
    }
  }

  /** Adds Q to each of the J_f diagonal blocks of another factor in the corner. */
  function addToCorner(f: number, Q: Float64Array): void {
    const width = groups[f]!.q;
    const first = borderOffsets[f]! - head;
    for (let j = 0; j < groups[f]!.J; j++) {
      for (let a = 0; a < width; a++) {
        const row = first + j * width + a;
        for (let b = 0; b <= a; b++) factor.corner[row * r + row - a + b]! += Q[a * width + b]!;
      }
    }
  }

  function addBetaPrior(precision: Float64Array, mean: Float64Array | null): void {
    precisionToWorking(coordinates.beta, precision, betaWorking);
    const { inverse } = coordinates.beta;
    for (let a = 0; a < p; a++) {
      let value = -reference[betaStart + a]!;
      if (mean !== null) for (let b = a; b < p; b++) value += inverse[a * p + b]! * mean[b]!;
      shift[a] = value;
    }
    const corner = betaStart - head;
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) {
        h[betaStart + a]! += betaWorking[a * p + b]! * shift[b]!;
        if (b <= a) factor.corner[(corner + a) * r + corner + b]! += betaWorking[a * p + b]!;
      }
    }
  }

  return {
    factor,
    h,
    update(precision, groupPrecisions, betaPrecision = null, betaMean = null) {
      scaled(A.border, precision, factor.border);
      scaled(A.corner, precision, factor.corner);
      scaled(c0, precision, h);
      for (let f = 0; f < groups.length; f++) {
        const Q = working[f]!;
        precisionToWorking(coordinates.groups[f]!, groupPrecisions[f]!, Q);
        if (f === leading) setBlocks(precision, Q);
        else addToCorner(f, Q);
      }
      if (betaPrecision !== null) addBetaPrior(betaPrecision, betaMean);
      return factorArrow(factor);
    },
    mean(out) {
      out.set(h);
      solveArrow(factor, out);
      for (let k = 0; k < p; k++) out[betaStart + k]! += reference[betaStart + k]!;
    },
    draw(rng, out) {
      out.set(h);
      forwardSolveArrow(factor, out);
      for (let i = 0; i < out.length; i++) out[i]! += rng.normal();
      backwardSolveArrow(factor, out);
      for (let k = 0; k < p; k++) out[betaStart + k]! += reference[betaStart + k]!;
    },
  };
}
