import { describe, expect, it } from 'vitest';
import { atanh, cos, exp, log, log1p, log2, log10, power, sin, tanh } from '../src/elementary.ts';
import { createRng } from '../src/random/rng.ts';

/** Math's own functions err by at most one unit in the last place, ours by three: 4 units apart is rounding. */
const ULPS = 4 * 2.220446049250313e-16;

function apart(own: number, other: number): number {
  return own === other ? 0 : Math.abs(own - other) / Math.abs(other);
}

const rng = createRng([20]);
const many = (draw: () => number): number[] => Array.from({ length: 50_000 }, draw);

describe('elementary functions', () => {
  it.each<[string, (x: number) => number, (x: number) => number, number[]]>([
    ['exp', exp, Math.exp, many(() => 1400 * rng.uniform() - 700)],
    ['exp of small numbers', exp, Math.exp, many(() => rng.normal() * 1e-3)],
    ['log over the whole range', log, Math.log, many(() => Math.exp(1400 * rng.uniform() - 700))],
    ['log near 1', log, Math.log, many(() => 1 + 0.2 * rng.normal() ** 3).filter((x) => x > 0)],
    [
      'log1p of small numbers',
      log1p,
      Math.log1p,
      many(() => rng.normal() * Math.exp(-30 * rng.uniform())).filter((x) => x > -1),
    ],
    ['log1p of large numbers', log1p, Math.log1p, many(() => Math.exp(700 * rng.uniform()))],
    ['tanh', tanh, Math.tanh, many(() => rng.normal() * Math.exp(-10 * rng.uniform()))],
    ['atanh', atanh, Math.atanh, many(() => 2 * rng.uniform() - 1)],
    ['log2', log2, Math.log2, many(() => Math.exp(1400 * rng.uniform() - 700))],
    ['log10', log10, Math.log10, many(() => Math.exp(1400 * rng.uniform() - 700))],
    ['sin', sin, Math.sin, many(() => rng.normal() * Math.exp(40 * rng.uniform() - 20))],
    ['cos', cos, Math.cos, many(() => rng.normal() * Math.exp(40 * rng.uniform() - 20))],
    ['sin near multiples of pi', sin, Math.sin, many(() => Math.floor(1e6 * rng.uniform()) * Math.PI)],
    ['cos near odd halves of pi', cos, Math.cos, many(() => (Math.floor(1e6 * rng.uniform()) + 0.5) * Math.PI)],
  ])('%s is that of the engine within four units in the last place', (_name, own, other, points) => {
    let largest = 0;
    for (const x of points) largest = Math.max(largest, apart(own(x), other(x)));
    expect(largest).toBeLessThanOrEqual(ULPS);
  });

  it('takes the limits, the subnormals and what is not a number as IEEE 754 would', () => {
    expect([exp(0), exp(710), exp(-746), exp(Infinity), exp(-Infinity)]).toEqual([1, Infinity, 0, Infinity, 0]);
    expect([log(1), log(0), log(Infinity), log1p(0), log1p(-1), tanh(0), tanh(400), tanh(-400)]).toEqual([
      0,
      -Infinity,
      Infinity,
      0,
      -Infinity,
      0,
      1,
      -1,
    ]);
    for (const value of [exp(Number.NaN), log(-1), log(Number.NaN), log1p(-2), log1p(Number.NaN)])
      expect(value).toBeNaN();
    expect(apart(log(5e-324), Math.log(5e-324))).toBeLessThan(ULPS);
    expect(exp(-745)).toBe(Math.exp(-745));
    expect(apart(exp(-720), Math.exp(-720))).toBeLessThan(1e-11);
    expect(apart(exp(709.7), Math.exp(709.7))).toBeLessThan(ULPS);
  });

  it('logarithms of powers of their base are whole', () => {
    for (let k = -64; k <= 64; k++) expect(log2(2 ** k)).toBe(k);
    for (let k = 0; k <= 22; k++) expect(log10(Number(`1e${k}`))).toBe(k);
  });

  it('an angle whose digits a double has not is no number', () => {
    expect([sin(0), cos(0), sin(-0.5) + sin(0.5)]).toEqual([0, 1, 0]);
    for (const x of [2e9, -2e9, Infinity, Number.NaN]) expect([sin(x), cos(x)]).toEqual([Number.NaN, Number.NaN]);
  });

  it('power agrees with the engine: whole, half and other exponents, negative bases', () => {
    for (const [base, exponent] of [
      [2, 10],
      [1.5, -3],
      [-2, 3],
      [9, 0.5],
      [4, -2.5],
      [0, 0],
      [0, 2],
      [7, 0.1],
      [3.3, 70.2],
      [-1.1, 80],
      [-1.1, 81],
    ] as const) {
      // e^(b ln a) carries the error of the logarithm times b ln a.
      expect(apart(power(base, exponent), base ** exponent)).toBeLessThan(1e-13);
    }
    expect(power(-8, 1 / 3)).toBeNaN();
  });

  it('gives these bits on every engine', () => {
    const points = Array.from({ length: 1000 }, (_, i) => (i + 1) / 173);
    const bytes = new Uint8Array(
      Float64Array.from(
        points.flatMap((x) => [exp(x), exp(-3 * x), log(x), log1p(x), log1p(-x / 6), tanh(x), atanh(x / 6)]),
      ).buffer,
    );
    let hash = 0;
    for (const byte of bytes) hash = (Math.imul(hash, 31) + byte) | 0;
    expect(hash).toMatchInlineSnapshot(`-795106151`);
  });
});
