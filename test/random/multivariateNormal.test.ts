import { describe, expect, it } from 'vitest';
import { multivariateNormal, normalFromPrecision } from '../../src/random/multivariateNormal.ts';
import { createRng } from '../../src/random/rng.ts';
import { logGamma, logMultivariateGamma } from '../../src/random/special.ts';

// Sigma = L L' with L = [2 0; 1 3], P = its inverse as [25/36 .. ] through M M' with M lower: checked below by moments.
const L = Float64Array.of(2, 0, 1, 3);
const DRAWS = 100_000;
// Ten z-scores below 4.1 (4e-5 each): family-wise below 0.1%; seeds chosen before the first run.
const Z_BOUND = 4.1;

function moments(draw: (out: Float64Array) => void): number[] {
  const out = new Float64Array(2);
  const sums = [0, 0, 0, 0, 0];
  for (let t = 0; t < DRAWS; t++) {
    draw(out);
    const [a, b] = [out[0]! - 1, out[1]! + 2];
    [a, b, a * a, a * b, b * b].forEach((value, k) => {
      sums[k]! += value / DRAWS;
    });
  }
  return sums;
}

function expectMoments([ma, mb, vaa, vab, vbb]: number[], cov: readonly [number, number, number]): void {
  const [aa, ab, bb] = cov;
  const z = [
    ma! / Math.sqrt(aa),
    mb! / Math.sqrt(bb),
    (vaa! - aa) / (aa * Math.SQRT2),
    (vab! - ab) / Math.sqrt(aa * bb + ab * ab),
    (vbb! - bb) / (bb * Math.SQRT2),
  ];
  for (const value of z) expect(Math.abs(value) * Math.sqrt(DRAWS)).toBeLessThan(Z_BOUND);
}

describe('multivariateNormal', () => {
  it("has the given mean and the covariance L L'", () => {
    const rng = createRng([901]);
    expectMoments(
      moments((out) => multivariateNormal([1, -2], L, 2, rng, out)),
      [4, 2, 10],
    );
  });
});

describe('normalFromPrecision', () => {
  it("has mean P^-1 h and covariance P^-1, P = L L', and leaves h as it is", () => {
    const rng = createRng([902]);
    // P = [4 2; 2 10], P^-1 = [10 -2; -2 4] / 36, h = P (1, -2)'.
    const h = Float64Array.of(0, -18);
    expectMoments(
      moments((out) => normalFromPrecision(L, h, 2, rng, out)),
      [10 / 36, -2 / 36, 4 / 36],
    );
    expect(Array.from(h)).toEqual([0, -18]);
  });
});

describe('logGamma and logMultivariateGamma', () => {
  it('agree with factorials, with Gamma(1/2) and with the recursion over q', () => {
    expect(logGamma(11)).toBeCloseTo(Math.log(3628800), 12);
    expect(logGamma(0.5)).toBeCloseTo(0.5 * Math.log(Math.PI), 13);
    expect(logMultivariateGamma(1, 3.3)).toBeCloseTo(logGamma(3.3), 13);
    // Gamma_q(a) = pi^((q - 1) / 2) Gamma(a) Gamma_{q - 1}(a - 1/2).
    const recursion = Math.log(Math.PI) + logGamma(4.2) + logMultivariateGamma(2, 3.7);
    expect(logMultivariateGamma(3, 4.2)).toBeCloseTo(recursion, 12);
  });
});
