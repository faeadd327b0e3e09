import { describe, expect, it } from 'vitest';
import { fourierPlan, fourierSize } from '../../diagnostics/fourier.ts';
import { normals } from './seededDraws.ts';

const random = (seed: number, size: number) => Float64Array.from({ length: size }, normals(seed));

describe('fourierPlan', () => {
  it('gives size times the input back from its inverse at every power of two', () => {
    for (let size = 1; size <= 4096; size *= 2) {
      const re = random(1, size);
      const im = random(2, size);
      const plan = fourierPlan(size);
      const a = re.slice();
      const b = im.slice();
      plan.forward(a, b);
      plan.inverse(a, b);
      for (let i = 0; i < size; i++) {
        expect(Math.abs(a[i]! / size - re[i]!)).toBeLessThan(1e-13); // a few rounding errors of numbers near 1
        expect(Math.abs(b[i]! / size - im[i]!)).toBeLessThan(1e-13);
      }
    }
  });

  it('has the values of the discrete Fourier transform, in some order', () => {
    for (const size of [2, 4, 8, 16, 32]) {
      const x = random(3, size);
      const re = x.slice();
      const im = new Float64Array(size);
      fourierPlan(size).forward(re, im);
      const naive = Array.from({ length: size }, (_, k) => {
        let cosSum = 0;
        let sinSum = 0;
        for (let i = 0; i < size; i++) {
          cosSum += x[i]! * Math.cos((2 * Math.PI * i * k) / size);
          sinSum -= x[i]! * Math.sin((2 * Math.PI * i * k) / size);
        }
        return [cosSum, sinSum] as const;
      });
      const left = naive.map((_, k) => k);
      for (let k = 0; k < size; k++) {
        const at = left.findIndex((j) => Math.hypot(naive[j]![0] - re[k]!, naive[j]![1] - im[k]!) < 1e-12);
        expect(at).toBeGreaterThanOrEqual(0);
        left.splice(at, 1);
      }
    }
  });

  it('takes the smallest power of two that is long enough', () => {
    expect([1, 2, 3, 1000, 1024, 1025].map(fourierSize)).toEqual([1, 2, 4, 1024, 1024, 2048]);
  });
});
