import type { CoefficientPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { type CrossedLayout, crossedLayout } from './crossedLayout.ts';
import { sweepRate, sweepsPerDraw } from './sweepRate.ts';

/** Evaluations of a density in one slice step, about. */
const EVALUATIONS = 8;

/** What a draw of the kernels of large crossed factors takes. */
export interface CrossedCost {
  /** Sweeps that make a draw, so that its slowest direction keeps at most .6. */
  readonly sweeps: number;
  /** Multiplications of one sweep, about: cells, levels and border. */
  readonly sweep: number;
  /** How many factors are large. */
  readonly large: number;
}

/**
 * The cost of a model with at least one factor (two, of Gaussian rows), from its cross-products, before anything is
 * fitted.
 */
export function crossedCost(products: CrossProducts, beta: CoefficientPriors): CrossedCost {
  const layout = crossedLayout(products);
  return {
    sweeps: sweepsPerDraw(sweepRate(layout, products, workingCoefficientPrior(products, beta))),
    sweep: sweepCost(layout, products),
    large: layout.large.length,
  };
}

function sweepCost({ large, small, places }: CrossedLayout, { groups }: CrossProducts): number {
  const W = places.length;
  const slices = small.reduce((sum, f) => sum + (groups[f]!.q * (groups[f]!.q + 1)) / 2, 0);
  let cost = 0;
  for (const { J, q, others, start } of large) {
    for (const { rows } of others) cost += 2 * rows.values.length;
    for (let j = 0; j < J; j += 1) cost += q * (start[j + 1]! - start[j]!) ** 2;
    // Normals and, with slopes, the small factorisations of every evaluation.
    cost += J * (40 * q + (q > 1 ? EVALUATIONS * q ** 3 * q * (q + 1) : 0));
    cost += (1 + EVALUATIONS * slices) * (W ** 3 / 6);
  }
  return cost;
}
