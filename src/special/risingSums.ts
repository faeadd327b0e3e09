import { log1p } from '../elementary.ts';
import { excessLog1p } from './risingFactorial.ts';

/** So many terms are added one by one. */
const FEW = 48;
/** From a + k of this size on Euler and Maclaurin's sum is exact to rounding. */
const LARGE = 24;
/** Beyond it r is 1 and a tells no more. */
const ENDLESS = 1e30;
/** B_2j / (2 j)!, j = 1 .. 4. */
const MACLAURIN = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600];

/** Where `risingSums` writes. */
export const RisingPlace = { r: 0, r2: 1, rest: 2, r2rest: 3, none: 4 } as const;
/** Length of what it writes. */
export const RISING_LENGTH = 5;

/**
 * Sums over k < y (a whole number) of what the derivatives of log a (a + 1) ... (a + y - 1) are made of, with r_k =
 * a / (a + k) and a > 0, Infinity included: of r, r^2, r (1 - r), r^2 (1 - r) and 1 - r, to `out` in the order of
 * `RisingPlace`. Terms are added one by one where y is small, else by Euler and Maclaurin's sum (Abramowitz & Stegun
 * 3.6.28) over their integrals, written so that no sum is a difference of larger ones: each has full relative
 * precision. Allocates nothing.
 */
export function risingSums(y: number, a: number, out: Float64Array): void {
  out.fill(0);
  if (a > ENDLESS) {
    out[0] = y;
    out[1] = y;
    out[2] = (0.5 * y * (y - 1)) / a;
    out[3] = out[2]!;
    out[4] = out[2]!;
    return;
  }
  const first = y <= FEW ? y : Math.min(y, Math.max(0, Math.ceil(LARGE - a)));
  for (let k = 0; k < first; k += 1) {
    const r = a / (a + k);
    const away = k / (a + k);
    out[0] = out[0]! + r;
    out[1] = out[1]! + r * r;
    out[2] = out[2]! + r * away;
    out[3] = out[3]! + r * r * away;
    out[4] = out[4]! + away;
  }
  if (first === y) return;
  const low = a + first;
  const high = a + y;
  const length = y - first;
  const w = length / low;
  // log(1 + w) - w, below 0.
  const excess = excessLog1p(w);
  const square = a * (a / low) * (length / high);
  out[0] = out[0]! + a * log1p(w);
  out[1] = out[1]! + square;
  out[2] = out[2]! + a * (w > 1 ? log1p(w) - w * (a / high) : w * (y / high) + excess);
  out[3] = out[3]! + (square * (a * (first + y) + 2 * first * y)) / (2 * low * high);
  out[4] = out[4]! + length * (first / low) - a * excess;
  addEnd(a, first, 1, out);
  addEnd(a, y, -1, out);
}

/** What an end of the integrals adds: half of the term at k, and the odd derivatives of the terms there. */
function addEnd(a: number, k: number, sign: number, out: Float64Array): void {
  const u = 1 / (a + k);
  const r = a * u;
  const away = k * u;
  // The odd derivatives of r^p, -p (p + 1) ... r^p u^j, by j = 1, 3, 5, 7.
  let [one, two, three] = [0, 0, 0];
  let power = u;
  let [rising1, rising2, rising3] = [1, 2, 3];
  for (let j = 1; j <= 7; j += 2) {
    const factor = MACLAURIN[(j - 1) / 2]! * power;
    one += factor * rising1;
    two += factor * rising2;
    three += factor * rising3;
    power *= u * u;
    rising1 *= (1 + j) * (2 + j);
    rising2 *= (2 + j) * (3 + j);
    rising3 *= (3 + j) * (4 + j);
  }
  out[0] = out[0]! + sign * r * (0.5 + one);
  out[1] = out[1]! + sign * r * r * (0.5 + two);
  out[2] = out[2]! + sign * r * (0.5 * away + one - r * two);
  out[3] = out[3]! + sign * r * r * (0.5 * away + two - r * three);
  out[4] = out[4]! + sign * (0.5 * away - r * one);
}
