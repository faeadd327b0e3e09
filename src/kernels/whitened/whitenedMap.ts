import { log } from '../../elementary.ts';
import { backwardSolveInCorner } from '../../linalg/arrowCorner.ts';
import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import type { BlockLogLik } from '../cells/blockLogLik.ts';
import type { CellTable } from '../cells/cellTable.ts';
import type { ArrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import type { MarginalTarget } from '../marginal/marginalTarget.ts';
import { blockCoefficients } from './blockCoefficients.ts';
import type { InterpolatedProducts } from './interpolatedProducts.ts';

/** The Gaussian conditional of (u, beta) under the pseudo-observations at one value of the covariance parameters. */
export interface WhitenedFactor {
  /** Its `at` moves the pseudo-observations too. */
  readonly target: MarginalTarget;
  readonly likelihood: ArrowMarginalLikelihood;
  readonly pseudo: InterpolatedProducts;
  /** J x q x q, row-major, upper triangles: L_j^-T. */
  readonly inverse: Float64Array;
  /** J x q x 3: the transform of each block coordinate, c, s and m of T(x) = c x + s sqrt(1 + x^2) - m, c > |s|. */
  readonly skew: Float64Array;
  /** r x 3: the transform of each border coordinate. */
  readonly borderSkew: Float64Array;
  /** The family's own parameter at phi; undefined in a family without. */
  own: number | undefined;
  /** log p(phi) - log|L|, with the Jacobian of phi, and what the likelihood has of the family's own parameter alone. */
  logBase: number;
  /** Log density of the proposal at phi. */
  logProposal: number;
}

/** Where whitened coordinates xi lead. */
export interface WhitenedPlace {
  /** (u~, beta~), working coordinates, length `size`. */
  readonly x: Float64Array;
  /** (e, beta~) in the same places; the border's alone. */
  readonly e: Float64Array;
  /** The border rows' linear predictors and what the cells' log-likelihood makes of them. */
  readonly predictor: Float64Array;
  /** J x q: L_j' times the mean of block j's e given the border. */
  readonly mean: Float64Array;
  /**
   * Length J: values[j] + log(factors[j]) is the log-likelihood of block j's cells, log N(e_j; 0, I) and log |dT/dxi|.
   */
  readonly values: Float64Array;
  readonly factors: Float64Array;
  /** The sum of that over the blocks. */
  total: number;
  /**
   * The log-likelihood's linear part in the border, log N(e; 0, I) of the other factors, the prior of beta and log
   * |dT/dxi|.
   */
  border: number;
}

/** The map from whitened coordinates to coefficients; it owns its workspaces and allocates nothing after it is made. */
export interface WhitenedMap {
  allocatePlace(): WhitenedPlace;
  /** Evaluates the factor at phi; false where the density is not finite. */
  factorAt(factor: WhitenedFactor, phi: Float64Array): boolean;
  /** The border's coefficients, the predictors, and the means of the blocks given them. */
  placeBorder(factor: WhitenedFactor, place: WhitenedPlace, xi: Float64Array): void;
  /** What the border adds at a place whose x, e and predictors of rows are those of xi. */
  joinBorder(factor: WhitenedFactor, place: WhitenedPlace, xi: Float64Array): void;
  /** Length r: what the linear part of the log-likelihood is taken with, in the order of the border. */
  readonly linear: Float64Array;
  /**
   * The blocks from .. to - 1 (all unless given) at xi (its first J q entries), given the border of `place`: u~ to `x`
   * (J q entries), densities as in `place` to `values` and `factors`.
   */
  blocks(
    factor: WhitenedFactor,
    place: WhitenedPlace,
    xi: Float64Array,
    x: Float64Array,
    values: Float64Array,
    factors: Float64Array,
    from?: number,
    to?: number,
  ): void;
  /** Every block in its place, and the total. */
  placeBlocks(factor: WhitenedFactor, place: WhitenedPlace, xi: Float64Array): void;
}

/**
 * The map (phi, xi) -> (e, beta) = L^-T (L^-1 h + T(xi)) under pseudo-observations that depend on phi: L the Cholesky
 * factor of the arrow matrix, T a skewed transform of each coordinate (`blockTransforms`, `borderTransforms`); u~ =
 * Lambda e. The posterior of (phi, xi) is p(phi) l(u, beta) N(e; 0, I) p(beta) |dT/dxi| / |L|, whatever the
 * pseudo-observations are.
 */
export function whitenedMap(
  table: CellTable,
  products: CrossProducts,
  prior: WorkingCoefficientPrior,
  cells: BlockLogLik,
): WhitenedMap {
  const { J, q, rows, count, values, columns, base, layout } = table;
  const { pattern, size, leading } = layout;
  const { r, start: touches, columns: touched } = pattern;
  const tail = size - r;
  const { p } = products;
  const head = size - p;
  const scaled = new Float64Array(size);
  const e = new Float64Array(q);

  const blocks: WhitenedMap['blocks'] = (
    { likelihood, inverse, skew, own },
    place,
    xi,
    x,
    values,
    factors,
    from = 0,
    to = J,
  ) => {
    const { mean, predictor } = place;
    blockCoefficients(from, to, q, xi, mean, inverse, skew, likelihood.working[leading]!, e, x, factors, values);
    cells.add(predictor, x, factors, values, from, to, own);
  };

  const joinBorder: WhitenedMap['joinBorder'] = ({ borderSkew }, place, xi) => {
    const { x, e: border, predictor } = place;
    let jacobian = 1;
    // T of a sparse border is the identity.
    for (let k = tail, t = 0; k < size && !pattern.sparse; k += 1, t += 3) {
      const point = xi[k]!;
      jacobian *= borderSkew[t]! + (borderSkew[t + 1]! * point) / Math.sqrt(1 + point * point);
    }
    let value = log(jacobian);
    for (let k = tail; k < size; k += 1) value += cells.border[k - tail]! * x[k]!;
    for (let k = tail; k < head; k += 1) value -= 0.5 * border[k]! * border[k]!;
    for (let a = 0; a < p && !prior.flat; a += 1) {
      let sum = 0;
      for (let b = 0; b < p; b += 1) sum += prior.precision[a * p + b]! * (x[head + b]! - prior.mean[b]!);
      value -= 0.5 * sum * (x[head + a]! - prior.mean[a]!);
    }
    place.border = value;
    cells.prepare(predictor);
  };

  return {
    allocatePlace: () => ({
      x: new Float64Array(size),
      e: new Float64Array(size),
      predictor: new Float64Array(cells.length),
      mean: new Float64Array(J * q),
      values: new Float64Array(J),
      factors: new Float64Array(J),
      total: 0,
      border: 0,
    }),
    factorAt(factor, phi) {
      const { target, likelihood, inverse } = factor;
      if (!target.at(phi)) return false;
      factor.logBase = target.logVolume();
      if (factor.own !== undefined && cells.constant) factor.logBase += cells.constant(factor.own);
      if (q > 0) invertBlocks(likelihood.arrow.blocks, J, q, inverse);
      // Where a correlation is 1 to all digits a prior that rises there (lkj below 1) has no number.
      return Number.isFinite(factor.logBase);
    },
    placeBorder(factor, place, xi) {
      const { likelihood, borderSkew } = factor;
      const { arrow, side, working } = likelihood;
      const { x, e: border, predictor, mean } = place;
      if (pattern.sparse) for (let k = tail; k < size; k += 1) border[k] = side[k]! + xi[k]!;
      for (let k = tail, t = 0; k < size && !pattern.sparse; k += 1, t += 3) {
        const point = xi[k]!;
        const root = Math.sqrt(1 + point * point);
        border[k] = side[k]! + borderSkew[t]! * point + borderSkew[t + 1]! * root - borderSkew[t + 2]!;
      }
      backwardSolveInCorner(arrow, border);
      let from = border;
      if (r > p) {
        scaleBy(products, working, border, scaled);
        from = scaled;
      }
      for (let k = tail; k < size; k += 1) x[k] = from[k]!;
      predict(rows, count, values, columns, base, x, tail, predictor);
      joinBorder(factor, place, xi);
      if (q > 0) blockMeans(J, q, touches, touched, side, arrow.border, border, tail, mean);
    },
    joinBorder,
    linear: cells.border,
    blocks,
    placeBlocks(factor, place, xi) {
      const { values, factors } = place;
      blocks(factor, place, xi, place.x, values, factors);
      place.total = logSum(values, factors);
    },
  };
}

/** sum_j values[j] + log(factors[j]), by few logarithms: every factor lies in 1e-201 .. 1e100. */
export function logSum(values: Float64Array, factors: Float64Array): number {
  let sum = 0;
  let product = 1;
  for (let j = 0; j < values.length; j += 1) {
    sum += values[j]!;
    const before = product;
    product *= factors[j]!;
    if (!(product > 1e-100 && product < 1e100)) {
      // Far out in a tail a factor may be such that the product is none.
      sum += product > 0 && product < Infinity ? log(product) : log(before) + log(factors[j]!);
      product = 1;
    }
  }
  return sum + log(product);
}

/** L_j^-1 h_j - G_j e_border for every block. */
export function blockMeans(
  J: number,
  q: number,
  touches: Int32Array,
  touched: Int32Array,
  side: Float64Array,
  G: Float64Array,
  border: Float64Array,
  tail: number,
  mean: Float64Array,
): void {
  for (let j = 0; j < J; j += 1) {
    const first = touches[j]!;
    const width = touches[j + 1]! - first;
    for (let a = 0; a < q; a += 1) {
      let sum = side[j * q + a]!;
      const g = q * first + a * width;
      for (let s = 0; s < width; s += 1) sum -= G[g + s]! * border[tail + touched[first + s]!]!;
      mean[j * q + a] = sum;
    }
  }
}

/** L_j^-T. */
function invertBlocks(blocks: Float64Array, J: number, q: number, inverse: Float64Array): void {
  if (q === 1) {
    for (let j = 0; j < J; j += 1) inverse[j] = 1 / blocks[j]!;
    return;
  }
  if (q === 2) {
    for (let at = 0; at < 4 * J; at += 4) {
      const first = 1 / blocks[at]!;
      const second = 1 / blocks[at + 3]!;
      inverse[at] = first;
      inverse[at + 1] = -first * blocks[at + 2]! * second;
      inverse[at + 2] = 0;
      inverse[at + 3] = second;
    }
    return;
  }
  for (let j = 0; j < J; j += 1) {
    const at = j * q * q;
    // M = L^-T by columns: M_bb = 1 / L_bb, M_ab = -(sum_{a <= c < b} M_ac L_bc) / L_bb.
    for (let a = 0; a < q; a += 1) {
      for (let b = 0; b < a; b += 1) inverse[at + a * q + b] = 0;
      for (let b = a; b < q; b += 1) {
        let sum = a === b ? 1 : 0;
        for (let c = a; c < b; c += 1) sum -= inverse[at + a * q + c]! * blocks[at + b * q + c]!;
        inverse[at + a * q + b] = sum / blocks[at + b * q + b]!;
      }
    }
  }
}

function predict(
  rows: number,
  count: number,
  values: Float64Array,
  columns: Int32Array,
  base: Float64Array,
  x: Float64Array,
  tail: number,
  out: Float64Array,
): void {
  let at = 0;
  for (let d = 0; d < rows; d += 1) {
    let sum = base[d]!;
    for (const end = at + count; at < end; at += 1) sum += values[at]! * x[tail + columns[at]!]!;
    out[d] = sum;
  }
}
