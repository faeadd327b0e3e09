import type { Design } from '../../src/design/design.ts';
import {
  type Augment,
  albertChibAugmentation,
  polyaGammaAugmentation,
} from '../../src/kernels/augmented/augmentation.ts';
import { augmentedKernel } from '../../src/kernels/augmented/augmentedKernel.ts';
import { coefficientsKernel } from '../../src/kernels/gibbs/coefficients.ts';
import type { Kernel, State } from '../../src/kernels/kernel.ts';
import { chooseKernels } from '../../src/kernels/kernelRules.ts';
import { arrowMarginalLikelihood } from '../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { groupCoefficientsKernel } from '../../src/kernels/marginal/groupCoefficients.ts';
import { marginalCovarianceKernel } from '../../src/kernels/marginal/marginalCovariance.ts';
import { marginalLikelihood } from '../../src/kernels/marginal/marginalLikelihood.ts';
import type { MarginalProposal } from '../../src/kernels/marginal/marginalProposal.ts';
import type { MarginalTarget } from '../../src/kernels/marginal/marginalTarget.ts';
import { scaleMixtureKernel } from '../../src/kernels/scaleMixture/scaleMixture.ts';
import { partialsFromCholesky } from '../../src/kernels/state/partialCorrelations.ts';
import { whitenedModelOnce } from '../../src/kernels/whitened/fitWhitenedModel.ts';
import { whitenedMetropolisKernel } from '../../src/kernels/whitened/whitenedMetropolis.ts';
import { cholesky } from '../../src/linalg/cholesky.ts';
import { type Pausing, toTheEnd } from '../../src/pausing.ts';
import type { Priors } from '../../src/priors/priors.ts';
import { workingCoefficientPrior } from '../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { groupQr } from '../../src/products/groupQr.ts';
import { fitMixture } from '../../src/proposals/fitMixture.ts';
import { mixtureProposal } from '../../src/proposals/mixture.ts';
import { createRng, type Rng } from '../../src/random/rng.ts';
import { atOnce } from '../kernels/atOnce.ts';
import { fittedElsewhere } from '../kernels/fittedElsewhere.ts';
import type { Correlations, PriorModel } from './modelCase.ts';

/** The rules whose transitions are tested. */
export type JointRule = 'gibbs' | 'marginal' | 'crossed' | 'whitened' | 'polyaGamma' | 'albertChib' | 'scaleMixture';

/** What a mutant changes of the kernels: parameters that the code takes, with wrong values. */
export interface Mutation {
  /** In place of a kernel of a sweep. */
  readonly kernel?: (kernel: Kernel, design: Design, priors: Priors) => Kernel;
  /** In place of the proposal of a marginal kernel for its target. */
  readonly proposal?: (proposal: MarginalProposal, target: MarginalTarget) => MarginalProposal;
  /**
   * Whether the whitened approximation is the one fitted to the first data for all that follow: it is right whatever
   * its pseudo-observations are of, where equal rows are the same in all data.
   */
  readonly shared?: boolean;
  /** In place of an augmentation. */
  readonly augment?: (augment: Augment) => Augment;
}

type Propose = (target: MarginalTarget, typical: Float64Array) => Pausing<MarginalProposal>;

/** The kernels of the marginal rule with a proposal of one's own. */
export function marginalKernels(design: Design, priors: Priors, propose: Propose): readonly [Kernel, Kernel] {
  const { groupTerms, n } = design;
  const products = crossProducts(design);
  const prior = workingCoefficientPrior(products, priors.beta);
  const typical = new Float64Array(groupTerms.reduce((sum, { q }) => sum + q, 0)).fill(0.7);
  if (groupTerms.length === 1) {
    const qr = groupQr(design, groupTerms[0]!, products);
    const likelihood = marginalLikelihood(qr, prior, n);
    const covariances = marginalCovarianceKernel(groupTerms, likelihood, typical, priors.groups, priors.sigma, propose);
    return [covariances, groupCoefficientsKernel(groupTerms[0]!, qr, products, likelihood, covariances)];
  }
  const likelihood = arrowMarginalLikelihood(products, prior, n);
  return [
    marginalCovarianceKernel(groupTerms, likelihood, typical, priors.groups, priors.sigma, propose),
    coefficientsKernel(design, products, prior, false),
  ];
}

/** The kernel of an augmentation by name, mutated, with a proposal of one's own. */
export function augmentationKernel(
  name: 'polyaGamma' | 'albertChib',
  design: Design,
  priors: Priors,
  propose: () => MarginalProposal,
  { augment }: Mutation,
): Kernel {
  const fitted = fittedElsewhere(() => ({ proposal: propose() }));
  const right = name === 'polyaGamma' ? polyaGammaAugmentation : albertChibAugmentation;
  return augmentedKernel(name, 'tested by itself', design, priors, augment ? augment(right) : right, fitted);
}

/** The rules that take a model, its family's. */
export function jointRules({ design }: PriorModel): readonly JointRule[] {
  const crossed: readonly JointRule[] = design.groupTerms.length > 1 ? ['crossed'] : [];
  switch (design.response.family) {
    case 'binomialLogit':
      return ['polyaGamma', 'whitened', ...crossed];
    case 'bernoulliProbit':
      return ['albertChib', 'whitened', ...crossed];
    case 'studentT':
      return ['scaleMixture'];
    case 'poisson':
      return ['whitened', ...crossed];
    case 'negativeBinomial':
      return 'shape' in design.response ? ['whitened', ...crossed] : ['whitened'];
    case 'betaBinomial':
    case 'ordinal':
    case 'ordinalProbit':
      return ['whitened'];
    case 'gaussian':
      return ['gibbs', 'marginal', ...crossed];
  }
}

/**
 * Returns what gives the kernels of a rule for data y, initialised so that they go on from the state. The independence
 * proposals of the covariances are one fit to the prior for all data, where the plan fits one to each posterior: any is
 * right. The whitened approximation is fitted to each y, as in the plan.
 */
export function jointKernels(
  model: PriorModel,
  mutation: Mutation = {},
): (rule: JointRule, y: Float64Array, rng: Rng) => readonly Kernel[] {
  const { design, priors, state, withResponse, correlations: factors, drawParameters } = model;
  const { groupTerms } = design;
  const fitted = proposalFromPrior(groupTerms, state, factors, drawParameters);
  const initialise = (kernels: readonly Kernel[], rng: Rng): void => {
    const here = state.position.slice();
    for (const kernel of kernels) kernel.init(state, rng);
    state.position.set(here);
  };

  const marginal = (own: Design, rng: Rng): readonly Kernel[] => {
    let target: MarginalTarget | undefined;
    let proposal = fitted;
    const kernels = marginalKernels(own, priors, (built) => {
      target = built;
      // Where a prior ends within what a power of sigma would draw, sigma is drawn from its table, as the plan would
      // find.
      if (priors.sigma?.distribution === 'uniform') built.integrate(true);
      built.calibrate(fitted.start);
      if (mutation.proposal) proposal = mutation.proposal(fitted, built);
      return atOnce(proposal);
    });
    initialise(kernels, rng);
    // The kernel keeps its place in coordinates of its own, with the weight of the place under these data.
    const latent = state.latent['marginal']!;
    const { d } = target!;
    writePhi(groupTerms, state, factors, latent);
    const phi = latent.slice(0, d);
    const sigma = priors.sigma ? state.at['sigma']![0]! : 1;
    target!.at(phi);
    latent[d] = sigma;
    latent[d + 1] = target!.logWeight(sigma);
    latent[d + 2] = proposal.proposal.logDensity(phi);
    return kernels;
  };

  let packed: object | undefined;
  const others = (rule: JointRule, own: Design): readonly Kernel[] => {
    switch (rule) {
      case 'whitened': {
        const once = whitenedModelOnce(own, priors);
        if (mutation.shared) {
          packed ??= toTheEnd(once.prepare()) ?? undefined;
          toTheEnd(once.prepare(packed));
        }
        return [whitenedMetropolisKernel(own, once, false)];
      }
      case 'polyaGamma':
      case 'albertChib':
        return [augmentationKernel(rule, own, priors, () => fitted, mutation)];
      case 'scaleMixture':
        return [
          scaleMixtureKernel(own, crossProducts(own), priors, (_, rows, target) => {
            const typical = rows.weight.slice();
            rows.fill(typical);
            target.calibrate(fitted.start);
            return atOnce({ proposal: fitted, typical });
          }),
        ];
      default:
        return chooseKernels({ design: own, products: crossProducts(own), priors }, rule);
    }
  };

  return (rule, y, rng) => {
    const own = withResponse(y);
    if (rule === 'marginal') return marginal(own, rng);
    const found = others(rule, own);
    const kernels = mutation.kernel ? found.map((kernel) => mutation.kernel!(kernel, own, priors)) : found;
    initialise(kernels, rng);
    return kernels;
  };
}

/**
 * The state's covariances as the marginal kernel has them: sqrt(tau / sigma) of every factor, then atanh of the partial
 * correlations.
 */
function writePhi(
  terms: Design['groupTerms'],
  state: State,
  factors: readonly Correlations[],
  out: Float64Array,
): void {
  const sigma = state.at['sigma']?.[0] ?? 1;
  let at = 0;
  for (const { factor } of terms) for (const tau of state.at[`tau_${factor}`]!) out[at++] = Math.sqrt(tau / sigma);
  terms.forEach(({ blocks }, f) => {
    factors[f]!.read();
    blocks.forEach(({ size }, b) => {
      partialsFromCholesky(factors[f]!.L[b]!, size, out, at);
      at += (size * (size - 1)) / 2;
    });
  });
}

/**
 * An independence proposal for every data set at once: a mixture of t fitted to the prior, which is what the posteriors
 * are on average.
 */
function proposalFromPrior(
  terms: Design['groupTerms'],
  state: State,
  factors: readonly Correlations[],
  drawParameters: (rng: Rng) => void,
): MarginalProposal {
  const q = terms.reduce((sum, term) => sum + term.q, 0);
  const d = terms.reduce((sum, { blocks }) => sum + blocks.reduce((s, { size }) => s + (size * (size + 1)) / 2, 0), 0);
  const rng = createRng([20260101, 77]);
  const N = 1500;
  const points = new Float64Array(N * d);
  const mean = new Float64Array(d);
  for (let i = 0; i < N; i += 1) {
    drawParameters(rng);
    writePhi(terms, state, factors, points.subarray(i * d, (i + 1) * d));
    for (let k = 0; k < d; k += 1) mean[k] = mean[k]! + points[i * d + k]! / N;
  }
  const covariance = new Float64Array(d * d);
  for (let i = 0; i < N; i += 1) {
    for (let a = 0; a < d; a += 1) {
      for (let b = 0; b < d; b += 1) {
        const product = (points[i * d + a]! - mean[a]!) * (points[i * d + b]! - mean[b]!);
        covariance[a * d + b] = covariance[a * d + b]! + product / N;
      }
    }
  }
  const factor = covariance.slice();
  cholesky(factor, d);
  const seeds = [3, 500, 1000].map((i) => ({ mean: points.slice(i * d, i * d + d), factor }));
  const mixture = toTheEnd(fitMixture(points, new Float64Array(N).fill(1 / N), d, q, seeds));
  const walk = covariance.map((value) => 0.1 * value);
  if (!cholesky(walk, d)) throw new Error('the prior of phi has no covariance');
  return { proposal: mixtureProposal(mixture), walk, start: mean, steps: 2 };
}
