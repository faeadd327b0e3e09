import { inverse, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { mcseMean } from '../../../diagnostics/mcse.ts';
import { correlationPairs } from '../../../src/design/correlationPairs.ts';
import { interweavingKernel } from '../../../src/kernels/gibbs/interweaving.ts';
import type { State } from '../../../src/kernels/kernel.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import type { BlockPrior } from '../../../src/priors/priors.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { type GaussianCase, gaussianCases } from '../../oracle/gaussianCases.ts';
import { handDesign } from '../../oracle/handDesign.ts';

const index = [0, 0, 1, 1, 2, 2, 2, 3];
/** Nothing but deviations: they are the end of the working vector. */
const bare: GaussianCase = {
  design: handDesign({
    y: [1, 2, 0, 3, -2, 1, 0, -1],
    X: index.map(() => []),
    groups: [{ factor: 'g', J: 4, index, Z: index.map((_, i) => [1, Math.sin(i)]) }],
  }),
  sigma: 1.2,
  Sigmas: [
    new Matrix([
      [2, 0.5],
      [0.5, 1],
    ]),
  ],
};
const grouped = [...gaussianCases, ['no population columns', bare] as const].filter(
  ([, { design }]) => design.groupTerms.length > 0,
);

/** The correlations of a factor as the state has them, q x q. */
function correlations(state: State, factor: string, pairs: ReturnType<typeof correlationPairs>): Matrix {
  const R = Matrix.eye(state.at[`tau_${factor}`]!.length);
  pairs.forEach(({ first, second }, i) => {
    R.set(first, second, state.at[`corr_${factor}`]![i]!);
    R.set(second, first, state.at[`corr_${factor}`]![i]!);
  });
  return R;
}

describe('interweaving', () => {
  it.each(grouped)('moves Sigma and every u_j together, so that u_j Sigma^-1 u_k stays: %s', (_name, given) => {
    const { design, sigma, Sigmas } = given;
    const products = crossProducts(design);
    const rng = createRng([41]);
    design.groupTerms.forEach((term, f) => {
      const { factor, J, q, blocks } = term;
      const priors = blocks.map(({ size, start }): BlockPrior => {
        const sds = Array.from({ length: size }, (_, k) => Math.sqrt(Sigmas[f]!.get(start + k, start + k)));
        return { kind: 'halfTCov', df: 3, scale: Float64Array.from(sds) };
      });
      const state = emptyState(layout(design));
      if (state.at['sigma']) state.at['sigma'][0] = sigma;
      const pairs = correlationPairs(blocks);
      for (let k = 0; k < q; k += 1) state.at[`tau_${factor}`]![k] = Math.sqrt(Sigmas[f]!.get(k, k));
      pairs.forEach((_, i) => {
        state.at[`corr_${factor}`]![i] = 0.3;
      });
      const u = state.at[`u_${factor}`]!;
      for (let i = 0; i < u.length; i += 1) u[i] = state.at[`tau_${factor}`]![i % q]! * rng.normal();
      const standardised = (): Matrix => {
        // In units of each sd: the columns are of very different size.
        const U = Matrix.from1DArray(
          J,
          q,
          Array.from(u, (value, i) => value / state.at[`tau_${factor}`]![i % q]!),
        );
        return U.mmul(inverse(correlations(state, factor, pairs))).mmul(U.transpose());
      };
      const [uBefore, tauBefore] = [Float64Array.from(u), Float64Array.from(state.at[`tau_${factor}`]!)];
      const kernel = interweavingKernel(design, products, f, priors);
      for (let i = 0; i < 3; i += 1) {
        // Roundings of some hundred products each, as the oracle's inverse of the correlations magnifies them before
        // the step or after it.
        const from = standardised();
        const { condition } = new SingularValueDecomposition(correlations(state, factor, pairs));
        kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
        const after = new SingularValueDecomposition(correlations(state, factor, pairs)).condition;
        const drift = Matrix.sub(standardised(), from).abs().max();
        expect(drift).toBeLessThan(1e-14 * Math.max(100, condition, after) * Math.max(1, from.max()));
      }
      for (let k = 0; k < q; k += 1) {
        expect(state.at[`tau_${factor}`]![k]).not.toBe(tauBefore[k]);
        for (let j = 0; j < J; j += 1) expect(u[j * q + k]).not.toBe(uBefore[j * q + k]);
      }
    });
  });

  it('leaves the prior of Sigma as it is where the rows tell nothing: half-t sds, uniform correlations', () => {
    const design = handDesign({
      y: [0, 0, 0],
      X: [[1], [1], [1]],
      groups: [{ factor: 'g', J: 3, index: [0, 1, 2], Z: [0, 1, 2].map((x) => [1, x]) }],
    });
    const prior: BlockPrior = { kind: 'halfTCov', df: 2, scale: Float64Array.of(1, 3) };
    const kernel = interweavingKernel(design, crossProducts(design), 0, [prior]);
    const state = emptyState(layout(design));
    state.at['sigma']![0] = 1e9;
    state.at['tau_g']!.set([1, 3]);
    state.at['u_g']!.set([1, -2, 0.5, 3, -1, 1]);
    const rng = createRng([42]);
    const draws = 20_000;
    const inside = Array.from({ length: 3 }, () => new Float64Array(draws));
    // Beside the deviations Sigma moves by its prior; medians of |t| with 2 degrees of freedom are sqrt(2 / 3).
    for (let i = 0; i < draws; i += 1) {
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      const [first, second] = state.at['tau_g']!;
      inside[0]![i] = Math.abs(state.at['corr_g']![0]!) < 0.5 ? 1 : 0;
      inside[1]![i] = first! < Math.sqrt(2 / 3) ? 1 : 0;
      inside[2]![i] = second! < 3 * Math.sqrt(2 / 3) ? 1 : 0;
    }
    for (const each of inside) {
      const share = each.reduce((sum, value) => sum + value, 0) / draws;
      expect(Math.abs(share - 0.5)).toBeLessThan(4 * mcseMean([each]));
      expect(mcseMean([each])).toBeLessThan(0.02);
    }
  });
});
