import { describe, expect, it } from 'vitest';
import { falsePosition } from '../../src/special/falsePosition.ts';

/** The zero between 0 and 1, and how often the function was asked. */
function between(f: (x: number) => number): { readonly zero: number; readonly asked: number } {
  let asked = 0;
  const counted = (x: number): number => {
    asked += 1;
    return f(x);
  };
  const [one, two] = [0, 1].map((x) => ({ x, value: f(x) }));
  const zero = falsePosition(
    counted,
    one!,
    two!,
    ({ x, value }, before) => value === 0 || Math.abs(x - before) < 1e-14,
  );
  return { zero, asked };
}

describe('false position', () => {
  it.each<[string, (x: number) => number, number]>([
    ['a line', (x) => 3 * x - 1, 1 / 3],
    ['a falling curve', (x) => Math.exp(-x) - 0.5, Math.LN2],
    ['a curve with a flat end, where an end that stays would hold the search', (x) => x ** 9 - 0.001, 0.001 ** (1 / 9)],
  ])('finds the zero of %s in few steps', (_, f, want) => {
    const { zero, asked } = between(f);
    expect(Math.abs(zero - want)).toBeLessThan(1e-14);
    expect(asked).toBeLessThan(30);
  });

  it.each([0.3, 0.45, 0.6, 0.77])(
    'finds a zero at %d below an end where the function is infinite from 0.8 on',
    (want) => {
      const { zero } = between((x) => (x > 0.8 ? Number.POSITIVE_INFINITY : x * x - want * want));
      expect(Math.abs(zero - want)).toBeLessThan(1e-14);
    },
  );
});
