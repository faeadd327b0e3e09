import type { Design } from '../design/design.ts';
import { albertChibAugmentation, polyaGammaAugmentation } from './augmentation.ts';
import { augmentedKernel } from './augmentedKernel.ts';
import type { Kernel } from './kernel.ts';
import type { MarginalProposal } from './marginalProposal.ts';
import type { Priors } from './priors.ts';
import { whitenedModel } from './whitenedModel.ts';

/** Pólya-Gamma Gibbs sampling of a binomial logit model (Polson, Scott & Windle 2013), the covariances with u and beta integrated out. */
export function polyaGammaKernel(design: Design, priors: Priors): Kernel {
  return augmentedKernel(
    'polyaGamma',
    'a Pólya-Gamma variable for every cell makes the logit likelihood normal: covariances with u and beta integrated out, then u and beta in one draw',
    design,
    priors,
    polyaGammaAugmentation,
    proposalOnce(design, priors),
  );
}

/** Gibbs sampling of a probit model by latent normals (Albert & Chib 1993), the covariances with u and beta integrated out. */
export function albertChibKernel(design: Design, priors: Priors): Kernel {
  return augmentedKernel(
    'albertChib',
    'a truncated normal for every trial makes the probit likelihood normal: covariances with u and beta integrated out, then u and beta in one draw',
    design,
    priors,
    albertChibAugmentation,
    proposalOnce(design, priors),
  );
}

/** The proposal of the covariances, fitted when a first chain starts and shared by all. */
function proposalOnce(design: Design, priors: Priors): () => MarginalProposal {
  let proposal: MarginalProposal | undefined;
  return () => {
    proposal ??= whitenedModel(design, priors).proposal;
    return proposal;
  };
}
