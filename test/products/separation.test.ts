import { describe, expect, it } from 'vitest';
import { binomialLogit } from '../../src/families/binomialLogit.ts';
import { type SeparableRows, type Separation, separation } from '../../src/products/separation.ts';
import { uniforms } from '../oracle/randomDesign.ts';

/** Rows of successes among trials; one each where `trials` is null. */
interface BinaryRows extends SeparableRows {
  readonly y: Float64Array;
  readonly trials: Float64Array | null;
}

function rowsOf(X: readonly (readonly number[])[], y: readonly number[], trials?: readonly number[]): BinaryRows {
  return {
    certain: Int8Array.from(y, (value, i) => binomialLogit.certainAt(value, trials ? trials[i]! : 1)),
    n: X.length,
    p: X[0]!.length,
    X: Float64Array.from(X.flat()),
    y: Float64Array.from(y),
    trials: trials ? Float64Array.from(trials) : null,
  };
}

/**
 * s_i x_i for rows of one outcome, x_i and -x_i for those of both: separated where some d has no negative product with
 * any and not all 0.
 */
function signedRows({ n, p, X, y, trials }: BinaryRows): number[][] {
  return Array.from({ length: n }, (_, i) => i).flatMap((i) => {
    const x = [...X.subarray(i * p, (i + 1) * p)];
    const opposite = x.map((value) => -value);
    return [...(y[i]! > 0 ? [x] : []), ...(y[i]! < (trials?.[i] ?? 1) ? [opposite] : [])];
  });
}

/**
 * The slow oracle for three columns: where any direction separates, one does that is orthogonal to two of the rows (an
 * extreme ray of the cone of separating directions, which is pointed when the rows span the space). Exact in whole
 * numbers.
 */
function separatedByPairs(rows: BinaryRows): Separation['kind'] | null {
  const A = signedRows(rows);
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
  const sums = A.map(() => 0);
  for (const a of A) {
    for (const b of A) {
      const d = [a[1]! * b[2]! - a[2]! * b[1]!, a[2]! * b[0]! - a[0]! * b[2]!, a[0]! * b[1]! - a[1]! * b[0]!];
      const products = A.map((row) => dot(row, d));
      if (products.every((value) => value >= 0)) {
        products.forEach((value, i) => {
          sums[i]! += value;
        });
      }
    }
  }
  if (sums.every((value) => value === 0)) return null;
  return sums.every((value) => value > 0) ? 'complete' : 'quasi';
}

function checkDirection(rows: BinaryRows, found: Separation): void {
  const products = signedRows(rows).map((row) => row.reduce((sum, x, k) => sum + x * found.direction[k]!, 0));
  const largest = Math.max(...products);
  expect(largest).toBeGreaterThan(0);
  // The boundary is met to the tolerance the docstring states.
  for (const product of products) expect(product).toBeGreaterThan(-2e-7 * largest);
}

describe('separation', () => {
  it('agrees with the exact check of every pair of rows on small random data, and gives a direction that separates', () => {
    const uniform = uniforms(501);
    const seen = { complete: 0, quasi: 0, none: 0 };
    for (let trial = 0; trial < 900; trial++) {
      const n = 5 + Math.floor(uniform() * 12);
      const range = 2 + Math.floor(uniform() * 5);
      const slope = [uniform() - 0.5, uniform() - 0.5].map((value) => 6 * value);
      const X = Array.from({ length: n }, () => [1, Math.floor(uniform() * range), Math.floor(uniform() * range)]);
      const centre = (range - 1) / 2;
      const trials = X.map(() => 1 + Math.floor(uniform() * 1.3));
      const y = X.map(([, a, b], i) => {
        const eta = slope[0]! * (a! - centre) + slope[1]! * (b! - centre);
        let count = 0;
        for (let s = 0; s < trials[i]!; s++) count += uniform() < 1 / (1 + Math.exp(-3 * eta)) ? 1 : 0;
        return count;
      });
      const rows = rowsOf(X, y, trials);
      const spans = X.some((a) =>
        X.some((b) =>
          X.some(
            (c) =>
              a[0]! * (b[1]! * c[2]! - b[2]! * c[1]!) -
                a[1]! * (b[0]! * c[2]! - b[2]! * c[0]!) +
                a[2]! * (b[0]! * c[1]! - b[1]! * c[0]!) !==
              0,
          ),
        ),
      );
      if (!spans) continue;
      const found = separation(rows);
      const truth = separatedByPairs(rows);
      expect([trial, found !== null]).toEqual([trial, truth !== null]);
      // A complete separation may be seen as quasi-complete: a direction with some rows on its boundary is enough.
      if (found?.kind === 'complete') expect(truth).toBe('complete');
      if (found !== null) checkDirection(rows, found);
      seen[truth ?? 'none'] += 1;
    }
    expect(Math.min(seen.complete, seen.quasi, seen.none)).toBeGreaterThan(40);
  });

  it('finds a line that parts successes from failures, and the columns it is made of', () => {
    const year = [2001, 2003, 2002, 2009, 2011, 2008];
    const noise = [1, 0, 1, 1, 0, 0];
    const rows = rowsOf(
      year.map((value, i) => [1, value, noise[i]!]),
      [0, 0, 0, 1, 1, 1],
    );
    const found = separation(rows)!;
    expect(found.kind).toBe('complete');
    expect(found.columns).toContain(1);
    checkDirection(rows, found);
  });

  it('finds the dummies of states that all vote alike, and no others', () => {
    const state = [0, 0, 0, 1, 1, 2, 2, 2, 3];
    const vote = [1, 0, 1, 1, 1, 0, 1, 1, 0];
    const rows = rowsOf(
      state.map((s) => [0, 1, 2, 3].map((k) => (k === s ? 1 : 0))),
      vote,
    );
    const found = separation(rows)!;
    expect(found.kind).toBe('quasi');
    expect(found.columns).toEqual([1, 3]);
    expect(Math.sign(found.direction[1]!)).toBe(1);
    expect(Math.sign(found.direction[3]!)).toBe(-1);
  });

  it('says that all successes are separated by the intercept alone, and that both outcomes are not', () => {
    expect(separation(rowsOf([[1], [1], [1]], [1, 1, 1]))).toMatchObject({ kind: 'complete', columns: [0] });
    expect(separation(rowsOf([[1], [1], [1]], [1, 0, 1]))).toBeNull();
    expect(separation(rowsOf([[1], [1]], [0, 3], [4, 3]))).toBeNull();
  });

  it('takes a row with both outcomes for overlap, and one of a boundary for none', () => {
    const X = [
      [1, 1],
      [1, 2],
      [1, 3],
    ];
    expect(separation(rowsOf(X, [0, 0, 5], [4, 4, 5]))?.kind).toBe('complete');
    expect(separation(rowsOf(X, [0, 1, 5], [4, 4, 5]))?.kind).toBe('quasi');
    expect(separation(rowsOf(X, [1, 1, 5], [4, 4, 5]))).toBeNull();
  });

  it('sees one overlapping pair among thousands of rows, far from 0 and on scales far apart', () => {
    const uniform = uniforms(502);
    const n = 4000;
    const income = Array.from({ length: n }, () => 50000 + 20000 * uniform());
    const year = Array.from({ length: n }, () => 2000 + 10 * uniform());
    const y = income.map((value, i) => (value - 60000 + 500 * (year[i]! - 2005) > 0 ? 1 : 0));
    const X = income.map((value, i) => [1, value, year[i]!]);
    expect(separation(rowsOf(X, y))?.kind).toBe('complete');
    const high = income.indexOf(Math.max(...income));
    y[high] = 0;
    expect(separation(rowsOf(X, y))).toBeNull();
  });

  it('finds a direction where a full Newton step overshoots and must be halved', () => {
    const X = [
      [1, 3, 1],
      [1, 1, 3],
      [1, 107, 3],
      [1, -3, 4],
      [1, 4, 1],
      [1, 2, 40],
    ];
    const rows = rowsOf(X, [1, 1, 0, 1, 0, 1]);
    const found = separation(rows)!;
    expect(found.kind).toBe('complete');
    checkDirection(rows, found);
  });

  it('has nothing to say of no columns', () => {
    expect(separation({ n: 2, p: 0, X: new Float64Array(0), certain: Int8Array.of(-1, 1) })).toBeNull();
  });
});
