import type { CrossProducts } from './crossProducts.ts';
import type { Design } from './design.ts';
import { residualRounding } from './residualRounding.ts';

/**
 * What fits every response of a design with unknown sigma exactly, in words, or null: a response of one value beside an intercept, or population and
 * group columns that are fewer than the rows (a group of n_j rows and q columns has at most min(n_j, q)). Then the residual sd
 * is 0 to working precision: the likelihood has no maximum, and the posterior no finite integral unless the prior of sigma vanishes at 0.
 */
export function exactFit(design: Design, products: CrossProducts): string | null {
  if (products.knownScale) return null;
  const { n, p, response, groupTerms } = design;
  const columns = groupTerms.reduce(
    (sum, { counts, q }) => sum + counts.reduce((part, count) => part + Math.min(count, q), 0),
    p,
  );
  const constant = response.offset === null && response.y.every((value) => value === response.y[0]);
  const whole = constant && p < n && design.columns.some(({ term }) => term === '1');
  if (!whole && (columns >= n || products.rss > residualRounding(design))) return null;
  return constant ? `is ${response.y[0]} in every row` : 'is fitted exactly by the columns of the model';
}
