/**
 * exp, log, log2, log10, log1p, tanh, atanh, sin and cos by sums, products and quotients of doubles alone. Engines
 * differ in the last bit of their own (Node and Chromium do), and one bit is enough to send a chain elsewhere; these
 * give the same bits wherever IEEE 754 holds, as Math.sqrt does.
 * Errors are below 3 units in the last place. Everything that decides on a draw uses them; a test keeps Math's out.
 */

/** ln 2 in two parts: k * HIGH is exact for whole |k| < 2^20. */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
/** exp overflows above, and underflows to 0 below. */
const LARGEST = 709.782712893384;
const SMALLEST = -745.1332191019412;

/** exp takes x apart as (k / 64) ln 2 + r: steps of the table of 2^(k/64), k = 0 .. 63. */
const STEPS = 64;
const STEP_HIGH = LN2_HIGH / STEPS;
const STEP_LOW = LN2_LOW / STEPS;
const PER_STEP = STEPS / Math.LN2;
const ROOTS = Float64Array.from({ length: STEPS }, (_, k) => taylorExp((k / STEPS) * Math.LN2));

/** 2^k for k = -1022 .. 1023. */
const POWERS = (() => {
  const powers = new Float64Array(2046);
  powers[1022] = 1;
  for (let k = 1023; k < 2046; k += 1) powers[k] = powers[k - 1]! * 2;
  for (let k = 1021; k >= 0; k -= 1) powers[k] = powers[k + 1]! / 2;
  return powers;
})();

const TWO_MINUS_1023 = POWERS[0]! / 2;

/** log takes m in [sqrt(1/2), sqrt 2) apart as c (1 + f), c = i / 128 the nearest: ln c and 1 / c by i. */
const CELLS = 128;
const LOGS = Float64Array.from({ length: 182 }, (_, i) => (i < 90 ? 0 : seriesLog(i / CELLS)));
const INVERSES = Float64Array.from({ length: 182 }, (_, i) => (i < 90 ? 0 : CELLS / i));

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
double[0] = 1;
/** Place of the word that holds sign, exponent and the leading bits. */
const HIGH_WORD = words[0] === 0 ? 1 : 0;

/** e^x for 0 <= x < ln 2 by Taylor's sum: for the table. */
function taylorExp(x: number): number {
  let sum = 0;
  for (let n = 24; n > 0; n -= 1) sum = (x / n) * (1 + sum);
  return 1 + sum;
}

/** ln c = 2 (s + s^3/3 + s^5/5 + ...), s = (c - 1) / (c + 1): for the table. */
function seriesLog(c: number): number {
  const s = (c - 1) / (c + 1);
  let sum = 0;
  for (let n = 41; n > 0; n -= 2) sum = sum * s * s + 1 / n;
  return 2 * s * sum;
}

/** e^x = 2^k 2^(j/64) e^r with |r| <= ln 2 / 128, and Taylor's sum to r^6 (remainder below 2e-20). */
export function exp(x: number): number {
  if (!(x <= LARGEST)) return x > LARGEST ? Infinity : Number.NaN;
  if (x < SMALLEST) return 0;
  const n = Math.floor(x * PER_STEP + 0.5);
  const r = x - n * STEP_HIGH - n * STEP_LOW;
  const tail = r + r * r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120 + r * (1 / 720)))));
  const root = ROOTS[n & (STEPS - 1)]!;
  const y = root + root * tail;
  const k = n >> 6;
  if (k > 1023) return y * 2 * POWERS[k + 1021]!;
  if (k >= -1021) return y * POWERS[k + 1022]!;
  // Subnormal results: rounded once, by the last product.
  return y * POWERS[k + 1022 + 60]! * POWERS[1022 - 60]!;
}

/** ln x: x = 2^e m, m = c (1 + f), |f| < 0.0056, and the series of ln(1 + f) to f^8 (remainder below 1e-21). */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return Infinity;
  let e = 0;
  let m = x;
  // From 1 to 2, where ln(1 + x) of a probability asks, the exponent is 0: nothing is taken apart.
  if (!(m >= 1 && m < 2)) {
    if (m < 2.2250738585072014e-308) {
      m *= 18014398509481984;
      e = -54;
    }
    double[0] = m;
    const exponent = (words[HIGH_WORD]! >>> 20) - 1023;
    e += exponent;
    // An exact product: a word written back into the double would be read before it arrives.
    m *= exponent > 1022 ? TWO_MINUS_1023 : POWERS[1022 - exponent]!;
  }
  if (m >= Math.SQRT2) {
    m *= 0.5;
    e += 1;
  }
  const i = Math.floor(m * CELLS + 0.5);
  const f = (m - i / CELLS) * INVERSES[i]!;
  const w = f * f;
  const tail = w * (f * (1 / 3 + w * (1 / 5 + w * (1 / 7))) - (1 / 2 + w * (1 / 4 + w * (1 / 6 + w * (1 / 8)))));
  return e * LN2_HIGH + (LOGS[i]! + (f + (tail + e * LN2_LOW)));
}

/** ln(1 + x), with all digits where x is small: what 1 + x loses by rounding comes back as a first-order term. */
export function log1p(x: number): number {
  const u = 1 + x;
  return u > 0 && u < Infinity ? log(u) + (x - (u - 1)) / u : log(u);
}

/** log_2 x and log_10 x: ln x over ln of the base, and the whole number, up to 64, where a power of the base is x. */
export function log2(x: number): number {
  return ofBase(x, 2, Math.LN2);
}

export function log10(x: number): number {
  return ofBase(x, 10, Math.LN10);
}

function ofBase(x: number, base: number, logBase: number): number {
  const y = log(x) / logBase;
  const whole = Math.round(y);
  return power(base, whole) === x ? whole : y;
}

/** tanh x = (1 - e^(-2x)) / (1 + e^(-2x)); near 0, where that cancels, Taylor's sum to x^17. */
export function tanh(x: number): number {
  const a = Math.abs(x);
  if (a < 0.15) {
    const w = x * x;
    const tail = 17 / 315 - w * (62 / 2835 - w * (1382 / 155925 - w * (21844 / 6081075 - (w * 929569) / 638512875)));
    return x - x * w * (1 / 3 - w * (2 / 15 - w * tail));
  }
  const t = exp(-2 * a);
  const y = (1 - t) / (1 + t);
  return x < 0 ? -y : y;
}

/** atanh p = ln((1 + p) / (1 - p)) / 2. */
export function atanh(p: number): number {
  const a = Math.abs(p);
  const y = 0.5 * log1p((2 * a) / (1 - a));
  return p < 0 ? -y : y;
}

/** pi / 2 in parts of at most 22 bits, so that k times a part is exact for |k| < 2^31, and what they leave. */
const HALF_PI = [
  1.570796012878418, 3.139164164167596e-7, 6.223371969669989e-14, 2.0222659584103533e-21, 2.9038559739793605e-28,
] as const;

/** An angle is taken apart as k pi / 2 + r for |k| up to this; of a larger one a double holds few digits of r. */
const TURNS = 2 ** 30;

/** sin x by Taylor's sums about the nearest multiple of pi / 2; NaN for |x| > 1.6e9. */
export function sin(x: number): number {
  return sineAfter(x, 0);
}

/** cos x, likewise. */
export function cos(x: number): number {
  return sineAfter(x, 1);
}

/** sin(x + quarters pi / 2). */
function sineAfter(x: number, quarters: number): number {
  const k = Math.floor(x / (Math.PI / 2) + 0.5);
  if (!(Math.abs(k) <= TURNS)) return Number.NaN;
  const r = HALF_PI.reduce((rest, part) => rest - k * part, x);
  const quarter = (((k + quarters) % 4) + 4) % 4;
  const y = quarter % 2 === 0 ? taylorSine(r) : taylorCosine(r);
  return quarter < 2 ? y : -y;
}

/** For |r| <= pi / 4: to r^19 and r^18, remainders below 1e-20. */
function taylorSine(r: number): number {
  const w = r * r;
  let sum = 0;
  for (let n = 18; n > 0; n -= 2) sum = (-w / (n * (n + 1))) * (1 + sum);
  return r + r * sum;
}

function taylorCosine(r: number): number {
  const w = r * r;
  let sum = 0;
  for (let n = 17; n > 0; n -= 2) sum = (-w / (n * (n + 1))) * (1 + sum);
  return 1 + sum;
}

/**
 * base^exponent: whole exponents up to 64 by repeated squaring, halves of them by a square root more, others as
 * e^(exponent ln base).
 */
export function power(base: number, exponent: number): number {
  const size = Math.abs(exponent);
  const twice = 2 * size;
  if (Number.isInteger(twice) && size <= 64 && (Number.isInteger(exponent) || base >= 0)) {
    let result = Number.isInteger(exponent) ? 1 : Math.sqrt(base);
    let square = base;
    for (let n = Math.floor(size); n > 0; n >>= 1) {
      if (n & 1) result *= square;
      square *= square;
    }
    return exponent < 0 ? 1 / result : result;
  }
  if (base > 0) return exp(exponent * log(base));
  if (base === 0) return exponent > 0 ? 0 : Infinity;
  if (!Number.isInteger(exponent)) return Number.NaN;
  return exponent % 2 === 0 ? exp(exponent * log(-base)) : -exp(exponent * log(-base));
}
