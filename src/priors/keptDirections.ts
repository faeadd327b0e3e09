import type { CovarianceBlock, GroupTerm } from '../design/design.ts';
import { dot } from '../linalg/dot.ts';
import { solveCombinations } from './coefficientCombinations.ts';
import { powerAtZero } from './powerAtZero.ts';
import type { BlockPrior, MappedPrior, MovingPrior, ScalePrior } from './priors.ts';

/** Directions of a covariance block that keep their variance while sigma goes to 0, the others going with it. */
export interface KeptDirections {
  /** size x s, row-major: coefficients of the directions by columns. */
  readonly V: Float64Array;
  /** The power of sigma that prior mass of such covariances has: their volume times their density. */
  readonly gain: number;
  /** Whose sds go to 0 with sigma, or all that vary together in fewer directions than they are. */
  readonly dropped: readonly string[];
}

/** A column of group coefficients counts as a combination of others when less than this share of it is left. */
const DEPENDENT = 1e-7;
/** Most columns of a block of which every subset is looked at; of more, all and none. */
const MOST = 6;

/**
 * The directions worth looking at in a block. Every subset of its columns: sds tau_k = O(sigma) of the others have
 * prior mass sigma^(1 + k) each, k the power of their prior at 0, by half-t, half-Cauchy and the like sigma^1 (nothing
 * where it vanishes, as under an inverse Wishart). And the row space of `u` (J x size, the coefficients of an exact fit
 * about their level-2 line) where it is smaller: s directions N in which Sigma is O(sigma^2). In coordinates along and
 * across N, Sigma has s(s + 1)/2 entries of O(sigma^2) and s(q - s) of O(sigma), in all sigma^(s (q + 1)); LKJ adds
 * |R|^(eta - 1) = sigma^(2 s (eta - 1)), Huang & Wand's density sigma^((df + q) m - (df + 2 q) s), m the columns that
 * take part in N. A prior on the columns as written, `mapped`, has its subsets among those: a direction v there is T^-1
 * v here.
 */
export function keptDirections(
  term: GroupTerm,
  block: CovarianceBlock,
  prior: MovingPrior,
  u: Float64Array,
): KeptDirections[] {
  return prior.kind === 'mapped' ? mapped(term, block, prior, u) : unmapped(term, block, prior, u);
}

/** The directions on the columns as written, where coefficients are T u, and back. */
function mapped(term: GroupTerm, block: CovarianceBlock, { of, T }: MappedPrior, u: Float64Array): KeptDirections[] {
  const { size } = block;
  const written = new Float64Array(u.length);
  for (let j = 0; j < u.length; j += size) {
    for (let k = 0; k < size; k += 1) {
      for (let l = 0; l < size; l += 1) written[j + k] = written[j + k]! + T[k * size + l]! * u[j + l]!;
    }
  }
  // T = C diag(1 / unit), C with a unit diagonal.
  const C = T.map((value, at) => value / T[(at % size) * (size + 1)]!);
  return unmapped(term, block, of, written).map((kept) => {
    const s = kept.V.length / size;
    const V = new Float64Array(kept.V.length);
    for (let a = 0; a < s; a += 1) {
      const direction = Float64Array.from({ length: size }, (_, k) => kept.V[k * s + a]!);
      solveCombinations(C, direction);
      for (let k = 0; k < size; k += 1) V[k * s + a] = direction[k]! / T[k * (size + 1)]!;
    }
    return { ...kept, V };
  });
}

function unmapped(
  term: GroupTerm,
  { start, size }: CovarianceBlock,
  prior: BlockPrior,
  u: Float64Array,
): KeptDirections[] {
  const name = (k: number): string => `tau_${term.factor}[${term.labels[start + k]}]`;
  const gains = Array.from({ length: size }, (_, k) => axisGain(prior, k));
  const found: KeptDirections[] = [];
  const subsets = size <= MOST ? Array.from({ length: 1 << size }, (_, s) => s) : [(1 << size) - 1, 0];
  for (const subset of subsets.reverse()) {
    const kept: number[] = [];
    const dropped: number[] = [];
    for (let k = 0; k < size; k += 1) ((subset >> k) & 1 ? kept : dropped).push(k);
    const gain = dropped.reduce((sum, k) => sum + gains[k]!, 0);
    if (gain === Infinity) continue;
    const V = new Float64Array(size * kept.length);
    kept.forEach((k, a) => {
      V[k * kept.length + a] = 1;
    });
    found.push({ V, gain, dropped: dropped.map(name) });
  }
  const space = rowSpace(u, term.J, size);
  // A column that is 0 by itself goes to 0 with its own sd alone, which its prior may forbid.
  const possible = space?.alone.every((k) => gains[k]! < Infinity);
  if (space && possible && prior.kind !== 'inverseWishart') {
    const { V, taking } = space;
    const s = size - V.length / size;
    const shape =
      prior.kind === 'separation'
        ? 2 * s * (prior.eta - 1)
        : (prior.df + size) * taking.length - (prior.df + 2 * size) * s;
    found.push({ V, gain: s * (size + 1) + shape, dropped: taking.map(name) });
  }
  return found;
}

/** The power of sigma in the prior mass of tau_k = O(sigma); Infinity where there is less than any. */
function axisGain(prior: BlockPrior, k: number): number {
  if (prior.kind === 'inverseWishart') return Infinity;
  if (prior.kind === 'halfTCov') return 1;
  const tau: ScalePrior = prior.tau[k]!;
  const power = powerAtZero(tau);
  return power === null ? Infinity : 1 + power;
}

/**
 * The row space of u (J x q, row-major) as V (q x s) with u = u_I V', I the first independent columns; and the columns
 * that take part in a combination which is 0, a column that is 0 by itself (`alone`) among them. Null where u has full
 * rank.
 */
function rowSpace(
  u: Float64Array,
  J: number,
  q: number,
): { readonly V: Float64Array; readonly taking: readonly number[]; readonly alone: readonly number[] } | null {
  const largest = u.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const basis: { readonly direction: Float64Array; readonly column: number; readonly triangle: number[] }[] = [];
  const combinations: { readonly column: number; readonly weights: Float64Array }[] = [];
  for (let k = 0; k < q; k += 1) {
    const column = Float64Array.from({ length: J }, (_, j) => u[j * q + k]!);
    const whole = Math.sqrt(dot(column, column));
    if (!(whole > DEPENDENT * largest)) {
      combinations.push({ column: k, weights: new Float64Array(basis.length) });
      continue;
    }
    const along = basis.map(() => 0);
    for (let pass = 0; pass < 2; pass += 1) {
      basis.forEach(({ direction }, b) => {
        const share = dot(direction, column);
        along[b] = along[b]! + share;
        for (let j = 0; j < J; j += 1) column[j] = column[j]! - share * direction[j]!;
      });
    }
    const left = Math.sqrt(dot(column, column));
    if (left > DEPENDENT * whole) {
      basis.push({ direction: column.map((value) => value / left), column: k, triangle: [...along, left] });
      continue;
    }
    // Back substitution: the column as a combination of the independent ones before it.
    const weights = Float64Array.from(along);
    for (let b = basis.length - 1; b >= 0; b -= 1) {
      weights[b] = weights[b]! / basis[b]!.triangle[b]!;
      for (let a = 0; a < b; a += 1) weights[a] = weights[a]! - weights[b]! * basis[b]!.triangle[a]!;
    }
    combinations.push({ column: k, weights });
  }
  if (combinations.length === 0) return null;
  const s = basis.length;
  const V = new Float64Array(q * s);
  const taking = new Set<number>();
  basis.forEach(({ column }, a) => {
    V[column * s + a] = 1;
  });
  for (const { column, weights } of combinations) {
    taking.add(column);
    weights.forEach((weight, a) => {
      V[column * s + a] = weight;
      if (Math.abs(weight) > DEPENDENT) taking.add(basis[a]!.column);
    });
  }
  const alone = combinations.flatMap(({ column, weights }) =>
    weights.every((weight) => Math.abs(weight) <= DEPENDENT) ? [column] : [],
  );
  return { V, taking: [...taking].sort((a, b) => a - b), alone };
}
