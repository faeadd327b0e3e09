import { describe, expect, it } from 'vitest';
import { essBulk } from '../../diagnostics/ess.ts';
import {
  cauchy,
  check,
  exponential,
  type Fit,
  formula,
  laplace,
  normal,
  type Prior,
  type SampleOptions,
  sampleSync,
  studentT,
} from '../../src/index.ts';
import { createRng } from '../../src/random/rng.ts';
import { missedSides } from '../../src/summary/checks/missedSides.ts';
import { betaDraws } from '../../src/summary/groupDraws.ts';
import { heavyTailSide } from '../oracle/heavyTailSide.ts';

interface Conflict {
  readonly binary: boolean;
  readonly slope: number;
  readonly scale: number;
  readonly kind: 'cauchy' | 'studentT' | 'laplace';
  /** Varying intercepts of so many groups. */
  readonly groups?: number;
}

const PRIORS: Readonly<Record<Conflict['kind'], { make(scale: number): Prior; log(z: number): number }>> = {
  cauchy: { make: (scale) => cauchy(0, scale), log: (z) => -Math.log1p(z * z) },
  studentT: { make: (scale) => studentT(3, 0, scale), log: (z) => -2 * Math.log1p((z * z) / 3) },
  laplace: { make: (scale) => laplace(0, scale), log: (z) => -Math.abs(z) },
};

/** 40 rows with that slope. */
function rowsOf({ binary, slope, groups = 0 }: Conflict, seed: number) {
  const rng = createRng([seed]);
  const x = Array.from({ length: 40 }, () => rng.normal());
  const u = Array.from({ length: groups }, () => rng.normal());
  const y = x.map((value, i) => {
    const eta = 0.3 + slope * value + (u[i % groups] ?? 0);
    return binary ? Number(rng.uniform() < 1 / (1 + Math.exp(-eta))) : eta + rng.normal();
  });
  return { x, y };
}

/** Where the side of the prior ends. */
function sideEnd({ scale, slope }: Conflict): number {
  return Math.sqrt(scale * Math.abs(slope));
}

/** Such rows sampled, and the exact probability that the slope is nearer to the prior's scale than to the truth. */
function conflict(each: Conflict, seed: number) {
  const { binary, slope, scale, kind, groups = 0 } = each;
  const { x, y } = rowsOf(each, seed);
  const { make, log } = PRIORS[kind];
  const cut = sideEnd(each);
  const top = 4 * Math.abs(slope) + 4;
  const exact = heavyTailSide({ x, y }, (b) => log(b / scale), { scale, top, cut, binary, groups });
  const model = formula(groups > 0 ? 'y ~ x + (1 | g)' : 'y ~ x', {
    family: binary ? 'binomial' : 'gaussian',
    priors: {
      'beta[Intercept]': normal(0, 3),
      'beta[x]': make(scale),
      ...(binary ? {} : { sigma: exponential(1) }),
      ...(groups > 0 ? { 'tau_g[Intercept]': exponential(1) } : {}),
    },
  });
  const rows = { x, y, g: x.map((_, i) => i % Math.max(1, groups)) };
  const sampled = (chains: number, options: Partial<SampleOptions> = {}): Fit =>
    sampleSync(model, { rows }, { chains, warmup: 150, iterations: 250, seed, ...options });
  const near = (fit: Fit): number => {
    const draws = betaDraws(fit, 1);
    return draws.reduce((sum, b) => sum + (Math.abs(b) < cut ? 1 : 0), 0) / draws.length;
  };
  return { exact, sampled, near };
}

/** The slope's draws, chain by chain. */
function chainsOf(fit: Fit): number[][] {
  const draws = betaDraws(fit, 1);
  const length = fit.draws.iterations;
  return Array.from({ length: fit.draws.chains }, (_, c) => Array.from(draws.slice(c * length, (c + 1) * length)));
}

describe('a heavy-tailed prior far from the data', () => {
  const conflicts: Conflict[] = [1e-8, 1e-5, 1e-2].flatMap((scale) =>
    [1.2, 3, 8].flatMap((slope) =>
      (['cauchy', 'studentT', 'laplace'] as const).map((kind, k) => ({
        binary: (Math.round(-Math.log10(scale)) + k) % 2 === 0 && slope < 5,
        slope,
        scale,
        kind,
      })),
    ),
  );

  it('has its coefficient on the side where exact sums have it', () => {
    let [one, other] = [0, 0];
    conflicts.forEach((each, i) => {
      const { exact, sampled, near } = conflict(each, 50 + i);
      // Where a side has less than a hundredth, chains that never see it are right within Monte Carlo error.
      if (exact > 0.01 && exact < 0.99) return;
      if (exact < 0.5) one += 1;
      else other += 1;
      expect(Math.abs(near(sampled(2)) - exact), JSON.stringify(each)).toBeLessThan(0.03);
    });
    expect(one).toBeGreaterThan(6);
    expect(other).toBeGreaterThan(6);
  });

  it('is crossed by chains where both sides have mass: each has its share', () => {
    const crossed: (Conflict & { readonly kernels?: string })[] = [
      { binary: false, slope: 0.9, scale: 1e-7, kind: 'cauchy' },
      { binary: false, slope: 1.4, scale: 1e-7, kind: 'cauchy', groups: 8 },
      { binary: false, slope: 1.1, scale: 1e-3, kind: 'studentT' },
      { binary: true, slope: 3, scale: 1e-3, kind: 'cauchy' },
      { binary: true, slope: 3, scale: 1e-3, kind: 'cauchy', kernels: 'polyaGamma' },
    ];
    for (const each of crossed) {
      const { exact, sampled, near } = conflict(each, 3);
      expect(exact, JSON.stringify(each)).toBeGreaterThan(0.05);
      expect(exact).toBeLessThan(0.95);
      const fit = sampled(2, { iterations: 1500, ...(each.kernels && { kernels: each.kernels }) });
      // Four errors of a share, by what the draws of an indicator are worth.
      const inside = chainsOf(fit).map((chain) => chain.map((b) => Number(Math.abs(b) < sideEnd(each))));
      const error = Math.sqrt((exact * (1 - exact)) / essBulk(inside));
      expect(error, JSON.stringify(each)).toBeLessThan(0.04);
      expect(Math.abs(near(fit) - exact) / error, JSON.stringify({ each, exact, ours: near(fit) })).toBeLessThan(4);
      expect(missedSides(fit)).toEqual([]);
      expect(check(fit).kernels.some((line) => line.includes('jumps between the sides'))).toBe(true);
    }
  });

  it('names a side that no draw is on', () => {
    const each = { binary: false, slope: 0.9, scale: 1e-7, kind: 'cauchy' } as const;
    const { sampled, near } = conflict(each, 3);
    let alone = 0;
    for (const seed of [1, 2, 3, 4]) {
      // Too short a run to be on both.
      const fit = sampled(1, { warmup: 0, iterations: 4, seed });
      const missed = missedSides(fit).map(({ code }) => code);
      if (near(fit) > 0 && near(fit) < 1) expect(missed).toEqual([]);
      else {
        expect(missed).toEqual(['missedMode']);
        alone += 1;
      }
    }
    expect(alone).toBeGreaterThan(0);
  });

  it('misses nothing where the prior agrees with the data', () => {
    const { sampled } = conflict({ binary: false, slope: 0.5, scale: 1, kind: 'cauchy' }, 9);
    expect(missedSides(sampled(1))).toEqual([]);
  });
});
