import type { GroupTerm } from '../design/design.ts';
import { inverse, product } from '../linalg/smallMatrix.ts';
import type { CoordinateMap } from '../products/coordinates.ts';

/**
 * The relative covariance factors Lambda_f (Sigma_f = sigma^2 Lambda_f Lambda_f') of one model and the three ways to
 * write them: theta, the lower triangles on the user's scale; `search` coordinates, lower triangles in a basis in which
 * the columns of Z are centred and scaled, where the optimiser works; and working factors T_f^-1 Lambda_f, which the
 * cross-products take. All three are unbounded: Lambda and Lambda S, S any diagonal matrix of signs, are the same
 * covariance.
 */
export interface RelativeFactors {
  readonly size: number;
  /** q x q lower triangular factors on the user's scale. */
  fromTheta(theta: ArrayLike<number>): Float64Array[];
  /** q x q factors on the user's scale, not triangular. */
  fromSearch(x: ArrayLike<number>): Float64Array[];
  /** T_f^-1 Lambda_f for factors on the user's scale, written to `out`. */
  toWorking(lambdas: readonly Float64Array[], out: Float64Array[]): void;
  /** Canonical theta of factors on the user's scale: non-negative diagonals. */
  toTheta(lambdas: readonly Float64Array[]): Float64Array;
  /** Search coordinates of factors on the user's scale. */
  toSearch(lambdas: readonly Float64Array[]): Float64Array;
  /** Blocks of search coordinates: lower triangles by columns from `offset`. */
  readonly blocks: readonly SearchBlock[];
  /** m = T^-1 B, q x size: a covariance S of the block in search coordinates is m S m' in working ones. */
  workingBasis(block: SearchBlock): Float64Array;
  /**
   * The derivative of the deviance by the covariance of the block in search coordinates, size x size: B'(T^-T D T^-1)B,
   * given D (q x q), the derivative by the working covariance T^-1 Lambda Lambda' T^-T.
   */
  blockDerivative(block: SearchBlock, D: Float64Array): Float64Array;
  /** The gradient 2 K L by the search coordinates x (its first entries), from the D of every factor. */
  gradient(x: ArrayLike<number>, derivatives: readonly Float64Array[], out: Float64Array): void;
  /** The same from D Lambda~ of every factor. */
  gradientOf(images: readonly Float64Array[], out: Float64Array): void;
  readonly labels: readonly string[];
}

export interface SearchBlock {
  readonly factor: number;
  readonly start: number;
  readonly size: number;
  /** Position of its first entry in the search coordinates and in theta. */
  readonly offset: number;
  /** Basis B, size x size: Lambda_block = B L. */
  readonly basis: Float64Array;
  readonly basisInverse: Float64Array;
}

/** `maps[f]` are the working coordinates of factor f: Z~_f = Z_f T_f. */
export function relativeFactors(groupTerms: readonly GroupTerm[], maps: readonly CoordinateMap[]): RelativeFactors {
  const inverses = maps.map((map) => map.inverse);
  const blocks: SearchBlock[] = [];
  const labels: string[] = [];
  let size = 0;
  groupTerms.forEach((group, f) => {
    const closed = respectsBlocks(group, maps[f]!.T);
    for (const { start, size: width } of group.blocks) {
      const basis = new Float64Array(width * width);
      for (let a = 0; a < width; a++) {
        for (let b = 0; b < width; b++) {
          if (closed || a === b) basis[a * width + b] = maps[f]!.T[(start + a) * group.q + start + b]!;
        }
      }
      const basisInverse = inverse(basis, width)!;
      blocks.push({ factor: f, start, size: width, offset: size, basis, basisInverse });
      for (let b = 0; b < width; b++) {
        for (let a = b; a < width; a++) {
          const names = a === b ? [a] : [b, a];
          labels.push(`${group.factor}[${names.map((k) => group.labels[start + k]).join(',')}]`);
        }
      }
      size += (width * (width + 1)) / 2;
    }
  });
  const empty = () => groupTerms.map((group) => new Float64Array(group.q * group.q));
  const put = (out: Float64Array[], block: SearchBlock, values: Float64Array): void => {
    const q = groupTerms[block.factor]!.q;
    for (let a = 0; a < block.size; a++) {
      for (let b = 0; b < block.size; b++) {
        out[block.factor]![(block.start + a) * q + block.start + b] = values[a * block.size + b]!;
      }
    }
  };
  const take = (lambdas: readonly Float64Array[], block: SearchBlock): Float64Array => {
    const q = groupTerms[block.factor]!.q;
    const values = new Float64Array(block.size * block.size);
    for (let a = 0; a < block.size; a++) {
      for (let b = 0; b < block.size; b++) {
        values[a * block.size + b] = lambdas[block.factor]![(block.start + a) * q + block.start + b]!;
      }
    }
    return values;
  };
  const pack = (
    lambdas: readonly Float64Array[],
    image: (block: SearchBlock, values: Float64Array) => Float64Array,
  ) => {
    const out = new Float64Array(size);
    for (const block of blocks) {
      const { size: width } = block;
      const lower = lowerFactor(image(block, take(lambdas, block)), width, width);
      let at = block.offset;
      for (let b = 0; b < width; b++) for (let a = b; a < width; a++) out[at++] = lower[a * width + b]!;
    }
    return out;
  };
  // T^-1 B, q x size: a factor in search coordinates is a working one by it.
  const basisOf = (block: SearchBlock): Float64Array => {
    const { q } = groupTerms[block.factor]!;
    const map = new Float64Array(q * block.size);
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < block.size; b++) {
        let sum = 0;
        for (let k = 0; k < block.size; k++) {
          sum += inverses[block.factor]![a * q + block.start + k]! * block.basis[k * block.size + b]!;
        }
        map[a * block.size + b] = sum;
      }
    }
    return map;
  };
  const bases = new Map(blocks.map((block) => [block, basisOf(block)]));
  const toBlock = (block: SearchBlock): Float64Array => bases.get(block)!;
  const self: RelativeFactors = {
    size,
    blocks,
    labels,
    fromTheta(theta) {
      const out = empty();
      for (const block of blocks) put(out, block, lowerTriangle(theta, block));
      return out;
    },
    fromSearch(x) {
      const out = empty();
      for (const block of blocks) put(out, block, product(block.basis, lowerTriangle(x, block), block.size));
      return out;
    },
    toWorking(lambdas, out) {
      groupTerms.forEach((group, f) => {
        out[f]!.set(product(inverses[f]!, lambdas[f]!, group.q));
      });
    },
    toTheta: (lambdas) => pack(lambdas, (_block, values) => values),
    toSearch: (lambdas) => pack(lambdas, (block, values) => product(block.basisInverse, values, block.size)),
    workingBasis: toBlock,
    blockDerivative(block, D) {
      const { q } = groupTerms[block.factor]!;
      const map = toBlock(block);
      const out = new Float64Array(block.size * block.size);
      for (let a = 0; a < q; a++) {
        for (let c = 0; c < q; c++) {
          const d = D[a * q + c]!;
          for (let b = 0; b < block.size; b++) {
            for (let e = 0; e < block.size; e++) {
              out[b * block.size + e]! += map[a * block.size + b]! * d * map[c * block.size + e]!;
            }
          }
        }
      }
      return out;
    },
    gradient(x, derivatives, out) {
      for (const block of blocks) {
        const { size: width } = block;
        const K = self.blockDerivative(block, derivatives[block.factor]!);
        const L = lowerTriangle(x, block);
        let at = block.offset;
        for (let b = 0; b < width; b++) {
          for (let a = b; a < width; a++) {
            let sum = 0;
            for (let k = b; k < width; k++) sum += K[a * width + k]! * L[k * width + b]!;
            out[at++] = 2 * sum;
          }
        }
      }
    },
    gradientOf(images, out) {
      for (const block of blocks) {
        const { q } = groupTerms[block.factor]!;
        const { start, size: width } = block;
        const map = toBlock(block);
        let at = block.offset;
        for (let b = 0; b < width; b++) {
          for (let a = b; a < width; a++) {
            let sum = 0;
            for (let k = 0; k < q; k++) sum += map[k * width + a]! * images[block.factor]![k * q + start + b]!;
            out[at++] = 2 * sum;
          }
        }
      }
    },
  };
  return self;
}

/** The lower triangle of one block, size x size row-major, from its coordinates by columns. */
export function lowerTriangle(x: ArrayLike<number>, block: SearchBlock): Float64Array {
  const { size } = block;
  const L = new Float64Array(size * size);
  let at = block.offset;
  for (let b = 0; b < size; b++) for (let a = b; a < size; a++) L[a * size + b] = x[at++]!;
  return L;
}

/**
 * Lower triangular L (n x n) with L L' = M M' for M (n x m, row-major, m >= n), diagonal >= 0, by rotations of the
 * columns of M. A row in the span of those above gets a diagonal of exactly 0, and its column is kept for later rows,
 * so that a zero row leaves a zero column: the factor of a singular covariance is unique. `tolerance` is relative to
 * the length of the row.
 */
export function lowerFactor(M: Float64Array, n: number, m: number, tolerance = 1e-13): Float64Array {
  const work = Float64Array.from(M);
  const L = new Float64Array(n * n);
  let free = Array.from({ length: m }, (_, k) => k);
  const pivots: number[] = [];
  for (let i = 0; i < n; i++) {
    const pivot = free[0]!;
    for (const column of free.slice(1)) {
      const a = work[i * m + pivot]!;
      const b = work[i * m + column]!;
      const length = Math.hypot(a, b);
      if (b === 0 || length === 0) continue;
      for (let k = i; k < n; k++) {
        const x = work[k * m + pivot]!;
        const y = work[k * m + column]!;
        work[k * m + pivot] = (a * x + b * y) / length;
        work[k * m + column] = (a * y - b * x) / length;
      }
    }
    let length = 0;
    for (let k = 0; k < m; k++) length = Math.hypot(length, work[i * m + k]!);
    const sign = work[i * m + pivot]! < 0 ? -1 : 1;
    const singular = Math.abs(work[i * m + pivot]!) <= tolerance * length;
    for (let k = 0; k < i; k++) if (pivots[k]! >= 0) L[i * n + k] = work[i * m + pivots[k]!]!;
    if (singular) {
      pivots.push(-1);
      continue;
    }
    for (let k = i; k < n; k++) work[k * m + pivot]! *= sign;
    L[i * n + i] = work[i * m + pivot]!;
    pivots.push(pivot);
    free = free.slice(1);
  }
  return L;
}

/** Whether T maps every covariance block into itself, so that the block may be searched in the working basis. */
function respectsBlocks(group: GroupTerm, T: Float64Array): boolean {
  const blockOf = new Int32Array(group.q);
  group.blocks.forEach((block, b) => {
    blockOf.fill(b, block.start, block.start + block.size);
  });
  for (let a = 0; a < group.q; a++) {
    for (let c = 0; c < group.q; c++) if (blockOf[a] !== blockOf[c] && T[a * group.q + c] !== 0) return false;
  }
  return true;
}
