import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCodePoints, factor, interaction, levelLabels } from '../../src/data/factor.ts';
import { toFrame } from '../../src/data/toFrame.ts';

const column = (values: readonly (string | number | null)[]) =>
  toFrame({ x: values as string[] }, 'rows').columns.get('x')!;
const factorOf = (values: readonly (string | number | null)[]) => factor(column(values));

describe('factor', () => {
  it('sorts text by code point and marks missing rows with -1', () => {
    const { levels, index } = factorOf(['b', 'Z', null, 'ä', 'a', 'b']);
    expect(levels).toEqual(['Z', 'a', 'b', 'ä']);
    expect([...index]).toEqual([2, 0, -1, 3, 1, 2]);
  });

  it('sorts numbers numerically and labels them by their shortest decimal text', () => {
    const { levels, index } = factorOf([10, 9, null, -0, 0, 2.5, 1e21]);
    expect(levels).toEqual(['0', '2.5', '9', '10', '1e+21']);
    expect([...index]).toEqual([3, 2, -1, 0, 0, 1, 4]);
    expect(levelLabels(column([-0, 10, null]))).toEqual(['0', '10', null]);
  });

  it('has only the levels that occur, and takes __proto__ for a level like any other', () => {
    expect(factorOf(['__proto__', 'constructor', '__proto__']).levels).toEqual(['__proto__', 'constructor']);
  });

  it('orders as code points do, beyond the basic plane too', () => {
    const sorted = (list: string[]) => [...list].sort(compareCodePoints);
    expect(sorted(['\u{1F986}', '\uFFFD', 'a', ''])).toEqual(['', 'a', '\uFFFD', '\u{1F986}']);
    const points = (text: string) => Array.from(text, (character) => character.codePointAt(0)!);
    const slow = (a: string, b: string) => {
      const [x, y] = [points(a), points(b)];
      const k = x.findIndex((point, i) => point !== y[i]);
      return k < 0 ? x.length - y.length : x[k]! - (y[k] ?? -1);
    };
    const text = fc
      .array(fc.constantFrom('a', 'b', 'é', '\uD7FF', '\uE000', '\uFFFD', '\u{10000}', '\u{1F986}'), { maxLength: 6 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Math.sign(slow(a, b)));
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });
});

describe('interaction', () => {
  it('has the combinations that occur, in the order of the first factor and then the second', () => {
    const a = factorOf([10, 9, 9, 10, null]);
    const b = factorOf(['y', 'y', 'x', 'y', 'x']);
    const { levels, index } = interaction([a, b], 'a:b');
    expect(levels).toEqual(['9:x', '9:y', '10:y']);
    expect([...index]).toEqual([2, 1, 0, 2, -1]);
  });

  it('joins three factors', () => {
    const parts = [
      ['a', 'b'],
      ['c', 'c'],
      ['d', 'e'],
    ].map(factorOf);
    expect(interaction(parts, 'a:b:c').levels).toEqual(['a:c:d', 'b:c:e']);
  });

  it('refuses levels whose labels coincide though their parts differ', () => {
    const parts = [factorOf(['x:y', 'x']), factorOf(['z', 'y:z'])];
    expect(() => interaction(parts, 'a:b')).toThrow('factor a:b: two combinations of levels both read "x:y:z"');
  });
});
