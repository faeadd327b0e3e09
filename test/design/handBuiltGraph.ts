import type { GraphNode, GroupNode, ModelGraph } from '../../src/graph/node.ts';

export interface Parts {
  readonly response?: string;
  readonly population?: readonly string[];
  readonly except?: readonly string[];
  readonly groups?: readonly Partial<GroupNode>[];
  readonly offset?: readonly string[];
  readonly se?: string;
  readonly weights?: string;
}

const prior: GraphNode = { kind: 'prior', distribution: 'default' };

/** A Gaussian graph from its parts, unchecked: what the design reads of a graph and no more. */
export function handBuiltGraph(parts: Parts): ModelGraph {
  const { response = 'y', population, except, groups = [], offset, se, weights } = parts;
  const nodes: Record<string, GraphNode> = { beta: prior, sigma: prior, Sigma: prior };
  if (population !== undefined) {
    nodes['line'] = { kind: 'population', terms: population, ...(except ? { except } : {}), coef: 'beta' };
  }
  groups.forEach((group, k) => {
    const node = { kind: 'group', by: 'g', terms: ['1'], cov: 'Sigma', structure: 'full', ...group } as const;
    nodes[`group${k}`] = group.level2 === undefined ? node : { mean: `gamma${k}`, ...node };
  });
  const sum = Object.keys(nodes).filter((name) => name === 'line' || name.startsWith('group'));
  nodes['eta'] = { kind: 'linearPredictor', sum, ...(offset ? { offset } : {}) };
  nodes['response'] = {
    kind: 'response',
    family: 'gaussian',
    column: response,
    eta: 'eta',
    ...(se === undefined ? { sigma: 'sigma' } : { se }),
    ...(weights === undefined ? {} : { weights }),
  };
  return { nodes };
}

/** Column k of a row-major matrix of the given width. */
export function columnOf(matrix: Float64Array, width: number, k: number): number[] {
  return Array.from({ length: matrix.length / width }, (_, i) => matrix[i * width + k]!);
}
