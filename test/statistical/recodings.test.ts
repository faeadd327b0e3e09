import { expect, it } from 'vitest';
import { essBulk } from '../../diagnostics/ess.ts';
import { formula } from '../../src/formula/formula.ts';
import { normal, type Prior } from '../../src/graph/priors.ts';
import { findVariable, scalarChains } from '../../src/mcmc/draws.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { check } from '../../src/summary/checks/check.ts';
import { chance } from '../fuzz/chance.ts';

/** A way to write the same model again changes no answer: other seeds, equal posteriors within Monte Carlo error. */

type Quantity = (at: (name: string, place?: number) => number) => number;

/** Means and sds of quantities of both fits agree within 4.5 combined Monte Carlo errors: one comparison in 150 000. */
function expectEqual(one: Fit, other: Fit, quantities: Readonly<Record<string, readonly [Quantity, Quantity]>>): void {
  const problems = [one, other].flatMap((fit) => check(fit).findings.filter(({ severity }) => severity === 'problem'));
  expect(problems).toEqual([]);
  for (const [name, pair] of Object.entries(quantities)) {
    const [a, b] = [one, other].map((fit, which) => {
      const { draws } = fit;
      const chains = Array.from({ length: draws.chains }, (_, chain) =>
        Float64Array.from({ length: draws.iterations }, (_, t) =>
          pair[which]!((variable, place = 0) => {
            const { offset } = findVariable(draws, variable)!;
            return scalarChains(draws, offset + place)[chain]![t]!;
          }),
        ),
      );
      const all = chains.flatMap((chain) => Array.from(chain));
      const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
      const sd = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (all.length - 1));
      return { mean, sd, ess: essBulk(chains) };
    }) as [{ mean: number; sd: number; ess: number }, { mean: number; sd: number; ess: number }];
    const error = Math.hypot(a.sd / Math.sqrt(a.ess), b.sd / Math.sqrt(b.ess));
    expect(Math.abs(a.mean - b.mean), `${name}: ${a.mean} and ${b.mean}`).toBeLessThan(4.5 * error);
    // Of an sd's logarithm, twice the error of a normal variable's for the tails.
    expect(Math.abs(Math.log(a.sd / b.sd)), `sd of ${name}`).toBeLessThan(9 * Math.sqrt(0.5 / a.ess + 0.5 / b.ess));
  }
}

const size = { chains: 4, warmup: 200, iterations: 1000 };

it.each(['gaussian', 'binomial'] as const)('the reference level of a factor changes its labels alone: %s', (family) => {
  const { normal: draw, uniform } = chance([41]);
  const rows = { y: [] as number[], f: [] as string[], x: [] as number[], g: [] as string[] };
  for (let j = 0; j < 10; j += 1) {
    const u = 0.6 * draw();
    for (let t = 0; t < 12; t += 1) {
      const x = draw();
      const eta = 0.5 * (t % 3) - 0.5 + u + 0.5 * x;
      rows.y.push(family === 'gaussian' ? eta + draw() : uniform() < 1 / (1 + Math.exp(-eta)) ? 1 : 0);
      rows.f.push('abc'[t % 3]!);
      rows.x.push(x);
      rows.g.push(`g${j}`);
    }
  }
  // A prior of logit coefficients is one of differences from the reference: it must say next to nothing for the choice
  // not to matter.
  const priors: Record<string, Prior> = family === 'gaussian' ? {} : { beta: normal(0, 20) };
  const fitOf = (ref: string, seed: number) =>
    sampleSync(formula(`y ~ factor(f, ref = "${ref}") + x + (x | g)`, { family, priors }), { rows }, { ...size, seed });
  const same = (name: string, place = 0): [Quantity, Quantity] => [(at) => at(name, place), (at) => at(name, place)];
  expectEqual(fitOf('a', 1), fitOf('c', 2), {
    // Coefficients of the one are a, b - a, c - a, of the other c, a - c, b - c.
    a: [(at) => at('beta', 0), (at) => at('beta', 0) + at('beta', 1)],
    b: [(at) => at('beta', 0) + at('beta', 1), (at) => at('beta', 0) + at('beta', 2)],
    c: [(at) => at('beta', 0) + at('beta', 2), (at) => at('beta', 0)],
    x: same('beta', 3),
    'tau[Intercept]': same('tau_g', 0),
    'tau[x]': same('tau_g', 1),
    corr: same('corr_g'),
    u: same('u_g', 5),
    ...(family === 'gaussian' ? { sigma: same('sigma') } : {}),
  });
});

it('calendar years are years from the middle: logit, 30 groups, 1990 to 2019', () => {
  const { normal: draw, uniform } = chance([42]);
  const MIDDLE = 2004.5;
  const rows = { y: [] as number[], year: [] as number[], centred: [] as number[], g: [] as string[] };
  for (let j = 0; j < 30; j += 1) {
    const [u, slope] = [0.8 * draw(), 0.15 * draw()];
    for (let year = 1990; year < 2020; year += 1) {
      rows.y.push(uniform() < 1 / (1 + Math.exp(-u - slope * (year - MIDDLE))) ? 1 : 0);
      rows.year.push(year);
      rows.centred.push(year - MIDDLE);
      rows.g.push(`g${j}`);
    }
  }
  const fitOf = (column: string, seed: number) =>
    sampleSync(formula(`y ~ ${column} + (${column} | g)`, { family: 'binomial' }), { rows }, { ...size, seed });
  /** The sd in the middle of the years, of the sds and the correlation at year 0. */
  const middle: Quantity = (at) => {
    const [a, b, r] = [at('tau_g', 0), MIDDLE * at('tau_g', 1), at('corr_g')];
    return Math.log((a - b) ** 2 + 2 * a * b * (1 + r));
  };
  const group = (j: number): [Quantity, Quantity] => [
    (at) => at('u_g', 2 * j) + MIDDLE * at('u_g', 2 * j + 1),
    (at) => at('u_g', 2 * j),
  ];
  const same = (name: string, place: number): [Quantity, Quantity] => [
    (at) => at(name, place),
    (at) => at(name, place),
  ];
  const years = fitOf('year', 3);
  const { offset } = findVariable(years.draws, 'tau_g')!;
  const slopes = scalarChains(years.draws, offset + 1).flatMap((chain) => Array.from(chain));
  expect(slopes.reduce((sum, value) => sum + value, 0) / slopes.length).toBeGreaterThan(0.1);
  expectEqual(years, fitOf('centred', 4), {
    middle: [(at) => at('beta', 0) + MIDDLE * at('beta', 1), (at) => at('beta', 0)],
    slope: same('beta', 1),
    'tau[year]': same('tau_g', 1),
    'log variance in the middle': [middle, (at) => 2 * Math.log(at('tau_g', 0))],
    'group 1': group(1),
    'group 7, slope': same('u_g', 15),
  });
});
