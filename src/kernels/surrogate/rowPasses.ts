import type { CrossedRows, FactorRows } from './crossedRows.ts';
import type { PseudoLikelihood } from './rowFunctions.ts';

// Every pass takes its arrays as arguments: read from a closure they cost twice as much.

/** eta := the linear predictors at x. */
export function predictors({ n, p, beta, base, X, factors }: CrossedRows, x: Float64Array, eta: Float64Array): void {
  linear(n, p, X, x.subarray(beta, beta + p), base, eta);
  for (let f = 0; f < factors.length; f += 1) addEffects(factors[f]!, x, eta, eta);
}

/** out := eta + Z_f u_f, u_f in x; `out` may be `eta`. */
export function addEffects(
  { q, offset, index, z, constant }: FactorRows,
  x: Float64Array,
  eta: Float64Array,
  out: Float64Array,
): void {
  if (constant) addIntercepts(eta.length, index, z[0]!, offset, x, eta, out);
  else addColumns(eta.length, q, index, z, offset, x, eta, out);
}

/** out := eta + X b, b of length p. */
export function linear(
  n: number,
  p: number,
  X: Float64Array,
  b: Float64Array,
  eta: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) {
    let sum = eta[i]!;
    for (let k = 0; k < p; k += 1) sum += X[i * p + k]! * b[k]!;
    out[i] = sum;
  }
}

/** out (from the factor's offset) += Z_f' (side - precision (eta - base)). */
export function addScores(
  { q, offset, index, z, constant }: FactorRows,
  { precision, side }: PseudoLikelihood,
  base: Float64Array,
  eta: Float64Array,
  out: Float64Array,
): void {
  if (constant) scores(eta.length, index, z[0]!, offset, precision, side, base, eta, out);
  else columnScores(eta.length, q, index, z, offset, precision, side, base, eta, out);
}

/** out_j += next_i - own_i over the rows of level j. */
export function addDifferences(index: Int32Array, own: Float64Array, next: Float64Array, out: Float64Array): void {
  for (let i = 0; i < index.length; i += 1) {
    const j = index[i]!;
    out[j] = out[j]! + next[i]! - own[i]!;
  }
}

/** own := next in the rows of the levels that are taken, in two arrays. */
export function takeRows(
  index: Int32Array,
  taken: Uint8Array,
  own: Float64Array,
  next: Float64Array,
  other: Float64Array,
  otherNext: Float64Array,
): void {
  for (let i = 0; i < index.length; i += 1) {
    if (taken[index[i]!] === 0) continue;
    own[i] = next[i]!;
    other[i] = otherNext[i]!;
  }
}

/** sum of next - own. */
export function difference(own: Float64Array, next: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < own.length; i += 1) sum += next[i]! - own[i]!;
  return sum;
}

function addIntercepts(
  n: number,
  index: Int32Array,
  constant: number,
  offset: number,
  x: Float64Array,
  eta: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) out[i] = eta[i]! + constant * x[offset + index[i]!]!;
}

function addColumns(
  n: number,
  q: number,
  index: Int32Array,
  z: Float64Array,
  offset: number,
  x: Float64Array,
  eta: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) {
    const at = offset + index[i]! * q;
    let sum = eta[i]!;
    for (let a = 0; a < q; a += 1) sum += z[i * q + a]! * x[at + a]!;
    out[i] = sum;
  }
}

function scores(
  n: number,
  index: Int32Array,
  constant: number,
  offset: number,
  precision: Float64Array,
  side: Float64Array,
  base: Float64Array,
  eta: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) {
    const at = offset + index[i]!;
    out[at] = out[at]! + constant * (side[i]! - precision[i]! * (eta[i]! - base[i]!));
  }
}

function columnScores(
  n: number,
  q: number,
  index: Int32Array,
  z: Float64Array,
  offset: number,
  precision: Float64Array,
  side: Float64Array,
  base: Float64Array,
  eta: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) {
    const score = side[i]! - precision[i]! * (eta[i]! - base[i]!);
    const at = offset + index[i]! * q;
    for (let a = 0; a < q; a += 1) out[at + a] = out[at + a]! + z[i * q + a]! * score;
  }
}
