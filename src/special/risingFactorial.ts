import { log, log1p } from '../elementary.ts';
import { logGamma } from './logGamma.ts';

/** From here on Stirling's series to x^-7 is exact to rounding. */
const LARGE = 12;
/** Rising factorials of so few factors are taken factor by factor. */
const FEW = 24;
/** Below this share y / k logarithms are taken by their series. */
const SMALL = 1e-2;
/** Beyond it k tells no more. */
const ENDLESS = 1e30;

/**
 * log of k (k + 1) ... (k + y - 1) / k^y = log Gamma(y + k) - log Gamma(k) - y log k for a whole y >= 0 and 0 < k <=
 * Infinity: by its factors where they are few, else by logGamma (k < 12) or by the difference of Stirling's series
 * (Abramowitz & Stegun 6.1.41), in which nothing of the size of log Gamma cancels. It tends to 0 as k grows.
 */
export function logRisingFactorial(y: number, k: number): number {
  if (k === Infinity) return 0;
  if (y <= FEW) {
    let sum = 0;
    for (let i = 1; i < y; i += 1) sum += log1p(i / k);
    return sum;
  }
  if (k < LARGE) return logGamma(y + k) - logGamma(k) - y * log(k);
  const x = y / k;
  return k * excessLog1p(x) + (y - 0.5) * log1p(x) + stirling(y + k) - stirling(k);
}

/** Its derivative by 1 / k, sum_{i < y} i / (1 + i / k), which tends to y (y - 1) / 2 as k grows. */
export function risingFactorialSlope(y: number, k: number): number {
  if (y <= FEW || k < LARGE) {
    let sum = 0;
    const most = Math.min(y, FEW);
    for (let i = 1; i < most; i += 1) sum += i / (1 + i / k);
    // -k^2 (psi(y + k) - psi(FEW + k)), plus what the factors beyond have of -y / k.
    return y <= FEW ? sum : sum + k * (y - most) - k * k * (digamma(y + k) - digamma(most + k));
  }
  if (k > ENDLESS) return 0.5 * y * (y - 1);
  const x = y / k;
  // -k^2 times d/dk of the difference of the series above: log(1 + x) - x + x / (2 (y + k)) + the rest.
  const rest = stirlingSlope(y + k) - stirlingSlope(k);
  return -k * k * (excessLog1p(x) + (0.5 * x) / (y + k) + rest);
}

/** log(1 + x) - x. */
export function excessLog1p(x: number): number {
  if (x > SMALL) return log1p(x) - x;
  let sum = 0;
  for (let n = 9; n >= 2; n -= 1) sum = (n % 2 === 0 ? -1 : 1) / n + x * sum;
  return x * x * sum;
}

function stirling(x: number): number {
  const r = 1 / (x * x);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r / 1680))) / x;
}

function stirlingSlope(x: number): number {
  const r = 1 / (x * x);
  return -r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r / 240)));
}

/** psi(x), x > 0 (Abramowitz & Stegun 6.3.5 and 6.3.18). */
export function digamma(x: number): number {
  let below = 0;
  let z = x;
  while (z < LARGE) {
    below += 1 / z;
    z += 1;
  }
  return log(z) - 0.5 / z + stirlingSlope(z) - below;
}
