import { describe, expect, it } from 'vitest';
import { toTheEnd } from '../../src/pausing.ts';
import { mixtureOver } from '../../src/proposals/adaptiveProposal.ts';
import { importanceWeights } from '../../src/proposals/importanceWeights.ts';
import { logMixtureProposal } from '../../src/proposals/logMixture.ts';
import { mixtureProposal } from '../../src/proposals/mixture.ts';
import type { Mixture } from '../../src/proposals/proposalTable.ts';
import { temperedCloud } from '../../src/proposals/temperedCloud.ts';
import { createRng } from '../../src/random/rng.ts';

/** One t component about 0, of sd `scale` in every coordinate. */
function wide(d: number, scale: number): Mixture {
  const factors = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? scale : 0));
  const [weights, df] = [Float64Array.of(1), Float64Array.of(8)];
  return { d, folded: 0, components: 1, weights, means: new Float64Array(d), factors, df };
}

/** A ridge x_0 = .02 N(0, 1), with the others N(x_0 + 3, 1), and its mirror image of a third of its mass. */
const ridge = (at: number, x: Float64Array): number => {
  let sum = -0.5 * ((x[0]! - at) / 0.02) ** 2;
  for (let k = 1; k < x.length; k += 1) sum -= 0.5 * (x[k]! - at) ** 2;
  return sum;
};
const two = (x: Float64Array): number => {
  const [a, b] = [ridge(3, x), ridge(-3, x) - Math.log(3)];
  const top = Math.max(a, b);
  return top + Math.log(Math.exp(a - top) + Math.exp(b - top));
};

describe('particles that are led to a density', () => {
  const N = 800;
  const d = 4;
  const first = mixtureProposal(wide(d, 6));
  const cloud = toTheEnd(temperedCloud(two, first, d, N, createRng([61])))!;

  it('find both of two narrow modes in proportion', () => {
    const share =
      Array.from({ length: N }, (_, n) => (cloud[n * d]! > 0 ? 1 : 0)).reduce((a: number, b) => a + b, 0) / N;
    // The share is that of the few effective points of the first temperatures: 3/4 up to a factor of two in the odds,
    // and that twice.
    expect(Math.log(share / (1 - share) / 3)).toBeLessThan(2 * Math.log(2));
    expect(Math.log(share / (1 - share) / 3)).toBeGreaterThan(-2 * Math.log(2));
  });

  it('make a proposal of which most points are effective, where the first one had next to none', () => {
    const fitted = mixtureProposal(toTheEnd(mixtureOver(cloud, d, 8, createRng([62]))));
    const effective = (by: typeof first): number => {
      const rng = createRng([63]);
      const x = new Float64Array(d);
      const logs = Float64Array.from({ length: 4000 }, () => {
        by.draw(rng, x);
        return two(x) - by.logDensity(x);
      });
      return importanceWeights(logs).effective / 4000;
    };
    expect(effective(first)).toBeLessThan(0.01);
    expect(effective(fitted)).toBeGreaterThan(0.5);
  });

  it('are none where the density is nowhere positive', () => {
    expect(toTheEnd(temperedCloud(() => -Infinity, first, d, 50, createRng([64])))).toBeNull();
  });
});

describe('a mixture of logarithms', () => {
  it('has the density of its draws: the mean of 1 / (x^2 density) over x > 1 is the integral of 1 / x^2', () => {
    const proposal = logMixtureProposal(wide(1, 1.5), 1);
    const rng = createRng([65]);
    const x = new Float64Array(1);
    const draws = 100_000;
    let [sum, squares] = [0, 0];
    // The proposal's constant, by the trapezium rule over log x.
    let total = 0;
    for (let t = -60; t <= 60; t += 0.01)
      total += 0.01 * Math.exp(proposal.logDensity(Float64Array.of(Math.exp(t))) + t);
    for (let n = 0; n < draws; n += 1) {
      proposal.draw(rng, x);
      const value = x[0]! > 1 ? total / (x[0]! ** 2 * Math.exp(proposal.logDensity(x))) : 0;
      sum += value;
      squares += value * value;
    }
    const mean = sum / draws;
    const error = Math.sqrt((squares / draws - mean * mean) / draws);
    expect(error).toBeLessThan(0.02);
    expect(Math.abs(mean - 1)).toBeLessThan(4 * error);
  });
});
