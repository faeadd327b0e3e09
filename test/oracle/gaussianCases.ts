import { Matrix } from 'ml-matrix';
import type { Design } from '../../src/design/design.ts';
import { createRng } from '../../src/random/rng.ts';
import { handDesign } from './handDesign.ts';

/** A design with a covariance for each group term (user coordinates) and a residual sd. */
export interface GaussianCase {
  readonly design: Design;
  readonly sigma: number;
  readonly Sigmas: readonly Matrix[];
}

/** The varying columns that a case may use, with the sd that suits each column's size. */
type Column = 'one' | 'year' | 'income' | 'x';
const SD: Record<Column, number> = { one: 2, year: 0.001, income: 2e-5, x: 0.7 };

interface Options {
  readonly seed: number;
  readonly n: number;
  readonly factors: readonly { readonly J: number; readonly columns: readonly Column[]; readonly nestedIn?: number }[];
  readonly extras?: readonly ('offset' | 'weights' | 'standardErrors' | 'emptyLevel' | 'singletons')[];
}

/**
 * Rows with a year in 2000 .. 2020, an income of 50 000 +- 20 000 and a standard normal x, X = [1 year income x], and a
 * response of 100 plus effects; levels at random, level 0 empty or every level met once where asked.
 */
export function gaussianCase({ seed, n, factors, extras = [] }: Options): GaussianCase {
  const rng = createRng([seed]);
  const year = Array.from({ length: n }, () => 2000 + Math.floor(21 * rng.uniform()));
  const income = Array.from({ length: n }, () => 50000 + 20000 * rng.normal());
  const x = Array.from({ length: n }, () => rng.normal());
  const value: Record<Column, (i: number) => number> = {
    one: () => 1,
    year: (i) => year[i]!,
    income: (i) => income[i]!,
    x: (i) => x[i]!,
  };
  const indices: number[][] = [];
  const groups = factors.map(({ J, columns, nestedIn }, f) => {
    const lowest = extras.includes('emptyLevel') ? 1 : 0;
    const index = Array.from({ length: n }, (_, i) => {
      if (extras.includes('singletons')) return i % J;
      if (nestedIn === undefined) return lowest + Math.floor((J - lowest) * rng.uniform());
      // Nested: the level of the outer factor decides a range of levels here.
      const share = J / factors[nestedIn]!.J;
      return Math.floor(share * (indices[nestedIn]![i]! + rng.uniform()));
    });
    indices.push(index);
    return { factor: `factor${f}`, J, index, Z: year.map((_, i) => columns.map((column) => value[column](i))) };
  });
  const effects = groups.map(({ J }, f) =>
    Array.from({ length: J }, () => factors[f]!.columns.map((column) => SD[column] * rng.normal())),
  );
  const y = year.map((_, i) => {
    let mean = 100 + 0.02 * (year[i]! - 2010) + 1e-5 * income[i]! - 0.5 * x[i]!;
    groups.forEach(({ index, Z }, f) => {
      Z[i]!.forEach((z, a) => {
        mean += z * effects[f]![index[i]!]![a]!;
      });
    });
    return mean + 1.5 * rng.normal();
  });
  const positive = () => Array.from({ length: n }, () => 0.3 + rng.exponential());
  const design = handDesign({
    y,
    X: year.map((_, i) => [1, year[i]!, income[i]!, x[i]!]),
    groups,
    ...(extras.includes('offset') ? { offset: y.map(() => 10 * rng.normal()) } : {}),
    ...(extras.includes('weights') ? { weights: positive() } : {}),
    ...(extras.includes('standardErrors') ? { standardErrors: positive() } : {}),
  });
  const Sigmas = factors.map(({ columns }) =>
    Matrix.zeros(columns.length, columns.length).apply(function fill(this: Matrix, a, b) {
      this.set(a, b, SD[columns[a]!] * SD[columns[b]!] * (a === b ? 1 : 0.3));
    }),
  );
  return { design, sigma: extras.includes('standardErrors') ? 1 : 1.5, Sigmas };
}

const q1 = ['one'] as const;
const q2 = ['one', 'year'] as const;
const q3 = ['one', 'year', 'income'] as const;
const q4 = ['one', 'year', 'income', 'x'] as const;

/**
 * The cases by name: one, two nested and two crossed factors, q from 1 to 4, offsets, weights, known standard errors,
 * thin groups.
 */
export const gaussianCases: readonly (readonly [string, GaussianCase])[] = [
  ['no grouping factor', gaussianCase({ seed: 301, n: 60, factors: [] })],
  ['one factor, q = 1', gaussianCase({ seed: 302, n: 120, factors: [{ J: 15, columns: q1 }] })],
  ['one factor, q = 2', gaussianCase({ seed: 303, n: 150, factors: [{ J: 12, columns: q2 }] })],
  ['one factor, q = 4', gaussianCase({ seed: 304, n: 200, factors: [{ J: 10, columns: q4 }] })],
  [
    'two nested factors',
    gaussianCase({
      seed: 305,
      n: 180,
      factors: [
        { J: 6, columns: q2 },
        { J: 24, columns: q3, nestedIn: 0 },
      ],
    }),
  ],
  [
    'two crossed factors',
    gaussianCase({
      seed: 306,
      n: 160,
      factors: [
        { J: 14, columns: q2 },
        { J: 9, columns: ['one', 'x'] },
      ],
    }),
  ],
  [
    'three crossed factors, the leading one last',
    gaussianCase({
      seed: 307,
      n: 150,
      factors: [
        { J: 5, columns: q2 },
        { J: 7, columns: q1 },
        { J: 11, columns: q1 },
      ],
    }),
  ],
  [
    'an offset and weights',
    gaussianCase({ seed: 308, n: 120, factors: [{ J: 10, columns: q2 }], extras: ['offset', 'weights'] }),
  ],
  [
    'known standard errors',
    gaussianCase({ seed: 309, n: 90, factors: [{ J: 10, columns: q1 }], extras: ['standardErrors'] }),
  ],
  [
    'a level without rows',
    gaussianCase({
      seed: 310,
      n: 100,
      factors: [
        { J: 8, columns: q2 },
        { J: 5, columns: q1 },
      ],
      extras: ['emptyLevel'],
    }),
  ],
  ['one row per level', gaussianCase({ seed: 311, n: 40, factors: [{ J: 40, columns: q2 }], extras: ['singletons'] })],
];
