import { describe, expect, it } from 'vitest';
import { blockedCholesky, blockedInverse } from '../../../src/linalg/sparse/blockedCholesky.ts';
import { factorisationCost, headTail } from '../../../src/linalg/sparse/headTail.ts';
import {
  allocateHeadTail,
  factorHeadTail,
  logDetHeadTail,
  logDetLast,
  solveHeadTail,
} from '../../../src/linalg/sparse/headTailFactor.ts';
import { inverseHeadTail } from '../../../src/linalg/sparse/headTailInverse.ts';
import { minimumDegree } from '../../../src/linalg/sparse/minimumDegree.ts';
import { createRng, type Rng } from '../../../src/random/rng.ts';

/** Symmetric positive definite with blocks of 0 where nodes are not joined; dense, row-major. */
function randomMatrix(rng: Rng, widths: readonly number[], joined: (i: number, k: number) => boolean, always: number) {
  const offsets: number[] = [];
  let size = 0;
  for (const width of widths) {
    offsets.push(size);
    size += width;
  }
  size += always;
  const node = new Int32Array(size).fill(-1);
  widths.forEach((width, i) => {
    node.fill(i, offsets[i]!, offsets[i]! + width);
  });
  const pairs = new Map<string, boolean>();
  const meets = (i: number, k: number): boolean => {
    if (i < 0 || k < 0 || i === k) return true;
    const key = `${Math.min(i, k)},${Math.max(i, k)}`;
    if (!pairs.has(key)) pairs.set(key, joined(Math.min(i, k), Math.max(i, k)));
    return pairs.get(key)!;
  };
  const A = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) {
      if (!meets(node[a]!, node[b]!)) continue;
      const value = rng.normal();
      A[a * size + b] = value;
      A[b * size + a] = value;
      A[a * size + a]! += Math.abs(value);
      A[b * size + b]! += Math.abs(value);
    }
    A[a * size + a]! += 0.5 + rng.uniform();
  }
  const start = new Int32Array(widths.length + 1);
  const neighbours: number[] = [];
  widths.forEach((_, i) => {
    widths.forEach((_other, k) => {
      if (i !== k && meets(i, k)) neighbours.push(k);
    });
    start[i + 1] = neighbours.length;
  });
  const graph = { widths: Int32Array.from(widths), start, neighbours: Int32Array.from(neighbours) };
  return { A, size, graph, offsets: Int32Array.from(offsets) };
}

/** The inverse and log-determinant by Gauss-Jordan elimination without any structure. */
function denseInverse(A: Float64Array, size: number, upTo = size): { inverse: Float64Array; logDet: number } {
  const work = new Float64Array(upTo * upTo);
  const inverse = new Float64Array(upTo * upTo);
  for (let i = 0; i < upTo; i++) {
    inverse[i * upTo + i] = 1;
    for (let k = 0; k < upTo; k++) work[i * upTo + k] = A[i * size + k]!;
  }
  let logDet = 0;
  for (let c = 0; c < upTo; c++) {
    const pivot = work[c * upTo + c]!;
    logDet += Math.log(pivot);
    for (let k = 0; k < upTo; k++) {
      work[c * upTo + k]! /= pivot;
      inverse[c * upTo + k]! /= pivot;
    }
    for (let i = 0; i < upTo; i++) {
      const by = work[i * upTo + c]!;
      if (i === c || by === 0) continue;
      for (let k = 0; k < upTo; k++) {
        work[i * upTo + k]! -= by * work[c * upTo + k]!;
        inverse[i * upTo + k]! -= by * inverse[c * upTo + k]!;
      }
    }
  }
  return { inverse, logDet };
}

const shapes: [string, (rng: Rng) => ReturnType<typeof randomMatrix>, number][] = [
  ['nothing joined', (rng) => randomMatrix(rng, [1, 2, 1, 3], () => false, 1), 1],
  ['all joined', (rng) => randomMatrix(rng, [1, 2, 1, 3, 1], () => true, 2), 2],
  ['one node', (rng) => randomMatrix(rng, [2], () => true, 0), 0],
  ['a chain', (rng) => randomMatrix(rng, new Array(40).fill(1), (i, k) => k - i === 1, 1), 1],
  ['a tree', (rng) => randomMatrix(rng, new Array(60).fill(2), (i, k) => (k - 1) >> 1 === i, 2), 2],
  ['a star', (rng) => randomMatrix(rng, new Array(30).fill(1), (i) => i === 0, 1), 1],
  [
    'a grid',
    (rng) => randomMatrix(rng, new Array(64).fill(1), (i, k) => k - i === 8 || (k - i === 1 && k % 8 > 0), 1),
    1,
  ],
  [
    'two sides',
    (rng) =>
      randomMatrix(
        rng,
        [...new Array(45).fill(1), ...new Array(20).fill(2)],
        (i, k) => i < 45 && k >= 45 && rng.uniform() < 0.15,
        3,
      ),
    3,
  ],
  [
    'sparse at random',
    (rng) =>
      randomMatrix(
        rng,
        Array.from({ length: 70 }, (_, i) => 1 + (i % 3)),
        () => rng.uniform() < 0.03,
        1,
      ),
    1,
  ],
  [
    'denser at random',
    (rng) =>
      randomMatrix(
        rng,
        Array.from({ length: 50 }, (_, i) => 1 + (i % 2)),
        () => rng.uniform() < 0.2,
        0,
      ),
    0,
  ],
];

describe('head and tail', () => {
  it.each(shapes)(
    '%s: factor, determinant, solutions and entries of the inverse against dense elimination',
    (_name, make, always) => {
      for (let seed = 1; seed <= 3; seed++) {
        const rng = createRng([seed]);
        const { A, size, graph, offsets } = make(rng);
        const elimination = minimumDegree(graph);
        expect([...elimination.head, ...elimination.tail].sort((i, k) => i - k)).toEqual(
          Array.from(graph.widths, (_width, i) => i),
        );
        const pattern = headTail(elimination, offsets, graph.widths, always);
        expect(factorisationCost(pattern)).toBeGreaterThan(0);
        const matrix = allocateHeadTail(pattern);
        const { head, tail, place, start, rows } = pattern;
        // Every entry of A has a place; filled by looking each one up.
        const where = new Map<number, number>();
        for (let j = 0; j < head; j++)
          for (let s = start[j]!; s < start[j + 1]!; s++) where.set(j * size + rows[s]!, s);
        for (let a = 0; a < size; a++) {
          for (let b = 0; b <= a; b++) {
            const value = A[a * size + b]!;
            if (value === 0) continue;
            const [low, high] = [Math.min(place[a]!, place[b]!), Math.max(place[a]!, place[b]!)];
            if (low >= head) matrix.corner[(high - head) * tail + low - head] = value;
            else if (low === high) matrix.diagonal[low] = value;
            else matrix.values[where.get(low * size + high)!] = value;
          }
        }
        expect(factorHeadTail(matrix)).toBe(true);
        const { inverse, logDet } = denseInverse(A, size);
        expect(logDetHeadTail(matrix)).toBeCloseTo(logDet, 10);
        const part = denseInverse(A, size, size - always);
        expect(logDetHeadTail(matrix, always)).toBeCloseTo(part.logDet, 10);
        expect(logDetHeadTail(matrix, always) + logDetLast(matrix, always)).toBeCloseTo(logDet, 10);
        const b = Float64Array.from({ length: size }, () => rng.normal());
        const x = b.slice();
        solveHeadTail(matrix, x);
        for (let i = 0; i < size; i++) {
          let sum = 0;
          for (let k = 0; k < size; k++) sum += inverse[i * size + k]! * b[k]!;
          expect(x[i]).toBeCloseTo(sum, 9);
        }
        for (const [without, dense, width] of [
          [0, inverse, size],
          [always, part.inverse, size - always],
        ] as const) {
          const entries = allocateHeadTail(pattern);
          inverseHeadTail(matrix, without, entries, new Float64Array(tail * tail));
          let off = 0;
          for (let a = 0; a < width; a++) {
            for (let c = 0; c < width; c++) {
              const [low, high] = [Math.min(place[a]!, place[c]!), Math.max(place[a]!, place[c]!)];
              const s = where.get(low * size + high);
              const value =
                low >= head
                  ? entries.corner[(place[a]! - head) * tail + place[c]! - head]!
                  : low === high
                    ? entries.diagonal[low]!
                    : s === undefined
                      ? null
                      : entries.values[s]!;
              if (value !== null) off = Math.max(off, Math.abs(value - dense[a * width + c]!));
            }
          }
          expect(off).toBeLessThan(1e-9);
        }
      }
    },
  );

  it('eliminates a tree from its leaves without fill', () => {
    const rng = createRng([5]);
    const { graph, offsets } = randomMatrix(rng, new Array(200).fill(1), (i, k) => (k - 1) >> 1 === i, 0);
    const pattern = headTail(minimumDegree(graph), offsets, graph.widths, 0);
    expect(pattern.rows.length).toBeLessThanOrEqual(199);
    expect(pattern.tail).toBeLessThan(4);
  });

  it('refuses a matrix that is not positive definite, in the head and in the tail', () => {
    const { graph, offsets } = randomMatrix(createRng([1]), new Array(9).fill(1), (i) => i === 0, 1);
    const pattern = headTail(minimumDegree(graph), offsets, graph.widths, 1);
    const head = allocateHeadTail(pattern);
    expect(factorHeadTail(head)).toBe(false);
    head.diagonal.fill(1);
    expect(factorHeadTail(head)).toBe(false);
    head.diagonal.fill(1);
    for (let i = 0; i < pattern.tail; i++) head.corner[i * pattern.tail + i] = 1;
    expect(factorHeadTail(head)).toBe(true);
  });
});

describe('blocked dense factor', () => {
  it.each([1, 2, 3, 23, 24, 25, 50, 121, 200])("n = %i: L L' and the inverse of leading parts", (n) => {
    const rng = createRng([n]);
    const A = new Float64Array(n * n);
    for (let a = 0; a < n; a++) {
      for (let b = 0; b < a; b++) {
        A[a * n + b] = rng.normal();
        A[b * n + a] = A[a * n + b]!;
      }
      A[a * n + a] = 2 * n;
    }
    const L = A.slice();
    expect(blockedCholesky(L, n)).toBe(true);
    let apart = 0;
    for (let a = 0; a < n; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let k = 0; k <= b; k++) sum += L[a * n + k]! * L[b * n + k]!;
        apart = Math.max(apart, Math.abs(sum - A[a * n + b]!));
      }
    }
    expect(apart).toBeLessThan(1e-12 * n);
    for (const count of [n, n - 1]) {
      const out = new Float64Array(n * n).fill(7);
      blockedInverse(L, n, count, new Float64Array(n * n), out);
      let off = 0;
      let beside = 0;
      for (let a = 0; a < n; a++) {
        for (let b = 0; b < n; b++) {
          let sum = 0;
          for (let k = 0; k < count; k++) sum += A[a * n + k]! * out[k * n + b]!;
          if (b >= count) beside = Math.max(beside, Math.abs(out[a * n + b]!));
          else if (a < count) off = Math.max(off, Math.abs(sum - (a === b ? 1 : 0)));
        }
      }
      expect(off).toBeLessThan(1e-13 * n);
      expect(beside).toBe(0);
    }
    A[n * n - 1] = Number.NaN;
    expect(blockedCholesky(A, n)).toBe(false);
  });
});
