import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { exponential, halfNormal, halfT, inverseGamma } from '../../../src/graph/priors.ts';
import type { Fit } from '../../../src/mcmc/fit.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { missedPlaces } from '../../../src/summary/checks/missedPlaces.ts';

type FamilyName = 'studentT' | 'binomial' | 'probit';
const FAMILIES: readonly FamilyName[] = ['studentT', 'binomial', 'probit'];

/** y of a random-intercept model in J groups of m rows, with a slope on x. */
function simulated(family: FamilyName, seed: number, J: number, m: number, tau: number) {
  const rng = createRng([seed, 41]);
  const rows = { y: [] as number[], x: [] as number[], g: [] as string[] };
  for (let j = 0; j < J; j++) {
    const u = tau * rng.normal();
    for (let i = 0; i < m; i++) {
      const x = rng.normal();
      const eta = u + 0.5 * x;
      rows.x.push(x);
      rows.g.push(`g${j}`);
      if (family === 'studentT') rows.y.push(eta + rng.normal() / Math.sqrt(rng.gamma(2, 2)));
      else {
        const noise = family === 'probit' ? rng.normal() : Math.log(1 / rng.uniform() - 1);
        rows.y.push(eta + noise > 0 ? 1 : 0);
      }
    }
  }
  return rows;
}

/** The fit with g and its copy h exchanged wherever `swap` says so of (tau_g, tau_h): a symmetry of the posterior. */
function exchanged(fit: Fit, J: number, swap: (g: number, h: number, s: number) => boolean): Fit {
  const { draws } = fit;
  const values = draws.values.slice();
  const count = draws.chains * draws.iterations;
  const at = (name: string): number => draws.variables.find((variable) => variable.name === name)!.offset;
  for (let s = 0; s < count; s++) {
    if (!swap(values[at('tau_g') * count + s]!, values[at('tau_h') * count + s]!, s)) continue;
    for (const [a, b, size] of [
      ['tau_g', 'tau_h', 1],
      ['u_g', 'u_h', J],
    ] as const) {
      for (let k = 0; k < size; k++) {
        const [i, j] = [(at(a) + k) * count + s, (at(b) + k) * count + s];
        [values[i], values[j]] = [values[j]!, values[i]!];
      }
    }
  }
  return { ...fit, draws: { ...draws, values } };
}

describe('modes that no chain visited, where u and beta have no closed integral', () => {
  it.each(FAMILIES)(
    'are found in a %s model with two copies of a factor, all draws exchanged to one side',
    (family) => {
      const narrow = inverseGamma(2, 0.02);
      // With a saddle more than four nats below both tops; chains cross a lower one, and draws lie on it.
      for (const seed of family === 'binomial' ? [4] : [1]) {
        const J = 10;
        const rows = simulated(family, seed, J, 12, 2.5);
        const model = formula('y ~ x + (1 | g) + (1 | h)', { family, priors: { tau_g: narrow, tau_h: narrow } });
        const fit = sampleSync(model, { rows: { ...rows, h: rows.g } }, { seed, iterations: 400, warmup: 300 });
        // Both sides alike by construction, whatever the chains did.
        const whole = exchanged(fit, J, (_g, _h, s) => s % 2 === 1);
        const half = exchanged(fit, J, (g, h) => g < h);
        const codes = (each: Fit): string[] => check(each).findings.map(({ code }) => code);
        expect(codes(whole)).not.toContain('missedMode');
        const found = check(half);
        expect(found.ok).toBe(false);
        const missed = found.findings.find(({ code }) => code === 'missedMode')!;
        // Both modes have one height, exactly.
        expect(Math.abs(missed.value - missed.threshold)).toBeLessThan(3);
      }
    },
  );

  it.each(FAMILIES)('are none in healthy small fits of %s models', (family) => {
    const priors = [undefined, { tau_g: exponential(1) }, { tau_g: halfT(3, 5) }];
    // Probit ones are dear.
    for (let seed = 0; seed < (family === 'probit' ? 3 : 6); seed++) {
      const rows = simulated(family, 100 + seed, 2 + ((seed * 5) % 11), 2 + (seed % 7), [0.01, 0.5, 3][seed % 3]!);
      const text = seed % 2 === 0 ? 'y ~ x + (1 | g)' : 'y ~ x + (x || g)';
      const own = seed % 2 === 0 ? priors[seed % 3] : undefined;
      const fit = sampleSync(
        formula(text, { family, ...(own && { priors: own }) }),
        { rows },
        { seed, iterations: 300, warmup: 200 },
      );
      expect(missedPlaces(fit, null)).toEqual([]);
    }
  });
});

describe('a Laplace estimate that the posterior excludes', () => {
  it('is a note, where a prior argues with the data', () => {
    const rows = simulated('binomial', 5, 12, 40, 2);
    const fit = sampleSync(
      formula('y ~ x + (1 | g)', { family: 'binomial', priors: { tau_g: halfT(100, 0.02) } }),
      { rows },
      { seed: 1 },
    );
    const note = check(fit).findings.find(({ code }) => code === 'excludesEstimate')!;
    expect(note.severity).toBe('note');
    expect(note.message).toMatch(/^the laplace estimate of tau_g\[Intercept\] is /);
  });
});

describe('a prior that has an sd far below what the rows call typical', () => {
  const g = Array.from({ length: 24 }, (_, i) => `g${i % 4}`);
  const eta = g.map((_, i) => 2 * Math.sin(3 * (i % 4)) + 0.3 * Math.sin(7 * i * i));
  it.each([
    ['poisson', 1e-3],
    ['poisson', 1e-5],
    ['binomial', 1e-3],
    ['studentT', 1e-3],
  ] as const)('is met where it is: %s, half-normal of %d', (family, scale) => {
    const y = eta.map((value) =>
      family === 'poisson' ? Math.round(Math.exp(1 + value)) : family === 'binomial' ? (value > 0 ? 1 : 0) : value,
    );
    const graph = formula('y ~ 1 + (1 | g)', { family, priors: { tau_g: halfNormal(scale) } });
    const fit = sampleSync(graph, { rows: { y, g } }, { seed: 1, chains: 2, warmup: 50, iterations: 500 });
    expect(check(fit).findings.filter(({ code }) => code === 'missedMode')).toEqual([]);
  });
});
