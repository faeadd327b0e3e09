import exponentialCdf from '@stdlib/stats/base/dists/exponential/cdf';
import normalCdf from '@stdlib/stats/base/dists/normal/cdf';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { createRng } from '../../src/random/rng.ts';
import { gammaCdf } from '../oracle/gammaCdf.ts';
import { equalCountsZ, KS_BOUND, kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';

const sample = (n: number, draw: () => number) => Float64Array.from({ length: n }, draw);

// All seeds here were chosen before the first run. About 40 statistical comparisons at 6e-5 (|z| < 4) each: family-wise
// below 1%.
const Z_BOUND = 4;

describe('createRng', () => {
  it('gives the same numbers for the same seed and chain, and others for another seed, chain or length of the list', () => {
    const start = (seed: number[]) => {
      const rng = createRng(seed);
      return [rng.uniform(), rng.normal(), rng.exponential(), rng.gamma(0.7, 2), rng.gamma(3, 1)];
    };
    expect(start([1, 0])).toEqual(start([1, 0]));
    const firsts = [[1, 0], [1, 1], [2, 0], [0, 1], [1], [0], [1, 0, 0], [4294967295, 0]].map((seed) => start(seed)[0]);
    expect(new Set(firsts).size).toBe(firsts.length);
  });

  it('gives the numbers it gave when it was written', () => {
    const rng = createRng([20260101, 0]);
    const golden = [rng.uniform(), rng.normal(), rng.exponential(), rng.gamma(0.5, 1), rng.gamma(5, 2)];
    expect(golden).toEqual([
      0.198856649393937, 0.16673190528994014, 0.05023427073172435, 0.18990175129714365, 3.209499197229701,
    ]);
  });

  it.each([
    ['nothing', [], 'an empty list'],
    ['a negative number', [-1, 0], '-1'],
    ['a fraction', [1.5], '1.5'],
    ['a number beyond 32 bits', [1, 4294967296], '4294967296'],
    ['not a number', [Number.NaN], 'NaN'],
  ])('refuses %s with a ModelError that quotes it', (_, seed, quoted) => {
    expect(() => createRng(seed)).toThrow(ModelError);
    expect(() => createRng(seed)).toThrow(`seed: got ${quoted}; seeds are integers from 0 to 4294967295`);
  });

  it('saves its state as JSON and continues exactly from it, also in a stream of another seed', () => {
    const rng = createRng([5, 2]);
    for (let i = 0; i < 1001; i++) rng.normal();
    const state = JSON.parse(JSON.stringify(rng.save()));
    const next = () => [rng.normal(), rng.uniform(), rng.gamma(0.3, 1), rng.exponential()];
    const expected = Array.from({ length: 500 }, next);
    rng.restore(state);
    expect(Array.from({ length: 500 }, next)).toEqual(expected);
    const other = createRng([77]);
    other.restore(state);
    expect([other.normal(), other.uniform()]).toEqual(expected[0]!.slice(0, 2));
    expect(other.save().length).toBe(state.length);
  });

  it('refuses a state that is none', () => {
    const rng = createRng([5, 2]);
    const state = rng.save();
    expect(() => rng.restore([1, 2, 3])).toThrow('got a list of 3 numbers that is no state of the Mersenne Twister');
    expect(() => rng.restore(state.map((word, i) => (i === 9 ? word + 0.5 : word)))).toThrow(ModelError);
    rng.restore(state);
  });

  it('answers NaN to a gamma whose shape or rate is not positive', () => {
    const rng = createRng([6]);
    for (const [shape, rate] of [
      [0, 1],
      [-1, 1],
      [1, 0],
      [Number.NaN, 1],
      [1, Number.NaN],
    ] as const) {
      expect(rng.gamma(shape, rate)).toBeNaN();
    }
  });
});

describe('normals by the array', () => {
  it('are those that as many calls would give, wherever the stream stands', () => {
    const rng = createRng([8, 1]);
    const one = createRng([8, 1]);
    const out = new Float64Array(2000);
    // An odd word out in between (the wedges and tails take any number) moves the ends of blocks between a normal's two
    // words.
    for (const count of [0, 1, 5, 311, 312, 313, 700, 2000, 2000, 2000]) {
      rng.fillNormals(out, count);
      expect([...out.subarray(0, count)]).toEqual(Array.from({ length: count }, one.normal));
      expect(rng.gamma(0.4, 1)).toBe(one.gamma(0.4, 1));
    }
    expect(rng.save()).toEqual(one.save());
  });
});

describe('uniform', () => {
  const u = sample(200_000, createRng([701, 0]).uniform);

  it('lies inside (0, 1), follows the uniform distribution and uses 53 bits', () => {
    expect(u.every((x) => x > 0 && x < 1)).toBe(true);
    expect(kolmogorovSmirnov(u, (x) => x)).toBeLessThan(KS_BOUND);
    const lastBits = u.map((x) => (x * 2 ** 53) % 2);
    expect(Math.abs(lastBits.reduce((a, b) => a + b, 0) / u.length - 0.5) * 2 * Math.sqrt(u.length)).toBeLessThan(
      Z_BOUND,
    );
  });

  it('has independent neighbours: pairs fill a 40 x 40 grid evenly', () => {
    const counts = new Float64Array(1600);
    for (let i = 0; i + 1 < u.length; i += 2) counts[Math.floor(40 * u[i]!) * 40 + Math.floor(40 * u[i + 1]!)]! += 1;
    expect(Math.abs(equalCountsZ(counts))).toBeLessThan(Z_BOUND);
  });
});

describe('normal', () => {
  const z = sample(1_000_000, createRng([702, 0]).normal);

  it('follows the normal distribution, body and layers', () => {
    expect(kolmogorovSmirnov(z, (x) => normalCdf(x, 0, 1))).toBeLessThan(KS_BOUND);
    // 1024 cells of equal probability: finer than the layers of the ziggurat.
    const counts = new Float64Array(1024);
    for (const x of z) counts[Math.min(1023, Math.floor(1024 * normalCdf(x, 0, 1)))]! += 1;
    expect(Math.abs(equalCountsZ(counts))).toBeLessThan(Z_BOUND);
  });

  it('has the moments of the normal up to the sixth', () => {
    const moments = [0, 1, 0, 3, 0, 15];
    const squares = [1, 3, 15, 105, 945, 10395];
    moments.forEach((expected, k) => {
      let sum = 0;
      for (const x of z) sum += x ** (k + 1);
      const error = Math.sqrt((squares[k]! - expected ** 2) / z.length);
      expect(Math.abs(sum / z.length - expected) / error).toBeLessThan(Z_BOUND);
    });
  });

  it('has the right tail beyond the last layer, on both sides', () => {
    // 3.654: P = 1.29e-4, 129 expected in a million on each side.
    const edge = 3.6541528853610088;
    const p = normalCdf(-edge, 0, 1);
    for (const side of [z.filter((x) => x > edge), z.filter((x) => x < -edge).map((x) => -x)]) {
      expect(Math.abs(side.length - p * z.length) / Math.sqrt(p * z.length)).toBeLessThan(Z_BOUND);
      expect(kolmogorovSmirnov(side, (x) => 1 - normalCdf(-x, 0, 1) / p)).toBeLessThan(KS_BOUND);
    }
  });

  it('has independent neighbours, in value and in size', () => {
    let product = 0;
    let sizes = 0;
    for (let i = 0; i + 1 < z.length; i++) {
      product += z[i]! * z[i + 1]!;
      sizes += (z[i]! ** 2 - 1) * (z[i + 1]! ** 2 - 1);
    }
    expect(Math.abs(product) / Math.sqrt(z.length)).toBeLessThan(Z_BOUND);
    expect(Math.abs(sizes) / (2 * Math.sqrt(z.length))).toBeLessThan(Z_BOUND);
  });
});

describe('exponential', () => {
  const e = sample(1_000_000, createRng([703, 0]).exponential);

  it('follows the exponential distribution with rate 1, body, layers and tail', () => {
    expect(e.every((x) => x >= 0)).toBe(true);
    expect(kolmogorovSmirnov(e, (x) => exponentialCdf(x, 1))).toBeLessThan(KS_BOUND);
    const counts = new Float64Array(1024);
    for (const x of e) counts[Math.min(1023, Math.floor(1024 * exponentialCdf(x, 1)))]! += 1;
    expect(Math.abs(equalCountsZ(counts))).toBeLessThan(Z_BOUND);
    const beyond = e.filter((x) => x > 7.69711747013105).map((x) => x - 7.69711747013105);
    expect(Math.abs(beyond.length - 453.8) / Math.sqrt(453.8)).toBeLessThan(Z_BOUND);
    expect(kolmogorovSmirnov(beyond, (x) => exponentialCdf(x, 1))).toBeLessThan(KS_BOUND);
  });
});

describe('gamma', () => {
  it.each([
    [0.05, 1],
    [0.5, 3],
    [0.99, 0.2],
    [1, 1],
    [1.5, 1e-6],
    [4, 2],
    [42.5, 1e5],
    [3000, 1],
  ])('follows Gamma(%d, rate %d) with its mean and variance', (shape, rate) => {
    const n = 100_000;
    const rng = createRng([704, Math.round(100 * shape)]);
    const x = sample(n, () => rng.gamma(shape, rate) * rate);
    expect(kolmogorovSmirnov(x, (value) => gammaCdf(value, shape, 1))).toBeLessThan(KS_BOUND);
    let mean = 0;
    let square = 0;
    for (const value of x) {
      mean += value / n;
      square += (value - shape) ** 2 / n;
    }
    expect(Math.abs(mean - shape) / Math.sqrt(shape / n)).toBeLessThan(Z_BOUND);
    // Var((X - shape)^2) = 3 shape^2 + 6 shape - shape^2.
    expect(Math.abs(square - shape) / Math.sqrt((2 * shape ** 2 + 6 * shape) / n)).toBeLessThan(Z_BOUND);
  });

  it('is never 0, so that its inverse is finite', () => {
    const rng = createRng([705]);
    for (let i = 0; i < 1000; i++) {
      const x = rng.gamma(1e-4, 10);
      expect(x).toBeGreaterThan(0);
      expect(1 / x).toBeLessThan(Number.POSITIVE_INFINITY);
    }
  });
});
