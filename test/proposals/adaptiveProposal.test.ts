import { describe, expect, it } from 'vitest';
import { toTheEnd } from '../../src/pausing.ts';
import { adaptiveProposal } from '../../src/proposals/adaptiveProposal.ts';
import { createRng } from '../../src/random/rng.ts';
import { proposalIntegral } from '../oracle/proposalIntegral.ts';

/** x_0, x_1 normal with sds 1 and 3 and correlation 0.9, x_2 of sd 0.5 on its own; not normalised. */
function normalDensity(x: Float64Array): number {
  const [a, b, c] = [x[0]! - 2, (x[1]! + 1) / 3, (x[2]! - 5) / 0.5];
  return 7 - (a * a - 1.8 * a * b + b * b) / (2 * (1 - 0.81)) - (c * c) / 2;
}

/** A banana of integral 1: x_0 standard normal, x_1 normal about x_0^2 with sd 1/2. */
function banana(x: Float64Array): number {
  const [a, b] = [x[0]!, 2 * (x[1]! - x[0]! ** 2)];
  return -(a * a + b * b) / 2 - Math.log(Math.PI);
}

/**
 * A spike of sd 0.05 on a hill of sd 1, half of the integral each: the curvature at the mode knows nothing of the hill.
 */
function spike(x: Float64Array): number {
  const square = x[0]! ** 2 + x[1]! ** 2;
  return Math.log(Math.exp(-square / 2) + 400 * Math.exp(-200 * square)) - Math.log(4 * Math.PI);
}

/** |x_0| of a standard normal beside a normal x_1 of sd 2: integral 1 over x_0 > 0. */
function halfNormal(x: Float64Array): number {
  return x[0]! < 0 ? -Infinity : -(x[0]! ** 2 + (x[1]! / 2) ** 2) / 2 - Math.log(2 * Math.PI);
}

describe('an adapted proposal', () => {
  it('of a normal density is nearly that density, and its walk has 2.38^2 / d of its covariance', () => {
    const { walk, efficiency } = toTheEnd(
      adaptiveProposal(normalDensity, [Float64Array.of(2, -1, 5)], 0, createRng([41])),
    );
    // Widened by 1.1, with a tenth of the points in a wide component: about 0.85 of the points are effective.
    expect(efficiency).toBeGreaterThan(0.8);
    const covariance = [1, 2.7, 0, 2.7, 9, 0, 0, 0, 0.25];
    for (let a = 0; a < 3; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        let sum = 0;
        for (let k = 0; k <= b; k += 1) sum += walk[a * 3 + k]! * walk[b * 3 + k]!;
        const size = Math.sqrt(covariance[4 * a]! * covariance[4 * b]!) * (2.38 ** 2 / 3);
        // 1800 points of the last round: an entry's standard error is about 0.04 of the product of sds.
        expect(Math.abs(sum - (covariance[a * 3 + b]! * 2.38 ** 2) / 3)).toBeLessThan(0.16 * size);
      }
    }
  });

  it.each([
    ['a banana', banana, [0, 0], 0],
    ['a spike on a hill', spike, [0, 0], 0],
    ['a density piled up at the boundary 0', halfNormal, [0.1, 0], 1],
  ] as const)(
    'has the density that its draws have: weights of %s average to its integral',
    (_title, density, mode, folded) => {
      const { proposal } = toTheEnd(adaptiveProposal(density, [Float64Array.from(mode)], folded, createRng([42])));
      const { mean, error } = proposalIntegral(density, proposal, 2, 40000, createRng([43]));
      expect(error).toBeLessThan(0.01);
      expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
    },
  );
});
