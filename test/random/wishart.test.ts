import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { inverseGamma } from '../../src/random/inverseGamma.ts';
import { createRng } from '../../src/random/rng.ts';
import { createWishart } from '../../src/random/wishart.ts';
import { gammaCdf } from '../oracle/gammaCdf.ts';
import { KS_BOUND, kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';

// Seeds chosen before the first run; about 130 comparisons below |z| < 4.3 (2e-5 each): family-wise below 1%.
const Z_BOUND = 4.3;
const DRAWS = 40_000;

const scales: Record<number, number[]> = {
  1: [2.5],
  2: [2, 0.9, 0.9, 1],
  3: [4, 1, -0.5, 1, 1, 0.2, -0.5, 0.2, 0.3],
  4: [3, 0.5, 0, 1, 0.5, 2, 0.3, 0, 0, 0.3, 1, -0.4, 1, 0, -0.4, 2],
};

/** Means of the entries of `draws` matrices, and the Monte Carlo errors of these means. */
function entryMeans(q: number, next: (out: Float64Array) => void): { mean: number[]; error: number[] } {
  const out = new Float64Array(q * q);
  const mean = new Array<number>(q * q).fill(0);
  const square = new Array<number>(q * q).fill(0);
  for (let t = 0; t < DRAWS; t++) {
    next(out);
    for (let i = 0; i < q * q; i++) {
      mean[i]! += out[i]! / DRAWS;
      square[i]! += out[i]! ** 2 / DRAWS;
    }
  }
  return { mean, error: mean.map((m, i) => Math.sqrt((square[i]! - m ** 2) / DRAWS)) };
}

describe.each([1, 2, 3, 4])('Wishart matrices, q = %i', (q) => {
  const scale = Float64Array.from(scales[q]!);
  const df = q + 8;
  const sampler = createWishart(q);

  it('have mean df scale, and diagonals that are scale_ii chi2(df)', () => {
    const rng = createRng([801, q]);
    const first = new Float64Array(DRAWS);
    let t = 0;
    let accepted = true;
    const { mean, error } = entryMeans(q, (out) => {
      accepted &&= sampler.wishart(df, scale, rng, out);
      first[t++] = out[q * q - 1]! / scale[q * q - 1]!;
    });
    expect(accepted).toBe(true);
    for (let i = 0; i < q * q; i++) expect(Math.abs(mean[i]! - df * scale[i]!) / error[i]!).toBeLessThan(Z_BOUND);
    expect(kolmogorovSmirnov(first, (x) => gammaCdf(x, df / 2, 0.5))).toBeLessThan(KS_BOUND);
  });

  it('inverted have mean scale / (df - q - 1), inverse-gamma diagonals, and an inverse that is Wishart(df, scale^-1)', () => {
    const rng = createRng([802, q]);
    const precision = new Float64Array(q * q);
    const last = new Float64Array(DRAWS);
    const own = new Float64Array(DRAWS);
    const inverseScale = inverse(Matrix.from1DArray(q, q, scale)).to1DArray();
    let t = 0;
    let accepted = true;
    const { mean, error } = entryMeans(q, (out) => {
      accepted &&= sampler.inverseWishart(df, scale, rng, out, precision);
      // A diagonal entry of InverseWishart(df, S) is InverseGamma((df - q + 1) / 2, S_ii / 2).
      last[t] = scale[q * q - 1]! / out[q * q - 1]!;
      own[t++] = precision[0]! / inverseScale[0]!;
      const product = Matrix.from1DArray(q, q, out).mmul(Matrix.from1DArray(q, q, precision));
      if (t % 1000 === 0) expect(Matrix.abs(Matrix.sub(product, Matrix.eye(q))).max()).toBeLessThan(1e-11);
    });
    expect(accepted).toBe(true);
    for (let i = 0; i < q * q; i++) {
      expect(Math.abs(mean[i]! - scale[i]! / (df - q - 1)) / error[i]!).toBeLessThan(Z_BOUND);
    }
    expect(kolmogorovSmirnov(last, (x) => gammaCdf(x, (df - q + 1) / 2, 0.5))).toBeLessThan(KS_BOUND);
    expect(kolmogorovSmirnov(own, (x) => gammaCdf(x, df / 2, 0.5))).toBeLessThan(KS_BOUND);
  });
});

describe('Wishart matrices', () => {
  it('are refused for a scale that is not positive definite', () => {
    const rng = createRng([803]);
    const out = new Float64Array(4);
    const bad = Float64Array.of(1, 2, 2, 1);
    expect(createWishart(2).wishart(5, bad, rng, out)).toBe(false);
    expect(createWishart(2).inverseWishart(5, bad, rng, out)).toBe(false);
  });
});

describe('inverseGamma', () => {
  it('follows its distribution', () => {
    const rng = createRng([804]);
    const x = Float64Array.from({ length: DRAWS }, () => 6 / inverseGamma(2.5, 6, rng));
    expect(kolmogorovSmirnov(x, (value) => gammaCdf(value, 2.5, 1))).toBeLessThan(KS_BOUND);
  });
});
