import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { graphFromJson, modelGraph } from '../../src/graph/modelGraph.ts';
import type { GraphNode } from '../../src/graph/node.ts';
import { gaussian, group, linearPredictor, population } from '../../src/graph/nodes.ts';
import {
  defaultPrior,
  flat,
  halfT,
  halfTCov,
  inverseWishart,
  lkj,
  normal,
  separation,
  uniform,
} from '../../src/graph/priors.ts';
import { faultOf } from '../faultOf.ts';

type Loose = Record<string, GraphNode>;

/** The smallest graph with every kind of node; a test changes what it is about. */
function nodes(): Loose {
  return {
    beta: normal(0, 5),
    Sigma_county: halfTCov(2, 1),
    sigma: halfT(3, 1),
    population: population({ terms: ['1', 'floor'], coef: 'beta' }),
    u_county: group({ by: 'county', terms: ['1', 'floor'], cov: 'Sigma_county' }),
    eta: linearPredictor('population', 'u_county'),
    y: gaussian('y', { eta: 'eta', sigma: 'sigma' }),
  };
}

describe('modelGraph', () => {
  it('gives plain data that survives JSON', () => {
    const graph = modelGraph(nodes());
    expect(JSON.parse(JSON.stringify(graph))).toStrictEqual(graph);
    expect(graphFromJson(JSON.parse(JSON.stringify(graph)))).toStrictEqual(graph);
  });

  it('freezes the graph through and through', () => {
    const graph = modelGraph(nodes());
    const frozen = (value: unknown): boolean =>
      typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(graph)).toBe(true);
  });

  it('orders nodes canonically, so that equal models have equal bytes', () => {
    const reversed = Object.fromEntries(Object.entries(nodes()).reverse());
    expect(JSON.stringify(modelGraph(reversed))).toBe(JSON.stringify(modelGraph(nodes())));
    expect(Object.keys(modelGraph(reversed).nodes)).toEqual([
      'beta',
      'Sigma_county',
      'sigma',
      'population',
      'u_county',
      'eta',
      'y',
    ]);
  });

  it('takes names such as __proto__ and constructor for what they are', () => {
    const graph = graphFromJson(
      JSON.parse(
        JSON.stringify(modelGraph(nodes())).replaceAll('"y"', '"__proto__"').replaceAll('"u_county"', '"constructor"'),
      ),
    );
    expect(Object.keys(graph.nodes)).toEqual([
      'beta',
      'Sigma_county',
      'sigma',
      'population',
      'constructor',
      'eta',
      '__proto__',
    ]);
    expect(new Map(Object.entries(graph.nodes)).get('__proto__')).toMatchObject({
      kind: 'response',
      column: '__proto__',
    });
    expect(isDeepStrictEqual(JSON.parse(JSON.stringify(graph)), graph)).toBe(true);
    const fault = faultOf(() => modelGraph({ ...nodes(), eta: linearPredictor('population', 'toString') } as Loose));
    expect(fault.code).toBe('unknown-parent');
  });

  it('names the node, the misspelt parent and the nearest names', () => {
    const misspelt = { ...nodes(), u_county: group({ by: 'county', terms: ['1', 'floor'], cov: 'Sigma_conty' }) };
    const fault = faultOf(() => modelGraph(misspelt as Loose));
    expect(fault).toMatchObject({ code: 'unknown-parent', where: 'u_county' });
    expect(fault.message).toContain('node "u_county": cov names "Sigma_conty", and there is no node of that name');
    expect(fault.message).toContain('nearest: "Sigma_county", ');
  });

  it.each<[string, Loose, string, string]>([
    [
      'two responses',
      { z: gaussian('z', { eta: 'eta', sigma: 'sigma' }) },
      'invalid-graph',
      'one response node; found "y", "z"',
    ],
    ['two linear predictors', { eta2: linearPredictor('u_county') }, 'invalid-graph', 'one linearPredictor node'],
    [
      'two population nodes',
      { more: population({ terms: ['x'], coef: 'beta' }) },
      'invalid-graph',
      'at most one population node',
    ],
    ['an unused prior', { extra: normal(0, 1) }, 'unused-node', 'node "extra" (prior) is used by no other node'],
    ['an unused group', { u_g: group({ by: 'g', terms: ['1'], cov: 'beta' }) }, 'wrong-parent', 'cov names "beta"'],
    [
      'a parent of the wrong kind',
      { eta: linearPredictor('population', 'beta') },
      'wrong-parent',
      'which is the prior normal; accepted: population and group',
    ],
    [
      'sigma with the prior of a matrix',
      { sigma: halfTCov(2, 1) },
      'wrong-parent',
      'sigma names "sigma", which is the prior halfTCov; accepted: the prior of one sd',
    ],
    [
      'coefficients with the prior of an sd',
      { beta: halfT(3, 1) },
      'wrong-parent',
      'accepted: a prior of coefficients: normal, flat, studentT, cauchy, laplace or horseshoe',
    ],
    [
      'a covariance with the prior of one sd',
      { Sigma_county: halfT(3, 1) },
      'wrong-parent',
      'for 2 varying terms, a prior of their covariance',
    ],
    ['an sd that may be negative', { sigma: uniform(-1, 2) }, 'invalid-prior', 'for it bounds a standard deviation'],
    [
      'a tau that may be negative',
      { Sigma_county: defaultPrior(), 'tau_county[floor]': uniform(-1, 2) },
      'invalid-prior',
      'node "tau_county[floor]": low of uniform(low, high) must be a number >= 0',
    ],
    ['a covariance with lkj alone', { Sigma_county: lkj(2) }, 'wrong-parent', 'separation'],
    [
      'a node used twice',
      { eta: linearPredictor('population', 'u_county', 'u_county') },
      'shared-node',
      'node "u_county" is used twice by "eta"',
    ],
    [
      'a prior of two nodes',
      { u_g: group({ by: 'g', terms: ['1'], cov: 'sigma' }), eta: linearPredictor('population', 'u_county', 'u_g') },
      'shared-node',
      'by "u_g" and by "y"',
    ],
    [
      'a term that varies twice by a factor',
      {
        v: group({ by: 'county', terms: ['1'], cov: 'tau' }),
        tau: flat(),
        eta: linearPredictor('population', 'u_county', 'v'),
      },
      'duplicate-term',
      'the term "1" varies twice by county (nodes "u_county" and "v")',
    ],
    [
      'an override that is no prior of coefficients',
      { 'beta[x]': halfT(3, 1) },
      'wrong-parent',
      'node "beta[x]" is halfT; accepted: normal, flat, studentT, cauchy, laplace or horseshoe',
    ],
    [
      'an override of an sd inside a prior of the whole matrix',
      { 'tau_county[floor]': halfT(3, 1) },
      'unused-node',
      'tau_county[floor]',
    ],
    ['an override for a factor that is not there', { gamma_state: normal(0, 1) }, 'unused-node', 'gamma_state'],
  ])('refuses %s', (_, change, code, message) => {
    const fault = faultOf(() => modelGraph({ ...nodes(), ...change }));
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(message);
  });

  it('lets the varying parts of one factor, and no others, share one gamma', () => {
    const shared = (by: string): Loose => ({
      ...nodes(),
      gamma: normal(0, 1),
      tau: flat(),
      u_county: group({ by: 'county', terms: ['1', 'floor'], level2: ['1'], mean: 'gamma', cov: 'Sigma_county' }),
      more: group({ by, terms: ['age'], level2: ['1'], mean: 'gamma', cov: 'tau' }),
      eta: linearPredictor('population', 'u_county', 'more'),
    });
    expect(() => modelGraph(shared('county'))).not.toThrow();
    expect(faultOf(() => modelGraph(shared('state'))).code).toBe('shared-node');
  });

  it('accepts a prior of beta by itself only where all columns belong to level-2 regressions', () => {
    const { population: _, ...rest } = nodes();
    const without = (level2: object): Loose => ({
      ...rest,
      eta: linearPredictor('u_county'),
      u_county: group({ by: 'county', terms: ['1', 'floor'], cov: 'Sigma_county', ...level2 }),
    });
    expect(() => modelGraph({ ...without({ level2: ['1'], mean: 'gamma' }), gamma: flat() })).not.toThrow();
    expect(faultOf(() => modelGraph(without({}))).code).toBe('unused-node');
  });

  it('accepts priors that override: of a column, of the level-2 view of columns, of one sd', () => {
    const graph = modelGraph({
      ...nodes(),
      Sigma_county: separation({ tau: halfT(3, 1), corr: lkj(1) }),
      'tau_county[floor]': halfT(3, 5),
      'beta[floor]': normal(0, 1),
      gamma_county: normal(0, 2),
    });
    expect(Object.keys(graph.nodes).slice(3, 6)).toEqual(['beta[floor]', 'gamma_county', 'tau_county[floor]']);
  });

  it('accepts the prior of one sd for one varying term and for a diagonal covariance, and of a matrix unless diagonal', () => {
    const one = { ...nodes(), u_county: group({ by: 'county', terms: ['1'], cov: 'Sigma_county' }) };
    for (const cov of [halfT(3, 1), flat(), inverseWishart(2, 1), defaultPrior()]) {
      expect(() => modelGraph({ ...one, Sigma_county: cov })).not.toThrow();
    }
    const diagonal = {
      ...nodes(),
      u_county: group({ by: 'county', terms: ['1', 'x'], cov: 'Sigma_county', structure: 'diagonal' }),
    };
    expect(() => modelGraph({ ...diagonal, Sigma_county: halfT(3, 1) })).not.toThrow();
    expect(faultOf(() => modelGraph({ ...diagonal, Sigma_county: halfTCov(2, 1) })).message).toContain(
      'for a diagonal covariance',
    );
  });
});

describe('graphFromJson', () => {
  const json = (change: (graph: { nodes: Record<string, Record<string, unknown>> }) => void): unknown => {
    const graph = JSON.parse(JSON.stringify(modelGraph(nodes()))) as { nodes: Record<string, Record<string, unknown>> };
    change(graph);
    return graph;
  };

  it.each<[string, unknown, string]>([
    ['a text', '{}', 'whose one field is "nodes"'],
    ['null', null, 'whose one field is "nodes"'],
    ['other fields', { nodes: {}, more: 1 }, 'whose one field is "nodes"'],
    ['nodes as a list', { nodes: [] }, 'nodes must be a plain object'],
    ['no nodes', { nodes: {} }, 'a model has one response node; found none'],
    [
      'an unknown kind',
      json((g) => (g.nodes['eta']!['kind'] = 'sum')),
      'node "eta": expected a node whose kind is one of prior, population',
    ],
    [
      'an unknown family',
      json((g) => (g.nodes['y']!['family'] = 'tweedie')),
      'there is no family "tweedie"; accepted: "gaussian", "studentT", "binomialLogit", "bernoulliProbit", "betaBinomial", "poisson"',
    ],
    [
      'sigma of a binomial response',
      json((g) => (g.nodes['y']!['family'] = 'binomialLogit')),
      'node "y": the family binomialLogit has no sigma',
    ],
    ['a missing field', json((g) => delete g.nodes['u_county']!['by']), 'node "u_county": the field "by" is missing'],
    ['an extra field', json((g) => (g.nodes['y']!['scale'] = 1)), 'node "y": there is no field "scale"'],
    ['a number for a name', json((g) => (g.nodes['y']!['eta'] = 3)), 'node "y": eta must be a text, not 3'],
    [
      'a prior out of range',
      json((g) => (g.nodes['sigma']!['scale'] = -1)),
      'node "sigma": halfT(df, scale): scale must be',
    ],
    [
      'an empty name',
      json((g) => (g.nodes[''] = { kind: 'prior', distribution: 'flat' })),
      'the name of a node is empty',
    ],
  ])('refuses %s with one clear sentence', (_, value, message) => {
    const fault = faultOf(() => graphFromJson(value));
    expect(fault.message).toContain(message);
    expect(fault.message).not.toContain('\n');
  });
});
