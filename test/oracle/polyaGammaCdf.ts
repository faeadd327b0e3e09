import erfcx from '@stdlib/math/base/special/erfcx';
import normalCdf from '@stdlib/stats/base/dists/normal/cdf';
import { type FourierSeries, fourierSeries, interpolatedCdf, type LogCharacteristic } from './fourierSeries.ts';
import { polyaGammaCumulants } from './polyaGammaMoments.ts';

/**
 * P(X <= x) for X ~ PG(n, z) by the alternating series: the density of 4 X is 2^n cosh(Z)^n exp(-Z^2 y / 2) sum_k
 * (-1)^k Gamma(n + k) / (Gamma(n) k!) times the hitting-time density of level 2 k + n (Z = |z| / 2), and each term
 * integrates to an inverse Gaussian distribution function. Good to about 1e-13 for n <= 3; for larger n the terms
 * cancel.
 */
export function polyaGammaSeriesCdf(x: number, n: number, z: number): number {
  if (!(x > 0)) return 0;
  const y = 4 * x;
  const Z = Math.abs(z) / 2;
  // Beyond, at least 1 - 1e-15: the slowest exponential has rate pi^2 / 8 + Z^2 / 2.
  if (y * (Math.PI ** 2 / 8 + (Z * Z) / 2) > 45 + 8 * n + 12 * Math.sqrt((n + 1) * (Z + 1)) + n * Z) return 1;
  const root = Math.sqrt(y);
  const tilt = (1 + Math.exp(-2 * Z)) ** n;
  let coefficient = 1;
  let sum = 0;
  for (let k = 0; ; k++) {
    const level = 2 * k + n;
    const upper = (Z * y + level) / root;
    const term =
      Math.exp(-2 * k * Z) * normalCdf((Z * y - level) / root, 0, 1) +
      0.5 * erfcx(upper / Math.SQRT2) * Math.exp(n * Z - (Z * Z * y) / 2 - (level * level) / (2 * y));
    sum += coefficient * term;
    if (Math.abs(coefficient) * term < 1e-17) return Math.min(1, Math.max(0, tilt * sum));
    coefficient *= -(n + k) / (k + 1);
  }
}

/**
 * log E exp(i t X) for X ~ PG(n, z): n (log cosh a - log cosh b), a = |z| / 2, b = sqrt(a^2 - i t / 2), b - a as a
 * quotient.
 */
export function polyaGammaLogCharacteristic(n: number, z: number): LogCharacteristic {
  const a = Math.abs(z) / 2;
  const base = Math.log1p(Math.exp(-2 * a));
  return (t) => {
    const size = Math.hypot(a * a, t / 2);
    const real = Math.sqrt((size + a * a) / 2);
    const imaginary = -t / (4 * real);
    // (b - a) = (-i t / 2) / (b + a)
    const norm = (real + a) ** 2 + imaginary ** 2;
    const differenceReal = ((-t / 2) * imaginary) / norm;
    const differenceImaginary = ((-t / 2) * (real + a)) / norm;
    const decay = Math.exp(-2 * real);
    const cosine = 1 + decay * Math.cos(-2 * imaginary);
    const sine = decay * Math.sin(-2 * imaginary);
    const logReal = 0.5 * Math.log(cosine * cosine + sine * sine);
    return [-n * (differenceReal + logReal - base), -n * (differenceImaginary + Math.atan2(sine, cosine))];
  };
}

/** An interval that holds PG(n, z) but for about 1e-14. */
export function polyaGammaInterval(n: number, z: number): readonly [number, number] {
  const [mean, variance] = polyaGammaCumulants(n, z, 2) as [number, number];
  const spread = 12 * Math.sqrt(variance);
  return [Math.max(0, mean - spread), mean + spread + 80 / (Math.PI ** 2 + z * z)];
}

/** Density and distribution function of PG(n, z), n >= 2, on a grid of its interval. */
export function polyaGammaFourier(n: number, z: number, points: number): FourierSeries {
  return fourierSeries(polyaGammaLogCharacteristic(n, z), ...polyaGammaInterval(n, z), points);
}

/**
 * The distribution function of PG(n, z): the alternating series for n < 2.5, the Fourier series on 2000 points above.
 */
export function polyaGammaCdf(n: number, z: number): (x: number) => number {
  return n < 2.5 ? (x) => polyaGammaSeriesCdf(x, n, z) : interpolatedCdf(polyaGammaFourier(n, z, 2000));
}
