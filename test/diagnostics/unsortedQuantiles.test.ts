import { describe, expect, it } from 'vitest';
import { largestValues } from '../../diagnostics/largestValues.ts';
import { quantileOfSorted } from '../../diagnostics/quantile.ts';
import { unsortedQuantiles } from '../../diagnostics/unsortedQuantiles.ts';
import { createRng, type Rng } from '../../src/random/rng.ts';

/** Values of many shapes: what a sort gives is the answer, to the last bit. */
const shapes: Readonly<Record<string, (rng: Rng, i: number) => number>> = {
  normal: (rng) => rng.normal(),
  'far from zero': (rng) => 1e9 + 1e-3 * rng.normal(),
  'long tails': (rng) => rng.normal() / rng.uniform() ** 3,
  'one outlier': (rng, i) => (i === 17 ? 1e300 : rng.normal()),
  counts: (rng) => Math.floor(3 * rng.uniform()),
  'zeros of both signs': (rng) => (rng.uniform() < 0.5 ? -0 : 0),
  'zeros of both signs among others': (rng) => (rng.uniform() < 0.5 ? -0 : Math.floor(2 * rng.uniform())),
  equal: () => 3.7,
  ascending: (_, i) => i,
  'no finite range': (rng) => 1.7e308 * (2 * rng.uniform() - 1),
  'subnormal range': (rng) => 5e-324 * Math.floor(5 * rng.uniform()),
  infinities: (rng, i) =>
    i % 7 === 0 ? Number.POSITIVE_INFINITY : i % 11 === 0 ? Number.NEGATIVE_INFINITY : rng.normal(),
  'a NaN': (rng, i) => (i === 30 ? Number.NaN : rng.normal()),
};
const sizes = [1, 2, 255, 256, 257, 1000, 4000];
const probabilities = [0, 0.05, 0.5, 0.95, 1, 0.123456];

describe('unsortedQuantiles', () => {
  it.each(Object.entries(shapes))('gives the quantiles of the sorted values: %s', (_, shape) => {
    const rng = createRng([7]);
    for (const size of sizes) {
      const values = Float64Array.from({ length: size }, (_value, i) => shape(rng, i));
      const given = values.slice();
      const sorted = values.slice().sort();
      const expected = probabilities.map((p) => quantileOfSorted(sorted, p));
      unsortedQuantiles(values, probabilities).forEach((value, k) => {
        expect(Object.is(value, expected[k]), `${size} values, ${probabilities[k]}: ${value} ${expected[k]}`).toBe(
          true,
        );
      });
      expect(values).toEqual(given);
    }
  });
});

describe('largestValues', () => {
  // Finite values without -0, as log ratios less their largest are.
  it.each(Object.entries(shapes).filter(([name]) => !/^(infinities|a NaN|zeros)/u.test(name)))(
    'gives the end of a stable sort: %s',
    (_, shape) => {
      const rng = createRng([8]);
      for (const size of sizes) {
        const values = Float64Array.from({ length: size }, (_value, i) => shape(rng, i));
        const order = [...values.keys()].sort((a, b) => values[a]! - values[b]! || a - b);
        for (const count of [1, Math.ceil(size / 5), size]) {
          const { values: largest, at } = largestValues(values, count);
          expect([...at]).toEqual(order.slice(size - count));
          expect(largest.every((value, k) => value === values[at[k]!])).toBe(true);
        }
      }
    },
  );
});
