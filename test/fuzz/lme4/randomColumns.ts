import type { Chance } from '../chance.ts';

/** 0 is a, 25 is z, 26 is aa: labels that every locale sorts in one way. */
export function letters(k: number): string {
  const last = String.fromCharCode(97 + (k % 26));
  return k < 26 ? last : letters(Math.floor(k / 26) - 1) + last;
}

/** Levels of n rows: few to nearly as many as rows; even, by chance, a few large groups, or most of them of one row. */
export function randomLevels(chance: Chance, n: number, prefix: string): string[] {
  const { whole } = chance;
  const wanted = chance.among([
    [whole(2, 4), 2],
    [whole(5, 12), 4],
    [whole(13, 60), 3],
    [Math.ceil(n / 2), 1],
    [Math.ceil(n / 1.2), 0.5],
  ]);
  const J = Math.max(2, Math.min(wanted, n - 1));
  const shape = chance.among([
    ['even', 3],
    ['chance', 4],
    ['unequal', 2],
    ['single rows', 1],
  ] as const);
  const weights = Array.from({ length: J }, (_, j): readonly [number, number] => [
    j,
    shape === 'unequal' ? 1 / (j + 1) : shape === 'single rows' && j > 2 ? 0.02 : 1,
  ]);
  return Array.from({ length: n }, (_, i) => {
    if (shape === 'even') return prefix + letters(i % J);
    if (shape === 'single rows' && i >= 3 && i < J) return prefix + letters(i);
    return prefix + letters(chance.among(weights));
  });
}

const SHAPES = [
  ['normal', 5],
  ['uniform', 2],
  ['year', 1],
  ['price', 1],
  ['tiny', 1],
  ['huge', 1],
  ['count', 2],
  ['binary', 2],
  ['heavy', 1],
  ['stamp', 0.4],
] as const;

/**
 * A numeric column, in units as they occur: years, prices, parts per million, seconds since 1970. `byGroup`: one
 * value a level of g.
 */
export function randomPredictor(chance: Chance, g: readonly string[], byGroup: boolean): { name: string; x: number[] } {
  const name = chance.among(SHAPES);
  const draw = (): number => {
    switch (name) {
      case 'normal':
        return chance.normal();
      case 'uniform':
        return chance.uniform();
      case 'year':
        return chance.whole(1990, 2020);
      case 'price':
        return Math.round(250_000 + 40_000 * chance.normal());
      case 'tiny':
        return 1e-6 * chance.normal();
      case 'huge':
        return 1e6 * chance.normal();
      case 'count':
        return chance.whole(0, 9);
      case 'binary':
        return chance.whole(0, 1);
      case 'heavy':
        return Math.tan(Math.PI * (chance.uniform() - 0.5) * 0.95);
      case 'stamp':
        return 1.6e9 + Math.round(1e7 * chance.uniform());
    }
  };
  const own = new Map<string, number>();
  const x = g.map((level) => {
    if (!byGroup) return draw();
    const known = own.get(level) ?? draw();
    own.set(level, known);
    return known;
  });
  return { name: byGroup ? `${name} by group` : name, x };
}

/** Less the mean, over the sd; a constant becomes 0. */
export function standard(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  return values.map((value) => (value - mean) / sd);
}
