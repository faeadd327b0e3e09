import { quote } from '../input/quote.ts';
import type { GraphNode } from './node.ts';
import { parameterWords } from './parameterPrior.ts';
import type { Parent } from './parents.ts';
import { notBelowZero } from './priorParameters.ts';

/**
 * What is positive has no prior that reaches below 0: sds, the degrees of freedom, a shape, a precision. `sds` are the
 * names of the priors that override that of an sd. A uniform is checked here and not where it is made, since that of a
 * correlation may have a low end below 0. Throws `invalid-prior`.
 */
export function checkLowEnds(
  nodes: ReadonlyMap<string, GraphNode>,
  parents: readonly Parent[],
  sds: readonly string[],
): void {
  const check = (name: string, what: string): void => {
    const node = nodes.get(name);
    if (node?.kind === 'prior') notBelowZero(`node ${quote(name)}`, what, node);
  };
  for (const { field, to } of parents) {
    if (field === 'sigma' || field === 'cov') check(to, 'a standard deviation');
    if (field === 'nu' || field === 'shape' || field === 'precision') check(to, parameterWords[field]);
  }
  for (const name of sds) check(name, 'a standard deviation');
}
