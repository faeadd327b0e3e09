import type { CrossProducts } from '../design/crossProducts.ts';
import { scaleBy } from '../design/relativePrecision.ts';
import { backwardSolve } from '../linalg/cholesky.ts';
import type { ArrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';
import type { CellRemainder } from './cellRemainder.ts';
import type { CellTable } from './cellTable.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** The Gaussian conditional of (u, beta) under the pseudo-observations at one value of the covariance parameters. */
export interface WhitenedFactor {
  readonly target: MarginalTarget;
  readonly likelihood: ArrowMarginalLikelihood;
  /** J x q x q, row-major: Lambda L_j^-T, so that u~_j = mean_j + spread_j xi_j given the border. */
  readonly spread: Float64Array;
  /** log p_pseudo(phi | y) up to a constant. */
  logDensity: number;
  /** Log density of the proposal at phi. */
  logProposal: number;
}

/** Where whitened coordinates xi lead: the coefficients in working coordinates, the border rows' predictors, and what the pseudo-observations leave. */
export interface WhitenedPlace {
  /** (u~, beta~), length `size`. */
  readonly x: Float64Array;
  readonly predictor: Float64Array;
  /** J x q: the mean of u~_j given the border. */
  readonly mean: Float64Array;
  /** Length J. */
  readonly remainder: Float64Array;
  /** The sum of `remainder`. */
  total: number;
}

/** The map from whitened coordinates to coefficients; it owns its workspaces and allocates nothing after it is made. */
export interface WhitenedMap {
  readonly remainder: CellRemainder;
  allocatePlace(): WhitenedPlace;
  /** Evaluates the factor at phi; false where the density is not finite. */
  factorAt(factor: WhitenedFactor, phi: Float64Array): boolean;
  /** x = L^-T (L^-1 h + xi) for the border; predictors, and the means of the blocks given it. */
  placeBorder(factor: WhitenedFactor, place: WhitenedPlace, xi: Float64Array): void;
  /** u of every block, its remainder, and the total. */
  placeBlocks(factor: WhitenedFactor, place: WhitenedPlace, xi: Float64Array): void;
}

/** Prepares the map for a table of cells. */
export function whitenedMap(table: CellTable, products: CrossProducts, remainder: CellRemainder): WhitenedMap {
  const { J, q, rows, count, values, columns, base, layout } = table;
  const { pattern, size, leading } = layout;
  const { r, start: touches, columns: touched } = pattern;
  const tail = size - r;
  const border = new Float64Array(size);
  const scaled = new Float64Array(size);

  return {
    remainder,
    allocatePlace: () => ({
      x: new Float64Array(size),
      predictor: new Float64Array(rows),
      mean: new Float64Array(J * q),
      remainder: new Float64Array(J),
      total: 0,
    }),
    factorAt(factor, phi) {
      const { target, likelihood, spread } = factor;
      factor.logDensity = -Infinity;
      if (!target.at(phi)) return false;
      factor.logDensity = target.logMarginal();
      if (q > 0) fillSpread(likelihood.arrow.blocks, likelihood.working[leading]!, J, q, spread);
      return factor.logDensity > -Infinity;
    },
    placeBorder({ likelihood, spread }, place, xi) {
      const { arrow, side, working } = likelihood;
      const { x, predictor, mean } = place;
      for (let k = tail; k < size; k += 1) border[k] = side[k]! + xi[k]!;
      backwardSolve(arrow.corner, r, border, 0, tail);
      if (products.groups.length > 1) {
        scaleBy(products, working, border, scaled);
        for (let k = tail; k < size; k += 1) x[k] = scaled[k]!;
      } else {
        for (let k = tail; k < size; k += 1) x[k] = border[k]!;
      }
      predict(rows, count, values, columns, base, x, tail, predictor);
      if (q === 1) {
        const g = arrow.border;
        for (let j = 0; j < J; j += 1) {
          let sum = side[j]!;
          for (let s = touches[j]!; s < touches[j + 1]!; s += 1) sum -= g[s]! * border[tail + touched[s]!]!;
          mean[j] = spread[j]! * sum;
        }
        return;
      }
      for (let j = 0; j < J && q > 0; j += 1) {
        const first = touches[j]!;
        const width = touches[j + 1]! - first;
        const at = j * q;
        for (let a = 0; a < q; a += 1) mean[at + a] = 0;
        for (let b = 0; b < q; b += 1) {
          let sum = side[at + b]!;
          const g = q * first + b * width;
          for (let s = 0; s < width; s += 1) sum -= arrow.border[g + s]! * border[tail + touched[first + s]!]!;
          for (let a = 0; a < q; a += 1) mean[at + a] = mean[at + a]! + spread[(at + a) * q + b]! * sum;
        }
      }
    },
    placeBlocks({ spread }, place, xi) {
      const { x, predictor, mean, remainder: left } = place;
      let total = 0;
      for (let j = 0; j < J; j += 1) {
        const at = j * q;
        placeBlock(spread, mean, xi, at, q, x, at, at);
        const value = remainder(j, predictor, x, at);
        left[j] = value;
        total += value;
      }
      place.total = total;
    },
  };
}

/** u~_j = mean_j + spread_j xi_j, xi read at `from`, u~ written at `to`. */
export function placeBlock(
  spread: Float64Array,
  mean: Float64Array,
  xi: Float64Array,
  from: number,
  q: number,
  out: Float64Array,
  to: number,
  at: number,
): void {
  if (q === 1) {
    out[to] = mean[at]! + spread[at]! * xi[from]!;
    return;
  }
  for (let a = 0; a < q; a += 1) {
    let sum = mean[at + a]!;
    for (let b = 0; b < q; b += 1) sum += spread[(at + a) * q + b]! * xi[from + b]!;
    out[to + a] = sum;
  }
}

/** Lambda L_j^-T for every block. */
function fillSpread(blocks: Float64Array, Lambda: Float64Array, J: number, q: number, spread: Float64Array): void {
  if (q === 1) {
    const scale = Lambda[0]!;
    for (let j = 0; j < J; j += 1) spread[j] = scale / blocks[j]!;
    return;
  }
  for (let j = 0; j < J; j += 1) {
    const block = j * q * q;
    // Row a of S solves S L' = Lambda: S_ab = (Lambda_ab - sum_{c < b} S_ac L_bc) / L_bb.
    for (let a = 0; a < q; a += 1) {
      for (let b = 0; b < q; b += 1) {
        let sum = Lambda[a * q + b]!;
        for (let c = 0; c < b; c += 1) sum -= spread[block + a * q + c]! * blocks[block + b * q + c]!;
        spread[block + a * q + b] = sum / blocks[block + b * q + b]!;
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
