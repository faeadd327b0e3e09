import { ModelError } from '../errors.ts';
import type { FamilyName } from '../families/family.ts';
import { deepFreeze } from '../input/deepFreeze.ts';
import { quote } from '../input/quote.ts';
import { checkLowEnds } from './checkLowEnds.ts';
import { correlationName } from './correlationName.ts';
import type { GraphNode, GroupNode, ModelGraph, ResponseNode } from './node.ts';
import { checkParents, type Parent, parentsOf } from './parents.ts';
import { coefficientPriorNames, isCoefficientPrior, isNormalPrior } from './priorKinds.ts';
import { isScalePrior, type Prior } from './priors.ts';
import { readNode } from './readNode.ts';

type Nodes = ReadonlyMap<string, GraphNode>;

/**
 * The model of these nodes, checked and deeply frozen: one response and one linear predictor, every parent present, of
 * the right kind and used once, no node unused. Nodes come out in a canonical order (priors, populations and groups,
 * linear predictor, response). A misspelt parent does not compile. Throws `invalid-graph`, `unknown-parent`,
 * `wrong-parent`, `shared-node`, `unused-node`, `duplicate-term`, `invalid-node`, `invalid-prior`.
 */
export function modelGraph<const N extends { readonly [K in keyof N]: GraphNode<Extract<keyof N, string>> }>(
  nodes: N,
): ModelGraph<Extract<keyof N, string>, FamilyAmong<N[keyof N]>> {
  return checkedGraph(nodes) as ModelGraph<Extract<keyof N, string>, FamilyAmong<N[keyof N]>>;
}

/** The family of the response among these nodes; any, where no node is known to be one. */
export type FamilyAmong<N> = [N] extends [GraphNode]
  ? [Extract<N, ResponseNode>] extends [never]
    ? FamilyName
    : Extract<N, ResponseNode>['family']
  : FamilyName;

/**
 * The graph in parsed JSON of any origin, `{ nodes: { ... } }`, checked as `modelGraph` checks; it throws what
 * `modelGraph` throws.
 */
export function graphFromJson(value: unknown): ModelGraph {
  const keys = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  if (keys.length !== 1 || keys[0] !== 'nodes') {
    throw new ModelError(
      'invalid-graph',
      'graph',
      `graph: expected an object whose one field is "nodes", not ${quote(value)}`,
    );
  }
  return checkedGraph((value as { nodes: unknown }).nodes);
}

function checkedGraph(value: unknown): ModelGraph {
  const nodes = readNodes(value);
  const response = only(nodes, 'response');
  only(nodes, 'linearPredictor');
  atMostOnePopulation(nodes);
  const parents = parentsOf(nodes);
  checkParents(nodes, parents);
  checkLowEnds(nodes, parents, checkUnused(nodes, parents, response));
  checkTermsOnce(nodes);
  return deepFreeze({ nodes: Object.fromEntries(inOrder(nodes, parents)) });
}

function readNodes(value: unknown): Nodes {
  // A prototype other than that of plain objects (of any realm) would hide nodes: { __proto__: node } sets one.
  const prototype: unknown = typeof value === 'object' && value !== null ? Object.getPrototypeOf(value) : undefined;
  const plain = prototype === null || (typeof prototype === 'object' && Object.getPrototypeOf(prototype) === null);
  if (typeof value !== 'object' || value === null || !plain) {
    throw new ModelError(
      'invalid-graph',
      'graph',
      `graph: nodes must be a plain object of nodes by name, not ${quote(value)}`,
    );
  }
  const nodes = new Map<string, GraphNode>();
  for (const [name, node] of Object.entries(value)) {
    if (name.trim() === '') throw new ModelError('invalid-graph', 'graph', 'graph: the name of a node is empty');
    nodes.set(name, readNode(`node ${quote(name)}`, node));
  }
  return nodes;
}

/** The name of the one node of a kind. */
function only(nodes: Nodes, kind: 'response' | 'linearPredictor'): string {
  const names = [...nodes].filter(([, node]) => node.kind === kind).map(([name]) => name);
  if (names.length === 1) return names[0]!;
  const found = names.length === 0 ? 'none' : names.map(quote).join(', ');
  throw new ModelError('invalid-graph', 'graph', `graph: a model has one ${kind} node; found ${found}`);
}

function atMostOnePopulation(nodes: Nodes): void {
  const names = [...nodes].filter(([, node]) => node.kind === 'population').map(([name]) => quote(name));
  if (names.length > 1) {
    const sentence = `graph: a model has at most one population node; found ${names.join(', ')}: put their terms in one`;
    throw new ModelError('invalid-graph', 'graph', sentence);
  }
}

/**
 * Every node is used, save the response and priors that override: `beta[column]`, `gamma_factor`, `tau_factor[column]`,
 * and `beta` itself where all its columns belong to level-2 regressions. Gives the names of those that override the
 * prior of an sd.
 */
function checkUnused(nodes: Nodes, parents: readonly Parent[], response: string): string[] {
  const sds: string[] = [];
  const used = new Set(parents.map((parent) => parent.to));
  const groups = [...nodes.values()].filter((node) => node.kind === 'group');
  for (const [name, node] of nodes) {
    if (used.has(name) || name === response) continue;
    const wanted = node.kind === 'prior' ? overriddenBy(name, groups, nodes, nodes.get(response)) : undefined;
    if (wanted === undefined) {
      const rest =
        node.kind === 'prior'
          ? '; priors that override are named beta[column], gamma_factor or tau_factor[column], and of residuals phi, rho, delta, delta[column] or omega_factor'
          : '';
      const sentence = `node ${quote(name)} (${node.kind}) is used by no other node${rest}`;
      throw new ModelError('unused-node', name, sentence);
    }
    if (node.kind !== 'prior' || !OVERRIDES[wanted].fits(node)) {
      const { accepted } = OVERRIDES[wanted];
      const given = node.kind === 'prior' ? node.distribution : node.kind;
      throw new ModelError('wrong-parent', name, `node ${quote(name)} is ${given}; accepted: ${accepted}`);
    }
    if (wanted === 'sd') sds.push(name);
  }
  return sds;
}

/** What priors that override may be. */
const OVERRIDES = {
  coefficients: { fits: isCoefficientPrior, accepted: coefficientPriorNames },
  sd: { fits: isScalePrior, accepted: 'a prior of one sd, such as halfT' },
  correlation: {
    fits: ({ distribution }: Prior) => distribution === 'default' || distribution === 'uniform',
    accepted: 'uniform(low, high)',
  },
  change: { fits: isNormalPrior, accepted: 'normal(mean, sd)' },
  partials: {
    fits: ({ distribution }: Prior) => distribution === 'default',
    accepted: 'its default alone, each partial autocorrelation of toeplitz uniform on (-1, 1)',
  },
  correlations: {
    fits: ({ distribution }: Prior) => distribution === 'default' || distribution === 'lkj',
    accepted: 'lkj(eta)',
  },
} as const;

/** What the prior of this name, used by no node, overrides: coefficients, an sd, one of residuals, or nothing. */
function overriddenBy(
  name: string,
  groups: readonly GroupNode[],
  nodes: Nodes,
  response: GraphNode | undefined,
): keyof typeof OVERRIDES | undefined {
  if (response?.kind === 'response') {
    const { residual, sigmaTerms, sigmaBy } = response;
    if (sigmaBy !== undefined && name === `omega_${sigmaBy}`) return 'sd';
    if (sigmaTerms && /^delta(?:\[.+\])?$/su.test(name)) return 'change';
    if (residual && name === correlationName(residual.structure)) return 'correlation';
    if (residual?.structure === 'unstructured' && name === 'rho') return 'correlations';
    if (residual?.structure === 'toeplitz' && name === 'rho') return 'partials';
  }
  if (/^beta\[.+\]$/su.test(name)) return 'coefficients';
  const population = [...nodes.values()].some((node) => node.kind === 'population');
  if (name === 'beta' && !population && groups.some((node) => node.mean !== undefined)) return 'coefficients';
  for (const { by, mean, cov } of groups) {
    if (mean === undefined && name === `gamma_${by}`) return 'coefficients';
    const sd = name.startsWith(`tau_${by}[`) && name.endsWith(']') && name.length > `tau_${by}[]`.length;
    const prior = nodes.get(cov);
    const whole = prior?.kind === 'prior' && ['halfTCov', 'inverseWishart'].includes(prior.distribution);
    if (sd && !whole) return 'sd';
  }
  return undefined;
}

/** No term varies twice by one factor. */
function checkTermsOnce(nodes: Nodes): void {
  const seen = new Map<string, string>();
  for (const [name, node] of nodes) {
    if (node.kind !== 'group') continue;
    for (const term of node.terms) {
      const key = JSON.stringify([node.by.split(':').sort(), term]);
      const other = seen.get(key);
      if (other !== undefined) {
        const remedy =
          term === '1' ? '; a varying part has the constant unless it begins with 0, as in (0 + x | g)' : '';
        const sentence = `the term ${quote(term)} varies twice by ${node.by} (nodes ${quote(other)} and ${quote(name)})${remedy}`;
        throw new ModelError('duplicate-term', name, sentence);
      }
      seen.set(key, name);
    }
  }
}

const ranks = { prior: 0, population: 1, group: 1, linearPredictor: 2, response: 3 } as const;

/**
 * Priors in the order of their first use, then overrides by name; the summands in the order of the sum; linear
 * predictor; response.
 */
function inOrder(nodes: Nodes, parents: readonly Parent[]): readonly (readonly [string, GraphNode])[] {
  const used = parents.map((parent) => parent.to);
  const first = new Map(used.map((name, position) => [name, position] as const).reverse());
  const place = (name: string): number => first.get(name) ?? used.length;
  return [...nodes].sort(([a, one], [b, other]) => {
    return ranks[one.kind] - ranks[other.kind] || place(a) - place(b) || (a < b ? -1 : 1);
  });
}
