import type { CoefficientPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { type CrossedLayout, crossedLayout } from './crossedLayout.ts';
import { sweepRate, sweepsPerDraw } from './sweepRate.ts';

/** Evaluations of a density in one slice step, about. */
const EVALUATIONS = 8;

/**
 * Multiplications of one draw by the crossed kernel, about: cells, levels and border of one sweep, times the sweeps its
 * slowest direction asks for.
 */
export function crossedCost(products: CrossProducts, beta: CoefficientPriors): number {
  const layout = crossedLayout(products);
  return (
    sweepCost(layout, products) * sweepsPerDraw(sweepRate(layout, products, workingCoefficientPrior(products, beta)))
  );
}

/** Sweeps that make a draw, so that its slowest direction keeps at most .6. */
export function crossedSweeps(products: CrossProducts, beta: CoefficientPriors): number {
  return sweepsPerDraw(sweepRate(crossedLayout(products), products, workingCoefficientPrior(products, beta)));
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
