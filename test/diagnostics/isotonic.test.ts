import { expect, it } from 'vitest';
import { isotonic } from '../../diagnostics/isotonic.ts';
import { createRng } from '../../src/index.ts';

/** max over beginnings of min over ends of the weighted mean between (Barlow et al. 1972, theorem 1.4). */
function slow(values: readonly number[], weights: readonly number[]): number[] {
  const mean = (a: number, b: number) => {
    let [sum, weight] = [0, 0];
    for (let i = a; i <= b; i += 1) {
      sum += weights[i]! * values[i]!;
      weight += weights[i]!;
    }
    return sum / weight;
  };
  return values.map((_, i) =>
    Math.max(
      ...Array.from({ length: i + 1 }, (_, a) =>
        Math.min(...Array.from({ length: values.length - i }, (_, k) => mean(a, i + k))),
      ),
    ),
  );
}

it('is the greatest of the least means, for values with ties and weights', () => {
  const rng = createRng([8]);
  for (const n of [1, 2, 3, 8, 25]) {
    for (let time = 0; time < 20; time += 1) {
      const values = Array.from({ length: n }, () => Math.floor(4 * rng.uniform()) / 3);
      const weights = Array.from({ length: n }, () => 1 + Math.floor(3 * rng.uniform()));
      const fit = isotonic(values, weights);
      slow(values, weights).forEach((value, i) => {
        expect(fit[i]).toBeCloseTo(value, 12);
      });
    }
  }
  expect(isotonic([], [])).toHaveLength(0);
});
