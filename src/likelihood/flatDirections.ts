import type { Design, GroupTerm } from '../design/design.ts';
import { symmetricEigen } from '../linalg/symmetricEigen.ts';
import type { CoordinateMap } from '../products/coordinates.ts';
import { rowWeights } from '../products/rowWeights.ts';
import { createRng } from '../random/rng.ts';
import type { SearchBlock } from './relativeFactor.ts';

/** A line in the space of covariances along which the likelihood is the same, whatever the responses are. */
export interface FlatDirection {
  /** The parameters that move along it: `tau_county[floor]`, `corr_county[Intercept,floor]`, `sigma`. */
  readonly parameters: readonly string[];
}

/**
 * Eigenvalues of the scaled Gram matrix below this are 0: rounding leaves about 1e-15, one telling row in a million
 * 1e-12.
 */
const FLAT = 1e-12;

/** Entries of a direction below this share of its largest are rounding. */
const UNMOVED = 1e-8;

/**
 * The directions in which covariances (and sigma) cannot be told apart. The covariance of the responses is linear in
 * them, V = sigma^2 W^-1 + sum_k v_k Z E_k Z' over the entries v_k of the covariance blocks, and the likelihood depends
 * on V alone (REML: on V beside X). With rows in units of their precision, Z~ = W^1/2 Z and Q = I, or for REML what
 * projects on the complement of W^1/2 X, a direction v is flat exactly where Q (v_s I + sum_k v_k Z~ E_k Z~') Q = 0. A
 * linear question about the design: no fit is needed. A random vector x shows it, with probability 1: the Gram matrix
 * of Q Z~ E_k Z~' Q x over k is singular along v. O(n (q d + p)) for d entries.
 *
 * `blocks` are those of the search coordinates, where columns are centred and scaled; the parameters are named on the
 * user's scale. `beside` holds the working coordinates of X for REML, null otherwise; `sigma` is whether a residual sd
 * is estimated. One entry for each independent direction, each with as few parameters as elimination leaves.
 */
export function flatDirections(
  design: Design,
  blocks: readonly SearchBlock[],
  { beside, sigma }: { readonly beside: CoordinateMap | null; readonly sigma: boolean },
): FlatDirection[] {
  const entries = covarianceEntries(design.groupTerms, blocks);
  if (entries.length === 0) return [];
  const d = entries.length + (sigma ? 1 : 0);
  const { gram, squares } = gramMatrix(design, blocks, entries, beside, d);
  const scales = squares.map((square) => Math.sqrt(square) || 1);
  for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) gram[k * d + l]! /= scales[k]! * scales[l]!;
  const { values, vectors } = symmetricEigen(gram, d);
  const count = values.filter((value) => value < FLAT).length;
  const moves = Array.from({ length: count }, (_, at) =>
    onUserScale(
      Float64Array.from(scales, (scale, k) => vectors[k * d + at]! / scale),
      blocks,
    ),
  );
  const labels = [...entries.map(({ label }) => label), 'sigma'];
  return eliminated(moves).map((move) => ({
    parameters: labels.filter((_, k) => k < d && Math.abs(move[k]!) > UNMOVED),
  }));
}

/** An entry (a, b), a >= b, of the covariance of a block. */
interface CovarianceEntry {
  readonly block: number;
  readonly a: number;
  readonly b: number;
  readonly label: string;
}

function covarianceEntries(groupTerms: readonly GroupTerm[], blocks: readonly SearchBlock[]): CovarianceEntry[] {
  return blocks.flatMap(({ factor, start, size }, block) => {
    const term = groupTerms[factor]!;
    const name = (k: number): string => term.labels[start + k]!;
    const list: CovarianceEntry[] = [];
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        const label = a === b ? `tau_${term.factor}[${name(a)}]` : `corr_${term.factor}[${name(b)},${name(a)}]`;
        list.push({ block, a, b, label });
      }
    }
    return list;
  });
}

/**
 * The Gram matrix of Q Z~ E_k Z~' Q x (last x itself, for sigma), and the squared lengths of the same without Q on the
 * left.
 */
function gramMatrix(
  design: Design,
  blocks: readonly SearchBlock[],
  entries: readonly CovarianceEntry[],
  beside: CoordinateMap | null,
  d: number,
): { gram: Float64Array; squares: Float64Array } {
  const { n, groupTerms } = design;
  const roots = rowWeights(design).map(Math.sqrt);
  const project = beside ? complement(design, roots, beside.T) : () => {};
  const columns = blocks.map((block) => searchColumns(groupTerms[block.factor]!, block, roots));
  const rng = createRng([1]);
  const gram = new Float64Array(d * d);
  const squares = new Float64Array(d);
  const x = new Float64Array(n);
  const images = Array.from({ length: d }, () => new Float64Array(n));
  // Each level shows one vector to its block's entries; few levels, or few rows, need several.
  const narrow = n < 100 || groupTerms.some(({ J, q }) => J < 4 * q + 4);
  const rounds = narrow ? 3 + Math.max(...groupTerms.map(({ J, q }) => Math.ceil(q / J))) : 1;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < n; i++) x[i] = rng.normal();
    project(x);
    const sums = blocks.map((block, at) => levelSums(groupTerms[block.factor]!, block.size, columns[at]!, x));
    entries.forEach(({ block, a, b }, k) => {
      const { factor, size } = blocks[block]!;
      spread(groupTerms[factor]!, size, columns[block]!, sums[block]!, a, b, images[k]!);
      squares[k]! += squareOf(images[k]!);
      project(images[k]!);
    });
    if (d > entries.length) {
      images[d - 1]!.set(x);
      squares[d - 1]! += squareOf(x);
    }
    for (let k = 0; k < d; k++) {
      for (let l = 0; l <= k; l++) {
        let sum = 0;
        for (let i = 0; i < n; i++) sum += images[k]![i]! * images[l]![i]!;
        gram[k * d + l]! += sum;
      }
    }
  }
  for (let k = 0; k < d; k++) for (let l = 0; l < k; l++) gram[l * d + k] = gram[k * d + l]!;
  return { gram, squares };
}

/** The block's columns of Z in search coordinates, times the root of each row's precision: n x size. */
function searchColumns(term: GroupTerm, { start, size, basis }: SearchBlock, roots: Float64Array): Float64Array {
  const { q, Z } = term;
  const out = new Float64Array(roots.length * size);
  for (let i = 0; i < roots.length; i++) {
    for (let b = 0; b < size; b++) {
      let sum = 0;
      for (let a = 0; a < size; a++) sum += Z[i * q + start + a]! * basis[a * size + b]!;
      out[i * size + b] = roots[i]! * sum;
    }
  }
  return out;
}

/** Z~'x by level: J x size. */
function levelSums({ J, index }: GroupTerm, size: number, columns: Float64Array, x: Float64Array): Float64Array {
  const out = new Float64Array(J * size);
  for (let i = 0; i < x.length; i++) {
    for (let a = 0; a < size; a++) out[index[i]! * size + a]! += columns[i * size + a]! * x[i]!;
  }
  return out;
}

/** out := Z~ (e_a e_b' + e_b e_a') h, or Z~ e_a e_a' h, h the sums by level. */
function spread(
  { index }: GroupTerm,
  size: number,
  columns: Float64Array,
  h: Float64Array,
  a: number,
  b: number,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) {
    const level = index[i]! * size;
    const along = columns[i * size + a]! * h[level + b]!;
    out[i] = a === b ? along : along + columns[i * size + b]! * h[level + a]!;
  }
}

/** In place: v less its projection on the columns of W^1/2 X, which T makes orthogonal with mean square 1. */
function complement({ n, p, X }: Design, roots: Float64Array, T: Float64Array): (v: Float64Array) => void {
  const total = squareOf(roots);
  const once = (v: Float64Array): void => {
    const c = new Float64Array(p);
    for (let i = 0; i < n; i++) for (let k = 0; k < p; k++) c[k]! += X[i * p + k]! * roots[i]! * v[i]!;
    const working = c.map((_, k) => {
      let sum = 0;
      for (let l = 0; l <= k; l++) sum += T[l * p + k]! * c[l]!;
      return sum / total;
    });
    const beta = c.map((_, k) => {
      let sum = 0;
      for (let l = k; l < p; l++) sum += T[k * p + l]! * working[l]!;
      return sum;
    });
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k < p; k++) sum += X[i * p + k]! * beta[k]!;
      v[i]! -= roots[i]! * sum;
    }
  };
  return (v) => {
    once(v);
    once(v);
  };
}

function squareOf(v: Float64Array): number {
  return v.reduce((sum, value) => sum + value * value, 0);
}

/**
 * A direction from search coordinates to the covariances of the user's columns, each entry in units of its columns: B
 * E(v) B', and sigma^2 as it is.
 */
function onUserScale(v: Float64Array, blocks: readonly SearchBlock[]): Float64Array {
  const out = Float64Array.from(v);
  let at = 0;
  for (const { size, basis } of blocks) {
    const S = new Float64Array(size * size);
    const from = at;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        S[a * size + b] = v[at]!;
        S[b * size + a] = v[at++]!;
      }
    }
    at = from;
    for (let a = 0; a < size; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let k = 0; k < size; k++) {
          for (let l = 0; l < size; l++) sum += basis[a * size + k]! * S[k * size + l]! * basis[b * size + l]!;
        }
        out[at++] = sum / (basis[a * size + a]! * basis[b * size + b]!);
      }
    }
  }
  return out;
}

/** A basis of the same directions with as many zeros as elimination with pivoting gives, each with largest entry 1. */
function eliminated(moves: readonly Float64Array[]): Float64Array[] {
  const rows = moves.map((move) => Float64Array.from(move));
  const used = new Set<number>();
  for (const [r, row] of rows.entries()) {
    let pivot = 0;
    for (let k = 0; k < row.length; k++) if (!used.has(k) && Math.abs(row[k]!) > Math.abs(row[pivot]!)) pivot = k;
    used.add(pivot);
    const head = row[pivot]!;
    for (let k = 0; k < row.length; k++) row[k]! /= head;
    for (const [s, other] of rows.entries()) {
      if (s === r) continue;
      const factor = other[pivot]!;
      for (let k = 0; k < other.length; k++) other[k]! -= factor * row[k]!;
    }
  }
  return rows.map((row) => {
    const largest = row.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    return row.map((entry) => entry / largest);
  });
}
