import type { ArrowPattern } from '../linalg/arrow.ts';
import { factorisationCost } from '../linalg/sparse/headTail.ts';
import type { GaussianProducts } from '../products/gaussianProducts.ts';
import { DEAREST } from '../products/sparseProducts.ts';

/** Multiplications that are little to spend on further searches of a fit: about a fiftieth of a second. */
export const AFFORDABLE = 2e7;

/** What one factorisation of an arrow matrix takes. */
export function multiplications({ J, q, r, start }: ArrowPattern): number {
  let sum = (r * r * r) / 3;
  for (let j = 0; j < J; j++) {
    const width = start[j + 1]! - start[j]!;
    sum += q * (q + width) ** 2;
  }
  return sum;
}

/** What an entry of a sparse head takes beside its multiplications: it is looked up, and solved with several times. */
const ENTRY = 50;

/** The same of the matrix that a gaussian fit factors. */
export function factorisationMultiplications(products: GaussianProducts): number {
  if (!('places' in products)) return multiplications(products.pattern);
  if (products.places === null) return DEAREST;
  return factorisationCost(products.places) + ENTRY * products.places.rows.length;
}
