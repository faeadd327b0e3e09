import { describe, expect, it } from 'vitest';
import {
  cauchy,
  check,
  exponential,
  type Fit,
  formula,
  laplace,
  normal,
  type Prior,
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
}

const PRIORS: Readonly<Record<Conflict['kind'], { make(scale: number): Prior; log(z: number): number }>> = {
  cauchy: { make: (scale) => cauchy(0, scale), log: (z) => -Math.log1p(z * z) },
  studentT: { make: (scale) => studentT(3, 0, scale), log: (z) => -2 * Math.log1p((z * z) / 3) },
  laplace: { make: (scale) => laplace(0, scale), log: (z) => -Math.abs(z) },
};

/** 40 rows with that slope, and the exact probability that it is nearer to the prior's scale than to the truth. */
function conflict({ binary, slope, scale, kind }: Conflict, seed: number) {
  const rng = createRng([seed]);
  const x = Array.from({ length: 40 }, () => rng.normal());
  const y = x.map((value) => {
    const eta = 0.3 + slope * value;
    return binary ? Number(rng.uniform() < 1 / (1 + Math.exp(-eta))) : eta + rng.normal();
  });
  const { make, log } = PRIORS[kind];
  const cut = Math.sqrt(scale * Math.abs(slope));
  const exact = heavyTailSide({ x, y }, (b) => log(b / scale), { scale, top: 4 * Math.abs(slope) + 4, cut, binary });
  const model = formula('y ~ x', {
    family: binary ? 'binomial' : 'gaussian',
    priors: {
      'beta[Intercept]': normal(0, 3),
      'beta[x]': make(scale),
      ...(binary ? {} : { sigma: exponential(1) }),
    },
  });
  const sampled = (chains: number): Fit =>
    sampleSync(model, { rows: { x, y } }, { chains, warmup: 150, iterations: 250, seed });
  const near = (fit: Fit): number => {
    const draws = betaDraws(fit, 1);
    return draws.reduce((sum, b) => sum + (Math.abs(b) < cut ? 1 : 0), 0) / draws.length;
  };
  return { exact, sampled, near };
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

  it('is not trusted where both sides have mass that chains cannot exchange', () => {
    const each = conflict({ binary: false, slope: 1.05, scale: 1e-7, kind: 'cauchy' }, 3);
    expect(each.exact).toBeGreaterThan(0.05);
    expect(each.exact).toBeLessThan(0.95);
    // However the chains fell on the sides: they disagree, or all of them missed one.
    for (const chains of [1, 4]) {
      const fit = each.sampled(chains);
      const share = each.near(fit);
      const missed = missedSides(fit);
      if (share === 0 || share === 1) expect(missed.map(({ code }) => code)).toEqual(['missedMode']);
      else expect(missed).toEqual([]);
      expect(check(fit).findings.some(({ severity }) => severity === 'problem')).toBe(true);
    }
  });

  it('misses nothing where the prior agrees with the data', () => {
    const { sampled } = conflict({ binary: false, slope: 0.5, scale: 1, kind: 'cauchy' }, 9);
    expect(missedSides(sampled(1))).toEqual([]);
  });
});
