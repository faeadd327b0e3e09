import { describe, expect, it } from 'vitest';
import type { Design } from '../../src/design/design.ts';
import { cells } from '../../src/products/cells.ts';
import { equalRows } from '../../src/products/equalRows.ts';
import { handDesign } from '../oracle/handDesign.ts';
import { uniforms } from '../oracle/randomDesign.ts';

/** The classes of equal rows by their texts. */
function byText(n: number, textOf: (i: number) => string): number[] {
  const seen = new Map<string, number>();
  return Array.from({ length: n }, (_, i) => {
    const text = textOf(i);
    if (!seen.has(text)) seen.set(text, seen.size);
    return seen.get(text)!;
  });
}

describe('equalRows', () => {
  it('numbers the classes of equal rows by first appearance, over any matrices', () => {
    const uniform = uniforms(7);
    const n = 3000;
    const pool = [0, -0, 1, -1, 1 / 3, 1e300, 5e-324, 2 ** 40];
    const A = Float64Array.from({ length: 2 * n }, () => pool[Math.floor(uniform() * pool.length)]!);
    const b = Int32Array.from({ length: n }, () => Math.floor(uniform() * 5));
    const { count, index, first } = equalRows(n, [
      { values: A, width: 2 },
      { values: b, width: 1 },
    ]);
    // Adding 0 makes -0 and 0 one text.
    const expected = byText(n, (i) => `${A[2 * i]! + 0},${A[2 * i + 1]! + 0},${b[i]}`);
    expect([...index]).toEqual(expected);
    expect(count).toBe(Math.max(...expected) + 1);
    expect([...first]).toEqual(Array.from({ length: count }, (_, c) => expected.indexOf(c)));
  });

  it('reads a matrix that is a view into a larger array, and none at all', () => {
    const values = Float64Array.of(9, 1, 2, 1, 9).subarray(1, 4);
    expect([...equalRows(3, [{ values, width: 1 }]).index]).toEqual([0, 1, 0]);
    expect(equalRows(3, []).count).toBe(1);
  });
});

function voters(n: number, extra: { offset?: boolean; trials?: boolean; weights?: boolean }): Design {
  const uniform = uniforms(11);
  const whole = (below: number) => Math.floor(uniform() * below);
  const X = Array.from({ length: n }, () => [1, whole(3), whole(2)]);
  const state = Array.from({ length: n }, () => whole(4));
  const age = Array.from({ length: n }, () => whole(7));
  const trials = Array.from({ length: n }, () => (extra.trials ? 1 + whole(5) : 1));
  return handDesign({
    family: 'binomialLogit',
    y: trials.map((m) => whole(m + 1)),
    X,
    groups: [
      { factor: 'state', J: 4, index: state, Z: X.map((row) => [1, row[1]!]) },
      { factor: 'age', J: 8, index: age, Z: X.map(() => [1]) },
    ],
    ...(extra.offset ? { offset: X.map(() => whole(2) / 2) } : {}),
    ...(extra.trials ? { trials } : {}),
    ...(extra.weights ? { weights: X.map(() => 1 + whole(3)) } : {}),
  });
}

const keyOf = (design: Design, i: number): string =>
  JSON.stringify([
    [...design.X.subarray(i * design.p, (i + 1) * design.p)],
    design.groupTerms.map((term) => [term.index[i], ...term.Z.subarray(i * term.q, (i + 1) * term.q)]),
    design.response.offset?.[i],
  ]);

describe('cells', () => {
  it.each([
    ['0/1 rows', {}],
    ['with an offset', { offset: true }],
    ['counts with weights', { trials: true, weights: true, offset: true }],
  ])('merge equal rows and sum successes and trials: %s', (_, extra) => {
    const design = voters(900, extra);
    const { design: merged, cell } = cells(design);
    const { y, trials, weights } = merged.response;
    expect(merged.n).toBe(new Set(Array.from({ length: 900 }, (_row, i) => keyOf(design, i))).size);
    expect(new Set(Array.from({ length: merged.n }, (_row, c) => keyOf(merged, c))).size).toBe(merged.n);
    const sums = Array.from({ length: merged.n }, () => [0, 0]);
    for (let i = 0; i < design.n; i++) {
      const c = cell[i]!;
      expect(keyOf(merged, c)).toBe(keyOf(design, i));
      const weight = design.response.weights?.[i] ?? 1;
      sums[c]![0]! += weight * design.response.y[i]!;
      sums[c]![1]! += weight * (design.response.trials?.[i] ?? 1);
    }
    expect(Array.from(y, (value, c) => [value, trials![c]])).toEqual(sums);
    expect(weights).toBeNull();
  });

  it('come sorted by the level of the factor with most levels, and count cells in their group terms', () => {
    const { design } = cells(voters(900, {}));
    const age = design.groupTerms[1]!;
    for (let c = 1; c < design.n; c++) expect(age.index[c]!).toBeGreaterThanOrEqual(age.index[c - 1]!);
    for (const term of design.groupTerms) {
      expect(term.counts.reduce((sum, count) => sum + count, 0)).toBe(design.n);
      expect(term.counts).toHaveLength(term.J);
    }
    expect(age.counts[7]).toBe(0);
  });

  it('are the same however the rows are ordered, up to the order within a level', () => {
    const design = voters(900, {});
    const { design: merged } = cells(design);
    const backwards = handDesign({
      family: 'binomialLogit',
      y: [...design.response.y].reverse(),
      X: Array.from({ length: 900 }, (_, i) => [...design.X.subarray((899 - i) * 3, (900 - i) * 3)]),
      groups: design.groupTerms.map((term) => ({
        factor: term.factor,
        J: term.J,
        index: [...term.index].reverse(),
        Z: Array.from({ length: 900 }, (_, i) => [...term.Z.subarray((899 - i) * term.q, (900 - i) * term.q)]),
      })),
    });
    const other = cells(backwards).design;
    const table = (of: Design) =>
      Array.from({ length: of.n }, (_, c) => `${keyOf(of, c)} ${of.response.y[c]} ${of.response.trials![c]}`).sort();
    expect(table(other)).toEqual(table(merged));
  });

  it('refuse a gaussian response', () => {
    expect(() => cells(handDesign({ y: [1, 2], X: [[1], [1]] }))).toThrow('rows of a gaussian response are not merged');
  });
});
