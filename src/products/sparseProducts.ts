import type { Design } from '../design/design.ts';
import { needsIndependent } from '../design/needsIndependent.ts';
import { factorisationCost, type HeadTail } from '../linalg/sparse/headTail.ts';
import { coefficientPlaces } from './arrowLayout.ts';
import { coordinates as coordinatesOf } from './coordinates.ts';
import { type ProductsOfRows, productsOfRows } from './crossProducts.ts';
import { levelEquations } from './levelEquations.ts';
import { levelPattern } from './levelFill.ts';
import { type LevelProducts, levelProducts } from './levelProducts.ts';
import { rowWeights } from './rowWeights.ts';
import { workingRows } from './workingRows.ts';

/**
 * Cross-products of large crossed and nested factors: the matrix by pairs of levels, and where its factor stands; null
 * where a factorisation would take too much.
 */
export interface SparseProducts extends ProductsOfRows {
  readonly A: LevelProducts;
  readonly places: HeadTail | null;
}

/**
 * Multiplications of a factorisation from which on none is made: a dense tail of 2 900, three seconds, and three times
 * that with the inverse, for each of several evaluations, where probes take one second for all of them.
 */
export const DEAREST = 4e9;

/** The same as `crossProducts` without an arrow matrix; with no factor where one takes more multiplications. */
export function sparseProducts(design: Design, dearest = DEAREST): SparseProducts {
  needsIndependent(design, 'this');
  const W = rowWeights(design);
  const coordinates = coordinatesOf(design, W);
  const layout = coefficientPlaces(design);
  const rows = workingRows(design, layout, coordinates);
  const A = levelProducts(design, layout, rows, W);
  const pattern = levelPattern(A);
  const places = factorisationCost(pattern) > dearest ? null : pattern;
  const equations = (ridge: Float64Array) => levelEquations(A, places, ridge);
  return { ...productsOfRows(design, layout, coordinates, W, rows, equations), A, places };
}
