import type { CovarianceBlock, Design, GroupTerm } from '../design/design.ts';
import { leftOut } from '../design/leftOut.ts';
import { ModelError } from '../errors.ts';
import type { FamilyParameter } from '../families/family.ts';
import { familyOf } from '../families/familyOf.ts';
import { estimatedParameter } from '../families/ownParameter.ts';
import { graphParts } from '../graph/formulaText.ts';
import type { GraphNode, ResponseNode } from '../graph/node.ts';
import { parameterPriorNames, parameterWords } from '../graph/parameterPrior.ts';
import { type Distribution, isPrior, isScaleDistribution, type Prior, scalePriorNames } from '../graph/priors.ts';
import type { BlockStandardisation } from '../products/blockStandardisation.ts';
import { standardisation } from '../products/standardisedDesign.ts';
import { coefficientPriors } from './coefficientPriors.ts';
import { LEAST, type ParameterPrior } from './parameterPrior.ts';
import type { BlockPrior, Priors, ScalePrior } from './priors.ts';
import { checkPropriety } from './propriety.ts';
import { residualPriors } from './residualPriors.ts';
import { responseSpread } from './responseSpread.ts';
import { thresholdPrior } from './thresholdPrior.ts';

/**
 * The priors in force: every `default` node resolved on the data, every override applied (`beta[x]` over
 * `gamma_<factor>` over `beta`; `tau_<factor>[x]` over the prior of the block). Defaults: gaussian coefficients flat,
 * those of the other families as `defaultCoefficients` says; every sd half-t(3, 2.5 s) with s the spread of the
 * response (`responseSpread`), of group-level deviations in the standardised coordinates of their block; correlations
 * LKJ(1), there too; degrees of freedom gamma(2, 0.1) cut off at 1 (Juarez & Steel 2010), the shape of counts and
 * the precision of chances gamma(2, 0.1); thresholds of ordered answers as `thresholdPrior` says. `coordinates` are the
 * standardised ones of the design's blocks, for a caller that has them already.
 * Throws `ModelError` for a prior that fits no column, two priors for one column, sizes that do not match, and improper
 * posteriors.
 */
export function resolvePriors(
  design: Design,
  coordinates: readonly (readonly BlockStandardisation[])[] = standardisation(design),
): Priors {
  const spread = responseSpread(design);
  const nodes = design.graph.nodes as Readonly<Record<string, GraphNode>>;
  const used = new Set<string>();
  const prior = (name: string): Prior | undefined => {
    const node = Object.hasOwn(nodes, name) ? nodes[name] : undefined;
    if (node?.kind !== 'prior') return undefined;
    used.add(name);
    return node;
  };
  const beta = coefficientPriors(design, prior);
  const { response } = graphParts(design.graph);
  const { standardErrors } = design.response;
  const known = familyOf(design).sigma === null || standardErrors !== null;
  const sigma = known ? null : scalePrior(prior(response.sigma ?? 'sigma') ?? DEFAULT, spread, 'sigma');
  const own = ownPrior(design, response, prior);
  const threshold = thresholdPrior(design, response.threshold ?? 'threshold', prior);
  const groups = design.groupTerms.map((term, f) =>
    term.blocks.map((block, b) => blockPrior(term, block, prior, spread, coordinates[f]![b]!)),
  );
  const residual = residualPriors(design, prior);
  for (const [name, node] of Object.entries(nodes)) {
    if (node.kind === 'prior' && !used.has(name)) throw unknownTarget(name, design);
  }
  const priors: Priors = {
    beta,
    sigma,
    ...own,
    groups,
    ...(threshold ? { threshold } : {}),
    ...(residual ? { residual } : {}),
  };
  checkPropriety(design, priors);
  return priors;
}

const DEFAULT: Prior = { kind: 'prior', distribution: 'default' };

/** The prior of the family's own parameter; nothing where it is known or there is none. */
function ownPrior(
  design: Design,
  node: ResponseNode,
  prior: (name: string) => Prior | undefined,
): Partial<Record<FamilyParameter, ParameterPrior>> {
  const parameter = estimatedParameter(design);
  return parameter === null ? {} : { [parameter]: parameterPrior(parameter, node, prior) };
}

function parameterPrior(
  parameter: FamilyParameter,
  node: ResponseNode,
  prior: (name: string) => Prior | undefined,
): ParameterPrior {
  const own = node[parameter];
  const name = typeof own === 'string' ? own : parameter;
  const least = LEAST[parameter];
  const given: Prior = prior(name) ?? DEFAULT;
  switch (given.distribution) {
    case 'default':
      return { distribution: 'gamma', shape: 2, rate: 0.1 };
    case 'uniform':
      if (!(given.high > least)) {
        const sentence = `${name} has the prior uniform(${given.low}, ${given.high}), and ${parameterWords[parameter]} ${parameter === 'nu' ? 'are' : 'is'} above ${least}; give it a higher end, or fix ${parameter}`;
        throw new ModelError('improper-prior', name, sentence);
      }
      return bare(given);
    case 'gamma':
    case 'exponential':
      return bare(given);
    default:
      throw new ModelError(
        'prior-kind',
        name,
        `${name} has the prior ${given.distribution}; ${parameterWords[parameter]} ${parameter === 'nu' ? 'take' : 'takes'} ${parameterPriorNames}`,
      );
  }
}

function blockPrior(
  term: GroupTerm,
  block: CovarianceBlock,
  prior: (name: string) => Prior | undefined,
  spread: number,
  coordinates: BlockStandardisation,
): BlockPrior {
  const { size, start, cov } = block;
  const labels = term.labels.slice(start, start + size);
  const node: Prior = prior(cov) ?? DEFAULT;
  const scales = (from: (label: string) => Prior, eta: number): BlockPrior => {
    const nodes = labels.map((label) => prior(`tau_${term.factor}[${label}]`) ?? from(label));
    const about = isAboutMeans(nodes, coordinates);
    return {
      kind: 'separation',
      tau: nodes.map((tau, k) => {
        const unit = about ? coordinates.unit[k]! : 1 / sdAtOrigin(coordinates, k);
        return scalePrior(tau, spread / unit, `tau_${term.factor}[${labels[k]}]`);
      }),
      eta,
      ...(about && !coordinates.atOrigin ? { about: coordinates.C } : {}),
    };
  };
  switch (node.distribution) {
    case 'default':
      return scales(() => DEFAULT, 1);
    case 'separation': {
      const eta = node.corr.distribution === 'lkj' ? node.corr.eta : 1;
      const tau = node.tau;
      if (isPrior(tau)) return scales(() => tau, eta);
      for (const label of Object.keys(tau)) {
        if (!term.labels.includes(label)) throw noColumn(`tau_${term.factor}[${label}]`, term);
      }
      return scales((label) => (Object.hasOwn(tau, label) ? tau[label]! : DEFAULT), eta);
    }
    case 'halfTCov': {
      const scale = scaleVector(node.scale, size, cov);
      if (size === 1)
        return { kind: 'separation', tau: [{ distribution: 'halfT', df: node.df, scale: scale[0]! }], eta: 1 };
      return { kind: 'halfTCov', df: node.df, scale };
    }
    case 'inverseWishart': {
      const scale = scaleMatrix(node.scale, size, cov);
      if (!(node.df > size - 1)) {
        throw new ModelError(
          'improper-prior',
          cov,
          `${cov} has inverseWishart(df = ${node.df}) for ${size} columns; df must exceed ${size - 1}`,
        );
      }
      if (size === 1) {
        return {
          kind: 'separation',
          tau: [{ distribution: 'inverseGamma', shape: node.df / 2, scale: scale[0]! / 2 }],
          eta: 1,
        };
      }
      return { kind: 'inverseWishart', df: node.df, scale };
    }
    case 'normal':
    case 'lkj':
      throw new ModelError(
        'prior-kind',
        cov,
        `${cov} has the prior ${node.distribution}; a covariance takes half_t_cov, inverse_wishart, or a prior on its sds`,
      );
    default:
      return scales(() => node, 1);
  }
}

/**
 * Whether the prior of a block is about the means of its columns. It is, unless the user gives one to an sd that
 * changes with the origin (an intercept's, with columns beside it that are not centred): such a prior is on the columns
 * as written, and so then is the whole block. The sd of a slope is the same about the means, so that a prior of it
 * alone leaves the others' defaults where they are.
 */
function isAboutMeans(nodes: readonly Prior[], { C, size }: BlockStandardisation): boolean {
  return nodes.every(({ distribution }, k) => {
    if (distribution === 'default') return true;
    for (let l = 0; l < size; l += 1) if (l !== k && C[k * size + l] !== 0) return false;
    return true;
  });
}

/**
 * The sd of deviation k on the columns as written where those of the standardised coordinates are independent, each of
 * sd 1.
 */
function sdAtOrigin({ T, size }: BlockStandardisation, k: number): number {
  let square = 0;
  for (let l = 0; l < size; l += 1) square += T[k * size + l]! * T[k * size + l]!;
  return Math.sqrt(square);
}

function scalePrior(prior: Prior, spread: number, name: string): ScalePrior {
  if (prior.distribution === 'default') return { distribution: 'halfT', df: 3, scale: 2.5 * spread };
  if (prior.distribution === 'flat' || isScaleDistribution(prior)) return bare(prior);
  throw new ModelError(
    'prior-kind',
    name,
    `${name} has the prior ${prior.distribution}; an sd takes ${scalePriorNames}`,
  );
}

/** The distribution without the node's kind. */
function bare<T extends Distribution>(prior: { readonly kind: 'prior' } & T): T {
  const { kind: _kind, ...distribution } = prior;
  return distribution as unknown as T;
}

function scaleVector(scale: number | readonly number[], size: number, cov: string): Float64Array {
  if (typeof scale === 'number') return new Float64Array(size).fill(scale);
  if (scale.length !== size) {
    throw new ModelError(
      'prior-size',
      cov,
      `${cov} has ${scale.length} scales for ${size} columns; give one number, or one for each column`,
    );
  }
  return Float64Array.from(scale);
}

function scaleMatrix(scale: number | readonly (readonly number[])[], size: number, cov: string): Float64Array {
  const out = new Float64Array(size * size);
  if (typeof scale === 'number') {
    for (let k = 0; k < size; k += 1) out[k * size + k] = scale;
    return out;
  }
  if (scale.length !== size || scale.some((row) => row.length !== size)) {
    throw new ModelError(
      'prior-size',
      cov,
      `${cov} has a ${scale.length} x ${scale[0]?.length ?? 0} scale matrix; ${size} x ${size} is needed`,
    );
  }
  scale.forEach((row, i) => {
    row.forEach((value, j) => {
      out[i * size + j] = value;
    });
  });
  return out;
}

function noColumn(name: string, term: GroupTerm): ModelError {
  return new ModelError(
    'unknown-prior',
    name,
    `there is a prior for ${name}, but ${term.factor} has the varying columns ${term.labels.join(', ')}`,
  );
}

function unknownTarget(name: string, design: Design): ModelError {
  const term = design.groupTerms.find(({ factor }) => name.startsWith(`tau_${factor}[`));
  if (term) return noColumn(name, term);
  const left = leftOut(design).find(({ label }) => name === `beta[${label}]`);
  if (left) {
    const message = `there is a prior for ${name}, which is ${left.reason}; take the prior away, or sample without rankDeficient: 'drop'`;
    return new ModelError('unknown-prior', name, message);
  }
  const deltas = (design.residual?.sigma?.labels ?? []).map((label) => `delta[${label}]`);
  const accepted = [...design.columns.map((column) => `beta[${column.label}]`), ...deltas].join(', ');
  return new ModelError(
    'unknown-prior',
    name,
    `there is a prior for ${name}, which is no quantity of this model; its coefficients are ${accepted}`,
  );
}
