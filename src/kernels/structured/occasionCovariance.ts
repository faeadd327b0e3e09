import type { Design } from '../../design/design.ts';
import type { ScalePrior } from '../../priors/priors.ts';
import { gather } from '../../products/crossProducts.ts';
import { setSquares } from '../../products/setSquares.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import type { Kernel } from '../kernel.ts';
import type { ResidualCoordinates } from '../marginal/residualCoordinates.ts';
import { monotoneSums } from './monotoneSums.ts';
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
  const sums = monotoneSums(patterns, T);
  const row = occasionStep(T, eta, sigmaPrior);
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
      if (!row.take(sigma, rho)) throw new Error('the covariance of the residuals is not positive definite');
      const { Sigma } = row;
      sums.draw(byBase, Sigma, rng);
      for (let t = 0; t < T; t += 1) {
        // Few groups tell little: as one more with the variance of all.
        const own = sums.sums[t]![(t + 1) * (t + 1) - 1]!;
        typical[t] = own / sums.counts[t]!;
      }
      let accepted = 0;
      for (let t = 0; t < T; t += 1) {
        if (row.step(t, sums.counts[t]!, sums.sums[t]!, typical, rng)) accepted += 1;
      }
      info[0] = accepted / T;
      let pair = 0;
      for (let a = 0; a < T; a += 1) {
        sigma[a] = Math.sqrt(Sigma[a * T + a]!);
        for (let b = a + 1; b < T; b += 1) {
          rho[pair++] = Sigma[a * T + b]! / Math.sqrt(Sigma[a * T + a]! * Sigma[b * T + b]!);
        }
      }
      residuals.hold(state);
    },
  };
}
