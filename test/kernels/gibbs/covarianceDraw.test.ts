import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { correlationPairs } from '../../../src/design/correlationPairs.ts';
import type { CovarianceBlock } from '../../../src/design/design.ts';
import { covarianceKernel } from '../../../src/kernels/gibbs/covariance.ts';
import { covarianceWriter } from '../../../src/kernels/marginal/covarianceWriter.ts';
import type { MarginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import type { BlockPrior } from '../../../src/priors/priors.ts';
import { createRng } from '../../../src/random/rng.ts';
import { handDesign } from '../../oracle/handDesign.ts';

const J = 60;
const index = Array.from({ length: 2 * J }, (_, i) => i % J);
const blocks: CovarianceBlock[] = [
  { start: 0, size: 3, cov: 'a' },
  { start: 3, size: 2, cov: 'b' },
];
const base = handDesign({
  y: index,
  X: index.map(() => [1]),
  groups: [{ factor: 'g', J, index, Z: index.map((j, i) => [1, i, j, i * j, i - j]) }],
});
const term = { ...base.groupTerms[0]!, blocks };
const design = { ...base, groupTerms: [term] };
const pairs = correlationPairs(blocks);

/** A state with given sds and correlations and standard normal deviations. */
function stateOf(tau: readonly number[], corr: readonly number[]) {
  const state = emptyState(layout(design));
  state.at['tau_g']!.set(tau);
  state.at['corr_g']!.set(corr);
  const rng = createRng([51]);
  state.at['u_g']!.forEach((_, i) => {
    state.at['u_g']![i] = (1 + (i % 5)) * rng.normal();
  });
  return state;
}

const TAU = [1, 2, 3, 4, 5];
const CORR = [0.1, -0.2, 0.3, 0.4];

describe('the draw of Sigma given u', () => {
  const halfT =
    (scale: number) =>
    ({ size }: { size: number }): BlockPrior => ({
      kind: 'halfTCov',
      df: 2,
      scale: new Float64Array(size).fill(scale),
    });
  const kernel = covarianceKernel(term, blocks.map(halfT(2)));
  const drawn = (tau: readonly number[], corr: readonly number[], by = kernel) => {
    const state = stateOf(tau, corr);
    by.step(state, createRng([52]), 'sampling', new Float64Array(by.stats.length));
    return { tau: [...state.at['tau_g']!], corr: [...state.at['corr_g']!] };
  };
  const reference = drawn(TAU, CORR);

  it('takes larger sds from priors of larger scale', () => {
    const [small, usual, large] = [0.5, 2, 8].map(
      (scale) => drawn(TAU, CORR, covarianceKernel(term, blocks.map(halfT(scale)))).tau,
    );
    for (const k of [0, 3]) {
      expect(small![k]!).toBeLessThan(usual![k]!);
      expect(usual![k]!).toBeLessThan(large![k]!);
    }
  });

  it('depends on every sd and correlation of its block, by the auxiliaries, and on none of another', () => {
    pairs.forEach(({ block }, i) => {
      const other = drawn(
        TAU,
        CORR.map((value, k) => (k === i ? value + 0.2 : value)),
      );
      TAU.forEach((_, k) => {
        const same = block === 0 ? k >= 3 : k < 3;
        if (same) expect(other.tau[k]).toBe(reference.tau[k]);
        else expect(other.tau[k]).not.toBe(reference.tau[k]);
      });
    });
  });

  it('is near the sample covariance of many deviations, sds and correlations in their places', () => {
    const u = Matrix.from1DArray(J, 5, [...stateOf(TAU, CORR).at['u_g']!]);
    const S = u.transpose().mmul(u).div(J);
    const rounds = 2000;
    const state = stateOf(TAU, CORR);
    const rng = createRng([53]);
    const tau = TAU.map(() => 0);
    const corr = CORR.map(() => 0);
    for (let round = 0; round < rounds; round += 1) {
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      state.at['tau_g']!.forEach((value, k) => {
        tau[k] = tau[k]! + value / rounds;
      });
      state.at['corr_g']!.forEach((value, k) => {
        corr[k] = corr[k]! + value / rounds;
      });
    }
    // The posterior of 60 deviations under a weak prior: its mean is within a quarter of its sd, tau / sqrt(120), of
    // the sample's; Monte Carlo errors are far less.
    tau.forEach((value, k) => {
      expect(Math.abs(value / Math.sqrt(S.get(k, k)) - 1)).toBeLessThan(0.05);
    });
    corr.forEach((value, i) => {
      const { first, second } = pairs[i]!;
      expect(
        Math.abs(value - S.get(first, second) / Math.sqrt(S.get(first, first) * S.get(second, second))),
      ).toBeLessThan(0.03);
    });
  });
});

describe('what a marginal target writes into the state', () => {
  it('is tau = sigma lambda and the correlations L L of every block', () => {
    const unit = (rows: readonly (readonly number[])[]) =>
      Float64Array.from(rows.flatMap((row) => row.map((value) => value / Math.hypot(...row))));
    const factors = [
      [
        unit([
          [1, 0, 0],
          [0.5, 2, 0],
          [-1, 0.7, 1.5],
        ]),
        unit([
          [1, 0],
          [0.4, -0.9],
        ]),
      ],
    ];
    const lambda = Float64Array.of(0.1, 0.2, 0.3, 0.4, 0.5);
    const state = stateOf(TAU, CORR);
    const writer = covarianceWriter([term]);
    expect(writer.names).toEqual(['tau_g', 'corr_g']);
    writer.write({ lambda, factors } as unknown as MarginalTarget, state, 2);
    expect([...state.at['tau_g']!]).toEqual([0.2, 0.4, 0.6, 0.8, 1]);
    pairs.forEach(({ block, row, column }, i) => {
      const { size } = blocks[block]!;
      const L = Matrix.from1DArray(size, size, [...factors[0]![block]!]);
      expect(state.at['corr_g']![i]).toBeCloseTo(L.mmul(L.transpose()).get(row, column), 14);
    });
  });
});
