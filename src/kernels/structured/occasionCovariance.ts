import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import type { ScalePrior } from '../../priors/priors.ts';
import { gather } from '../../products/crossProducts.ts';
import { setSquares } from '../../products/setSquares.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { LEAST_LEFT, type OccasionPattern } from '../../residual/correlation.ts';
import type { Kernel } from '../kernel.ts';
import type { ResidualCoordinates } from '../marginal/residualCoordinates.ts';
import { monotoneSums } from './monotoneSums.ts';
import { type OccasionRegressions, occasionRegressions } from './occasionRegressions.ts';
import { occasionStep } from './occasionStep.ts';

/**
 * The covariance matrix of the residuals of T occasions given u and beta: the squares and products of the residuals at
 * each pair of occasions, which come from the cross-products without a pass over the rows, what groups lack between
 * occasions drawn anew (`monotoneSums`), then each occasion's regression on those before it (`occasionStep`). Its steps
 * tell the share of regressions accepted from their proposals.
 */
export function occasionCovarianceKernel(
  design: Design,
  products: StructuredProducts,
  residuals: ResidualCoordinates,
  eta: number,
  sigmaPrior: ScalePrior,
): Kernel {
  const { model } = products;
  const patterns = model.correlation.patterns!;
  const T = model.correlation.sds!().length;
  const views: Float64Array[] = design.groupTerms.map(() => new Float64Array(0));
  const uNames = design.groupTerms.map(({ factor }) => `u_${factor}`);
  const x = new Float64Array(products.size);
  const read = setSquares(products);
  const bySet = new Float64Array(products.sets.count);
  const byBase = new Float64Array(patterns.reduce((sum, { occasions: { length: k } }) => sum + (k * (k + 1)) / 2, 0));
  const order = mostGroupsFirst(patterns, T);
  const place = new Int32Array(T);
  order.forEach((t, at) => {
    place[t] = at;
  });
  const ordered = patterns.map((each) => ({ ...each, occasions: each.occasions.map((t) => place[t]!) }));
  const sums = monotoneSums(ordered, T);
  const regressions = occasionRegressions(place);
  const row = occasionStep(regressions, eta, sigmaPrior);
  const typical = new Float64Array(T);
  return {
    name: 'occasionCovariance',
    updates: ['sigma', 'rho'],
    why: `the sds of ${T} occasions and their correlations given the coefficients, an occasion at a time given those before it; no pass over the rows`,
    stats: ['occasion_independent_rate'],
    init() {},
    step(state, rng, _phase, info) {
      residuals.restore(state);
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      gather(products, views, state.at['beta']!, x);
      read(x, bySet);
      model.byBase(bySet, byBase);
      const sigma = state.at['sigma']!;
      const rho = state.at['rho']!;
      if (!regressions.take(sigma, rho)) throw new Error('the covariance of the residuals is not positive definite');
      sums.draw(byBase, regressions.Sigma, rng);
      for (let t = 0; t < T; t += 1) {
        typical[t] = sums.sums[t]![(t + 1) * (t + 1) - 1]! / sums.counts[t]!;
      }
      let accepted = 0;
      for (let t = 0; t < T; t += 1) {
        if (row.step(t, sums.counts[t]!, sums.sums[t]!, typical, rng)) accepted += 1;
      }
      info[0] = accepted / T;
      checkLeft(design, order, regressions);
      regressions.give(sigma, rho);
      residuals.hold(state);
    },
  };
}

/**
 * The occasions by how many groups have them, most first: where groups end, or begin, at different times, they lack
 * nothing before their last one in this order. No prior depends on the order.
 */
function mostGroupsFirst(patterns: readonly OccasionPattern[], T: number): number[] {
  const groups = new Float64Array(T);
  for (const { occasions, count } of patterns) for (const t of occasions) groups[t]! += count;
  return Array.from(groups.keys()).sort((a, b) => groups[b]! - groups[a]! || a - b);
}

/**
 * Throws `improper-posterior` where an occasion's residuals have come down to the least share of their variance that is
 * drawn, given those of others: the likelihood then grows without end on the way to none.
 */
function checkLeft({ response, residual }: Design, order: readonly number[], { Sigma, v }: OccasionRegressions): void {
  const T = v.length;
  const t = v.findIndex((left, at) => left < 2 * LEAST_LEFT * Sigma[at * T + at]!);
  if (t < 0) return;
  const { occasions, factor } = residual!.groups!;
  throw new ModelError(
    'improper-posterior',
    response.label,
    `the posterior of ${response.label} has no finite integral: the residual of ${factor} at ${occasions[order[t]!]} becomes a combination of those at other times, to working precision, and the likelihood has no bound; leave that time or columns out, or give a simpler structure than unstructured`,
  );
}
