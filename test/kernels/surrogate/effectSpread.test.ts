import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { factorCovariance } from '../../../src/kernels/crossed/factorCovariance.ts';
import { effectSpread } from '../../../src/kernels/surrogate/effectSpread.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import type { CoordinateMap } from '../../../src/products/coordinates.ts';
import { createRng, type Rng } from '../../../src/random/rng.ts';
import { denseSigma, logNormalDensity } from '../../oracle/denseGroups.ts';
import { handDesign } from '../../oracle/handDesign.ts';

const J = 7;

/** A map whose T is upper triangular, far from diagonal. */
function randomMap(q: number, rng: Rng): CoordinateMap {
  const T = Matrix.zeros(q, q);
  for (let a = 0; a < q; a += 1)
    for (let b = a; b < q; b += 1) T.set(a, b, a === b ? 0.3 + rng.uniform() : 2 * rng.normal());
  const logDeterminant = T.diagonal().reduce((sum, value) => sum + Math.log(value), 0);
  return {
    k: q,
    T: Float64Array.from(T.to1DArray()),
    inverse: Float64Array.from(inverse(T).to1DArray()),
    logDeterminant,
  };
}

describe('the density of the effects of a factor given its covariance', () => {
  it.each([1, 2, 3])('is that of T u_j ~ N(0, Sigma) up to one constant, %d varying columns', (q) => {
    const rng = createRng([71, q]);
    const index = Array.from({ length: 3 * J }, (_, i) => i % J);
    const design = handDesign({
      y: index,
      X: index.map(() => [1]),
      groups: [{ factor: 'g', J, index, Z: index.map((j, i) => [1, i, i * j].slice(0, q)) }],
    });
    const term = design.groupTerms[0]!;
    const flat = { kind: 'separation', tau: Array(q).fill({ distribution: 'flat' }), eta: 1 } as const;
    const state = emptyState(layout(design));
    for (let trial = 0; trial < 5; trial += 1) {
      const map = randomMap(q, rng);
      const covariance = factorCovariance(term, [flat], map);
      const factor = { J, q, offset: 0, index: new Int32Array(0), z: new Float64Array(0), constant: false };
      const spread = effectSpread(factor);
      const x = Float64Array.from({ length: J * q }, () => rng.normal());
      spread.read(x);
      const T = new Matrix([...Array(q).keys()].map((a) => [...map.T.subarray(a * q, (a + 1) * q)]));
      // sum_j log N(T u_j; 0, Sigma) has neither log |T| nor is without its (2 pi)^(-q / 2).
      const constant = J * (map.logDeterminant + (q / 2) * Math.log(2 * Math.PI));
      for (let place = 0; place < 6; place += 1) {
        covariance.coordinates.forEach((_, k) => {
          covariance.coordinates[k] = 0.8 * rng.normal();
        });
        covariance.write(state);
        covariance.factor(1, new Float64Array(q * q));
        const own = new Float64Array(q * q);
        const logDeterminant = covariance.inverse(own);
        const Sigma = denseSigma(term, state.at['tau_g']!, state.at['corr_g'] ?? []);
        let exact = constant;
        for (let j = 0; j < J; j += 1) {
          const user = T.mmul(Matrix.columnVector([...x.subarray(j * q, (j + 1) * q)])).to1DArray();
          exact += logNormalDensity(user, Array(q).fill(0), Sigma);
        }
        // Rounding of the dense inverse, whose condition is below 1e5 here.
        expect(Math.abs(spread.logDensity(own, logDeterminant) - exact)).toBeLessThan(1e-10 * (1 + Math.abs(exact)));
      }
    }
  });
});
