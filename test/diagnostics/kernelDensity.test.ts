import { describe, expect, it } from 'vitest';
import { kernelDensity } from '../../diagnostics/index.ts';
import { normalQuantile } from '../../src/special/distributions.ts';

describe('kernelDensity', () => {
  const S = 2000;
  const normal = Float64Array.from({ length: S }, (_, i) => normalQuantile((i + 0.5) / S));
  const halfNormal = normal.map(Math.abs);

  it('is the sum of the kernels, as written', () => {
    const { x, density, bandwidth } = kernelDensity(normal, { points: 9 });
    x.forEach((value, i) => {
      const slow =
        normal.reduce((sum, draw) => sum + Math.exp(-0.5 * ((value - draw) / bandwidth) ** 2), 0) /
        (S * bandwidth * Math.sqrt(2 * Math.PI));
      // Counting into cells of width c moves the density by at most c^2 / 8 of its second derivative; cells are a tenth
      // of the bandwidth.
      expect(Math.abs(density[i]! - slow)).toBeLessThan(1e-3 * 0.4);
    });
  });

  it('does not sink at a bound: reflection, where the density without it is half', () => {
    const at0 = (options: object) => kernelDensity(halfNormal, { points: 200, ...options }).density[0]!;
    const truth = Math.sqrt(2 / Math.PI);
    expect(Math.abs(at0({ low: 0 }) - truth)).toBeLessThan(0.03 * truth);
    expect(at0({})).toBeLessThan(0.4 * truth);
    const { x, density } = kernelDensity(halfNormal, { low: 0, points: 400 });
    const mass = density.reduce((sum, value) => sum + value, 0) * (x[1]! - x[0]!);
    // The range ends at the 99.9% quantile and a bandwidth beyond.
    expect(mass).toBeGreaterThan(0.995);
    expect(mass).toBeLessThan(1.005);
  });

  it('refuses draws that have none', () => {
    expect(() => kernelDensity([1, 1, 1])).toThrow('finite and not all equal');
    expect(() => kernelDensity([1, Number.NaN])).toThrow('finite and not all equal');
    expect(() => kernelDensity([-1, 1], { low: 0 })).toThrow('outside the bounds');
    expect(() => kernelDensity([0, 1], { points: 1 })).toThrow('at least 2');
  });
});
