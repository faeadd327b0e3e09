import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { blockStandardisation } from '../../src/products/blockStandardisation.ts';
import { standardisation, standardisedDesign } from '../../src/products/standardisedDesign.ts';
import { uniforms } from '../oracle/randomDesign.ts';

const uniform = uniforms(5);
const n = 60;
const rows = {
  y: Array.from({ length: n }, () => uniform()),
  x: Array.from({ length: n }, () => uniform()),
  z: Array.from({ length: n }, () => 3 * uniform()),
  half: Array.from({ length: n }, (_, i) => i % 2),
  f: Array.from({ length: n }, (_, i) => ['a', 'b', 'c'][(i * i + i) % 3 === 2 ? 1 : i % 3]!),
  g: Array.from({ length: n }, (_, i) => `g${i % 6}`),
};
type Rows = typeof rows;

function standardised(text: string, data: Record<string, readonly unknown[]> = rows) {
  const design = buildDesign(formula(text), { rows: data as Rows });
  return {
    design,
    term: design.groupTerms[0]!,
    blocks: standardisation(design)[0]!,
    moved: standardisedDesign(design),
  };
}

/** Columns of the standardised Z, one array each. */
function columns(text: string, data?: Record<string, readonly unknown[]>): number[][] {
  const { moved } = standardised(text, data);
  const { Z, q } = moved.design.groupTerms[0]!;
  return Array.from({ length: q }, (_, k) => Array.from({ length: n }, (_, i) => Z[i * q + k]!));
}

const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

describe('the standardised coordinates of a block', () => {
  it('leave varying intercepts as they are: the design stays the object that it is', () => {
    const { design, moved, blocks } = standardised('y ~ x + (1 | g)');
    expect(moved.design).toBe(design);
    expect(blocks[0]).toMatchObject({ plain: true, atOrigin: true });
  });

  it('take numbers about their means in units of twice their sd, a balanced 0/1 column in its own', () => {
    const [one, x, half] = columns('y ~ x + (1 + x + half | g)');
    expect(new Set(one)).toEqual(new Set([1]));
    expect(Math.abs(mean(x!))).toBeLessThan(1e-15);
    expect(dot(x!, x!) / n).toBeCloseTo(0.25, 14);
    expect(new Set(half)).toEqual(new Set([-0.5, 0.5]));
  });

  it('change back: Z T is the standardised Z, and T^-1 the inverse', () => {
    const { term, moved, blocks } = standardised('y ~ x + (x * z + f | g)');
    const { T, inverse, size } = blocks[0]!;
    expect(size).toBe(6);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < size; k++) {
        let sum = 0;
        for (let a = 0; a < size; a++) sum += term.Z[i * size + a]! * T[a * size + k]!;
        expect(moved.design.groupTerms[0]!.Z[i * size + k]!).toBeCloseTo(sum, 12);
      }
    }
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < size; b++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += T[a * size + k]! * inverse[k * size + b]!;
        expect(sum).toBeCloseTo(a === b ? 1 : 0, 12);
      }
    }
  });

  it('take a product less what its margins say of it, and main effects about their means alone', () => {
    const [one, x, z, product] = columns('y ~ x + (x * z | g)');
    for (const margin of [one!, x!, z!]) expect(Math.abs(dot(product!, margin))).toBeLessThan(1e-12);
    // x and z stay as correlated as they are.
    const raw = dot(
      rows.x.map((value) => value - mean(rows.x)),
      rows.z.map((value) => value - mean(rows.z)),
    );
    expect(Math.sign(dot(x!, z!))).toBe(Math.sign(raw));
    expect(Math.abs(dot(x!, z!))).toBeGreaterThan(1e-3);
  });

  const spellings = ['(x | g)', '(x * z | g)', '(0 + f + x | g)', '(f * x | g)', '(0 + f + f:x | g)', '(x || g)'];
  for (const spelling of spellings) {
    it(`are free of the origin and the unit of a number: ${spelling}`, () => {
      const was = columns(`y ~ x + ${spelling}`);
      for (const [shift, unit] of [
        [2000, 1],
        [-1e5, 1],
        [0, 1e-6],
        [0, 1e6],
        [300, 7],
      ] as const) {
        // Without a constant beside it (`||`) the origin is the model's.
        if (spelling.includes('||') && shift !== 0) continue;
        const now = columns(`y ~ x + ${spelling}`, { ...rows, x: rows.x.map((x) => shift + unit * x) });
        // What rounding to doubles takes from x about a far origin.
        const tolerance = 1e-13 * (1 + Math.abs(shift)) * 10;
        was.forEach((column, k) => {
          column.forEach((value, i) => {
            expect(Math.abs(now[k]![i]! - value)).toBeLessThan(tolerance);
          });
        });
      }
    });
  }

  it('keep the level-wise intercepts of a factor coded in full, and centre the numbers beside them', () => {
    const { blocks } = standardised('y ~ x + (0 + x + f | g)');
    const { C, unit, size, levels } = blocks[0]!;
    expect([...levels]).toEqual([1, 2, 3]);
    expect([...unit.subarray(1)]).toEqual([1, 1, 1]);
    const ofX = Array.from({ length: size }, (_, a) => C[a * size]!);
    expect(ofX[0]).toBe(1);
    for (const value of ofX.slice(1)) expect(value).toBeCloseTo(-mean(rows.x), 13);
  });

  it('are the same for rows that count often and for as many equal rows', () => {
    const parts = [[], [{ atom: 'x', label: 'x' }]];
    const few = { Z: Float64Array.of(1, 2, 1, 5, 1, 9), q: 2, parts };
    const many = { Z: Float64Array.of(1, 2, 1, 2, 1, 2, 1, 5, 1, 9, 1, 9), q: 2, parts };
    const block = { start: 0, size: 2 };
    const counted = blockStandardisation(few, block, Float64Array.of(3, 1, 2));
    const written = blockStandardisation(many, block, null);
    counted.T.forEach((value, at) => {
      expect(value).toBeCloseTo(written.T[at]!, 14);
    });
  });

  it('swap the reference of a two-valued factor for a change of sign', () => {
    const [, up] = columns('y ~ x + (half | g)');
    const [, down] = columns('y ~ x + (half | g)', { ...rows, half: rows.half.map((value) => 1 - value) });
    up!.forEach((value, i) => {
      expect(down![i]).toBe(-value);
    });
  });

  it('leave alone a column that its margins determine', () => {
    // half (2 half + 1) = 3 half.
    const { blocks } = standardised('y ~ x + (half * same | g)', {
      ...rows,
      same: rows.half.map((value) => 2 * value + 1),
    });
    const { C, T, size } = blocks[0]!;
    expect(Array.from({ length: size }, (_, a) => C[a * size + size - 1])).toEqual([0, 0, 0, 1]);
    expect(T.every((value) => Number.isFinite(value))).toBe(true);
  });
});
