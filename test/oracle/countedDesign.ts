import type { Design } from '../../src/design/design.ts';
import { type DesignShape, randomDesign, uniforms } from './randomDesign.ts';

/**
 * A made-up design with a 0/1 response (`most` 1) or counts of up to `most` trials, for oracles that need many shapes.
 */
export function countedDesign(
  shape: DesignShape,
  seed: number,
  family: 'binomialLogit' | 'bernoulliProbit' = 'binomialLogit',
  most = 1,
): Design {
  const latent = randomDesign({ ...shape, weights: false }, seed);
  const uniform = uniforms(seed + 1);
  const trials = Float64Array.from({ length: shape.n }, () => 1 + Math.floor(uniform() * most));
  const y = trials.map((size, i) => {
    const p = 1 / (1 + Math.exp(-latent.response.y[i]! / 1.5));
    let count = 0;
    for (let k = 0; k < size; k++) if (uniform() < p) count++;
    return count;
  });
  const weights = shape.weights ? Float64Array.from({ length: shape.n }, () => 1 + Math.floor(3 * uniform())) : null;
  return {
    ...latent,
    response: { ...latent.response, family, y, trials: most > 1 ? trials : null, weights },
  };
}
