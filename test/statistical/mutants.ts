import { residualScaleKernel } from '../../src/kernels/gibbs/residualScale.ts';
import { marginalProposal } from '../../src/kernels/marginal/marginalProposal.ts';
import { whitenedModelOnce } from '../../src/kernels/whitened/fitWhitenedModel.ts';
import type { Plan } from '../../src/mcmc/plan.ts';
import { toTheEnd } from '../../src/pausing.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { atOnce } from '../kernels/atOnce.ts';
import { augmentationKernel, type JointRule, type Mutation, marginalKernels } from './jointKernels.ts';

/**
 * A kernel broken in one place by giving the code of the toolkit a wrong parameter, to see that calibration and the
 * joint-distribution test find it.
 */
export interface Mutant {
  readonly name: string;
  /** What is wrong, in words. */
  readonly fault: string;
  readonly rule: JointRule;
  readonly mutation: Mutation;
  /** The plan with its kernels broken. */
  change(plan: Plan): Plan;
}

/** sigma^2 from n - p degrees of freedom, as if beta were integrated out, where beta is given. */
const wrongDegreesOfFreedom: Mutation = {
  kernel: (kernel, design, priors) => {
    if (kernel.name !== 'residualScale') return kernel;
    const products = crossProducts(design);
    return residualScaleKernel(design, { ...products, n: products.n - design.p }, priors.sigma!);
  },
};

/**
 * The proposal's density in lambda = x^2 where the target's is in x: the ratio lacks d lambda / d x = 2 x of every sd.
 */
const forgottenJacobian: Mutation = {
  proposal: (fitted, { q }) => ({
    ...fitted,
    proposal: {
      draw: fitted.proposal.draw,
      logDensity: (phi) => {
        let log = fitted.proposal.logDensity(phi);
        for (let k = 0; k < q; k += 1) log += Math.log(2 * phi[k]!);
        return log;
      },
    },
  }),
};

/** omega ~ PG(n, eta / 2), as where the argument of the hyperbolic cosine is taken for that of the variable. */
const wrongScale: Mutation = {
  augment: (augment) => {
    let half = new Float64Array(0);
    return (table, eta, omega, kappa, rng) => {
      if (half.length !== eta.length) half = new Float64Array(eta.length);
      for (let i = 0; i < eta.length; i += 1) half[i] = 0.5 * eta[i]!;
      augment(table, half, omega, kappa, rng);
    };
  },
};

/** Three mutants: wrong degrees of freedom, forgotten Jacobian, wrong scale. */
export const mutants: readonly Mutant[] = [
  {
    name: 'wrong degrees of freedom',
    fault: 'sigma drawn with n - p degrees of freedom in place of n, given beta',
    rule: 'gibbs',
    mutation: wrongDegreesOfFreedom,
    change: (plan) => ({
      ...plan,
      kernels: plan.kernels.map((kernel) => wrongDegreesOfFreedom.kernel!(kernel, plan.design, plan.priors)),
    }),
  },
  {
    name: 'forgotten Jacobian',
    fault: 'proposals of the sds weighed by a density in tau / sigma, the target in its square root',
    rule: 'marginal',
    mutation: forgottenJacobian,
    change: (plan) => ({
      ...plan,
      kernels: marginalKernels(plan.design, plan.priors, (target, typical) =>
        atOnce(forgottenJacobian.proposal!(toTheEnd(marginalProposal(target, typical)), target)),
      ),
    }),
  },
  {
    name: 'wrong scale',
    fault: 'Pólya-Gamma variables drawn at half the linear predictor',
    rule: 'polyaGamma',
    mutation: wrongScale,
    change: (plan) => {
      const model = whitenedModelOnce(plan.design, plan.priors);
      const kernel = augmentationKernel('polyaGamma', plan.design, plan.priors, () => model.get().proposal, wrongScale);
      return { ...plan, kernels: [kernel] };
    },
  },
];
