import type { Design } from '../design/design.ts';
import { familyOf } from '../families/familyOf.ts';
import type { MovingPriors } from '../priors/priors.ts';
import type { CrossProducts } from '../products/crossProducts.ts';
import type { StructuredProducts } from '../products/structuredProducts.ts';

/** What a rule of kernels decides on. */
export interface ModelSetting {
  readonly design: Design;
  readonly products: CrossProducts;
  readonly priors: MovingPriors;
}

/** Most sds and correlations that are proposed as a whole. */
export const LARGEST_MARGINAL = 10;

/** Group-level sds and correlations of a model, together. */
export function covarianceParameters(design: Design): number {
  let count = 0;
  for (const { blocks } of design.groupTerms) for (const { size } of blocks) count += (size * (size + 1)) / 2;
  return count;
}

/** What makes the rows normal in eta. */
export function conjugateOf(design: Design) {
  return familyOf(design).conjugate;
}

/** Whether rows are normal and independent, with one sigma. */
export function isGaussian(design: Design): boolean {
  return conjugateOf(design) === 'normal' && design.residual === undefined;
}

/** Whether a row has no sigma: eta, and the family's own parameter, decide on its distribution. */
export function withoutSigma(design: Design): boolean {
  return familyOf(design).sigma === null;
}

/** Whether residuals depend on each other. */
export function isStructured(products: CrossProducts): products is StructuredProducts {
  return 'sets' in products;
}

/**
 * Sds and correlations, of groups and of residuals, that are proposed as a whole; log sds of groups are not, nor those
 * of occasions.
 */
export function proposedTogether({ design, products }: ModelSetting): number {
  if (!isStructured(products)) return covarianceParameters(design);
  const { size, deviations, correlation } = products.model;
  const alone = deviations + (correlation.patterns ? correlation.size : 0);
  return covarianceParameters(design) + size - alone;
}
