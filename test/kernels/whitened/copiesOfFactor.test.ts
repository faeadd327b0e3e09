import { describe, expect, it } from 'vitest';
import { essBulk } from '../../../diagnostics/ess.ts';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { halfT, inverseGamma, type Prior } from '../../../src/graph/priors.ts';
import { fitWhitenedModel } from '../../../src/kernels/whitened/fitWhitenedModel.ts';
import { findVariable, scalarChains } from '../../../src/mcmc/draws.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { resolvePriors } from '../../../src/priors/resolvePriors.ts';
import { createRng } from '../../../src/random/rng.ts';

type FamilyName = 'studentT' | 'binomial' | 'probit';

/** A random-intercept model (sd 2.5) with a slope in 10 groups of 12 rows, the factor given twice. */
function copies(family: FamilyName, seed: number, prior: Prior) {
  const rng = createRng([seed, 41]);
  const rows = Array.from({ length: 10 }, (_, j) => {
    const u = 2.5 * rng.normal();
    return Array.from({ length: 12 }, () => {
      const x = rng.normal();
      const eta = u + 0.5 * x;
      const named = { x, g: `g${j}`, h: `g${j}` };
      if (family === 'studentT') return { ...named, y: eta + rng.normal() / Math.sqrt(rng.gamma(2, 2)) };
      const noise = family === 'probit' ? rng.normal() : Math.log(1 / rng.uniform() - 1);
      return { ...named, y: eta + noise > 0 ? 1 : 0 };
    });
  }).flat();
  const priors = { tau_g: prior, tau_h: prior };
  return { graph: formula('y ~ x + (1 | g) + (1 | h)', { family, priors }), rows };
}

const narrow = inverseGamma(2, 0.02);

describe('two copies of a factor have one posterior', () => {
  const cases = [
    ['studentT', 1],
    ['studentT', 2],
    ['binomial', 1],
    ['binomial', 2],
    ['probit', 1],
  ] as const;
  it.each(cases)('of a %s model, every chain on either side: seed %d', (family, seed) => {
    // One of the two is next to 0, the other not: a mode for either, of one height by symmetry.
    const { graph, rows } = copies(family, seed, narrow);
    const { draws } = sampleSync(graph, { rows }, { seed, iterations: 400, warmup: 300 });
    const [g, h] = ['tau_g', 'tau_h'].map((name) => scalarChains(draws, findVariable(draws, name)!.offset));
    const above = g!.map((chain, c) => chain.map((value, i) => (value > h![c]![i]! ? 1 : 0)));
    const means = above.map((chain) => chain.reduce((sum, value) => sum + value, 0) / chain.length);
    const share = means.reduce((sum, value) => sum + value, 0) / means.length;
    // Five binomial errors of as many draws as are effective; so many must be that a chain on one side is seen.
    const effective = essBulk(above);
    expect(effective).toBeGreaterThan(100);
    expect(Math.abs(share - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / effective));
    for (const mean of means) expect(Math.abs(mean - 0.5)).toBeLessThan(0.35);
  });

  it.each(['binomial', 'probit'] as const)('of a %s model: the proposal has points enough on both sides', (family) => {
    for (const seed of family === 'probit' ? [1] : [1, 2]) {
      const { graph, rows } = copies(family, seed, narrow);
      const design = buildDesign(graph, { rows });
      const { proposal } = toTheEnd(fitWhitenedModel(design, resolvePriors(design))).proposal;
      const rng = createRng([seed, 42]);
      const phi = new Float64Array(2);
      let above = 0;
      for (let n = 0; n < 2000; n += 1) {
        proposal.draw(rng, phi);
        if (phi[0]! > phi[1]!) above += 1;
      }
      // The posterior has a half on each.
      expect(above).toBeGreaterThan(500);
      expect(above).toBeLessThan(1500);
    }
  });

  it('and where priors leave them free to share the spread', () => {
    const { graph, rows } = copies('binomial', 1, halfT(3, 2));
    const { draws } = sampleSync(graph, { rows }, { seed: 1, iterations: 400, warmup: 300 });
    const [g, h] = ['tau_g', 'tau_h'].map((name) => scalarChains(draws, findVariable(draws, name)!.offset));
    const above = g!.map((chain, c) => chain.map((value, i) => (value > h![c]![i]! ? 1 : 0)));
    const share = above.flatMap((chain) => [...chain]).reduce((sum, value) => sum + value, 0) / (4 * 400);
    expect(Math.abs(share - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / essBulk(above)));
  });
});
