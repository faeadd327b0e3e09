import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { Design } from '../../src/design/design.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import { faultOf } from '../faultOf.ts';

const rows = {
  y: [1, 2, 4, 3, 5, 7, 6, 2],
  g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c'],
  t: [4, 0, 6, 0, 4, 6, 10, 16],
  half: [0.5, 0, 1, 0, 2.5, 3, 4, 5],
  visit: ['v2', 'v1', 'v3', 'v1', 'v2', 'v3', 'v2', 'v3'],
  twice: [1, 1, 2, 1, 2, 3, 1, 2],
  own: [1, 2, 3, 4, 5, 6, 7, 8],
  x: [0, 1, 0, 1, 1, 0, 2, 3],
  lone: ['p', 'p', 'p', 'p', 'q', 'q', 'q', 'r'],
  far: [0, 1, 5, 0, 1, 5, 0, 5],
};
const built = (options: FormulaOptions, columns: Record<string, unknown> = rows): Design =>
  buildDesign(formula('y ~ 1', options), columns as typeof rows);

describe('residualColumns', () => {
  it('counts time in the largest step that divides every gap within a group', () => {
    const { groups } = built({ residual: 'ar1(t | g)' }).residual!;
    expect(groups!.step).toBe(2);
    expect(groups!.occasions).toEqual(['0', '4', '6', '10', '16']);
    expect([...groups!.positions]).toEqual([0, 2, 3, 5, 8]);
  });

  it('takes texts as occasions in the order of their levels', () => {
    const { groups } = built({ residual: 'ar1(visit | g)' }).residual!;
    expect(groups!.occasions).toEqual(['v1', 'v2', 'v3']);
    expect([...groups!.positions]).toEqual([0, 1, 2]);
  });

  it('is absent from other models', () => {
    expect('residual' in buildDesign(formula('y ~ x'), rows)).toBe(false);
  });

  it('codes factors of sigma by their levels but the first', () => {
    const { sigma } = built({ sigma: '~ visit + x' }).residual!;
    expect(sigma!.labels).toEqual(['visitv2', 'visitv3', 'x']);
    expect([...sigma!.W.subarray(0, 6)]).toEqual([1, 0, 0, 0, 0, 1]);
  });

  const WRONG: readonly (readonly [FormulaOptions, string, string])[] = [
    [{ residual: 'ar1(half | g)' }, 'residual-time', 'row 1 of rows is at half 0.5, and ar1 counts whole steps'],
    [{ residual: 'ar1(twice | g)' }, 'residual-time', 'row 2 of rows and row 1 of rows are both of g "a" at twice 1'],
    [{ residual: 'unstructured(twice | g)' }, 'residual-time', 'each time stands once in a group'],
    [{ residual: 'ar1(t | own)' }, 'not-identified', 'every one of the 8 levels of "own" has one row'],
    [{ residual: 'cs(own)' }, 'not-identified', 'cs needs groups of two rows or more'],
    [{ residual: 'car1(visit | g)' }, 'residual-time', 'car1 needs times that are numbers'],
    [{ residual: 'unstructured(t | g)' }, 'not-identified', 'has rows at both t 0 and t 10'],
    [{ residual: 'toeplitz(far | g)' }, 'not-identified', 'no two rows of a level of "g" are 2 steps of "far" apart'],
    [{ residual: 'ar1(nothing | g)' }, 'unknown-column', '"nothing"'],
    [{ sigma: '~ x + I(2 * x)' }, 'residual-sd', 'linearly dependent'],
    [
      { sigma: '~ visit', residual: 'unstructured(visit | g)' },
      'residual-sd',
      'unstructured has an sd for each occasion',
    ],
    [{ sigma: '~ lone' }, 'not-identified', 'row 8 of rows alone tells of one of the sds of'],
  ];
  it.each(WRONG)('%j is refused', (options, code, sentence) => {
    const fault = faultOf(() => built(options));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(sentence);
  });

  it('takes no more than 60 occasions, but for ar1 and car1', () => {
    const many = {
      y: Array.from({ length: 140 }, (_, i) => i % 5),
      g: Array.from({ length: 140 }, (_, i) => (i < 70 ? 'a' : 'b')),
      t: Array.from({ length: 140 }, (_, i) => i % 70),
    };
    for (const structure of ['toeplitz', 'unstructured']) {
      const fault = faultOf(() => built({ residual: `${structure}(t | g)` }, many));
      expect(fault.message).toContain('"t" has 70 occasions; accepted are up to 60');
    }
    expect(built({ residual: 'ar1(t | g)' }, many).residual!.groups!.step).toBe(1);
  });

  it('leaves a missing time to the option missing', () => {
    const holed = { ...rows, t: rows.t.map((t, i) => (i === 2 ? Number.NaN : t)) };
    expect(faultOf(() => built({ residual: 'ar1(t | g)' }, holed)).code).toBe('missing-values');
  });
});
