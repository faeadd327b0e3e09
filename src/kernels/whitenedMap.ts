import type { CrossProducts } from '../design/crossProducts.ts';
import { scaleBy } from '../design/relativePrecision.ts';
import { log } from '../elementary.ts';
import { backwardSolve } from '../linalg/cholesky.ts';
import type { ArrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';
import type { CellLogLik } from './cellLogLik.ts';
import type { CellTable } from './cellTable.ts';
import type { InterpolatedProducts } from './interpolatedProducts.ts';
import type { WorkingCoefficientPrior } from './marginalLikelihood.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import { skewTransform } from './skewedNormal.ts';

/** The Gaussian conditional of (u, beta) under the pseudo-observations at one value of the covariance parameters. */
export interface WhitenedFactor {
  /** Its `at` moves the pseudo-observations too. */
  readonly target: MarginalTarget;
  readonly likelihood: ArrowMarginalLikelihood;
  readonly pseudo: InterpolatedProducts;
  /** J x q x q, row-major, upper triangles: L_j^-T. */
  readonly inverse: Float64Array;
  /** J x q x 3: the transform of each block coordinate. */
  readonly skew: Float64Array;
  /** log p(phi) - log|L|, with the Jacobian of phi. */
  logBase: number;
  /** What the third derivatives add to the log marginal likelihood of the pseudo-observations: a twelfth of the sum of squared skewnesses. */
  correction: number;
  /** Log density of the proposal at phi. */
  logProposal: number;
}

/** Where whitened coordinates xi lead. */
export interface WhitenedPlace {
  /** (u~, beta~), working coordinates, length `size`. */
  readonly x: Float64Array;
  readonly predictor: Float64Array;
  /** J x q: L_j' times the mean of block j's e given the border. */
  readonly mean: Float64Array;
  /** Length J: log-likelihood of the block's cells, log N(e_j; 0, I) and log |dT/dxi|. */
  readonly blocks: Float64Array;
  /** The sum of `blocks`. */
  total: number;
  /** The log-likelihood's linear part in the border, log N(e; 0, I) of the other factors and the prior of beta. */
  border: number;
}

/** The map from whitened coordinates to coefficients; it owns its workspaces and allocates nothing after it is made. */
export interface WhitenedMap {
  allocatePlace(): WhitenedPlace;
  /** Evaluates the factor at phi; false where the density is not finite. */
  factorAt(factor: WhitenedFactor, phi: Float64Array): boolean;
  /** The border's coefficients, the predictors, and the means of the blocks given them. */
  placeBorder(factor: WhitenedFactor, place: WhitenedPlace, xi: Float64Array): void;
  /** Block j at xi[from .. from + q - 1]: its u~ to out[to ..], and its log density as in `blocks`. */
  block(
    factor: WhitenedFactor,
    place: WhitenedPlace,
    j: number,
    xi: Float64Array,
    from: number,
    out: Float64Array,
    to: number,
  ): number;
  /** Every block, and the total. */
  placeBlocks(factor: WhitenedFactor, place: WhitenedPlace, xi: Float64Array): void;
}

/**
 * The map (phi, xi) -> (e, beta) = L^-T (L^-1 h + T(xi)) under pseudo-observations that depend on phi: L the Cholesky factor of the arrow matrix, T the
 * identity on the border and a skewed transform, by the likelihood's third derivative, on each coordinate of the blocks; u~ = Lambda e.
 * The posterior of (phi, xi) is p(phi) l(u, beta) N(e; 0, I) p(beta) |dT/dxi| / |L|, whatever the pseudo-observations are.
 */
export function whitenedMap(
  table: CellTable,
  products: CrossProducts,
  prior: WorkingCoefficientPrior,
  cells: CellLogLik,
): WhitenedMap {
  const { J, q, rows, count, values, columns, base, layout } = table;
  const { pattern, size, leading } = layout;
  const { r, start: touches, columns: touched } = pattern;
  const tail = size - r;
  const { p } = products;
  const head = size - p;
  const border = new Float64Array(size);
  const scaled = new Float64Array(size);
  const e = new Float64Array(q);

  const block: WhitenedMap['block'] = ({ likelihood, inverse, skew }, { mean, predictor }, j, xi, from, out, to) => {
    const Lambda = likelihood.working[leading]!;
    const at = j * q;
    if (q === 1) {
      const value = xi[from]!;
      const root = Math.sqrt(1 + value * value);
      const c = skew[3 * at]!;
      const s = skew[3 * at + 1]!;
      const each = inverse[at]! * (mean[at]! + c * value + s * root - skew[3 * at + 2]!);
      out[to] = Lambda[0]! * each;
      return cells.block(j, predictor, out, to) - 0.5 * each * each + log(c + (s * value) / root);
    }
    let jacobian = 1;
    let square = 0;
    for (let a = 0; a < q; a += 1) {
      const value = xi[from + a]!;
      const root = Math.sqrt(1 + value * value);
      const k = 3 * (at + a);
      e[a] = mean[at + a]! + skew[k]! * value + skew[k + 1]! * root - skew[k + 2]!;
      jacobian *= skew[k]! + (skew[k + 1]! * value) / root;
    }
    for (let a = 0; a < q; a += 1) {
      let sum = 0;
      for (let b = a; b < q; b += 1) sum += inverse[(at + a) * q + b]! * e[b]!;
      e[a] = sum;
      square += sum * sum;
    }
    for (let a = 0; a < q; a += 1) {
      let sum = 0;
      for (let b = 0; b < q; b += 1) sum += Lambda[a * q + b]! * e[b]!;
      out[to + a] = sum;
    }
    return cells.block(j, predictor, out, to) - 0.5 * square + log(jacobian);
  };

  return {
    allocatePlace: () => ({
      x: new Float64Array(size),
      predictor: new Float64Array(rows),
      mean: new Float64Array(J * q),
      blocks: new Float64Array(J),
      total: 0,
      border: 0,
    }),
    factorAt(factor, phi) {
      const { target, likelihood, inverse, skew, pseudo } = factor;
      if (!target.at(phi)) return false;
      factor.logBase = target.logMarginal() + 0.5 * likelihood.rss();
      factor.correction = 0;
      if (q > 0) {
        const { blocks } = likelihood.arrow;
        factor.correction = fillBlocks(blocks, likelihood.working[leading]!, pseudo.third, J, q, inverse, skew, e) / 12;
      }
      return factor.logBase > -Infinity;
    },
    placeBorder({ likelihood }, place, xi) {
      const { arrow, side, working } = likelihood;
      const { x, predictor, mean } = place;
      for (let k = tail; k < size; k += 1) border[k] = side[k]! + xi[k]!;
      backwardSolve(arrow.corner, r, border, 0, tail);
      let from = border;
      if (r > p) {
        scaleBy(products, working, border, scaled);
        from = scaled;
      }
      let value = 0;
      for (let k = tail; k < size; k += 1) {
        x[k] = from[k]!;
        value += cells.border[k - tail]! * from[k]!;
      }
      for (let k = tail; k < head; k += 1) value -= 0.5 * border[k]! * border[k]!;
      for (let a = 0; a < p && !prior.flat; a += 1) {
        let sum = 0;
        for (let b = 0; b < p; b += 1) sum += prior.precision[a * p + b]! * (x[head + b]! - prior.mean[b]!);
        value -= 0.5 * sum * (x[head + a]! - prior.mean[a]!);
      }
      place.border = value;
      predict(rows, count, values, columns, base, x, tail, predictor);
      if (q > 0) blockMeans(J, q, touches, touched, side, arrow.border, border, tail, mean);
    },
    block,
    placeBlocks(factor, place, xi) {
      let total = 0;
      for (let j = 0; j < J; j += 1) {
        const value =
          q > 0 ? block(factor, place, j, xi, j * q, place.x, j * q) : cells.block(j, place.predictor, e, 0);
        place.blocks[j] = value;
        total += value;
      }
      place.total = total;
    },
  };
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

/** L_j^-T, and the transforms: coordinate a has the third derivative sum_i l_i''' (z_i' Lambda L_j^-T)_a^3. Returns the sum of their
 * squares; `spread` is workspace of length q. */
function fillBlocks(
  blocks: Float64Array,
  Lambda: Float64Array,
  third: Float64Array,
  J: number,
  q: number,
  inverse: Float64Array,
  skew: Float64Array,
  spread: Float64Array,
): number {
  let squares = 0;
  if (q === 1) {
    for (let j = 0; j < J; j += 1) {
      const each = 1 / blocks[j]!;
      const scale = Lambda[0]! * each;
      inverse[j] = each;
      const skewness = skewTransform(third[j]! * scale * scale * scale, skew, 3 * j);
      squares += skewness * skewness;
    }
    return squares;
  }
  const cube = q * q * q;
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
    for (let b = 0; b < q; b += 1) {
      // Column b of Lambda L^-T.
      for (let a = 0; a < q; a += 1) {
        let sum = 0;
        for (let c = 0; c <= b; c += 1) sum += Lambda[a * q + c]! * inverse[at + c * q + b]!;
        spread[a] = sum;
      }
      let sum = 0;
      let k = j * cube;
      for (let c0 = 0; c0 < q; c0 += 1) {
        for (let c1 = 0; c1 < q; c1 += 1) {
          const pair = spread[c0]! * spread[c1]!;
          for (let c2 = 0; c2 < q; c2 += 1, k += 1) sum += third[k]! * pair * spread[c2]!;
        }
      }
      const skewness = skewTransform(sum, skew, 3 * (j * q + b));
      squares += skewness * skewness;
    }
  }
  return squares;
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
