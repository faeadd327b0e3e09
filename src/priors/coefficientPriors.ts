import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import type { GraphNode } from '../graph/node.ts';
import type { Prior } from '../graph/priors.ts';
import { defaultCoefficients } from './defaultCoefficients.ts';
import type { CoefficientPriors } from './priors.ts';

/**
 * The priors of beta, each column's from its most specific node: `beta[x]` over `gamma_<factor>` over `beta`; `prior`
 * looks a node up by its name and notes that it is used. Columns without one have the default of the family.
 * Throws `ModelError` for a prior that is none of coefficients, and for one column in two gammas with a prior each.
 */
export function coefficientPriors(design: Design, prior: (name: string) => Prior | undefined): CoefficientPriors {
  const { p, columns, groupTerms, graph } = design;
  const defaults = defaultCoefficients(design);
  const mean = Float64Array.from(defaults.mean);
  const sd = Float64Array.from(defaults.sd);
  const source = new Array<string>(p).fill('default');
  const population = Object.values<GraphNode>(graph.nodes).find((node) => node.kind === 'population');
  const base = population?.kind === 'population' ? population.coef : 'beta';
  const assign = (column: number, name: string, node: Prior): void => {
    if (node.distribution === 'default') return;
    if (node.distribution !== 'normal' && node.distribution !== 'flat') {
      throw new ModelError(
        'prior-kind',
        name,
        `${name} has the prior ${node.distribution}; a coefficient takes normal(mean, sd) or flat()`,
      );
    }
    mean[column] = node.distribution === 'normal' ? node.mean : 0;
    sd[column] = node.distribution === 'normal' ? node.sd : Infinity;
    source[column] = name;
  };
  const baseNode = prior(base);
  const gammaOf = new Array<string | undefined>(p).fill(undefined);
  for (const term of groupTerms) {
    // The plain spelling `x * w + (x | g)` has gamma too: a prior for it may stand in the graph by its name.
    const name = term.gamma ?? `gamma_${term.factor}`;
    const node = prior(name);
    if (!node || node.distribution === 'default') continue;
    for (const column of term.level2.columns) {
      if (column < 0) continue;
      const other = gammaOf[column];
      if (other !== undefined && other !== name) {
        const label = `beta[${columns[column]!.label}]`;
        throw new ModelError(
          'two-priors',
          name,
          `${label} belongs to ${other} and to ${name} and both give it a prior; give one to ${label} instead`,
        );
      }
      gammaOf[column] = name;
    }
  }
  for (let column = 0; column < p; column += 1) {
    if (baseNode) assign(column, base, baseNode);
    const gamma = gammaOf[column];
    if (gamma) assign(column, gamma, prior(gamma)!);
    const own = `beta[${columns[column]!.label}]`;
    const ownNode = prior(own);
    if (ownNode) assign(column, own, ownNode);
  }
  return { mean, sd, source, combinations: ofDefaults(defaults.combinations ?? null, source) };
}

/**
 * The combinations with the rows of the user's priors as those of the identity: these are on the columns as written.
 * Null where no other row is left.
 */
function ofDefaults(combinations: Float64Array | null, source: readonly string[]): Float64Array | null {
  if (!combinations) return null;
  const p = source.length;
  let left = false;
  const B = combinations.map((value, at) => {
    const row = Math.floor(at / p);
    const own = row === at % p ? 1 : 0;
    const kept = source[row] === 'default' ? value : own;
    left ||= kept !== own;
    return kept;
  });
  return left ? B : null;
}
