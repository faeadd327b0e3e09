import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { gatheredDraws } from '../../src/mcmc/gatheredDraws.ts';
import { planDesign, prepare } from '../../src/mcmc/plan.ts';
import { sampleSize } from '../../src/mcmc/sampleSize.ts';
import { startChain } from '../../src/mcmc/sampleSync.ts';
import { toTheEnd } from '../../src/pausing.ts';
import { gridProposal } from '../../src/proposals/gridProposal.ts';
import { latticeProposal } from '../../src/proposals/latticeProposal.ts';
import { logMixtureProposal } from '../../src/proposals/logMixture.ts';
import { mixtureProposal } from '../../src/proposals/mixture.ts';
import type { Proposal } from '../../src/proposals/proposal.ts';
import { tabulatedProposal } from '../../src/proposals/tabulatedProposal.ts';
import { createRng } from '../../src/random/rng.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';

const normal = (x: Float64Array): number => -0.5 * (x[0]! * x[0]! + (x[1]! - x[0]!) ** 2);
const mixture = mixtureProposal({
  d: 2,
  folded: 1,
  components: 2,
  weights: Float64Array.of(0.3, 0.7),
  means: Float64Array.of(1, 0, 2, -1),
  factors: Float64Array.of(1, 0, 0.5, 2, 0.7, 0, -0.2, 0.4),
  df: Float64Array.of(8, 3),
});

const proposals: [string, Proposal, number][] = [
  ['no coordinates', tabulatedProposal({ kind: 'none' }), 0],
  ['a grid', toTheEnd(gridProposal((x) => -0.5 * Math.log(x) ** 2 - Math.log(x), 1)), 1],
  ['a lattice', toTheEnd(latticeProposal(normal, mixtureProposal(mixtureOf(2)), 2, 0, createRng([81])))!, 2],
  ['a mixture', mixture, 2],
  ['a mixture of logarithms', logMixtureProposal(mixtureOf(2), 1), 2],
];

/** A t about 0. */
function mixtureOf(d: number) {
  const factors = Float64Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? 1.2 : 0));
  return {
    d,
    folded: 0,
    components: 1,
    weights: Float64Array.of(1),
    means: new Float64Array(d),
    factors,
    df: Float64Array.of(8),
  };
}

describe('a proposal that went to another thread as its table', () => {
  it.each(proposals)('draws the same points and has the same density, to the bit: %s', (_, proposal, d) => {
    const twin = tabulatedProposal(structuredClone(proposal.table!));
    const [first, second] = [createRng([82]), createRng([82])];
    const [x, y] = [new Float64Array(d), new Float64Array(d)];
    for (let n = 0; n < 200; n += 1) {
      proposal.draw(first, x);
      twin.draw(second, y);
      expect(y).toEqual(x);
      expect(twin.logDensity(y)).toBe(proposal.logDensity(x));
    }
    // A point that neither has drawn.
    x.fill(0.37);
    expect(twin.logDensity(x)).toBe(proposal.logDensity(x));
  });
});

describe('the kernels of a plan that took what those of an equal plan had fitted', () => {
  it.each([
    ['six rows a batch: a table of the power of sigma', 'dyestuff', 'Yield ~ 1 + (1 | Batch)', {}],
    ['two varying coefficients', 'sleepstudy', 'Reaction ~ Days + (Days | Subject)', {}],
    ['Student-t rows', 'sleepstudy', 'Reaction ~ Days + (1 | Subject)', { family: 'studentT' }],
    ['counts', 'cbpp', 'incidence | trials(size) ~ 1 + (1 | herd)', { family: 'binomial' }],
  ] as const)('go the same way: %s', (_, data, text, options) => {
    const design = buildDesign(formula(text, options), { rows: fixtureFrame(data) });
    const [one, other] = [planDesign(design, 'auto'), planDesign(design, 'auto')];
    const made = toTheEnd(prepare(one));
    expect(made.some((each) => each !== null)).toBe(true);
    toTheEnd(prepare(other, structuredClone(made)));
    const positions = [one, other].map((model) => {
      const size = sampleSize({ chains: 1, warmup: 10, iterations: 10, seed: 83 });
      const chain = startChain(model, size, 0);
      chain.advance(20, gatheredDraws(model, size).columns(0));
      return chain.checkpoint().position;
    });
    expect(positions[1]).toEqual(positions[0]);
  });
});
