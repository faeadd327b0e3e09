import { describe, expect, it } from 'vitest';
import { differenceWalk } from '../../src/proposals/differenceWalk.ts';
import { createRng } from '../../src/random/rng.ts';

describe('a walk along the differences of a cloud', () => {
  const d = 2;
  const N = 100;
  const rng = createRng([71]);
  /** Two ridges as narrow as 1e-3, x_0 in logs. */
  const cloud = new Float64Array(N * d);
  for (let n = 0; n < N; n += 1) {
    const t = rng.normal();
    cloud[n * d] = t;
    cloud[n * d + 1] = (n % 2 ? 30 : 0) + 2 * t + 1e-3 * rng.normal();
  }

  it('tells by how much the logs have moved, and is as likely forth as back', () => {
    const walk = differenceWalk(cloud, d, 1);
    const out = new Float64Array(d);
    const moves: number[] = [];
    for (let s = 0; s < 4000; s += 1) {
      const shift = walk(Float64Array.of(2, 5), rng, out);
      expect(shift).toBeCloseTo(Math.log(out[0]! / 2), 12);
      moves.push(out[1]! - 5);
    }
    const up = moves.filter((move) => move > 0).length;
    const down = moves.filter((move) => move < 0).length;
    expect(Math.abs(up - down)).toBeLessThan(5 * Math.sqrt(moves.length));
  });

  it('keeps a density of two narrow ridges, log-normal in the first coordinate, and goes from one to the other', () => {
    const walk = differenceWalk(cloud, d, 1);
    const here = Float64Array.of(1, 0);
    const next = new Float64Array(d);
    const logDensity = (x: Float64Array): number => {
      const t = Math.log(x[0]!);
      const ridge = (mean: number): number => Math.exp(-0.5 * ((x[1]! - 2 * t - mean) / 1e-3) ** 2);
      return -0.5 * t * t - t + Math.log(0.25 * ridge(0) + 0.75 * ridge(30));
    };
    const means: number[] = [];
    const shares: number[] = [];
    const batches = 40;
    for (let b = 0; b < batches; b += 1) {
      let [sum, high] = [0, 0];
      const steps = 2000;
      for (let s = 0; s < steps; s += 1) {
        const shift = walk(here, rng, next);
        if (rng.uniform() < Math.exp(logDensity(next) - logDensity(here) + shift)) here.set(next);
        sum += Math.log(here[0]!) / steps;
        high += here[1]! - 2 * Math.log(here[0]!) > 15 ? 1 / steps : 0;
      }
      means.push(sum);
      shares.push(high);
    }
    const standardised = (values: number[], truth: number): number => {
      const mean = values.reduce((sum, v) => sum + v, 0) / batches;
      const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (batches - 1);
      return Math.abs(mean - truth) / Math.sqrt(variance / batches);
    };
    expect(standardised(means, 0)).toBeLessThan(5);
    expect(standardised(shares, 0.75)).toBeLessThan(5);
  });
});
