import { structuredProducts } from '../../products/structuredProducts.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { type StructuredDeviance, structuredDeviance } from './structuredDeviance.ts';

/**
 * The deviance of a fit with `residual`, evaluated at its estimates; its coordinates of the residuals count from there.
 */
export function structuredAt(fit: MaximumLikelihoodFit): StructuredDeviance {
  const { design, method, theta, residual } = fit;
  const profiled = structuredDeviance(structuredProducts(design), design, method, residual!.coordinates);
  profiled.at([...profiled.covariances.fromTheta(theta), residual!.coordinates]);
  return profiled;
}
