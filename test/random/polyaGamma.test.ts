import { describe, expect, it } from 'vitest';
import { exp } from '../../src/elementary.ts';
import { ModelError } from '../../src/errors.ts';
import { polyaGamma, polyaGammaFill } from '../../src/random/polyaGamma.ts';
import { polyaGammaGammas } from '../../src/random/polyaGammaGammas.ts';
import { createRng } from '../../src/random/rng.ts';
import { familyWiseFailures, polyaGammaComparisons } from '../oracle/polyaGammaComparisons.ts';

// Seeds chosen before the first run. All comparisons of a test together fail by chance with probability 0.3%: three
// such tests, below 1% in all. The same grid at a million draws: npx tsx test/statistical/variates.ts.
const LEVEL = 0.003;
const DRAWS = 40_000;

function failures(pairs: readonly (readonly [number, number])[], seed: number, exact: boolean, draws = DRAWS) {
  const comparisons = pairs.flatMap(([n, z], cell) => {
    const rng = createRng([seed, cell]);
    const sample = Float64Array.from({ length: draws }, () => polyaGamma(n, z, rng, { exact }));
    return polyaGammaComparisons(sample, n, z).map((comparison) => ({ n, z, ...comparison }));
  });
  expect(comparisons.length).toBeGreaterThan(4 * pairs.length);
  return familyWiseFailures(comparisons, LEVEL);
}

describe('polyaGamma', () => {
  it('of shape 1 follows PG(1, z) by transform, moments and distribution function', () => {
    expect(
      failures(
        [0, 0.3, 1, 2.5, -6, 40, 700].map((z) => [1, z]),
        4101,
        false,
      ),
    ).toEqual([]);
  });

  it('follows PG(n, z) for shapes from 1e-3 to 1e6, whole or not', () => {
    const pairs = [
      [0.001, 0],
      [0.001, 700],
      [0.05, 3],
      [0.5, 0],
      [0.9, -1],
      [1.4, 0.2],
      [2, 0],
      [2, 2],
      [3.7, 0.5],
      [4, 0],
      [4, 2.6],
      [7.3, 1],
      [11.9, 3],
      [12, 0],
      [12, 4.5],
      [80, 30],
      [150.5, 1],
      [1000, 0],
      [1000, 6],
      [1e6, 0],
      [1e6, 2],
      [1e6, 700],
    ] as const;
    expect(failures(pairs, 4102, false)).toEqual([]);
  });

  it('asked for exact draws follows PG(n, z) where it would approximate otherwise', () => {
    const pairs = [
      [4, 0],
      [5.5, 1],
      [12, 2],
      [60, 4],
      [1000, 7],
    ] as const;
    expect(failures(pairs, 4103, true, 60_000)).toEqual([]);
  });

  it('takes the method its table names on both sides of every border', () => {
    const drawn = (n: number, z: number, exact = false) =>
      Array.from({ length: 5 }, (_, i) => polyaGamma(n, z, createRng([4109, i]), { exact }));
    const gammas = (n: number, z: number, m: number) =>
      Array.from({ length: 5 }, (_, i) => polyaGammaGammas(n, z, exp(-z), m, createRng([4109, i])));
    expect(drawn(3.999, 0)).toEqual(drawn(3.999, 0, true));
    expect(drawn(4, 0)).toEqual(gammas(4, 0, 3));
    expect(drawn(11.999, 1)).toEqual(gammas(11.999, 1, 3));
    expect(drawn(12, 1)).toEqual(gammas(12, 1, 2));
    expect(drawn(999.9, 3)).toEqual(gammas(999.9, 3, 2));
    expect(drawn(1000, 3)).toEqual(gammas(1000, 3, 1));
    // n log(1 + exp(-z)) = 1 at z = -log(exp(1 / n) - 1).
    const border = -Math.log(Math.expm1(1 / 30));
    expect(drawn(30, border + 1e-9)).toEqual(drawn(30, border + 1e-9, true));
    expect(drawn(30, border - 1e-9)).toEqual(gammas(30, border - 1e-9, 2));
  });

  it('is symmetric in z', () => {
    for (const [n, z] of [
      [1, 2],
      [0.3, 1],
      [3, 0.7],
      [9, 1.5],
      [400, 30],
    ] as const) {
      expect(polyaGamma(n, -z, createRng([4104]))).toBe(polyaGamma(n, z, createRng([4104])));
    }
  });

  it('is positive and finite at every corner of its range, and past it', () => {
    const rng = createRng([4105]);
    for (const n of [1e-300, 1e-12, 1e-3, 0.999, 1, 1.001, 3.999, 4, 12, 999, 1e6, 1e12]) {
      for (const z of [0, 1e-300, 1e-9, 0.03, 1, 12, 36, 37, 700, 1e8, 1e300]) {
        for (let i = 0; i < 40; i++) {
          const omega = polyaGamma(n, z, rng);
          expect(omega > 0 && omega < Number.POSITIVE_INFINITY ? true : [n, z, omega]).toBe(true);
        }
      }
    }
  });

  it('gives the numbers it gave when it was written', () => {
    const rng = createRng([20260101, 0]);
    const golden = [
      polyaGamma(1, 0.5, rng),
      polyaGamma(0.25, 1, rng),
      polyaGamma(3, 1, rng),
      polyaGamma(5, 1, rng),
      polyaGamma(50, 1, rng),
      polyaGamma(5000, 1, rng),
      polyaGamma(5, 1, rng, { exact: true }),
    ];
    expect(golden).toEqual([
      0.16947858364471238, 0.020630002827393676, 1.3603653537961369, 0.9142229433170744, 10.518839170896893,
      1151.7235776503526, 0.8968576100473158,
    ]);
  });

  it.each([
    ['n', 0, 1],
    ['n', -2, 1],
    ['n', Number.NaN, 1],
    ['n', Number.POSITIVE_INFINITY, 1],
    ['z', 1, Number.NaN],
    ['z', 1, Number.NEGATIVE_INFINITY],
  ])('refuses a wrong %s (n = %d, z = %d) with a ModelError that quotes it', (place, n, z) => {
    const rng = createRng([4106]);
    expect(() => polyaGamma(n, z, rng)).toThrow(ModelError);
    const value = place === 'n' ? n : z;
    expect(() => polyaGamma(n, z, rng)).toThrow(`polyaGamma: ${place} is ${value}; it is a`);
    const fill = () => polyaGammaFill([1, n], [0, z], new Float64Array(2), rng);
    expect(fill).toThrow(`polyaGamma: ${place}[1] is ${value}; it is a`);
  });
});

describe('polyaGammaFill', () => {
  it('draws what polyaGamma draws in turn, and keeps to the length of out', () => {
    const n = [1, 0.4, 2, 6, 30, 2000, 1];
    const z = Float64Array.of(0, -1, 2, 0.5, 1, 3, 9);
    for (const options of [undefined, { exact: true }]) {
      const out = new Float64Array(6);
      polyaGammaFill(n, z, out, createRng([4107]), options);
      const rng = createRng([4107]);
      expect(Array.from(out)).toEqual(Array.from(out, (_, i) => polyaGamma(n[i]!, z[i]!, rng, options)));
    }
  });

  it('refuses arguments shorter than out', () => {
    const rng = createRng([4108]);
    const out = new Float64Array(3);
    expect(() => polyaGammaFill([1, 1], [0, 0, 0], out, rng)).toThrow(
      'polyaGamma: n.length is 2; out has 3 entries, n has as many',
    );
    expect(() => polyaGammaFill([1, 1, 1], [0], out, rng)).toThrow(ModelError);
  });
});
