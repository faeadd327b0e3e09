import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { halfT, normal } from '../../src/graph/priors.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { logitQuadrature } from '../oracle/logitQuadrature.ts';
import { type TableGroup, tableQuadrature } from '../oracle/tableQuadrature.ts';
import { compareWith, disagreements, namedChains } from './agreement.ts';
import { drawsOf, exact, logitFit, summaryOf } from './logitFit.ts';

/** Agreement is within this many Monte Carlo standard errors, of means and of sds. */
const LIMIT = 4;

const grid = (low: number, high: number, count: number): number[] =>
  Array.from({ length: count }, (_, k) => low + ((high - low) * k) / (count - 1));
const logGrid = (low: number, high: number, count: number): number[] =>
  grid(Math.log(low), Math.log(high), count).map(Math.exp);

/** Half-t(3, 2.5), the default prior of a group-level sd in a logit model. */
const logHalfT = (tau: number): number => -2 * Math.log1p((tau / 2.5) ** 2 / 3);

const numbers = (file: string, column: string): number[] =>
  Array.from<unknown>(fixtureFrame(file).columns.get(column)!.values).map(Number);

describe('the quadrature of tables', () => {
  it('agrees with that of two groups without columns', () => {
    const groups: TableGroup[] = [
      { y: [4], n: [6] },
      { y: [3], n: [15] },
    ];
    const logPrior = (b: number, tau: number) => (-0.5 * b * b) / 2.25 + logHalfT(tau);
    const [betas, taus] = [grid(-6, 6, 101), logGrid(1e-3, 1.5, 60)];
    const slow = logitQuadrature(
      groups.map(({ y, n }) => ({ y, trials: n })),
      logPrior,
      betas,
      taus,
    );
    const found = tableQuadrature(groups, ([b], tau) => logPrior(b!, tau), [betas], taus, {
      beta: ([b]) => b!,
      tau: (_, tau) => tau,
    });
    for (const [one, other] of [
      [found.quantities['beta']!, slow.beta],
      [found.quantities['tau']!, slow.tau],
      [found.u[0]!, slow.u[0]!],
      [found.u[1]!, slow.u[1]!],
    ] as const) {
      // Two grids of e, both fine beside the likelihood while tau is at most 1.5: what is left is rounding and the
      // truncation at 7 sds.
      expect(Math.abs(one.mean - other.mean)).toBeLessThan(1e-8);
      expect(Math.abs(one.sd - other.sd)).toBeLessThan(1e-8);
    }
  });
});

describe('cbpp and tumors against nested quadrature', () => {
  const herds = Array.from<unknown>(fixtureFrame('cbpp').columns.get('herd')!.values).map(String);
  const levels = [...new Set(herds)];
  const cbpp = levels.map((): { y: number[]; n: number[] } => ({ y: [0, 0, 0, 0], n: [0, 0, 0, 0] }));
  const [period, incidence, size] = ['period', 'incidence', 'size'].map((name) => numbers('cbpp', name));
  herds.forEach((herd, i) => {
    const group = cbpp[levels.indexOf(herd)]!;
    group.y[period![i]! - 1]! += incidence![i]!;
    group.n[period![i]! - 1]! += size![i]!;
  });
  // Axes of the log odds in each period within 4.5 posterior sds: with 13 points within 5 and 30 of tau means and sds
  // move by less than 2e-4 sds.
  const axes = [
    [-1.42, 0.27],
    [-2.4, 0.35],
    [-2.54, 0.36],
    [-2.99, 0.46],
  ].map(([c, s]) => grid(c! - 4.5 * s!, c! + 4.5 * s!, 9));
  const contrast = (t: number) => (b: readonly number[]) => b[t]! - b[0]!;
  const herd = tableQuadrature(
    cbpp,
    (b, tau) =>
      (-0.5 * (b[0]! ** 2 + contrast(1)(b) ** 2 + contrast(2)(b) ** 2 + contrast(3)(b) ** 2)) / 6.25 + logHalfT(tau),
    axes,
    logGrid(0.02, 4, 22),
    {
      'beta[Intercept]': ([b]) => b!,
      'beta[period2]': contrast(1),
      'beta[period3]': contrast(2),
      'beta[period4]': contrast(3),
      'tau_herd[Intercept]': (_, tau) => tau,
    },
  );

  const rats = { y: numbers('tumors', 'y'), K: numbers('tumors', 'K') };
  const tumors = tableQuadrature(
    rats.y.map((y, j) => ({ y: [y], n: [rats.K[j]!] })),
    ([b], tau) => (-0.5 * b! * b!) / 6.25 + logHalfT(tau),
    [grid(-2.9, -1, 25)],
    logGrid(0.1, 2.5, 40),
    { 'beta[Intercept]': ([b]) => b!, 'tau_id[Intercept]': (_, tau) => tau },
  );
  const ids = rats.y.map((_, j) => `i${j}`);

  const cases: readonly [string, string, ModelData, typeof herd, readonly string[]][] = [
    ['cbpp', 'incidence | trials(size) ~ factor(period) + (1 | herd)', { rows: fixtureFrame('cbpp') }, herd, levels],
    ['tumors', 'y | trials(K) ~ 1 + (1 | id)', { rows: { ...rats, id: ids } }, tumors, ids],
  ];
  describe.each(cases)('%s: coefficients, sd and every group', (_name, text, data, truth, groups) => {
    it.each([
      ['whitened', 2500],
      ['polyaGamma', 4000],
    ])('%s within 4 standard errors, means and sds', (kernels, iterations) => {
      const factor = text.includes('herd') ? 'herd' : 'id';
      const priors = { beta: normal(0, 2.5), [`tau_${factor}`]: halfT(3, 2.5) };
      const references = [
        ...Object.entries(truth.quantities).map(([name, moments]) => exact(name, moments)),
        ...groups.map((level, j) => exact(`u_${factor}[${level},Intercept]`, truth.u[j]!)),
      ];
      const found = compareWith(logitFit(text, data, { kernels, iterations, priors }), references);
      expect(disagreements(found, LIMIT)).toEqual([]);
      // A test of 4 standard errors is as sharp as they are small.
      expect(found.filter(({ mcseMean, sd }) => mcseMean > 0.03 * sd).map(({ name }) => name)).toEqual([]);
    });
  });
});

interface GlmerFit {
  readonly est: readonly number[];
  readonly varcomp: readonly { readonly grp: string; readonly sdcor: number }[];
}

describe('posterior medians beside glmer', () => {
  const file = new URL('../fixtures/likelihood/glmer.json', import.meta.url);
  const { fits } = JSON.parse(readFileSync(file, 'utf8')) as { fits: Record<string, GlmerFit> };
  // Maximum likelihood takes the four coefficients that vary between the 24 items alone for known, and its sd of items
  // is too small by sqrt(20 / 24), more than half a posterior sd; the posterior does not.
  const corrected: Readonly<Record<string, number>> = { item: Math.sqrt(24 / 20) };
  it.each([
    ['ces11', 'ces11_ri_agq9', 'abortion ~ gender + factor(importance, ref = "not") + urban + (1 | province)', 800],
    ['chile_yn', 'chile_ri_agq9', 'y ~ sex + agez + factor(education, ref = "P") + linc + (1 | region)', 800],
    ['verbagg', 'verbagg_crossed_laplace', 'r2 ~ Anger + Gender + btype + situ + (1 | id) + (1 | item)', 250],
  ])('%s (%s): each within half a posterior sd', (data, key, text, iterations) => {
    const fit = logitFit(text, { rows: fixtureFrame(data) }, { iterations });
    const chains = namedChains(fit);
    const labels = fit.design.columns.map(({ label }) => label);
    // glmer's levels of education are P, S, PS, ours in the order of the alphabet behind the reference.
    const order = data === 'chile_yn' ? [0, 1, 2, 4, 3, 5] : labels.map((_, k) => k);
    const { est, varcomp } = fits[key]!;
    const found = [
      ...labels.map((label, k) => ({ name: `beta[${label}]`, estimate: est[order[k]!]! })),
      ...varcomp.map(({ grp, sdcor }) => ({ name: `tau_${grp}[Intercept]`, estimate: sdcor * (corrected[grp] ?? 1) })),
    ].map(({ name, estimate }) => {
      const { median, sd } = summaryOf(drawsOf(chains, name));
      return { name, off: (median - estimate) / sd };
    });
    expect(found.filter(({ off }) => !(Math.abs(off) < 0.5))).toEqual([]);
  });
});
