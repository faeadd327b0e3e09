import { describe, expect, it } from 'vitest';
import { toTheEnd } from '../../src/pausing.ts';
import { latticeProposal } from '../../src/proposals/latticeProposal.ts';
import type { Proposal } from '../../src/proposals/proposal.ts';
import { createRng } from '../../src/random/rng.ts';
import { proposalIntegral } from '../oracle/proposalIntegral.ts';

/** A banana of integral 1: x_0 standard normal, x_1 normal about x_0^2 / 2 with sd 1/2. */
function banana(x: Float64Array): number {
  const [a, b] = [x[0]!, 2 * (x[1]! - x[0]! ** 2 / 2)];
  return -(a * a + b * b) / 2 - Math.log(Math.PI);
}

/** x_0 of density x exp(-x^2 / 2), piled up towards 0, beside a normal x_1 of sd 2. */
function rayleigh(x: Float64Array): number {
  return x[0]! < 0
    ? -Infinity
    : Math.log(x[0]!) - (x[0]! ** 2 + (x[1]! / 2) ** 2) / 2 - Math.log(2 * Math.sqrt(2 * Math.PI));
}

/** The same cut off at x_0 = 1.3 by a uniform prior. */
function cliff(x: Float64Array): number {
  return x[0]! > 1.3 ? -Infinity : rayleigh(x) - Math.log(1 - Math.exp(-(1.3 ** 2) / 2));
}

/** Two such coordinates, and a third of sd 1/4 about a function of them. */
function three(x: Float64Array): number {
  if (x[0]! < 0 || x[1]! < 0) return -Infinity;
  const c = 4 * (x[2]! - 0.5 * x[0]! + 0.3 * x[1]!);
  return Math.log(4 * x[0]! * x[1]!) - (x[0]! ** 2 + x[1]! ** 2 + c * c) / 2 - 0.5 * Math.log(2 * Math.PI);
}

/** Independent normals, folded: roughly where those densities are. */
function rough(means: readonly number[], sds: readonly number[], folded: number): Proposal {
  return {
    draw(rng, out) {
      for (let k = 0; k < means.length; k += 1) {
        const value = means[k]! + sds[k]! * rng.normal();
        out[k] = k < folded ? Math.abs(value) : value;
      }
    },
    logDensity: () => 0,
  };
}

const cases = [
  ['a banana', banana, rough([0, 0.5], [1, 0.9], 0), 0, 0.97],
  ['a density that begins at 0', rayleigh, rough([1.2, 0], [0.7, 2], 1), 1, 0.97],
  ['a density cut off by a uniform prior', cliff, rough([0.8, 0], [0.4, 2], 1), 1, 0.8],
  ['three coordinates', three, rough([1.2, 1.2, 0.2], [0.7, 0.7, 0.5], 2), 2, 0.97],
] as const;

describe('a lattice proposal', () => {
  it.each(cases)('has the density that its draws have, nearly that of %s', (_title, density, from, folded, good) => {
    const d = _title === 'three coordinates' ? 3 : 2;
    const proposal = toTheEnd(latticeProposal(density, from, d, folded, createRng([51])))!;
    // Of all densities given the integral is 1.
    const { mean, error, efficiency } = proposalIntegral(density, proposal, d, 40000, createRng([52]));
    expect(error).toBeLessThan(0.005);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error + 1e-4);
    expect(efficiency).toBeGreaterThan(good);
  });

  it.each(cases)(
    'tells the density of a point that it was not drawn last, and nothing outside: %s',
    (title, density, from, folded) => {
      const d = title === 'three coordinates' ? 3 : 2;
      const proposal = toTheEnd(latticeProposal(density, from, d, folded, createRng([51])))!;
      const rng = createRng([53]);
      const points = Array.from({ length: 200 }, () => {
        const x = new Float64Array(d);
        proposal.draw(rng, x);
        return { x, value: proposal.logDensity(x) };
      });
      // The same multilinear function by other operations: rounding.
      for (const { x, value } of points) expect(proposal.logDensity(x)).toBeCloseTo(value, 9);
      expect(proposal.logDensity(new Float64Array(d).fill(1000))).toBe(-Infinity);
    },
  );

  it('is refused where the density does not end within reach, or is nowhere positive', () => {
    const cauchy = (x: Float64Array): number => -Math.log(1 + x[0]! ** 2) - Math.log(1 + x[1]! ** 2);
    expect(toTheEnd(latticeProposal(cauchy, rough([0, 0], [1, 1], 0), 2, 0, createRng([51])))).toBeNull();
    expect(toTheEnd(latticeProposal(() => Number.NaN, rough([0, 0], [1, 1], 0), 2, 0, createRng([51])))).toBeNull();
  });
});
