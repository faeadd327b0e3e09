import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import {
  exponential,
  halfCauchy,
  halfNormal,
  halfT,
  inverseGamma,
  lkj,
  type Prior,
  uniform,
} from '../../../src/graph/priors.ts';
import type { Fit } from '../../../src/mcmc/fit.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { summarize } from '../../../src/summary/summarize.ts';
import { posteriorModel } from '../../oracle/posterior/posteriorModel.ts';
import { posteriorTruth } from '../../oracle/posterior/posteriorTruth.ts';
import { chance } from '../chance.ts';
import { comparePosterior } from './comparePosterior.ts';
import { fuzzKinds } from './fuzzKinds.ts';
import { judgePosterior } from './judgePosterior.ts';
import { randomModel } from './randomModel.ts';

/**
 * The short version of `npm run fuzz:posterior`: the kinds whose truth is a symmetry or a quadrature, and a few
 * random models of every kind.
 */

/** Combined Monte Carlo errors by which equal posteriors may differ: one comparison in two million by chance. */
const ERRORS = 5;

/** These kernels are fitted before the first step: chains have to leave their start, no more. */
const WARMUP = 300;

/** Groups of `size` rows about means of sd `spread`. */
function groupedRows(J: number, size: number, spread: number) {
  const { normal } = chance([5, J, size]);
  const rows = { y: [] as number[], g: [] as string[], h: [] as string[], k: [] as string[], x: [] as number[] };
  for (let j = 0; j < J; j += 1) {
    const mean = spread * normal();
    for (let t = 0; t < size; t += 1) {
      rows.y.push(mean + normal());
      rows.g.push(`g${j}`);
      rows.h.push(`h${j}`);
      rows.k.push(`k${j}`);
      rows.x.push(j % 2 ? 1 : -1);
    }
  }
  return rows;
}

/**
 * Draws that the check calls not to be trusted are no silent fault, but were all of them so, the tests here would
 * show nothing.
 */
function trustedShare() {
  let all = 0;
  let passed = 0;
  return {
    /** Whether the draws of a fit pass the check. */
    of(fit: Fit): boolean {
      all += 1;
      const { ok } = check(fit);
      if (ok) passed += 1;
      return ok;
    },
    held(): void {
      it('and the draws of most of these pass the check', () => {
        expect(passed).toBeGreaterThan(all / 2);
      });
    },
  };
}

const copies = [
  ['two copies of a factor', 'y ~ 1 + (1 | g) + (1 | h)', ['tau_g[Intercept]', 'tau_h[Intercept]']],
  [
    'three copies of a factor',
    'y ~ 1 + (1 | g) + (1 | h) + (1 | k)',
    ['tau_g[Intercept]', 'tau_h[Intercept]', 'tau_k[Intercept]'],
  ],
  ['a slope of -1 and 1 by group', 'y ~ 1 + (1 + x || g)', ['tau_g[Intercept]', 'tau_g[x]']],
] as const;

const shared: readonly [string, Prior][] = [
  ['half_cauchy(0.01)', halfCauchy(0.01)],
  ['inverse_gamma(2, 0.02)', inverseGamma(2, 0.02)],
  ['half_t(3, 0.1)', halfT(3, 0.1)],
  ['half_cauchy(1)', halfCauchy(1)],
];

describe('sds that a model cannot tell apart have one posterior', () => {
  const trusted = trustedShare();
  copies.forEach(([what, text, names], k) => {
    // Every prior of two copies; of the others two priors each.
    for (const [prior, node] of shared.filter((_, i) => k === 0 || i % 2 === k % 2)) {
      it(`${what}, ${prior} on each`, () => {
        const factors = [...new Set(names.map((name) => name.slice(0, 5)))];
        const priors = { ...Object.fromEntries(factors.map((name) => [name, node])), sigma: halfNormal(1) };
        const fit = sampleSync(formula(text, { priors }), { rows: groupedRows(6, 3, 10) }, { seed: 3, warmup: WARMUP });
        if (!trusted.of(fit)) return;
        const [first, ...others] = names.map((name) => summarize(fit).find(({ variable }) => variable === name)!);
        for (const other of others) {
          const error = Math.hypot(first!.sd / Math.sqrt(first!.essBulk), other.sd / Math.sqrt(other.essBulk));
          expect(Math.abs(first!.mean - other.mean), `${first!.mean} and ${other.mean}`).toBeLessThan(ERRORS * error);
        }
      });
    }
  });
  trusted.held();
});

const taus: readonly [string, Prior][] = [
  ['inverse_gamma(20, 20)', inverseGamma(20, 20)],
  ['half_t(3, 1)', halfT(3, 1)],
  ['uniform(0, 1)', uniform(0, 1)],
];
const sigmas: readonly [string, Prior][] = [
  ['exponential(2)', exponential(2)],
  ['half_normal(0.6)', halfNormal(0.6)],
  ['inverse_gamma(3, 0.03)', inverseGamma(3, 0.03)],
];

describe('one factor, nine groups of two: quadrature over both sds', () => {
  const trusted = trustedShare();
  const y = [
    -1.13, 0.14, -2.22, -2.82, -1.36, 0.02, 0.79, -0.08, 0.39, 0.6, -1.2, -2.88, -0.77, -0.03, -1.47, -3.44, -0.21,
    2.58,
  ];
  const rows = { y, g: y.map((_, i) => `g${Math.floor(i / 2)}`) };
  taus.forEach(([tau, tauNode], k) => {
    // Every prior of either meets two of the other.
    for (const [sigma, sigmaNode] of sigmas.filter((_, i) => i !== k)) {
      it(`tau ~ ${tau}, sigma ~ ${sigma}`, () => {
        const graph = formula('y ~ 1 + (1 | g)', { priors: { tau_g: tauNode, sigma: sigmaNode } });
        const fit = sampleSync(graph, { rows }, { seed: 1, warmup: WARMUP });
        if (!trusted.of(fit)) return;
        const model = posteriorModel(plan(graph, { rows }));
        // A bound cuts through a cell of the grid (a quantile next to it would be off by half a cell): there particles
        // say what is right.
        const method = tau.startsWith('uniform') ? 'centred' : 'grid';
        expect(comparePosterior(fit, model, posteriorTruth(model, { method }))).toEqual([]);
      });
    }
  });
  trusted.held();
});

describe('a slope on a column far from zero', () => {
  const trusted = trustedShare();
  for (const shift of [0, 2000]) {
    it(`${shift} from zero, a wide prior of the sd there`, () => {
      const { normal } = chance([6]);
      const rows = { y: [] as number[], g: [] as string[], x: [] as number[] };
      for (let j = 0; j < 8; j += 1) {
        const slope = 5 * normal();
        const mean = 20 * normal();
        for (let t = 0; t < 6; t += 1) {
          rows.g.push(`g${j}`);
          rows.x.push(shift + t);
          rows.y.push(mean + slope * (t - 2.5) + 3 * normal());
        }
      }
      const priors = {
        'tau_g[Intercept]': halfT(3, 20_000),
        'tau_g[x]': halfT(3, 20),
        corr_g: lkj(1),
        sigma: halfT(3, 20),
      };
      const graph = formula('y ~ x + (1 + x | g)', { priors });
      const fit = sampleSync(graph, { rows }, { seed: 1, warmup: WARMUP });
      if (!trusted.of(fit)) return;
      const model = posteriorModel(plan(graph, { rows }));
      expect(comparePosterior(fit, model, posteriorTruth(model, { particles: 200, method: 'centred' }))).toEqual([]);
    });
  }
  trusted.held();
});

describe('random models under every prior', () => {
  // Kinds that have tests of their own here are left out.
  const elsewhere = ['oneway', 'copies', 'bounds', 'far', 'se'];
  for (const kind of fuzzKinds.filter(({ name }) => !elsewhere.includes(name))) {
    it(`${kind.name}: ${kind.about}`, () => {
      const rows = kind.family === 'gaussian' || kind.family === 'student' ? 'continuous' : 'discrete';
      const { outcome, differences, note } = judgePosterior(randomModel(kind, 0), {
        particles: rows === 'continuous' ? 200 : 60,
        warmup: WARMUP,
        iterations: 500,
      });
      expect({ outcome, differences, note }).not.toMatchObject({
        outcome: expect.stringMatching(/SILENT FAULT|CRASH/),
      });
    });
  }
});

describe('models that were not to be trusted', () => {
  // By what held their chains: a funnel about the means of far columns (a half-Cauchy sd at the origin), a
  // power tail of an sd.
  for (const [name, seed] of [
    ['far', 721],
    ['se', 9005],
  ] as const) {
    it(`are right: ${name} ${seed}`, () => {
      const kind = fuzzKinds.find((each) => each.name === name)!;
      expect(judgePosterior(randomModel(kind, seed), { particles: 160 })).toMatchObject({ outcome: 'right' });
    });
  }
});
