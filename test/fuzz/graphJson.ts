import fc from 'fast-check';
import { formula } from '../../src/formula/formula.ts';
import { graphFromJson } from '../../src/graph/modelGraph.ts';
import { halfCauchy, halfT, halfTCov, inverseWishart, lkj, normal } from '../../src/graph/priors.ts';
import { plan } from '../../src/mcmc/plan.ts';
import { describe } from '../../src/report/describe.ts';
import { answered, expectSame, type FuzzedInput } from './input.ts';
import { changedJson, jsonChange } from './mutations.ts';
import { rows } from './smallData.ts';

const valid: unknown[] = [
  formula('y ~ x + (1 | g)'),
  formula('y ~ x + (1 + x | g)', { level2: { g: '~ w' }, priors: { gamma_g: normal(0, 5), Sigma_g: halfTCov(2, 1) } }),
  formula('y ~ x + (1 + x || g) + (1 | h)', {
    priors: { 'beta[x]': normal(0, 1), tau_g: halfCauchy(1), sigma: halfT(3, 1) },
  }),
  formula('y ~ x + (1 + x | g)', {
    priors: {
      Sigma_g: inverseWishart(4, [
        [1, 0],
        [0, 1],
      ]),
    },
  }),
  formula('y ~ x + (1 + x | g)', { priors: { corr_g: lkj(2), 'tau_g[x]': halfT(3, 1) } }),
  formula('k ~ poly(x, 2) + offset(w) + (1 | g)', { family: 'binomial' }),
  formula('y | se(s) ~ . - k + (1 | g/h)'),
].map((graph): unknown => JSON.parse(JSON.stringify(graph)));

interface Case {
  readonly graph: unknown;
}

/** Parsed JSON that should be a model graph. */
export const graphJsons: FuzzedInput<Case> = {
  name: 'graph JSON',
  holds: 'a graph that survives JSON, is described and planned on data, or a sentence',
  cases: fc
    .record({ base: fc.constantFrom(...valid), changes: fc.array(jsonChange, { maxLength: 3 }) })
    .map(({ base, changes }) => ({ graph: changedJson(base, changes) })),
  run(value) {
    const graph = answered(() => graphFromJson(value.graph));
    if (graph === null) return false;
    const json = JSON.stringify(graph);
    expectSame(json, JSON.stringify(graphFromJson(JSON.parse(json))), 'graph through JSON');
    if (describe(graph).length === 0) throw new Error('no description');
    const planned = answered(() => plan(graph, { rows }, { kernels: 'gibbs' }) && true);
    if (planned === null) answered(() => plan(graph, { rows }, { kernels: 'polyaGamma' }));
    return true;
  },
};
