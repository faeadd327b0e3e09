import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import type { GraphNode } from '../graph/node.ts';
import { isCoefficientPrior } from '../graph/priorKinds.ts';
import type { MixtureDistribution, Prior } from '../graph/priors.ts';
import { defaultCoefficients } from './defaultCoefficients.ts';
import { type MixturePrior, mixtureLocation, standInSd } from './mixturePrior.ts';
import type { CoefficientPriors } from './priors.ts';

/**
 * The priors of beta, each column's from its most specific node: `beta[x]` over `gamma_<factor>` over `beta`; `prior`
 * looks a node up by its name and notes that it is used. Columns without one have the default of the family, and so has
 * an intercept among columns with a horseshoe.
 * Throws `ModelError` for a prior that is none of coefficients, for one column in two gammas with a prior each, and for
 * a horseshoe that no coefficient takes.
 */
export function coefficientPriors(design: Design, prior: (name: string) => Prior | undefined): CoefficientPriors {
  const { p, columns, groupTerms, graph } = design;
  const defaults = defaultCoefficients(design);
  const mean = Float64Array.from(defaults.mean);
  const sd = Float64Array.from(defaults.sd);
  const source = new Array<string>(p).fill('default');
  const mixtures = new Array<MixturePrior | null>(p).fill(null);
  const population = Object.values<GraphNode>(graph.nodes).find((node) => node.kind === 'population');
  const base = population?.kind === 'population' ? population.coef : 'beta';
  const assign = (column: number, name: string, node: Prior): void => {
    if (node.distribution === 'default') return;
    if (!isCoefficientPrior(node)) {
      throw new ModelError(
        'prior-kind',
        name,
        `${name} has the prior ${node.distribution}; a coefficient takes normal(mean, sd), student_t(df, location, scale), cauchy(location, scale), laplace(location, scale), horseshoe(globalScale, slabDf, slabScale) or flat()`,
      );
    }
    const mixture = bareMixture(node);
    if (mixture?.distribution === 'horseshoe' && columns[column]!.term === '1') return;
    mixtures[column] = mixture;
    mean[column] = mixture ? mixtureLocation(mixture) : node.distribution === 'normal' ? node.mean : 0;
    sd[column] = mixture ? standInSd(mixture) : node.distribution === 'normal' ? node.sd : Infinity;
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
  const names = new Set([base, ...gammaOf, ...columns.map(({ label }) => `beta[${label}]`)]);
  for (const name of names) {
    if (name && !source.includes(name) && prior(name)?.distribution === 'horseshoe') throw unusedHorseshoe(name);
  }
  const combinations = ofDefaults(defaults.combinations ?? null, source);
  return { mean, sd, source, combinations, ...(mixtures.some((each) => each !== null) ? { mixtures } : {}) };
}

/** The node without its kind, where it is a scale mixture of normals. */
function bareMixture({ kind: _, ...distribution }: Prior): MixtureDistribution | null {
  switch (distribution.distribution) {
    case 'studentT':
    case 'cauchy':
    case 'laplace':
    case 'horseshoe':
      return distribution;
    default:
      return null;
  }
}

function unusedHorseshoe(name: string): ModelError {
  return new ModelError(
    'prior-kind',
    name,
    `${name} has a horseshoe, which shrinks the coefficients of columns, and no column takes it: an intercept keeps its default, and the prior of a column's own goes before`,
  );
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
