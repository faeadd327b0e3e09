import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { scaleMixtureKernel } from '../../../src/kernels/scaleMixture/scaleMixture.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import type { Priors } from '../../../src/priors/priors.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';

const stream = createRng([94]);
const rows = Array.from({ length: 48 }, (_, i) => {
  const x = stream.normal();
  return { x, y: 1 + x + (i % 8) * 0.4 * (1 - x) + stream.normal(), g: `g${i % 8}` };
});

/** Draws of a model whose response and priors are in units of `unit`, given back in units of 1. */
function draws(unit: number): Record<string, number[]> {
  const used = rows.map((row) => ({ ...row, y: unit * row.y }));
  const design = buildDesign(formula('y ~ x + (1 + x | g)', { family: 'studentT' }), { rows: used });
  const priors: Priors = {
    beta: { mean: new Float64Array(2), sd: new Float64Array(2).fill(Infinity), source: [] },
    sigma: { distribution: 'halfT', df: 3, scale: 2 * unit },
    nu: { distribution: 'gamma', shape: 2, rate: 0.1 },
    groups: [[{ kind: 'halfTCov', df: 2, scale: new Float64Array(2).fill(1.5 * unit) }]],
  };
  const kernel = scaleMixtureKernel(design, crossProducts(design), priors);
  const state = emptyState(layout(design));
  const rng = createRng([95]);
  state.at['nu']![0] = 5;
  kernel.init(state, rng);
  for (let i = 0; i < 6; i += 1) kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
  return Object.fromEntries(
    Object.entries(state.at).map(([name, values]) => [
      name,
      Array.from(values, (value) => (name === 'nu' || name.startsWith('corr') ? value : value / unit)),
    ]),
  );
}

describe('draws of a Student-t model', () => {
  it('are the same in all units: sds and coefficients follow them, correlations and degrees of freedom do not', () => {
    const [one, four] = [draws(1), draws(4)];
    expect(one['corr_g']![0]).not.toBe(0);
    for (const [name, values] of Object.entries(one)) {
      // The logarithms of the unit round: the fitted proposal, and with it the draws, agree to some digits less than
      // all.
      values.forEach((value, i) => {
        expect(Math.abs(four[name]![i]! - value), name).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      });
    }
  });
});
