import { describe, expect, it } from 'vitest';
import { crossedLayout } from '../../../src/kernels/crossed/crossedLayout.ts';
import { pilotScales } from '../../../src/kernels/crossed/sweepRate.ts';
import { chooseKernels } from '../../../src/kernels/kernelRules.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { sample } from '../../../src/run/sample.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import { faultOf } from '../../faultOf.ts';

/** Three crossed factors, slopes in one, and a small one beside two large ones; the leading one where `order` says. */
function model(order: string) {
  const rng = createRng([4]);
  const rows = Array.from({ length: 600 }, () => {
    const x = rng.normal();
    const [a, b, c, k] = [90, 70, 75, 3].map((J) => Math.floor(rng.uniform() * J)) as [number, number, number, number];
    return {
      a: `a${a}`,
      b: `b${b}`,
      c: `c${c}`,
      k: `k${k}`,
      x,
      y: x + (a % 5) + (b % 3) + rng.normal(),
    };
  });
  return plan(`y ~ x + ${order}`, rows);
}

/** Few enough that the corner is there by pairs of levels. */
const NONE = 0;

function expectClose(a: unknown, b: unknown): void {
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    const [x, y] = [Array.from(a as Float64Array), Array.from(b as Float64Array)];
    expect(y.length).toBe(x.length);
    const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const apart = x.reduce((most, value, i) => Math.max(most, Math.abs(value - y[i]!)), 0);
    expect(apart).toBeLessThanOrEqual(1e-13 * largest);
  } else if (typeof a === 'object' && a !== null) {
    expect(Object.keys(b as object)).toEqual(Object.keys(a));
    for (const key of Object.keys(a)) expectClose(a[key as keyof typeof a], (b as object)[key as keyof object]);
  } else expect(b).toEqual(a);
}

describe('cross-products whose corner is there by pairs of levels', () => {
  it.each([
    '(1 | a) + (1 + x | b) + (1 | c) + (1 | k)',
    '(1 | k) + (1 | c) + (1 + x | b) + (1 | a)',
    '(1 + x | b) + (1 | k) + (1 + x | a)',
  ])('are taken apart as those with a corner: %s', (order) => {
    const { design } = model(order).moving;
    const [dense, wide] = [crossProducts(design), crossProducts(design, null, NONE)];
    expect(wide.A.corner.length).toBe(0);
    expectClose(crossedLayout(dense), crossedLayout(wide));
    // Each has a reference fit of its own to measure from; from the same one the pilot's sds are the same.
    const { c0, rss0, rss } = dense;
    expectClose(pilotScales(dense), pilotScales({ ...wide, c0, rss0, rss }));
  });

  it('are for the kernels that factor nothing large; others say what would be', () => {
    const { moving } = model('(1 | a) + (1 | b)');
    const setting = { ...moving, products: crossProducts(moving.design, null, NONE) };
    expect(chooseKernels(setting, 'auto').map(({ name }) => name)).toEqual(['crossed']);
    for (const rule of ['marginal', 'gibbs']) {
      const { code, where, message } = faultOf(() => chooseKernels(setting, rule));
      expect([code, where]).toEqual(['too-large', 'group terms']);
      expect(message).toMatch(
        /^b \(70 levels.*kernels crossed factor nothing large and take this model: use crossed or auto in place/,
      );
    }
  });
});

describe('a model with more levels in each of two factors than a corner may have', () => {
  const rng = createRng([6]);
  const J = 6000;
  const rows = Array.from({ length: 15_000 }, () => {
    const [a, b] = [Math.floor(rng.uniform() * J), Math.floor(rng.uniform() * J)];
    const eta = 0.5 + (a % 3) - 1 + 0.5 * ((b % 3) - 1);
    return { a: `a${a}`, b: `b${b}`, y: eta + rng.normal(), s: rng.uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0 };
  });
  const options = { seed: 1, chains: 1, warmup: 30, iterations: 30, keep: { u_a: false, u_b: false } } as const;

  it('is sampled, and planned of yes and no', async () => {
    const fit = await sample('y ~ 1 + (1 | a) + (1 | b)', rows, options);
    const means = new Map(summarize(fit).map(({ variable, mean }) => [variable, mean]));
    // The sds of (-1, 0, 1) and half of it: .82 and .41, by thirty draws of a posterior with sds of .01.
    expect(Math.abs(means.get('tau_a[Intercept]')! - 0.816)).toBeLessThan(0.05);
    expect(Math.abs(means.get('tau_b[Intercept]')! - 0.408)).toBeLessThan(0.05);
    expect(Math.abs(means.get('sigma')! - 1)).toBeLessThan(0.05);
    const { kernels } = plan('s ~ 1 + (1 | a) + (1 | b)', rows, { family: 'binomial' });
    expect(kernels.map(({ name }) => name)).toEqual(['surrogate']);
  });
});
