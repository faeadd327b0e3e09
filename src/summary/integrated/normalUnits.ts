import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import type { Design } from '../../design/design.ts';
import { type Arrow, allocateArrow } from '../../linalg/arrow.ts';
import { factorArrow, forwardSolveArrow, logDetBlocks } from '../../linalg/arrowCholesky.ts';
import { logDetCorner } from '../../linalg/arrowCorner.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { LOG_2PI } from '../../special/normalPoints.ts';
import { drawCount, sigmaDraws } from '../groupDraws.ts';
import { rowPrecision, rowsByGroup } from '../pooling/groupPrecision.ts';
import { relativeFactors } from './relativeFactors.ts';
import { unitPredictor } from './unitPredictor.ts';
import type { UnitQuestion } from './units.ts';

/** A level of a factor that is integrated out in a unit: its place among the unit's coordinates. */
interface Inside {
  readonly f: number;
  readonly q: number;
  readonly at: number;
}

/** Two levels whose coordinates may share rows: where their part of Z'WZ (up to 1 / sigma^2) and of M stands. */
interface Pair {
  readonly first: Inside;
  readonly second: Inside;
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Entry (k, l) stands at base + k down + l across. */
  readonly base: number;
  readonly down: number;
  readonly across: number;
}

/**
 * `unitLogLikelihood` of normal rows: with r the residuals of the unit's rows, D their variances, Z the columns of
 * the levels that are integrated out, Lambda block diagonal of their relative factors and M = I + Lambda' Z' D^-1 Z
 * Lambda = L L',
 *   -2 log p = n log 2pi + log|D| + log|M| + r' D^-1 r - |L^-1 Lambda' Z' D^-1 r|^2,
 * (Bates et al. 2015, equations 27 and 34, of one unit). The levels of one factor share no row, so that M is an arrow
 * matrix: those of the factor with most levels in the unit are its blocks.
 */
export function normalUnits(fit: Fit, { design, units, integrated }: UnitQuestion): LogLikelihood {
  const { response, groupTerms } = design;
  const J = units.levels.length;
  const S = drawCount(fit);
  const precision = rowPrecision(design);
  const sigma = sigmaDraws(fit);
  const predictor = unitPredictor(fit, design, integrated);
  const factors = groupTerms.map((_, f) => relativeFactors(fit, f));
  const lambdas = groupTerms.map(({ q }) => new Float64Array(q * q));
  const { start, rows } = rowsByGroup(units);
  const values = new Float64Array(S * J);
  const eta = new Float64Array(S);
  const square = new Float64Array(S);
  for (let j = 0; j < J; j++) {
    const own = rows.subarray(start[j]!, start[j + 1]!);
    if (own.length === 0) continue;
    const { inside, size, M, pairs, places } = coordinates(design, own, integrated, precision);
    const h = Array.from({ length: size }, () => new Float64Array(S));
    square.fill(0);
    let logPrecision = 0;
    for (const [at, i] of own.entries()) {
      predictor(i, eta);
      const w = precision[i]!;
      const y = response.y[i]!;
      logPrecision += Math.log(w);
      for (let s = 0; s < S; s++) {
        const r = y - eta[s]!;
        square[s]! += w * r * r;
        eta[s] = w * r;
      }
      groupTerms.forEach(({ q, Z }, f) => {
        const to = places[f]![at]!;
        for (let k = 0; to >= 0 && k < q; k++) {
          const z = Z[i * q + k]!;
          const sum = h[to + k]!;
          if (z !== 0) for (let s = 0; s < S; s++) sum[s]! += z * eta[s]!;
        }
      });
    }
    const a = new Float64Array(size);
    const used = [...new Set(inside.map(({ f }) => f))];
    for (let s = 0; s < S; s++) {
      const scale = sigma ? 1 / (sigma[s]! * sigma[s]!) : 1;
      let quadratic = scale * square[s]!;
      let logDet = 0;
      if (size > 0) {
        for (const f of used) factors[f]!(s, lambdas[f]!);
        formM(pairs, lambdas, scale);
        for (const { f, q, at } of inside) {
          const lambda = lambdas[f]!;
          for (let k = 0; k < q; k++) {
            let sum = 0;
            for (let b = k; b < q; b++) sum += lambda[b * q + k]! * h[at + b]![s]!;
            a[at + k] = scale * sum;
          }
        }
        factorArrow(M);
        forwardSolveArrow(M, a);
        for (let k = 0; k < size; k++) quadratic -= a[k]! * a[k]!;
        logDet = logDetBlocks(M) + logDetCorner(M);
      }
      logDet -= logPrecision + own.length * Math.log(scale);
      values[s * J + j] = -0.5 * (own.length * LOG_2PI + logDet + quadratic);
    }
  }
  return { values, draws: S, observations: J, chains: fit.draws.chains };
}

/**
 * The coordinates of a unit: the levels that are integrated out in it, Z'WZ of its rows, and where each row has its
 * own.
 */
function coordinates(
  design: Design,
  own: Int32Array,
  integrated: readonly Uint8Array[],
  precision: Float64Array,
): {
  readonly inside: readonly Inside[];
  readonly size: number;
  readonly M: Arrow;
  readonly pairs: readonly Pair[];
  /** By factor and row of the unit, the first coordinate of its level; -1 where it is not integrated out. */
  readonly places: readonly Int32Array[];
} {
  const { groupTerms } = design;
  const levels = groupTerms.map(({ index }, f) => [
    ...new Set(Array.from(own, (i) => index[i]!).filter((level) => integrated[f]![level] === 1)),
  ]);
  const most = levels.reduce((best, found, f) => (found.length > (levels[best]?.length ?? 0) ? f : best), 0);
  const order = [most, ...groupTerms.keys()].filter((f, at) => f < groupTerms.length && (at === 0 || f !== most));
  const inside: Inside[] = [];
  const places = groupTerms.map(() => new Int32Array(own.length).fill(-1));
  let size = 0;
  for (const f of order) {
    const { q, index } = groupTerms[f]!;
    const at = new Map(levels[f]!.map((level, c) => [level, size + c * q]));
    own.forEach((i, row) => {
      places[f]![row] = at.get(index[i]!) ?? -1;
    });
    for (const place of at.values()) inside.push({ f, q, at: place });
    size += at.size * q;
  }
  const q = groupTerms[most]?.q ?? 0;
  const blocks = levels[most]?.length ?? 0;
  const r = size - blocks * q;
  const pattern = {
    J: blocks,
    q: blocks === 0 ? 0 : q,
    r,
    start: Int32Array.from({ length: blocks + 1 }, (_, b) => b * r),
    columns: Int32Array.from({ length: blocks * r }, (_, c) => c % r),
  };
  const A = allocateArrow(pattern);
  const M = allocateArrow(pattern);
  const pairs = inside.flatMap((first, x) =>
    // Two levels of the blocks share no row.
    inside
      .slice(0, x + 1)
      .flatMap((second): Pair[] =>
        first !== second && first.at < blocks * q ? [] : [{ first, second, ...stored(A, M, first, second) }],
      ),
  );
  for (const { first, second, from, base, down, across } of pairs) {
    const [left, right] = [groupTerms[first.f]!, groupTerms[second.f]!];
    own.forEach((i, row) => {
      if (places[first.f]![row] !== first.at || places[second.f]![row] !== second.at) return;
      for (let b = 0; b < first.q; b++) {
        const w = precision[i]! * left.Z[i * first.q + b]!;
        for (let d = 0; d < second.q; d++) from[base + b * down + d * across]! += w * right.Z[i * second.q + d]!;
      }
    });
  }
  return { inside, size, M, pairs, places };
}

/** Where the part of an arrow matrix with a full border stands that two levels share, the first the later one. */
function stored(A: Arrow, M: Arrow, first: Inside, second: Inside): Omit<Pair, 'first' | 'second'> {
  const { J, q, r } = A.pattern;
  const tail = J * q;
  const [a, b] = [first.at, second.at];
  if (b >= tail) return { from: A.corner, to: M.corner, base: (a - tail) * r + b - tail, down: r, across: 1 };
  if (a >= tail) return { from: A.border, to: M.border, base: b * r + a - tail, down: 1, across: r };
  return { from: A.blocks, to: M.blocks, base: a * q, down: q, across: 1 };
}

/** M = I + scale Lambda' A Lambda. */
function formM(pairs: readonly Pair[], lambdas: readonly Float64Array[], scale: number): void {
  for (const { first, second, from, to, base, down, across } of pairs) {
    const left = lambdas[first.f]!;
    const right = lambdas[second.f]!;
    for (let k = 0; k < first.q; k++) {
      for (let l = 0; l < second.q; l++) {
        let sum = 0;
        for (let b = k; b < first.q; b++) {
          let product = 0;
          for (let d = l; d < second.q; d++) product += from[base + b * down + d * across]! * right[d * second.q + l]!;
          sum += left[b * first.q + k]! * product;
        }
        to[base + k * down + l * across] = scale * sum + (first === second && k === l ? 1 : 0);
      }
    }
  }
}
