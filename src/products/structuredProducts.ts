import type { Design, GroupTerm } from '../design/design.ts';
import { withoutResidual } from '../design/withoutResidual.ts';
import { log } from '../elementary.ts';
import { allocateArrow } from '../linalg/arrow.ts';
import { type ResidualModel, residualModel } from '../residual/residualModel.ts';
import { arrowLayout } from './arrowLayout.ts';
import { coordinates as coordinatesOf } from './coordinates.ts';
import { type CrossProducts, crossProducts } from './crossProducts.ts';
import type { HeldAt } from './heldReference.ts';
import { rowPrecisions } from './rowWeights.ts';
import { type SetProducts, setProducts } from './setProducts.ts';
import { workingRows } from './workingRows.ts';

/**
 * The cross-products of a design whose residuals are not independent with one sigma, A = [Z X]' W [Z X] with W = sum_k
 * c_k(x) S_k of `src/residual`: those of every set are formed once, and `set` joins them anew at other coordinates x,
 * without a pass over the rows. The reference is the population part of least squares, u = 0, as
 * priors `held` hold it.
 */
export interface StructuredProducts extends CrossProducts {
  readonly model: ResidualModel;
  readonly sets: SetProducts;
  /** r' W r and -log|W| of the last coordinates. */
  rss: number;
  rss0: number;
  /** log|W| of the last coordinates, the weights of the rows included. */
  sumLogWeights: number;
  /**
   * Fills A, c and c0 (which are one), rss and rss0, sumLogWeights; false where W is not numerically positive definite.
   * Nothing is done again where x is the last one.
   */
  set(x: ArrayLike<number>): boolean;
}

/** Throws what `crossProducts` throws, and `too-large` where the sets take more than a gigabyte. */
export function structuredProducts(design: Design, held: HeldAt | null = null): StructuredProducts {
  const { p, n } = design;
  const weights = rowPrecisions(design);
  const coordinates = coordinatesOf(design, weights);
  const layout = arrowLayout(design, (term) => holdsGroups(design, term));
  const { pattern, size, borderOffsets } = layout;
  const rows = workingRows(design, layout, coordinates);
  const model = residualModel(design);
  const population = crossProducts({ ...withoutResidual(design), groupTerms: [] }, held);
  const reference = new Float64Array(size);
  reference.set(population.reference, size - p);
  const residuals = new Float64Array(n);
  const others = rows.values.length - p;
  for (let i = 0; i < n; i++) {
    rows.load(i);
    let left = design.response.y[i]! - (design.response.offset?.[i] ?? 0);
    for (let k = 0; k < p; k++) left -= rows.values[others + k]! * population.reference[k]!;
    residuals[i] = left;
  }
  const A = allocateArrow(pattern);
  const c = new Float64Array(size);
  const sets = setProducts(model, rows, layout, weights.map(Math.sqrt), residuals, design.response.label);
  const logWeights = weights.reduce((sum, w) => sum + log(w), 0);
  const last = new Float64Array(model.size);
  // The evaluation of the model that everything was filled by.
  let filledBy = -1;
  const self: StructuredProducts = {
    leading: layout.leading,
    borderOffsets,
    pattern,
    size,
    n,
    p,
    groups: design.groupTerms.map(({ J, q }) => ({ J, q })),
    coordinates,
    A,
    reference,
    c,
    rss: Number.NaN,
    c0: c,
    rss0: Number.NaN,
    populationFits: population.populationFits,
    sumLogWeights: Number.NaN,
    knownScale: false,
    scratch: new Float64Array(size),
    model,
    sets,
    set(x) {
      if (filledBy === model.evaluations && last.every((value, k) => value === x[k])) return true;
      if (!model.at(x)) return false;
      self.rss = sets.join(model.coefficients, A, c);
      self.rss0 = self.rss;
      self.sumLogWeights = logWeights - model.logDet;
      for (let k = 0; k < last.length; k++) last[k] = x[k]!;
      filledBy = model.evaluations;
      return true;
    },
  };
  return self;
}

/** Whether the rows of every group of the residual structure are of one level of a factor. */
function holdsGroups({ residual, n }: Design, { index }: GroupTerm): boolean {
  const groups = residual?.groups;
  if (!groups) return true;
  const level = new Int32Array(groups.J).fill(-1);
  for (let i = 0; i < n; i++) {
    const j = groups.index[i]!;
    if (level[j] === -1) level[j] = index[i]!;
    else if (level[j] !== index[i]) return false;
  }
  return true;
}
