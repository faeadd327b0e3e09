import type { Design } from '../design/design.ts';
import type { ProductsOfRows } from './crossProducts.ts';
import { residualRounding } from './residualRounding.ts';

/**
 * What fits every response of a design with unknown sigma exactly, in words, or null: a response of one value beside an
 * intercept, or population and group columns that are fewer than the rows (a group of n_j rows and q columns has at
 * most min(n_j, q)). Then the residual sd is 0 to working precision: the likelihood has no maximum, and the posterior
 * no finite integral unless the prior of sigma vanishes at 0.
 */
export function exactFit(design: Design, products: ProductsOfRows): string | null {
  if (products.knownScale) return null;
  const { n, p, response } = design;
  const columns = modelColumns(design);
  const constant = response.offset === null && response.y.every((value) => value === response.y[0]);
  const whole = constant && p < n && design.columns.some(({ term }) => term === '1');
  if (!whole && (columns >= n || !everyRowFitted(design, products))) return null;
  return constant ? `is ${response.y[0]} in every row` : 'is fitted exactly by the columns of the model';
}

/**
 * Whether the columns of [X Z] fit every response to rounding, be it that there are enough of them for any response.
 */
export function everyRowFitted(design: Design, products: Pick<ProductsOfRows, 'rss'>): boolean {
  return products.rss <= residualRounding(design);
}

/** At most so many of the columns of [X Z] are independent: p, and of a group of n_j rows and q columns min(n_j, q). */
export function modelColumns({ p, groupTerms }: Design): number {
  return groupTerms.reduce(
    (sum, { counts, q }) => sum + counts.reduce((part, count) => part + Math.min(count, q), 0),
    p,
  );
}
