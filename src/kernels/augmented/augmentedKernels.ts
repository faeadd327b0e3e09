import type { Design } from '../../design/design.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import type { FittedOnce } from '../fittedOnce.ts';
import type { Kernel } from '../kernel.ts';
import type { MarginalProposal } from '../marginal/marginalProposal.ts';
import { albertChibAugmentation, polyaGammaAugmentation } from './augmentation.ts';
import { augmentedKernel } from './augmentedKernel.ts';

/** A proposal of the covariances, alone or with what else was fitted. */
type ProposalOnce = FittedOnce<{ readonly proposal: MarginalProposal }>;

/**
 * Pólya-Gamma Gibbs sampling of a binomial logit model (Polson, Scott & Windle 2013), the covariances with u and beta
 * integrated out; `fitted` has their proposal.
 */
export function polyaGammaKernel(design: Design, priors: MovingPriors, fitted: ProposalOnce): Kernel {
  return augmentedKernel(
    'polyaGamma',
    'a Pólya-Gamma variable for every cell makes the logit likelihood normal: covariances with u and beta integrated out, then u and beta in one draw',
    design,
    priors,
    polyaGammaAugmentation,
    fitted,
  );
}

/**
 * Gibbs sampling of a probit model by latent normals (Albert & Chib 1993), the covariances with u and beta integrated
 * out; `fitted` has their proposal.
 */
export function albertChibKernel(design: Design, priors: MovingPriors, fitted: ProposalOnce): Kernel {
  return augmentedKernel(
    'albertChib',
    'a truncated normal for every trial makes the probit likelihood normal: covariances with u and beta integrated out, then u and beta in one draw',
    design,
    priors,
    albertChibAugmentation,
    fitted,
  );
}
