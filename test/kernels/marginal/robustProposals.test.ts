import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import type { PreparedProposal } from '../../../src/kernels/marginal/marginalProposal.ts';
import { plan, prepare } from '../../../src/mcmc/plan.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { toTheEnd } from '../../../src/pausing.ts';
import { comparePosterior } from '../../fuzz/posterior/comparePosterior.ts';
import { fuzzKinds } from '../../fuzz/posterior/fuzzKinds.ts';
import { randomModel } from '../../fuzz/posterior/randomModel.ts';
import { posteriorTruth } from '../../oracle/posterior/posteriorTruth.ts';

describe('a model whose fitted mixture is poor', () => {
  it('ends in a proposal in log scales, with repeated steps, and has the posterior of tempered particles', () => {
    // Two factors, correlated slopes, priors far from what the data say, and sigma as narrow as its prior has it.
    const random = randomModel(fuzzKinds.find(({ name }) => name === 'conflict')!, 557);
    const graph = formula(random.formula, random.options);
    const data = { rows: random.rows };
    const made = toTheEnd(prepare(plan(graph, data)))[0] as { readonly proposal: PreparedProposal };
    expect(made.proposal.table.kind).toBe('logMixture');
    expect(made.proposal.steps).toBeGreaterThan(2);
    const fit = sampleSync(graph, data, { seed: 1, warmup: 300, iterations: 1200 });
    const truth = posteriorTruth(random.oracle(), { seed: 5, particles: 250 });
    expect(comparePosterior(fit, random.oracle(), truth)).toEqual([]);
  });
});
