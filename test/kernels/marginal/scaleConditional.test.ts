import { describe, expect, it } from 'vitest';
import { scaleConditional } from '../../../src/kernels/marginal/scaleConditional.ts';
import { createRng } from '../../../src/random/rng.ts';
import { logGamma } from '../../../src/special/logGamma.ts';

const normal = (mean: number, sd: number) => (t: number) => -0.5 * ((t - mean) / sd) ** 2;
const logSqrt = (v: number): number => 0.5 * Math.log(2 * Math.PI) + Math.log(v);

describe('the tabulated density of log sigma', () => {
  it.each([
    ['near where it is looked for', normal(1, 0.3), logSqrt(0.3)],
    ['far off', normal(70, 0.3), logSqrt(0.3)],
    ['far off on the other side', normal(-90, 2), logSqrt(2)],
    ['narrow as with ten thousand rows', normal(-3, 0.005), logSqrt(0.005)],
    ['skewed: a gamma', (t: number) => 3 * t - 2 * Math.exp(t), logGamma(3) - 3 * Math.log(2)],
    ['of two humps', (t: number) => Math.log(Math.exp(normal(-3, 0.2)(t)) + Math.exp(normal(2, 0.4)(t))), logSqrt(0.6)],
  ] as const)('has its integral: %s', (_title, logDensity, integral) => {
    // Trapezoids of a smooth density at half an sd.
    expect(scaleConditional().fill(logDensity, 0, -Infinity, Infinity)).toBeCloseTo(integral, 2);
  });

  it('ends where it is told to, and where it ends by itself', () => {
    const cut = scaleConditional();
    // An exponential that rises to its end: 1 / 400, with 1% for trapezoids.
    const rising = (t: number): number => 400 * (t - 2);
    expect(cut.fill(rising, 0, -Infinity, 2)).toBeCloseTo(-Math.log(400), 1);
    expect(cut.top()).toBeCloseTo(2, 10);
    const table = scaleConditional();
    expect(table.fill((t) => (t > 1.7 ? -Infinity : normal(2, 0.3)(t)), 0, -Infinity, Infinity)).toBeCloseTo(
      logSqrt(0.3) + Math.log(0.158655),
      1,
    );
    const rng = createRng([95]);
    let largest = -Infinity;
    for (let i = 0; i < 4000; i += 1) largest = Math.max(largest, table.draw(rng));
    expect(largest).toBeLessThanOrEqual(1.7);
    expect(largest).toBeGreaterThan(1.69);
  });

  it('is nowhere where nothing is, and between ends that have passed each other', () => {
    expect(scaleConditional().fill(() => -Infinity, 0, -Infinity, Infinity)).toBe(-Infinity);
    expect(scaleConditional().fill(() => Number.NaN, 0, -Infinity, Infinity)).toBe(-Infinity);
    expect(scaleConditional().fill(normal(0, 1), 0, 2, 1)).toBe(-Infinity);
  });

  it('is drawn from with the density it says', () => {
    const table = scaleConditional();
    const logDensity = (t: number): number => 3 * t - 2 * Math.exp(t);
    const integral = table.fill(logDensity, 0, -Infinity, Infinity);
    const rng = createRng([96]);
    const N = 20_000;
    let sum = 0;
    let square = 0;
    for (let i = 0; i < N; i += 1) {
      const t = table.draw(rng);
      const weight = Math.exp(logDensity(t) - integral - table.logDensity(t));
      sum += weight;
      square += weight * weight;
    }
    // Weights of a linear table with steps of half an sd are within a few hundredths of 1.
    expect(Math.abs(sum / N - 1)).toBeLessThan(0.002);
    expect(square / N - (sum / N) ** 2).toBeLessThan(0.01);
    expect(table.logDensity(50)).toBeLessThan(-1000);
  });
});
