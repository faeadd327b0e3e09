import type { Design } from '../design/design.ts';
import { type CrossProducts, crossProducts } from './crossProducts.ts';
import { severalLargeFactors } from './severalLargeFactors.ts';
import { type SparseProducts, sparseProducts } from './sparseProducts.ts';

/** Cross-products of a gaussian likelihood: an arrow matrix, or by pairs of levels. */
export type GaussianProducts = CrossProducts | SparseProducts;

/** The cross-products that are the cheaper to factor: the arrow's unless more than one factor is large. */
export function gaussianProducts(design: Design): GaussianProducts {
  return severalLargeFactors(design) ? sparseProducts(design) : crossProducts(design);
}
