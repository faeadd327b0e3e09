import { describe, expect, it } from 'vitest';
import { monotoneSums } from '../../../src/kernels/structured/monotoneSums.ts';
import { createRng } from '../../../src/random/rng.ts';

const T = 4;
/** Correlations .6^|a - b| of sds 1, 1.2, ... */
const Sigma = Float64Array.from({ length: T * T }, (_, k) => {
  const [a, b] = [Math.floor(k / T), k % T];
  return 0.6 ** Math.abs(a - b) * (1 + 0.2 * a) * (1 + 0.2 * b);
});

/** Residuals of m groups at these occasions, and their squares and products as bases of pairs have them. */
function groups(occasions: readonly number[], m: number) {
  const rng = createRng([m, occasions.length]);
  const rows = Array.from({ length: m }, () => occasions.map(() => rng.normal()));
  const S = occasions.map((_, a) => occasions.map((_unused, b) => rows.reduce((sum, e) => sum + e[a]! * e[b]!, 0)));
  const byBase = S.flatMap((row, a) => row.slice(0, a + 1).map((value, b) => (a === b ? value : 2 * value)));
  return { rows, S, byBase };
}

describe('sums of residuals with what groups lack drawn', () => {
  it('are those of the rows where groups only end early', () => {
    const [long, short] = [groups([0, 1, 2, 3], 6), groups([0, 1], 3)];
    const own = monotoneSums(
      [
        { occasions: Int32Array.of(0, 1, 2, 3), count: 6, from: 0 },
        { occasions: Int32Array.of(0, 1), count: 3, from: 10 },
      ],
      T,
    );
    own.draw(Float64Array.from([...long.byBase, ...short.byBase]), Sigma, createRng([1]));
    expect([...own.counts]).toEqual([9, 9, 6, 6]);
    // Sums of nine terms of size 1: rounding.
    for (const [a, b] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      expect(own.sums[1]![a * 2 + b]).toBeCloseTo(long.S[a]![b]! + short.S[a]![b]!, 12);
      expect(own.sums[3]![a * 4 + b]).toBeCloseTo(long.S[a]![b]!, 12);
    }
  });

  // As many groups as fill the Wishart part, fewer than that, and fewer than occasions.
  it.each([12, 3, 1])('have the means and variances of %i groups drawn one by one', (m) => {
    const seen = [1, 3];
    const lacking = [0, 2];
    const { rows, byBase } = groups(seen, m);
    const own = monotoneSums([{ occasions: Int32Array.from(seen), count: m, from: 0 }], T);
    // B = Sigma_ho Sigma_oo^-1 and V = Sigma_hh - B Sigma_oh of two and two, by hand.
    const at = (a: number, b: number): number => Sigma[a * T + b]!;
    const det = at(1, 1) * at(3, 3) - at(1, 3) ** 2;
    const B = lacking.map((h) => [
      (at(h, 1) * at(3, 3) - at(h, 3) * at(1, 3)) / det,
      (at(h, 3) * at(1, 1) - at(h, 1) * at(1, 3)) / det,
    ]);
    const V = lacking.map((h, i) => lacking.map((g) => at(h, g) - B[i]![0]! * at(1, g) - B[i]![1]! * at(3, g)));
    const root = [Math.sqrt(V[0]![0]!), V[1]![0]! / Math.sqrt(V[0]![0]!)];
    const below = Math.sqrt(V[1]![1]! - root[1]! ** 2);
    const DRAWS = 3000;
    const rng = createRng([3, m]);
    const pairs = [
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [2, 2],
      [2, 3],
    ] as const;
    const ours = pairs.map(() => ({ sum: 0, squares: 0 }));
    const direct = pairs.map(() => ({ sum: 0, squares: 0 }));
    const add = (to: { sum: number; squares: number }, value: number): void => {
      to.sum += value / DRAWS;
      to.squares += (value * value) / DRAWS;
    };
    for (let d = 0; d < DRAWS; d += 1) {
      own.draw(Float64Array.from(byBase), Sigma, rng);
      const full = rows.map((e) => {
        const [z0, z1] = [rng.normal(), rng.normal()];
        const h0 = B[0]![0]! * e[0]! + B[0]![1]! * e[1]! + root[0]! * z0;
        const h2 = B[1]![0]! * e[0]! + B[1]![1]! * e[1]! + root[1]! * z0 + below * z1;
        return [h0, e[0]!, h2, e[1]!];
      });
      pairs.forEach(([a, b], k) => {
        add(ours[k]!, own.sums[3]![a * T + b]!);
        add(
          direct[k]!,
          full.reduce((sum, e) => sum + e[a]! * e[b]!, 0),
        );
      });
    }
    pairs.forEach((_, k) => {
      const [one, two] = [ours[k]!, direct[k]!];
      const variance = two.squares - two.sum ** 2;
      // Two means of 3 000 draws: 4.5 Monte Carlo errors.
      expect(Math.abs(one.sum - two.sum)).toBeLessThan(4.5 * Math.sqrt((2 * variance) / DRAWS));
      // Squares of normal variables at the worst: kurtosis 15, of one group alone.
      expect((one.squares - one.sum ** 2) / variance).toBeGreaterThan(1 - 4.5 * Math.sqrt(28 / DRAWS));
      expect((one.squares - one.sum ** 2) / variance).toBeLessThan(1 + 4.5 * Math.sqrt(28 / DRAWS));
    });
  });
});
