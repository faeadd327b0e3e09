import { ModelError } from '../errors.ts';
import { FAMILY_PARAMETERS, type FamilyParameter } from '../families/family.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';
import type { GraphNode, GroupNode } from './node.ts';
import { isParameterPrior, parameterPriorNames, parameterWords } from './parameterPrior.ts';
import { coefficientPriorNames, isCoefficientPrior, isNormalPrior } from './priorKinds.ts';
import { isCovariancePrior, isScalePrior, scalePriorNames } from './priors.ts';

/** A reference from one node to another, its parent. */
export interface Parent {
  readonly from: string;
  readonly field: 'eta' | 'sigma' | 'threshold' | FamilyParameter | 'sum' | 'coef' | 'mean' | 'cov';
  readonly to: string;
}

type Nodes = ReadonlyMap<string, GraphNode>;

/** Every reference of the graph: those of the linear predictor, of its summands in order, of the response. */
export function parentsOf(nodes: Nodes): readonly Parent[] {
  const parents: Parent[] = [];
  const visit = (from: string): void => {
    const node = nodes.get(from);
    if (node?.kind === 'population') parents.push({ from, field: 'coef', to: node.coef });
    if (node?.kind === 'group') {
      if (node.mean !== undefined) parents.push({ from, field: 'mean', to: node.mean });
      parents.push({ from, field: 'cov', to: node.cov });
    }
  };
  const summands = new Set<string>();
  for (const [from, node] of nodes) {
    if (node.kind !== 'linearPredictor') continue;
    for (const to of node.sum) {
      parents.push({ from, field: 'sum', to });
      summands.add(to);
    }
  }
  for (const name of [...summands, ...[...nodes.keys()].filter((key) => !summands.has(key))]) visit(name);
  for (const [from, node] of nodes) {
    if (node.kind !== 'response') continue;
    if (node.sigma !== undefined) parents.push({ from, field: 'sigma', to: node.sigma });
    if (node.threshold !== undefined) parents.push({ from, field: 'threshold', to: node.threshold });
    for (const field of FAMILY_PARAMETERS) {
      const to = node[field];
      if (typeof to === 'string') parents.push({ from, field, to });
    }
    parents.push({ from, field: 'eta', to: node.eta });
  }
  return parents;
}

/**
 * Every parent exists, is what its field asks for, and has one child, save that the varying parts of one factor share
 * one gamma.
 * Throws `unknown-parent`, `wrong-parent`, `shared-node`.
 */
export function checkParents(nodes: Nodes, parents: readonly Parent[]): void {
  const children = new Map<string, Parent>();
  for (const parent of parents) {
    const { from, field, to } = parent;
    const node = nodes.get(to);
    if (node === undefined) {
      const near = nearestNames(to, [...nodes.keys()])
        .map(quote)
        .join(', ');
      const sentence = `node ${quote(from)}: ${field} names ${quote(to)}, and there is no node of that name; nearest: ${near}`;
      throw new ModelError('unknown-parent', from, sentence);
    }
    const accepted = wanted(nodes.get(from)!, field, node);
    if (accepted !== undefined) {
      const given = node.kind === 'prior' ? `the prior ${node.distribution}` : `a ${node.kind} node`;
      const sentence = `node ${quote(from)}: ${field} names ${quote(to)}, which is ${given}; accepted: ${accepted}`;
      throw new ModelError('wrong-parent', from, sentence);
    }
    const other = children.get(to);
    if (other !== undefined && !sameLevel2(nodes, other, parent)) {
      const users = other.from === from ? `twice by ${quote(from)}` : `by ${quote(other.from)} and by ${quote(from)}`;
      throw new ModelError('shared-node', to, `node ${quote(to)} is used ${users}; each node is used once`);
    }
    children.set(to, parent);
  }
}

/**
 * Whether two references are the means of two varying parts of one factor: gamma is a view of columns for the whole
 * factor.
 */
function sameLevel2(nodes: Nodes, a: Parent, b: Parent): boolean {
  const [first, second] = [nodes.get(a.from), nodes.get(b.from)];
  if (a.field !== 'mean' || b.field !== 'mean' || a.from === b.from) return false;
  return first?.kind === 'group' && second?.kind === 'group' && first.by === second.by;
}

/** What a field accepts, where the node is not that; undefined where it is. */
function wanted(from: GraphNode, field: Parent['field'], node: GraphNode): string | undefined {
  switch (field) {
    case 'eta':
      return node.kind === 'linearPredictor' ? undefined : 'a linearPredictor node';
    case 'sum':
      return node.kind === 'population' || node.kind === 'group' ? undefined : 'population and group nodes';
    case 'coef':
    case 'mean':
      return node.kind === 'prior' && isCoefficientPrior(node)
        ? undefined
        : `a prior of coefficients: ${coefficientPriorNames}`;
    case 'sigma':
      return node.kind === 'prior' && isScalePrior(node) ? undefined : `the prior of one sd: ${scalePriorNames}`;
    case 'threshold':
      return node.kind === 'prior' && isNormalPrior(node)
        ? undefined
        : 'a proper prior of the thresholds: normal(mean, sd)';
    case 'nu':
    case 'shape':
    case 'precision':
      return node.kind === 'prior' && isParameterPrior(node)
        ? undefined
        : `the prior of ${parameterWords[field]}: ${parameterPriorNames}`;
    case 'cov':
      return wantedCovariance(from as GroupNode, node);
  }
}

function wantedCovariance(from: GroupNode, node: GraphNode): string | undefined {
  const covariance = node.kind === 'prior' && isCovariancePrior(node);
  const scale = node.kind === 'prior' && isScalePrior(node);
  if (from.structure === 'diagonal') {
    return scale ? undefined : `for a diagonal covariance, the prior of each sd: ${scalePriorNames}`;
  }
  if (from.terms.length === 1) {
    return scale || covariance
      ? undefined
      : `the prior of one sd (${scalePriorNames}) or of a covariance: halfTCov, inverseWishart, separation`;
  }
  return covariance
    ? undefined
    : `for ${from.terms.length} varying terms, a prior of their covariance: halfTCov, inverseWishart, separation`;
}
