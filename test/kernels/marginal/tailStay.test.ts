import { describe, expect, it } from 'vitest';
import type { MarginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { tailStay } from '../../../src/kernels/marginal/tailStay.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { createRng, type Rng } from '../../../src/random/rng.ts';

const N = 4000;

/** How long a proposal N(0, width^2) holds a chain whose posterior is N(0, 1). */
function stayOf(width: number): number {
  let at = 0;
  const target = {
    d: 1,
    q: 0,
    at: (phi: Float64Array) => {
      at = phi[0]!;
      return true;
    },
    drawSigma: () => 1,
    logWeight: () => -0.5 * at * at,
  } as unknown as MarginalTarget;
  const proposal = {
    draw: (rng: Rng, out: Float64Array) => {
      out[0] = width * rng.normal();
    },
    logDensity: (x: Float64Array) => -0.5 * (x[0]! / width) ** 2,
  };
  const rng = createRng([3]);
  const points = new Float64Array(N);
  const logs = new Float64Array(N);
  for (let n = 0; n < N; n += 1) {
    proposal.draw(rng, points.subarray(n, n + 1));
    logs[n] = -0.5 * points[n]! ** 2 * (1 - 1 / width ** 2);
  }
  return toTheEnd(tailStay(target, proposal, { points, logs }, createRng([5])));
}

describe('how long a proposal holds a chain where it holds it longest', () => {
  it('is one step where the proposal is the posterior', () => {
    expect(stayOf(1)).toBeCloseTo(1, 10);
  });

  /**
   * Of a wider proposal w = width exp(-x^2 (1 - width^-2) / 2) is highest at 0, where the chance of leaving is
   * E_q[w] / w(0) = 1 / width, and as good as there within the twentieth about it. The mean of N weights has a relative
   * error of some 0.8 / sqrt(N).
   */
  it.each([1.25, 1.5, 2])('is the ratio of the widths, %d, at the centre of a wider one', (width) => {
    expect(Math.abs(stayOf(width) / width - 1)).toBeLessThan(0.05);
  });

  it('counts tails that no point of a narrow proposal has come to', () => {
    // At x = 2 and beyond: E_q[min(1, w / w(x))] with w = exp(1.28 x^2 - ...) is below 1/10 there (width 0.53).
    expect(stayOf(0.53)).toBeGreaterThan(10);
  });
});
