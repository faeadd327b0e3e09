import type { Design } from '../design/design.ts';
import { needsIndependent } from '../design/needsIndependent.ts';
import { ModelError } from '../errors.ts';
import { cholesky, choleskySolve } from '../linalg/cholesky.ts';
import type { HeadTail } from '../linalg/sparse/headTail.ts';
import { allocateHeadTail, factorHeadTail, solveHeadTail } from '../linalg/sparse/headTailFactor.ts';
import { coefficientPlaces, WIDEST_CORNER } from './arrowLayout.ts';
import { coordinates as coordinatesOf } from './coordinates.ts';
import { type ProductsOfRows, productsOfRows } from './crossProducts.ts';
import { levelFill, levelPattern } from './levelFill.ts';
import { diagonalOfLevels, type LevelProducts, levelProducts } from './levelProducts.ts';
import { growingRidge, type NormalEquations } from './referenceFit.ts';
import { rowWeights } from './rowWeights.ts';
import { workingRows } from './workingRows.ts';

/** Cross-products of large crossed and nested factors: the matrix by pairs of levels, and where its factor stands. */
export interface SparseProducts extends ProductsOfRows {
  readonly A: LevelProducts;
  readonly places: HeadTail;
}

/**
 * The same as `crossProducts` without an arrow matrix. Throws a ModelError where the dense tail that elimination leaves
 * would pass 1 GB.
 */
export function sparseProducts(design: Design): SparseProducts {
  needsIndependent(design, 'this');
  const W = rowWeights(design);
  const coordinates = coordinatesOf(design, W);
  const layout = coefficientPlaces(design);
  const rows = workingRows(design, layout, coordinates);
  const A = levelProducts(design, layout, rows, W);
  const places = levelPattern(A);
  if (places.tail > WIDEST_CORNER) {
    throw new ModelError(
      'too-large',
      'group terms',
      `${design.groupTerms.map((term) => `${term.factor} (${term.J} levels, ${term.q} varying)`).join(' and ')} are crossed so that elimination leaves a dense part of ${places.tail} coefficients; at most ${WIDEST_CORNER} are accepted`,
    );
  }
  const equations = (ridge: Float64Array) => levelEquations(A, places, ridge);
  return { ...productsOfRows(design, layout, coordinates, W, rows, equations), A, places };
}

function levelEquations(A: LevelProducts, places: HeadTail, ridge: Float64Array): NormalEquations {
  const { p, groups, population } = A;
  return {
    population() {
      const factor = new Float64Array(p * p);
      let largest = 0;
      for (let k = 0; k < p; k++) largest = Math.max(largest, population[k * p + k]!);
      growingRidge(largest || 1, (extra) => {
        factor.set(population);
        for (let k = 0; k < p; k++) factor[k * p + k]! += extra;
        return cholesky(factor, p);
      });
      return (b) => choleskySolve(factor, p, b);
    },
    whole() {
      const fill = levelFill(A, places);
      const factor = allocateHeadTail(places);
      const identities = groups.map(({ q }) =>
        Float64Array.from({ length: q * q }, (_, k) => (k % (q + 1) === 0 ? 1 : 0)),
      );
      const largest = diagonalOfLevels(A).reduce((most, value) => Math.max(most, value), 0);
      growingRidge(largest || 1, (extra) => {
        fill(
          identities,
          ridge.map((value) => value + extra),
          factor,
        );
        return factorHeadTail(factor);
      });
      return (b) => solveHeadTail(factor, b);
    },
  };
}
