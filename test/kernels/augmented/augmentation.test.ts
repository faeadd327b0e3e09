import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { albertChibAugmentation, polyaGammaAugmentation } from '../../../src/kernels/augmented/augmentation.ts';
import { augmentedKernel } from '../../../src/kernels/augmented/augmentedKernel.ts';
import { cellTable } from '../../../src/kernels/cells/cellTable.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import type { Priors } from '../../../src/priors/priors.ts';
import { cells } from '../../../src/products/cells.ts';
import { createRng } from '../../../src/random/rng.ts';
import { fittedElsewhere } from '../fittedElsewhere.ts';

const rows = Array.from({ length: 30 }, (_, i) => ({
  y: i % 4,
  n: 4 + (i % 2),
  x: Math.sin(i),
  o: 0.1 * i,
  g: `g${i % 5}`,
  h: `h${i % 3}`,
}));
const design = buildDesign(
  formula('y | trials(n) ~ x + offset(o) + (1 + x | g) + (1 | h)', { family: 'binomialLogit' }),
  { rows },
);
const merged = cells(design).design;
const table = cellTable(merged);

describe('the auxiliaries of the cells', () => {
  it('are Pólya-Gamma variables of mean n tanh(eta / 2) / (2 eta), with kappa = y - n / 2', () => {
    const eta = Float64Array.from({ length: table.n }, (_, i) => 0.3 * (i % 7) - 1.05);
    const [omega, kappa] = [new Float64Array(table.n), new Float64Array(table.n)];
    const rng = createRng([96]);
    const rounds = 2000;
    const mean = new Float64Array(table.n);
    for (let round = 0; round < rounds; round += 1) {
      polyaGammaAugmentation(table, eta, omega, kappa, rng);
      for (let i = 0; i < table.n; i += 1) mean[i] = mean[i]! + omega[i]! / rounds;
    }
    for (let i = 0; i < table.n; i += 1) {
      expect(kappa[i]).toBe(table.y[i]! - table.size[i]! / 2);
      const e = eta[i]!;
      const expected = e === 0 ? table.size[i]! / 4 : (table.size[i]! * Math.tanh(e / 2)) / (2 * e);
      // The variance of PG(n, eta) is n / 24 at most; five standard errors, for thirty cells.
      expect(Math.abs(mean[i]! - expected)).toBeLessThan(5 * Math.sqrt(table.size[i]! / 24 / rounds));
    }
  });

  it('are sums of normals above 0 for successes and below for failures, with omega = n', () => {
    const eta = Float64Array.from({ length: table.n }, (_, i) => (i % 2 === 0 ? 9 : -9));
    const [omega, kappa] = [new Float64Array(table.n), new Float64Array(table.n)];
    albertChibAugmentation(table, eta, omega, kappa, createRng([97]));
    for (let i = 0; i < table.n; i += 1) {
      const [y, n] = [table.y[i]!, table.size[i]!];
      expect(omega[i]).toBe(n);
      // Nine sds on the right side of 0 a latent normal is within six of 9; on the wrong side within one of 0.
      const likely = i % 2 === 0 ? y : n - y;
      expect(Math.abs(Math.abs(kappa[i]!) - 9 * likely)).toBeLessThan(6 * likely + (n - likely));
      if (likely > 0) expect(Math.sign(kappa[i]!)).toBe(i % 2 === 0 ? 1 : -1);
    }
  });
});

describe('a sweep of data augmentation', () => {
  it('draws the auxiliaries at the linear predictors of the state', () => {
    const priors: Priors = {
      beta: { mean: new Float64Array(2), sd: new Float64Array(2).fill(2), source: [] },
      sigma: null,
      groups: [
        [{ kind: 'halfTCov', df: 2, scale: new Float64Array(2).fill(1) }],
        [{ kind: 'separation', tau: [{ distribution: 'halfT', df: 3, scale: 1 }], eta: 1 }],
      ],
    };
    let seen = new Float64Array(0);
    const d = 4;
    const proposal = {
      draw: (_rng: unknown, out: Float64Array) => void out.set([0.8, 0.7, 0.9, 0.1]),
      logDensity: () => 0,
    };
    const kernel = augmentedKernel(
      'given',
      'the predictors are looked at',
      design,
      priors,
      (_table, eta, omega, kappa) => {
        seen = Float64Array.from(eta);
        omega.fill(1);
        kappa.fill(0.2);
      },
      fittedElsewhere(() => ({
        proposal: { proposal, walk: new Float64Array(d * d), start: new Float64Array(d), steps: 1 },
      })),
    );
    const state = emptyState(layout(design));
    const rng = createRng([98]);
    kernel.init(state, rng);
    for (let sweep = 0; sweep < 3; sweep += 1) {
      for (const name of ['beta', 'u_g', 'u_h']) {
        state.at[name]!.forEach((_, i) => {
          state.at[name]![i] = rng.normal();
        });
      }
      const { beta, u_g, u_h } = state.at as Record<string, Float64Array>;
      const [g, h] = merged.groupTerms;
      const expected = Array.from({ length: merged.n }, (_, i) => {
        const x = merged.X[2 * i + 1]!;
        const j = g!.index[i]!;
        const line = merged.response.offset![i]! + beta![0]! + beta![1]! * x;
        return line + u_g![2 * j]! + u_g![2 * j + 1]! * x + u_h![h!.index[i]!]!;
      });
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      expected.forEach((value, i) => {
        expect(Math.abs(seen[i]! - value)).toBeLessThan(1e-12);
      });
    }
  });
});
