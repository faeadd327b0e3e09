import type { CovarianceBlock } from '../design/design.ts';
import type { MixturePrior } from './mixturePrior.ts';
import type { BlockPrior, ScalePrior } from './priors.ts';

/**
 * The marginal prior of the sd in row k of a covariance block: its own prior; half-t(df, scale_k) under Huang & Wand;
 * the root of InverseGamma((df - size + 1) / 2, scale_kk / 2) under the inverse Wishart.
 */
export function marginalScalePrior(prior: BlockPrior, { size }: CovarianceBlock, k: number): ScalePrior {
  switch (prior.kind) {
    case 'separation':
      return prior.tau[k]!;
    case 'halfTCov':
      return { distribution: 'halfT', df: prior.df, scale: prior.scale[k]! };
    case 'inverseWishart':
      return { distribution: 'inverseGamma', shape: (prior.df - size + 1) / 2, scale: prior.scale[k * size + k]! / 2 };
  }
}

/**
 * The exponent c of the marginal prior (1 - r^2)^c of one correlation of a block: eta - 1 + (size - 2) / 2 under LKJ,
 * df / 2 - 1 under Huang & Wand, (df - size - 1) / 2 under an inverse Wishart with a diagonal scale; 0 is uniform.
 */
export function correlationExponent(prior: BlockPrior, { size }: CovarianceBlock): number {
  switch (prior.kind) {
    case 'separation':
      return prior.eta - 1 + (size - 2) / 2;
    case 'halfTCov':
      return prior.df / 2 - 1;
    case 'inverseWishart':
      return (prior.df - size - 1) / 2;
  }
}

/** How a prior of an sd or a mixture is written, for messages: `halfT(3, 2.5)`. */
export function scalePriorText(prior: ScalePrior | MixturePrior): string {
  const { distribution, ...parameters } = prior;
  const values = Object.values(parameters).map((value) => String(Number(Number(value).toPrecision(3))));
  return `${distribution}(${values.join(', ')})`;
}
