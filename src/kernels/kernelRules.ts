import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { estimatedParameter } from '../families/ownParameter.ts';
import { quote } from '../input/quote.ts';
import { horseshoes } from '../priors/horseshoe.ts';
import type { MovingPriors } from '../priors/priors.ts';
import { workingCoefficientPrior } from '../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../products/crossProducts.ts';
import { groupQr } from '../products/groupQr.ts';
import { rowWeights } from '../products/rowWeights.ts';
import { withSparseBorder } from '../products/sparseBorder.ts';
import { triangularRows } from '../products/triangularRows.ts';
import { albertChibKernel, polyaGammaKernel } from './augmented/augmentedKernels.ts';
import { rareEvents } from './augmented/rareEvents.ts';
import { crossedCost } from './crossed/crossedCost.ts';
import { crossedKernel } from './crossed/crossedKernel.ts';
import { crossedIsCheaper, mayBeCrossed } from './crossedRule.ts';
import { coefficientsKernel, type DensityFactor } from './gibbs/coefficients.ts';
import { covarianceKernel } from './gibbs/covariance.ts';
import { interweavingKernel } from './gibbs/interweaving.ts';
import { residualScaleKernel } from './gibbs/residualScale.ts';
import type { Kernel } from './kernel.ts';
import { arrowMarginalLikelihood } from './marginal/arrowMarginalLikelihood.ts';
import { factorCost } from './marginal/factorCost.ts';
import { gaussianStandIns } from './marginal/gaussianStandIns.ts';
import { groupCoefficientsKernel } from './marginal/groupCoefficients.ts';
import { marginalCovarianceKernel } from './marginal/marginalCovariance.ts';
import { marginalLikelihood } from './marginal/marginalLikelihood.ts';
import { sideJumpKernel } from './marginal/sideJump.ts';
import { typicalScales } from './marginal/typicalScales.ts';
import {
  conjugateOf,
  covarianceParameters,
  isGaussian,
  isStructured,
  LARGEST_MARGINAL,
  type ModelSetting,
  proposedTogether,
  withoutSigma,
} from './modelSetting.ts';
import { scaleMixtureKernel } from './scaleMixture/scaleMixture.ts';
import { coefficientVariancesKernel } from './state/coefficientVariances.ts';
import { structuredKernels } from './structured/structuredKernels.ts';
import { surrogateKernel } from './surrogate/surrogateKernel.ts';
import { tooWide } from './tooWide.ts';
import { covarianceProposalOnce } from './whitened/covarianceProposalOnce.ts';
import { whitenedModelOnce } from './whitened/fitWhitenedModel.ts';
import { laplaceStandIns } from './whitened/laplaceStandIns.ts';
import { whitenedJumpKernel } from './whitened/whitenedJump.ts';
import { whitenedMetropolisKernel } from './whitened/whitenedMetropolis.ts';

/** One row of the table: which models it fits and the kernels of one sweep, in order. */
export interface KernelRule {
  readonly name: string;
  /** What it takes, in words. */
  readonly takes: string;
  /** Whether it takes cross-products whose corner is there by pairs of levels alone. */
  readonly takesWide?: true;
  applies(setting: ModelSetting): boolean;
  build(setting: ModelSetting): Kernel[];
}

/** `LARGEST_MARGINAL` where residuals have parameters. */
const LARGEST_STRUCTURED = 15;
/**
 * Multiplications of one evaluation beyond which fitting the proposal (some ten thousand evaluations) would take tens
 * of seconds.
 */
const LARGEST_COST = 5e5;
/**
 * The same of one grouping factor, where a Gibbs sweep grows with the groups as an evaluation does, and takes twice as
 * long as a marginal one: a proposal of a few parameters costs what some 700 sweeps spare, however many groups.
 */
const LARGEST_COST_ALONE = 3e7;

/**
 * Multiplications of one evaluation of the arrow matrix beyond which whitened steps would be slower than Pólya-Gamma
 * ones.
 */
const LARGEST_WHITENED = 3e6;

/** Multiplications of a whitened factorisation whose border may be sparse; of what is too wide for any, infinite. */
function sparseCost(products: CrossProducts): number {
  const { levels, groups, p } = products;
  return levels ? Infinity : factorCost(withSparseBorder(products, groups, p));
}

/** Priors with stand-ins for scale mixtures where the data have the coefficients, of a family without sigma. */
function fromModes(design: Design, priors: MovingPriors): MovingPriors {
  return priors.beta.mixtures ? { ...priors, beta: laplaceStandIns(design, priors) } : priors;
}

/** The same of normal and Student-t rows. */
function fromProducts({ design, products, priors }: ModelSetting): MovingPriors {
  return priors.beta.mixtures ? { ...priors, beta: gaussianStandIns(design, products, priors) } : priors;
}

/**
 * A sweep, and after it the variances of coefficients whose priors are scale mixtures of normals, if there are any, and
 * jumps between the sides of a posterior that they part.
 */
function withVariances(setting: ModelSetting, { beta }: MovingPriors, sweep: Kernel[], jump?: () => Kernel): Kernel[] {
  if (!beta.mixtures) return sweep;
  const { design, products } = setting;
  const jumps =
    beta.sides &&
    horseshoes(beta).length === 0 &&
    covarianceParameters(design) + (estimatedParameter(design) ? 1 : 0) <= LARGEST_MARGINAL &&
    factorCost(products.pattern) <= LARGEST_COST;
  return [...sweep, coefficientVariancesKernel(beta), ...(jumps && jump ? [jump()] : [])];
}

/** The table, best mixing first: `auto` takes the first row that applies. */
export const KERNEL_RULES: readonly KernelRule[] = [
  {
    name: 'whitened',
    takes: `a response of successes, counts or ordered answers with at most ${LARGEST_MARGINAL} sds and correlations together, and a cheap enough factorisation`,
    applies: (setting) => {
      const { design, products } = setting;
      return (
        withoutSigma(design) &&
        covarianceParameters(design) + (estimatedParameter(design) ? 1 : 0) <= LARGEST_MARGINAL &&
        !(mayBeCrossed(setting) && crossedIsCheaper(setting)) &&
        (factorCost(products.pattern) <= LARGEST_WHITENED || sparseCost(products) <= LARGEST_WHITENED)
      );
    },
    build: (setting) => {
      const { design } = setting;
      const priors = fromModes(design, setting.priors);
      // Whitened coordinates are others at other variances, and start from the state's values.
      const alone = priors.beta.mixtures === undefined;
      const sweep = [whitenedMetropolisKernel(design, whitenedModelOnce(design, priors), alone)];
      return withVariances(setting, priors, sweep, () => whitenedJumpKernel(design, priors));
    },
  },
  {
    name: 'marginal',
    takes: `a gaussian response, coefficients with normal or flat priors, and grouping factors with at most ${LARGEST_MARGINAL} sds and correlations together, and a cheap enough factorisation`,
    applies: ({ design, products, priors }) => {
      const count = covarianceParameters(design);
      return (
        isGaussian(design) &&
        !priors.beta.mixtures &&
        count > 0 &&
        count <= LARGEST_MARGINAL &&
        factorCost(products.pattern) <= (design.groupTerms.length === 1 ? LARGEST_COST_ALONE : LARGEST_COST)
      );
    },
    build: ({ design, products, priors }) => {
      const { groupTerms } = design;
      const { n } = products;
      const prior = workingCoefficientPrior(products, priors.beta);
      const typical = typicalScales(design, rowWeights(design));
      if (groupTerms.length === 1) {
        const qr = groupQr(design, groupTerms[0]!, products);
        const likelihood = marginalLikelihood(qr, prior, n);
        const covariances = marginalCovarianceKernel(groupTerms, likelihood, typical, priors.groups, priors.sigma);
        return [covariances, groupCoefficientsKernel(groupTerms[0]!, qr, products, likelihood, covariances)];
      }
      const likelihood = arrowMarginalLikelihood(products, prior, n, () => triangularRows(design, products));
      const covariances = marginalCovarianceKernel(groupTerms, likelihood, typical, priors.groups, priors.sigma);
      const atDensity: DensityFactor = (state, sigma) => {
        if (!covariances.revisit(state)) return null;
        likelihood.solve(sigma);
        return likelihood.logDeterminantK() < Infinity ? likelihood : null;
      };
      return [covariances, coefficientsKernel(design, products, prior, false, false, atDensity)];
    },
  },
  {
    name: 'crossed',
    takes: `a response of numbers (gaussian), successes or counts, coefficients with normal or flat priors, and two or more grouping factors (of successes and counts one or more) with at most ${LARGEST_MARGINAL} sds and correlations together, connected so well that its sweeps cost less than a factorisation`,
    takesWide: true,
    applies: (setting) =>
      mayBeCrossed(setting) && (factorCost(setting.products.pattern) <= LARGEST_COST || crossedIsCheaper(setting)),
    build: ({ design, products, priors }) => [
      isGaussian(design)
        ? crossedKernel(design, products, priors)
        : surrogateKernel(design, products, priors, crossedCost(products, priors.beta).sweeps),
    ],
  },
  {
    name: 'polyaGamma',
    takes: 'a binomial response with the logit link',
    applies: ({ design }) => conjugateOf(design) === 'polyaGamma',
    build: (setting) => {
      const { design } = setting;
      const priors = fromModes(design, setting.priors);
      const jump = () => whitenedJumpKernel(design, priors);
      if (!rareEvents(design)) {
        const sweep = [polyaGammaKernel(design, priors, covarianceProposalOnce(design, priors))];
        return withVariances(setting, priors, sweep, jump);
      }
      const model = whitenedModelOnce(design, priors);
      const sweep = [whitenedMetropolisKernel(design, model, false), polyaGammaKernel(design, priors, model)];
      return withVariances(setting, priors, sweep, jump);
    },
  },
  {
    name: 'albertChib',
    takes: 'a binary response with the probit link',
    applies: ({ design }) => conjugateOf(design) === 'latentNormal',
    build: (setting) => {
      const { design } = setting;
      const priors = fromModes(design, setting.priors);
      const sweep = [albertChibKernel(design, priors, covarianceProposalOnce(design, priors))];
      return withVariances(setting, priors, sweep, () => whitenedJumpKernel(design, priors));
    },
  },
  {
    name: 'scaleMixture',
    takes: 'a Student-t response',
    applies: ({ design }) => conjugateOf(design) === 'scaleMixture',
    build: (setting) => {
      const priors = fromProducts(setting);
      return withVariances(setting, priors, [scaleMixtureKernel(setting.design, setting.products, priors)]);
    },
  },
  {
    name: 'gibbs',
    takes: 'a gaussian response and any grouping factors',
    applies: ({ design }) => isGaussian(design),
    build: (setting) => {
      const { design, products } = setting;
      const priors = fromProducts(setting);
      const kernels = [coefficientsKernel(design, products, workingCoefficientPrior(products, priors.beta), true)];
      design.groupTerms.forEach((term, f) => {
        kernels.push(
          interweavingKernel(design, products, f, priors.groups[f]!),
          covarianceKernel(term, priors.groups[f]!),
        );
      });
      if (priors.sigma) kernels.push(residualScaleKernel(design, products, priors.sigma));
      return withVariances(setting, priors, kernels, () => sideJumpKernel(design, products, priors));
    },
  },
  {
    name: 'structured',
    takes: `a gaussian response whose residuals depend on each other or whose sd depends on terms, with at most ${LARGEST_STRUCTURED} sds, correlations and terms together besides those of occasions, and a cheap enough factorisation`,
    applies: (setting) => {
      const { products, priors } = setting;
      if (!priors.residual || !isStructured(products)) return false;
      return proposedTogether(setting) <= LARGEST_STRUCTURED && factorCost(products.pattern) <= LARGEST_COST;
    },
    build: (setting) => {
      const { design, products, priors } = setting;
      return isStructured(products) ? withVariances(setting, priors, structuredKernels(design, products, priors)) : [];
    },
  },
];

/**
 * The kernels of a sweep by the named rule of a table, or by the first that applies. Throws `ModelError`:
 * `unknown-kernels` for a rule that does not exist, `kernels-do-not-apply` for one that does not apply, `too-large` for
 * one that would factor too wide a dense part, `no-kernels` where none applies.
 */
export function chooseKernels(
  setting: ModelSetting,
  rule: string,
  rules: readonly KernelRule[] = KERNEL_RULES,
): Kernel[] {
  const names = rules.map(({ name }) => name);
  const wanted = rules.filter(({ name }) => rule === 'auto' || name === rule);
  if (wanted.length === 0) {
    throw new ModelError(
      'unknown-kernels',
      'kernels',
      `kernels: got ${quote(rule)}; accepted are auto, ${names.join(', ')}`,
    );
  }
  const { levels } = setting.products;
  const found = wanted.find((each) => each.applies(setting) && (!levels || each.takesWide === true));
  if (found) return found.build(setting);
  if (levels) throw tooWide(setting, rule, rules.find((each) => each.takesWide && each.applies(setting))?.name);
  if (rule !== 'auto') {
    throw new ModelError(
      'kernels-do-not-apply',
      'kernels',
      `kernels: ${rule} takes ${wanted[0]!.takes}, which this model is not; use auto`,
    );
  }
  const { design, products } = setting;
  const count = proposedTogether(setting);
  const given = `a ${design.response.family} response with ${count} sd${count === 1 ? '' : 's'} and correlations together`;
  const cost = `${factorCost(products.pattern).toPrecision(2)} multiplications a factorisation`;
  const accepted = rules.map(({ name, takes }) => `${takes} (${name})`).join('; ');
  throw new ModelError(
    'no-kernels',
    'kernels',
    `kernels: nothing samples ${given} (${cost}); accepted are ${accepted}`,
  );
}
