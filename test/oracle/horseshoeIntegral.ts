import type { HorseshoePrior } from '../../src/priors/horseshoe.ts';

/**
 * The density of coefficients that share a regularised horseshoe, by a fine trapezoidal rule in the logs of tau, c^2
 * and every lambda, from the definition: no table, nothing in closed form.
 */
export function horseshoeIntegral({ globalScale, slabDf, slabScale }: HorseshoePrior, x: readonly number[]): number {
  const step = 0.25;
  const range = (from: number, to: number, by = step): number[] =>
    Array.from({ length: Math.round((to - from) / by) + 1 }, (_, i) => from + i * by);
  const halfCauchy = (t: number): number => 2 / Math.PI / (Math.exp(t) + Math.exp(-t));
  // The sd of log c^2 is sqrt(2 / (slabDf + the coefficients in the slab)) at the sharpest.
  const sharpest = Math.sqrt(2 / (slabDf + x.length));
  const slabs = range(-4, 14, Math.min(step, sharpest / 2)).flatMap((t) => {
    const exponent = -(slabDf / 2) * (t + Math.exp(-t) - 1);
    return exponent < -200 ? [] : [{ c2: slabScale ** 2 * Math.exp(t), weight: Math.exp(exponent) }];
  });
  const total = slabs.reduce((sum, { weight }) => sum + weight, 0);
  const lambdas = range(-24, 36).map((t) => ({ square: Math.exp(2 * t), weight: step * halfCauchy(t) }));
  const copies = new Map<number, number>();
  for (const value of x) copies.set(Math.abs(value), (copies.get(Math.abs(value)) ?? 0) + 1);
  let density = 0;
  for (const t of range(-16, 16)) {
    const tau2 = globalScale ** 2 * Math.exp(2 * t);
    for (const { c2, weight } of slabs) {
      let product = 1;
      for (const [value, times] of copies) {
        let sum = 0;
        for (const lambda of lambdas) {
          const v = 1 / (1 / (tau2 * lambda.square) + 1 / c2);
          sum += (lambda.weight * Math.exp(-(value * value) / (2 * v))) / Math.sqrt(2 * Math.PI * v);
        }
        product *= sum ** times;
      }
      density += ((step * weight) / total) * halfCauchy(t) * product;
    }
  }
  return density;
}
